// Puts the page of `pktap web` into dist/web: one module with all that it uses of others, its style, and their licences. What reads dropped
// files there is in dist/browser. Run by `npm run build`.

import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

const FROM = 'page';
const TO = 'dist/web';

rmSync(TO, { recursive: true, force: true });
mkdirSync(TO, { recursive: true });
const bundle = await rolldown({ input: `${FROM}/main.ts`, platform: 'browser' });
const { output } = await bundle.write({
  dir: TO,
  format: 'es',
  entryFileNames: 'page.js',
  minify: true,
});
if (output.length !== 1 || output[0].imports.length > 0) throw new Error('the page is not one module');
for (const name of ['index.html', 'page.css']) copyFileSync(join(FROM, name), join(TO, name));
copyFileSync('node_modules/uplot/dist/uPlot.min.css', join(TO, 'uplot.css'));
const licences = ['uplot', 'lit-html'].map(
  (name) => `${name}\n\n${readFileSync(`node_modules/${name}/LICENSE`, 'utf8').trim()}\n`,
);
writeFileSync(join(TO, 'licences.txt'), licences.join('\n\n'));
