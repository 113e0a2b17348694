// Puts the command into few chunks: what every run needs in one or two, each protocol that is loaded late in one of its
// own. Node takes most of a millisecond for a module, and the house has hundreds. The bundler writes scripts of CommonJS in the
// function that src/cli/loader.cts runs, and beside each goes what V8 made of it. Run by `npm run build`, after tsc.

import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import { rolldown } from 'rolldown';

const FROM = 'dist/src';
/** As deep below the package as what it holds: files of the package are found from both alike. */
const TO = 'dist/command';
/** How files end that hold what V8 made. src/cli/loader.cts asks for the same. */
const COMPILED = `.${process.version}-${process.platform}-${process.arch}.cache`;

/** What Node runs: the command and its threads. */
const entries = {
  start: `${FROM}/cli/start.js`,
  lookupthread: `${FROM}/names/lookupthread.js`,
  containerthread: `${FROM}/tap/linux/process/containerthread.js`,
  printthread: `${FROM}/run/printthread.js`,
  countthread: `${FROM}/run/countthread.js`,
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

/** What V8 makes of a script, with all its functions. */
function compiled(filename, source) {
  // What runs is compiled under Node's own flags: with others V8 would not take it.
  setFlagsFromString('--no-lazy');
  const script = new Script(source, { filename });
  setFlagsFromString('--lazy');
  return script.createCachedData();
}

rmSync(TO, { recursive: true, force: true });
const bundle = await rolldown({
  input: entries,
  platform: 'node',
  external: ['koffi'],
  plugins: [knowing],
});
const { output } = await bundle.write({
  dir: TO,
  format: 'cjs',
  exports: 'named',
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
  minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
  // The parameters of a Chunk in src/cli/loader.cts.
  banner: '(function (exports, require, __filename, $bundle) {',
  footer: '})',
});
const written = new Set(output.map(({ fileName }) => fileName));
for (const { fileName, code, dynamicImports } of output) {
  // A script that the loader runs can't import a module of Node's or of a package later: `builtin`, or a late load of ours, can.
  const foreign = dynamicImports.filter((file) => !written.has(file));
  if (foreign.length > 0) throw new Error(`${fileName} imports ${foreign.join(', ')} late`);
  const path = join(TO, fileName);
  // Twice: the loader compares the halves, so that a damaged file is none.
  const data = compiled(path, code);
  writeFileSync(path + COMPILED, Buffer.concat([data, data]));
}
copyFileSync(`${FROM}/cli/loader.cjs`, join(TO, 'loader.cjs'));
for (const name of Object.keys(entries))
  if (!name.includes('/'))
    writeFileSync(join(TO, `${name}.cjs`), `require('./loader.cjs').load('${name}.js');\n`);
