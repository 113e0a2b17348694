// The programs that the pages' commands begin with, in a folder in front of PATH.

import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestContext } from 'node:test';

/** DuckDB's command as far as the pages use it: `duckdb -csv -c SQL`. The library is the same; what it prints are plain rows of CSV. */
const DUCKDB = `
const { DuckDBInstance } = require('@duckdb/node-api');
(async () => {
  if (process.argv[2] !== '-csv' || process.argv[3] !== '-c') throw new Error('duckdb -csv -c SQL');
  const connection = await (await DuckDBInstance.create()).connect();
  const reader = await connection.runAndReadAll(process.argv[4]);
  const cell = (value) => value === null ? '' : /[",\\n]/.test(String(value)) ? '"' + String(value).replaceAll('"', '""') + '"' : String(value);
  console.log(reader.columnNames().map(cell).join(','));
  for (const row of reader.getRowsJS()) console.log(row.map(cell).join(','));
})();`;

function script(path: string, text: string): void {
  writeFileSync(path, text);
  chmodSync(path, 0o755);
}

/** A folder for a page's files, with the example's file in it, and the environment of its commands. They go with the test. */
export function makeFolder(t: TestContext): { folder: string; bin: string; env: NodeJS.ProcessEnv } {
  const folder = mkdtempSync(join(tmpdir(), 'pktap-guide-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  // Commands that run as others come here too.
  chmodSync(folder, 0o755);
  const bin = join(folder, '.bin');
  mkdirSync(bin);
  symlinkSync(resolve('bin/pktap'), join(bin, 'pktap'));
  symlinkSync(resolve('examples/curl.pcapng'), join(folder, 'curl.pcapng'));
  // The test is root already. The user who would run sudo is not made up: what sudo does is tested elsewhere.
  script(join(bin, 'sudo'), '#!/bin/sh\nexec "$@"\n');
  writeFileSync(
    join(bin, 'duckdb.cjs'),
    DUCKDB.replace("'@duckdb/node-api'", JSON.stringify(resolve('node_modules/@duckdb/node-api'))),
  );
  script(join(bin, 'duckdb'), `#!/bin/sh\nexec "${process.execPath}" "${join(bin, 'duckdb.cjs')}" "$@"\n`);
  const { SUDO_UID: _, SUDO_GID: __, ...rest } = process.env;
  const env = { ...rest, PATH: `${bin}:${process.env['PATH']}`, TZ: 'UTC', LC_ALL: 'C.UTF-8', HOME: folder };
  return { folder, bin, env };
}
