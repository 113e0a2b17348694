// The library as programs use it: loops, signals, copies, errors, its examples, its types.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { decode, openCapture, openSavefile, type Packet, SavefileError } from 'pktap';
import { cannot, runProgram } from '../live/world.js';

const folder = mkdtempSync(join(tmpdir(), 'pktap-library-'));
after(() => rmSync(folder, { recursive: true }));
const CURL = resolve('examples/curl.pcapng');

test('a loop over a file: copies that stay when it is closed', async () => {
  const file = await openSavefile(CURL);
  const packets: Packet[] = [];
  for await (const packet of file) packets.push(packet);
  file.close();
  const again = await openSavefile(CURL);
  let i = 0;
  await again.run((packet) => {
    const copy = packets[i++]!;
    assert.deepEqual(Buffer.from(copy.data), Buffer.from(packet.data));
    assert.deepEqual({ ...copy.metadata }, { ...packet.metadata });
    assert.deepEqual(
      [copy.seconds, copy.nanoseconds, copy.length, copy.linkType, copy.interface],
      [packet.seconds, packet.nanoseconds, packet.length, packet.linkType, packet.interface],
    );
    assert.deepEqual(decode(copy), decode(packet));
    return true;
  });
  again.close();
  assert.equal(i, 24);
  assert.equal(packets.length, 24);
  assert.equal(decode(packets[0]!)['process.name'], 'curl');
  assert.deepEqual(decode(packets[0]!, ['tcp.dstport', 'dns.qname']), { 'tcp.dstport': 8080 });
});

test('batches: every packet as the callback has it, whatever the window; copies stay', async () => {
  const wanted: string[] = [];
  const said = (packet: Packet): string =>
    JSON.stringify([
      packet.seconds,
      packet.nanoseconds,
      packet.length,
      packet.interface?.name,
      packet.metadata?.process?.pid,
      packet.metadata?.direction,
      Buffer.from(packet.data).toString('hex'),
    ]);
  const file = await openSavefile(CURL);
  await file.run((packet) => wanted.push(said(packet)) > 0);
  file.close();
  for (const windowSize of [16, 600, 5000, 1 << 18]) {
    const again = await openSavefile(CURL, { windowSize });
    const got: string[] = [];
    const kept: Packet[] = [];
    let batches = 0;
    for await (const batch of again.batches()) {
      batches++;
      assert.ok(batch.length > 0);
      for (const packet of batch) {
        got.push(said(packet));
        kept.push(packet.copy());
      }
    }
    again.close();
    assert.deepEqual(got, wanted);
    assert.deepEqual(kept.map(said), wanted);
    assert.ok(windowSize > 5000 ? batches === 1 : batches > 1, `${batches}`);
  }
});

test('batches: filters, a loop that is left, one behind it, a file that breaks off, a signal', async () => {
  const file = await openSavefile(CURL, { metadataFilter: 'proc = curl', windowSize: 1000 });
  let first = 0;
  for await (const batch of file.batches()) {
    first += batch.length;
    assert.ok(batch.every(({ metadata }) => metadata?.process?.name === 'curl'));
    break;
  }
  let rest = 0;
  await file.run(() => ++rest > 0);
  file.close();
  assert.ok(first > 0 && first + rest === 12, `${first} ${rest}`);
  await assert.rejects(async () => {
    for await (const _ of file.batches());
  }, /the savefile is closed/);
  const path = join(folder, 'cut2.pcapng');
  writeFileSync(path, readFileSync(CURL).subarray(0, -20));
  const cut = await openSavefile(path);
  let packets = 0;
  await assert.rejects(
    async () => {
      for await (const batch of cut.batches()) packets += batch.length;
    },
    (error: unknown) => error instanceof SavefileError && error.path === path,
  );
  cut.close();
  assert.ok(packets > 10, `${packets}`);
  const controller = new AbortController();
  const reason = new Error('enough');
  const aborted = await openSavefile(CURL, { signal: controller.signal, windowSize: 1000 });
  await assert.rejects(async () => {
    for await (const batch of aborted.batches()) if (batch.length > 0) controller.abort(reason);
  }, reason);
  aborted.close();
});

test('packet.copy keeps what the callback’s packet does not', async () => {
  const file = await openSavefile(CURL);
  const lengths: number[] = [];
  const kept: Packet[] = [];
  await file.run((packet) => {
    lengths.push(packet.length);
    kept.push(packet.copy());
    return true;
  });
  file.close();
  assert.deepEqual(
    kept.map(({ length }) => length),
    lengths,
  );
  assert.ok(kept.every((packet) => packet.buffer.length === packet.capturedLength && packet.offset === 0));
});

test('filters, and a loop that is left', async () => {
  const file = await openSavefile(CURL, { metadataFilter: 'process.name = curl' });
  let packets = 0;
  for await (const packet of file) {
    assert.equal(packet.metadata?.process?.name, 'curl');
    if (++packets === 5) break;
  }
  file.close();
  assert.equal(packets, 5);
});

test('a signal ends reading with its reason', async () => {
  const controller = new AbortController();
  const file = await openSavefile(CURL, { signal: controller.signal });
  const reason = new Error('enough');
  let packets = 0;
  await assert.rejects(
    file.run(() => {
      if (++packets === 3) controller.abort(reason);
      return true;
    }),
    reason,
  );
  file.close();
  assert.equal(packets, 3);
  await assert.rejects(openSavefile(CURL, { signal: AbortSignal.abort(reason) }), reason);
  await assert.rejects(openCapture({ signal: AbortSignal.abort(reason) }), reason);
});

