// Compiles the command's chunks with the V8 that runs this, and puts beside each what V8 made: at the build, and where a package is installed.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';

/** How the files end. src/cli/loader.cts asks for the same. */
const COMPILED = `.${process.version}-${process.platform}-${process.arch}.cache`;

/** What V8 makes of a script, with all its functions. */
function compiled(filename: string): Buffer {
  // What runs is compiled under Node's own flags: with others V8 would not take it.
  setFlagsFromString('--no-lazy');
  const script = new Script(readFileSync(filename, 'utf8'), { filename });
  setFlagsFromString('--lazy');
  return script.createCachedData();
}

function compileFolder(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) compileFolder(path);
    else if (entry.name.endsWith('.js')) {
      // Twice: the loader compares the halves, so that a damaged file is none.
      const data = compiled(path);
      writeFileSync(path + COMPILED, Buffer.concat([data, data]));
    }
  }
}

compileFolder(__dirname);
