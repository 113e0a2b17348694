// Puts the command into few chunks: what every run needs in one or two, each protocol that is loaded late in one of its
// own. Node takes most of a millisecond for a module, and the house has hundreds. The bundler writes scripts of CommonJS in the
// function that src/cli/loader.cts runs, and beside each goes what V8 made of it. Run by `npm run build`, after tsc.

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { rolldown } from 'rolldown';

const FROM = 'dist/src';
/** As deep below the package as what it holds: files of the package are found from both alike. */
const TO = 'dist/command';
const LIBRARY = 'dist/library';

/** What Node runs: the command, its threads, and what programs import. */
const entries = {
  start: `${FROM}/cli/start.js`,
  lookupthread: `${FROM}/names/lookupthread.js`,
  containerthread: `${FROM}/tap/linux/process/containerthread.js`,
  printthread: `${FROM}/run/printthread.js`,
  countthread: `${FROM}/run/countthread.js`,
  library: `${FROM}/index.js`,
};

/** What is loaded by its name while the command runs (late.ts): printers. */
const { TABLE } = await import(`./${FROM}/print/table.js`);
for (const [file] of Object.values(TABLE)) entries[`print/${file}`] = `${FROM}/print/${file}.js`;

/** What all printers have been loaded by. */
const PRINTING = resolve(FROM, 'run/text.js');

/** What this build knows better than the modules themselves. */
const knowing = {
  name: 'knowing',
  /** Late loads go by the chunks' names: the loader hands in what knows them. */
  load: {
    filter: { id: /dist\/src\/late\.js$/ },
    handler: () => 'export const { late, threadFile } = $bundle;',
  },
  /**
   * What is reached by the same entries becomes one chunk: each printer that is loaded late reaches all that printing has loaded
   * by then.
   */
  transform: {
    filter: { id: /dist\/src\/print\/(protocol|link)\// },
    handler: (code) => `${code}\nimport ${JSON.stringify(PRINTING)};\n`,
  },
};

rmSync(TO, { recursive: true, force: true });
const bundle = await rolldown({
  input: entries,
  platform: 'node',
  external: ['koffi', /^@nats-io\//],
  plugins: [knowing],
});
const { output } = await bundle.write({
  dir: TO,
  format: 'cjs',
  exports: 'named',
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
  minify: { compress: false, mangle: true, codegen: { removeWhitespace: true } },
  // The parameters of a Chunk in src/cli/loader.cts.
  banner: '(function (exports, require, __filename, $bundle) {',
  footer: '})',
});
const written = new Set(output.map(({ fileName }) => fileName));
for (const { fileName, dynamicImports } of output) {
  // A script that the loader runs can't import a module of Node's or of a package later: `builtin`, or a late load of ours, can.
  const foreign = dynamicImports.filter((file) => !written.has(file));
  if (foreign.length > 0) throw new Error(`${fileName} imports ${foreign.join(', ')} late`);
}
for (const file of ['loader.cjs', 'precompile.cjs']) copyFileSync(`${FROM}/cli/${file}`, join(TO, file));

// The library is a chunk of the same files, under every name that the package's `exports` have for it.
const { exports: names } = output.find(({ fileName }) => fileName === 'library.js');
rmSync(LIBRARY, { recursive: true, force: true });
mkdirSync(LIBRARY, { recursive: true });
writeFileSync(
  join(LIBRARY, 'index.js'),
  `import { createRequire } from 'node:module';
const library = createRequire(import.meta.url)('./index.cjs');
export const { ${names.join(', ')} } = library;
`,
);
writeFileSync(
  join(LIBRARY, 'index.cjs'),
  "module.exports = require('../command/loader.cjs').load('library.js');\n",
);
for (const name of Object.keys(entries))
  if (!name.includes('/') && name !== 'library')
    writeFileSync(join(TO, `${name}.cjs`), `require('./loader.cjs').load('${name}.js');\n`);
execFileSync(process.execPath, [join(TO, 'precompile.cjs')]);
