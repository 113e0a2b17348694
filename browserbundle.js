// Puts the library without Node into dist/browser: one module for pages and workers, the worker
// of `pktap web`'s page, and chunks that it loads when they are asked
// for (printers, decompressors). What needs Node has another form there. Run by `npm run build`, after tsc.

import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { rolldown } from 'rolldown';

const FROM = 'dist/src';
const TO = 'dist/browser';

/** Modules that need Node, and what stands in for them; where that is for one folder alone, which. */
const INSTEAD = {
  'builtin.js': 'browser/instead/builtin.js',
  'late.js': 'browser/instead/late.js',
  'decode/facts/payload/ciphers.js': 'browser/instead/ciphers.js',
  'savefile/compression/gzip.js': 'savefile/compression/inflate.js',
  'system/index.js': ['browser/instead/system.js', 'filter/metadata/'],
};

const { TABLE } = await import(`./${FROM}/print/table.js`);
const printers = [...new Set(Object.values(TABLE).map(([file]) => `print/${file}.js`))];

/** The module that brings all printers. */
const BRINGING = [
  `import { bring } from ${JSON.stringify(resolve(FROM, INSTEAD['late.js']))};`,
  ...printers.map((file, i) => `import * as p${i} from ${JSON.stringify(resolve(FROM, file))};`),
  ...printers.map((file, i) => `bring('./${file}', p${i});`),
].join('\n');

const instead = {
  name: 'instead',
  resolveId: {
    order: 'pre',
    handler(name, importer) {
      if (importer === undefined || !name.startsWith('.')) return null;
      const inside = (path) => path.slice(resolve(FROM).length + 1);
      const [other, folder = ''] = [INSTEAD[inside(resolve(importer, '..', name))]].flat();
      return other !== undefined && inside(importer).startsWith(folder) ? resolve(FROM, other) : null;
    },
  },
  load: {
    filter: { id: /dist\/src\/browser\/printers\.js$/ },
    handler: () => ({ code: BRINGING, moduleSideEffects: true }),
  },
};

rmSync(TO, { recursive: true, force: true });
const bundle = await rolldown({
  input: { index: `${FROM}/browser/index.js`, pageworker: `${FROM}/browser/pageworker.js` },
  platform: 'browser',
  // What a module of Node's is imported for is gone by then: the check below says where it is not.
  external: /^node:|^koffi$/,
  transform: { inject: { Buffer: [resolve(FROM, 'browser/instead/buffer.js'), 'Buffer'] } },
  plugins: [instead],
});
const { output } = await bundle.write({
  dir: TO,
  format: 'es',
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
  minify: true,
});
for (const { fileName, code, imports, dynamicImports } of output) {
  const foreign = [...imports, ...dynamicImports].filter((name) => /^node:|^koffi$/.test(name));
  if (foreign.length > 0) throw new Error(`${fileName} imports ${foreign.join(', ')}`);
  const left =
    /\b(?:require\(|process\.(?:env|version|platform|getBuiltinModule|hrtime)|setImmediate\()/.exec(code);
  if (left !== null) throw new Error(`${fileName} has ${left[0]}, which no browser has`);
}
