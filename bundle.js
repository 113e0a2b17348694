// Puts the command into few chunks: what every run needs in one or two, each protocol that is loaded late in one of its
// own. Node takes most of a millisecond for a module, and the house has hundreds. src/cli/loader.cts loads them. Run by
// `npm run build`, after tsc.

import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, relative, resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import { build, transformSync } from 'esbuild';

const FROM = 'dist/src';
/** As deep below the package as what it holds, so that chunks load each other by the names that the sources have. */
const TO = 'dist/command';
const TARGET = 'node20.19';
/** How files end that hold what V8 made. src/cli/loader.cts asks for the same. */
const COMPILED = `.${process.version}-${process.platform}-${process.arch}.cache`;

/** What Node runs: the command and its threads. */
const entries = {
  start: `${FROM}/cli/start.js`,
  lookupthread: `${FROM}/names/lookupthread.js`,
  printthread: `${FROM}/run/printthread.js`,
  countthread: `${FROM}/run/countthread.js`,
};

/** What is loaded by its file's name while it runs (late.ts): printers. */
const { TABLE } = await import(`./${FROM}/print/table.js`);
const late = [...new Set(Object.values(TABLE).map(([file]) => `print/${file}`))];

/**
 * What is reached by the same entries becomes one chunk: each printer that is loaded late reaches all that printing has
 * loaded by then.
 */
const together = {
  name: 'together',
  setup({ onLoad }) {
    onLoad({ filter: /dist\/src\/print\/(protocol|link)\/(\w+\/)*\w+\.js$/ }, ({ path }) => ({
      contents: `${readFileSync(path, 'utf8')}\nimport '${relative(dirname(path), resolve(FROM, 'run/text.js'))}';\n`,
    }));
  },
};

/** A module as esbuild writes it, as a script that the loader can run. */
function toScript(name, module) {
  const from = (file) =>
    file.startsWith('.')
      ? `$load(${JSON.stringify(posix.join(posix.dirname(name), file))})`
      : `$require(${JSON.stringify(file)})`;
  const script = module
    .replace(/^import "([^"]+)";$/gm, (_, file) => `${from(file)};`)
    .replace(/^import (\w+) from "([^"]+)";$/gm, (_, whole, file) => `const ${whole} = ${from(file)};`)
    .replace(
      /^import (\{[^}]*\}) from "([^"]+)";$/gm,
      (_, names, file) => `const ${names.replaceAll(' as ', ': ')} = ${from(file)};`,
    )
    .replace(
      /^export \{([^}]*)\};$/gm,
      (_, names) => `Object.assign($exports, {${names.replace(/(\w+) as (\w+)/g, '$2: $1')}});`,
    )
    .replace(/\bimport\("([^"]+)"\)/g, (_, file) => `Promise.resolve(${from(file)})`)
    .replace(/\bnew URL\("\.\/(\w+)\.js", import\.meta\.url\)/g, '$$url("$1.cjs")')
    .replaceAll('createRequire(import.meta.url)', '$require')
    .replaceAll('import.meta.url', '$url("").href');
  const rest = /^(import|export)\b.*$|\bimport\(.*$/m.exec(script);
  if (rest !== null) throw new Error(`${name}: bundle.js does not know ${rest[0]}`);
  const whole = `(function ($require, $load, $exports, $url) { 'use strict';\n${script}\n})`;
  // Without comments, in ASCII: the loader reads a byte a character.
  return transformSync(whole, { minifyWhitespace: true, target: TARGET }).code;
}

/** What V8 makes of a script, with all its functions. */
function compiled(filename, source) {
  // What runs is compiled under Node's own flags: with others V8 would not take it.
  setFlagsFromString('--no-lazy');
  const script = new Script(source, { filename });
  setFlagsFromString('--lazy');
  return script.createCachedData();
}

rmSync(TO, { recursive: true, force: true });
const { outputFiles } = await build({
  entryPoints: { ...entries, ...Object.fromEntries(late.map((name) => [name, `${FROM}/${name}.js`])) },
  outdir: TO,
  chunkNames: '[name]-[hash]',
  bundle: true,
  splitting: true,
  write: false,
  format: 'esm',
  platform: 'node',
  target: TARGET,
  external: ['koffi'],
  plugins: [together],
  logLevel: 'warning',
});
for (const { path, text } of outputFiles) {
  const source = toScript(relative(TO, path), text);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, source);
  // Twice: the loader compares the halves, so that a damaged file is none.
  const code = compiled(path, source);
  writeFileSync(path + COMPILED, Buffer.concat([code, code]));
}
copyFileSync(`${FROM}/cli/loader.cjs`, join(TO, 'loader.cjs'));
for (const name of Object.keys(entries))
  writeFileSync(join(TO, `${name}.cjs`), `require('./loader.cjs').load('${name}.js');\n`);
