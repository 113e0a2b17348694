// Errors by their types: what is wrong with a filter, a file, and with the rights.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import {
  compileExpressions,
  FilterSyntaxError,
  openSavefile,
  openTap,
  SavefileError,
  SavefileSystemError,
} from 'pktap';
import { cannot } from '../live/world.js';

const folder = mkdtempSync(join(tmpdir(), 'pktap-errors-'));
after(() => rmSync(folder, { recursive: true }));
const CURL = resolve('examples/curl.pcapng');

/** What a filter's error says. */
function says(expression: string, reason: string | RegExp, position: number | null) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof FilterSyntaxError, `${error}`);
    assert.equal(error.name, 'FilterSyntaxError');
    assert.equal(error.expression, expression);
    if (typeof reason === 'string') assert.equal(error.reason, reason);
    else assert.match(error.reason, reason);
    assert.equal(error.position, position);
    assert.ok(error.message.includes(error.reason));
    return true;
  };
}

test('a metadata filter: its text, what is wrong, and where', async () => {
  await assert.rejects(
    openSavefile(CURL, { metadataFilter: 'proc = curl and nosuch = 1' }),
    says('proc = curl and nosuch = 1', /^a field was expected/, 16),
  );
});

test('a packet filter: its text and libpcap’s words, wherever it is compiled', async () => {
  const syntax = /^can't parse filter expression: syntax error$|^syntax error/;
  await assert.rejects(openSavefile(CURL, { expression: 'tcp and and' }), says('tcp and and', syntax, null));
  await assert.rejects(
    openSavefile(CURL, { expression: 'port 99999' }),
    says('port 99999', /illegal port number 99999/, null),
  );
  // It makes sense, but not for the packets of this file.
  await assert.rejects(
    openSavefile(CURL, { expression: 'wlan type mgt' }),
    says('wlan type mgt', /802\.11/, null),
  );
  assert.throws(() => compileExpressions('port', 65535, true), says('port', syntax, null));
  // What refuses every packet is an error of libpcap's optimizer.
  await assert.rejects(
    openSavefile(CURL, { expression: 'ip and ip6' }),
    says('ip and ip6', 'expression rejects all packets', null),
  );
});

test('filters of a tap are refused the same way', { skip: cannot }, async () => {
  await assert.rejects(
    openTap({ interface: 'lo', expression: 'tcp and and' }),
    says('tcp and and', /syntax error/, null),
  );
  await assert.rejects(openTap({ interface: 'lo', metadataFilter: 'proc =' }), says('proc =', /./, 6));
});

test('a file: its path, the offset and the reason', async () => {
  const path = join(folder, 'a.pcapng');
  const bytes = readFileSync(CURL);
  writeFileSync(path, bytes.subarray(0, -20));
  const file = await openSavefile(path);
  await assert.rejects(
    file.run(() => true),
    (error: unknown) => {
      assert.ok(error instanceof SavefileError);
      assert.equal(error.name, 'SavefileError');
      assert.equal(error.path, path);
      assert.ok(error.offset !== null && error.offset > 1000, `${error.offset}`);
      assert.equal(error.message, `${error.reason} (${path}, byte ${error.offset})`);
      return true;
    },
  );
  file.close();
  writeFileSync(path, 'no capture at all');
  await assert.rejects(openSavefile(path), new SavefileError('unknown file format', path, 0));
});

test('a file that is not there, and one that must not be read', async () => {
  const path = join(folder, 'nowhere');
  await assert.rejects(openSavefile(path), (error: unknown) => {
    assert.ok(error instanceof SavefileSystemError);
    assert.equal(error.name, 'SavefileSystemError');
    assert.deepEqual(
      [error.path, error.code, error.message],
      [path, 'ENOENT', `${path}: No such file or directory`],
    );
    return true;
  });
});

const root = process.geteuid?.() === 0;
test('a capture without rights: PermissionError, and the example says so and fails', {
  skip: !root && 'needs root, to give it up',
}, () => {
  const script = join(folder, 'rights.mjs');
  writeFileSync(
    script,
    `import { openCapture, PermissionError } from ${JSON.stringify(resolve('dist/src/index.js'))};
try { await openCapture({ interface: 'pktap,lo' }); console.log('opened'); }
catch (error) { console.log(error instanceof PermissionError, error.name, error.message); }
`,
  );
  chmodSync(folder, 0o755);
  chmodSync(script, 0o644);
  const run = (...args: string[]): ReturnType<typeof spawnSync> =>
    spawnSync('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, ...args], {
      encoding: 'utf8',
    });
  const { stdout, stderr } = run(script);
  assert.match(
    `${stdout}`,
    /^true PermissionError pktap,lo: You don't have permission to capture: .*CAP_/,
    `${stderr}`,
  );
  const example = run('examples/live.js', '1');
  assert.equal(example.status, 1);
  assert.match(`${example.stderr}`, /You don't have permission to capture/);
  assert.equal(example.stdout, '');
});
