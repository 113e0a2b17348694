// Puts the command into few files: what every run needs in a chunk or two, each protocol that is loaded late in one of its
// own. Node takes most of a millisecond for a module, and the house has hundreds. Run by `npm run build`, after tsc.

import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

const FROM = 'dist/src';
/** As deep below the package as what it holds, so that chunks load each other by the names that the sources have. */
const TO = 'dist/command';

/** What is loaded by its file's name while it runs: printers (print/table.ts) and threads. */
const late = ['protocol', 'link'].flatMap((folder) =>
  readdirSync(`${FROM}/print/${folder}`)
    .filter((file) => file.endsWith('.js'))
    .map((file) => `${folder}/${file.slice(0, -3)}`),
);

/**
 * What is reached by the same entries becomes one chunk: each printer that is loaded late reaches all that printing has
 * loaded by then.
 */
const together = {
  name: 'together',
  setup({ onLoad }) {
    onLoad({ filter: /dist\/src\/print\/(protocol|link)\/\w+\.js$/ }, ({ path }) => ({
      contents: `${readFileSync(path, 'utf8')}\nimport '../index.js';\n`,
    }));
  },
};

rmSync(TO, { recursive: true, force: true });
await build({
  entryPoints: {
    start: `${FROM}/cli/start.js`,
    lookupthread: `${FROM}/print/lookupthread.js`,
    printthread: `${FROM}/cli/printthread.js`,
    countthread: `${FROM}/cli/countthread.js`,
    ...Object.fromEntries(late.map((name) => [name, `${FROM}/print/${name}.js`])),
  },
  outdir: TO,
  chunkNames: '[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  external: ['koffi'],
  plugins: [together],
  logLevel: 'warning',
});