test('a file that breaks off: its packets first, then where', async () => {
  const path = join(folder, 'cut.pcapng');
  writeFileSync(path, readFileSync(CURL).subarray(0, -20));
  const file = await openSavefile(path);
  let packets = 0;
  await assert.rejects(
    async () => {
      for await (const packet of file) packets += packet.length > 0 ? 1 : 0;
    },
    (error: unknown) => error instanceof SavefileError && error.path === path && error.offset! > 1000,
  );
  file.close();
  assert.ok(packets > 10, `${packets}`);
});

test('a live capture as a loop, ended by a signal', { skip: cannot }, async () => {
  const controller = new AbortController();
  const capture = await openCapture({
    interface: 'pktap,lo',
    expression: 'udp port 4244',
    signal: controller.signal,
  });
  const seen: string[] = [];
  const code =
    "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'hello', ('127.0.0.1', 4244))";
  const started = runProgram(null, ['python3', '-c', code]);
  const reason = new Error('enough');
  await assert.rejects(async () => {
    for await (const packet of capture) {
      seen.push(`${decode(packet)['process.name']} ${packet.length}`);
      controller.abort(reason);
    }
  }, reason);
  const { pid } = await started;
  capture.close();
  assert.ok(pid > 0);
  assert.match(seen[0]!, /^python3\S* 47$/);
  assert.equal(capture.missed, 0);
});

/** What an example says, by the first line of its output. */
const SAYS: Readonly<Record<string, RegExp>> = {
  'read.js': /^curl 127\.0\.0\.1 → 127\.0\.0\.1 74\n/,
  'processes.js': /^curl 2286\npython3 2286\n$/,
  'filter.js':
    /^\d+ packets\ncan't parse metadata filter: there is no field 'process\.nam'; did you mean process\.name/,
  'json.js':
    /^\{"frame\.time":"2026-11-23T22:10:49\.116197151Z","process\.name":"curl","tcp\.flags":\["SYN"\]\}\n/,
  'summary.js': /^\S+ \d+ \d+ \d+ 1\n/,
  'parquet.js': /^24 rows\n$/,
  'copy.js': /^12 packets\n$/,
  'text.js': /^\S* ?.*\(.*curl:32505.*\) IP 127\.0\.0\.1\.34194 > 127\.0\.0\.1\.8080: Flags \[S\]/,
  'interfaces.js': /^pktap PKTAP true\n/,
  'commonjs.cjs': /^24 74\n$/,
  'broken.js': /^\d+ packets, then: .* at byte \d+\n$/,
};

for (const [name, says] of Object.entries(SAYS)) {
  test(`examples/${name}`, () => {
    const out = name === 'copy.js' ? 'copy.pcapng' : name === 'broken.js' ? 'broken.pcapng' : 'a.parquet';
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        `examples/${name}`,
        'examples/curl.pcapng',
        join(folder, out),
      ],
      { encoding: 'utf8' },
    );
    assert.equal(stderr, '');
    assert.equal(status, 0);
    assert.match(stdout, says);
  });
}

test('every example is run, but the one that captures, which says what it lacks', () => {
  const files = readdirSync('examples').filter((name) => /\.c?js$/.test(name));
  assert.deepEqual(files.sort(), [...Object.keys(SAYS), 'live.js'].sort());
});

test('a strict program compiles against the types', () => {
  const inside = mkdtempSync(resolve('dist/strict-'));
  after(() => rmSync(inside, { recursive: true }));
  const program = join(inside, 'program.mts');
  writeFileSync(
    program,
    `import { type Capture, chooseFields, decode, openCapture, openSavefile, type Packet, RowOutput, Summary } from 'pktap';
const file = await openSavefile('x', { metadataFilter: 'proc = a', signal: AbortSignal.timeout(5) });
for await (const packet of file) { const p: Packet = packet.copy(); const says = decode(p); const name: unknown = says['process.name']; void name; }
const capture: Capture = await openCapture({ interface: 'pktap', signal: AbortSignal.timeout(5) });
await capture.run((packet: Packet) => packet.length > 0);
const rows: RowOutput = new RowOutput({ format: 'csv', fields: chooseFields('ip.src') }, (bytes: Uint8Array) => void bytes.length);
rows.close();
const summary = new Summary(chooseFields('process.name'));
const counted: number = summary.sorted()[0]!.bytes;
void counted;
`,
  );
  const { stdout, status } = spawnSync(
    'npx',
    [
      ...[
        'tsc',
        '--strict',
        '--noEmit',
        '--target',
        'ES2022',
        '--module',
        'NodeNext',
        '--moduleResolution',
        'NodeNext',
      ],
      ...['--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--types', 'node', program],
      ...['--typeRoots', resolve('node_modules/@types'), '--ignoreConfig'],
    ],
    { encoding: 'utf8' },
  );
  assert.equal(stdout.replaceAll(/^.*TS2307: Cannot find module 'pktap'.*$/gm, 'not found\n'), '');
  assert.equal(status, 0);
});

test('the public names are those that were agreed on', () => {
  assert.equal(
    readFileSync('dist/types/src/index.d.ts', 'utf8'),
    readFileSync('test/library/index.d.txt', 'utf8'),
  );
});
