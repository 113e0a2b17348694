// -k's letters for processes, and the block of -kv: every fact in its place, nothing that a terminal would obey.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeInterface, makeProcess, Packet, PacketMetadata, type Process } from '../../src/packet/index.js';
import { defaultPrintOptions, type PrintOptions, TextOutput } from '../../src/print/index.js';

const ID = '4f66ad9a0b2e1f7a4cd3b7a7de6e5c2f9d1a3b5c7e9f0a2b4c6d8e0f1a3b5c7d';
const CURL: Partial<Process> = {
  pid: 4711,
  name: 'curl',
  path: '/usr/bin/curl',
  args: ['curl', '-s', "it's", '', 'https://a.example/?q=1'],
  parentPid: 12,
  uid: 1000,
  user: 'alice',
  uuid: Uint8Array.from({ length: 16 }, (_, i) => i * 17),
  startTime: 1_700_000_000_123_456_789n,
  cgroup: '/docker/x',
  container: { id: ID, runtime: 'docker', name: 'web', pod: 'web-1', namespace: 'shop' },
  netns: 4026531840,
};

/** A packet of two bytes: its own text is short. */
function print(
  process: Partial<Process> | null,
  options: Partial<PrintOptions>,
  effective?: Partial<Process>,
): string {
  let out = '';
  const text = new TextOutput(
    { ...defaultPrintOptions(), timestamp: 1, numeric: true, ...options },
    (bytes) => {
      out += Buffer.from(bytes).toString('utf8');
    },
  );
  const packet = new Packet();
  packet.buffer = Uint8Array.of(1, 2);
  packet.capturedLength = packet.length = 2;
  packet.linkType = 1;
  packet.interface = makeInterface({ name: 'en0', linkType: 1 });
  packet.metadata = new PacketMetadata();
  packet.metadata.process = process === null ? null : makeProcess(process);
  packet.metadata.effectiveProcess = effective === undefined ? null : makeProcess(effective);
  packet.metadata.threadId = 4712;
  text.packet(packet);
  text.close();
  return out;
}

test('each letter has its fact', () => {
  process.env['TZ'] = 'UTC';
  const facts: Readonly<Record<string, string>> = {
    O: 'user alice',
    R: 'parent 12',
    X: 'exe /usr/bin/curl',
    L: "cmd curl -s 'it'\\''s' '' 'https://a.example/?q=1'",
    T: 'start 2023-11-14 22:13:20.123456',
    G: 'cgroup /docker/x',
    K: 'container web (docker 4f66ad9a0b2e), pod shop/web-1',
    W: 'netns 4026531840',
    H: 'thread 4712',
  };
  for (const [letter, fact] of Object.entries(facts)) {
    assert.equal(print(CURL, { metadata: letter }), `(${fact})  [|ether]\n`);
  }
  const all = Object.values(facts).join(', ');
  assert.equal(print(CURL, { metadata: 'INPORXLTGKWH' }), `(en0, proc curl:4711, ${all})  [|ether]\n`);
  // Apple's `A` is Apple's, and may have ours besides.
  assert.equal(
    print(CURL, { metadata: 'A' }),
    '(en0, proc curl:4711:00112233-4455-6677-8899-aabbccddeeff, dlt 0x1)  [|ether]\n',
  );
  assert.match(print(CURL, { metadata: 'AO' }), /^\(en0, proc curl:4711:\S+, dlt 0x1, user alice\) /);
});

test('what is not known is left out', () => {
  const little = { pid: 5, name: 'x', uid: 7 };
  assert.equal(print(little, { metadata: 'NORXLTGKW' }), '(proc x, user 7)  [|ether]\n');
  assert.equal(print(null, { metadata: 'ORXLTGKW' }), '()  [|ether]\n');
  const bare = {
    ...little,
    container: { id: 'web', runtime: 'lxc', name: 'web', pod: null, namespace: null },
  };
  assert.equal(print(bare, { metadata: 'K' }), '(container lxc web)  [|ether]\n');
});

test('-kv: a block under the packet', () => {
  const block = `
    process curl:4711, user alice (1000), parent 12, started 2023-11-14 22:13:20.123456
    executable /usr/bin/curl, UUID 00112233-4455-6677-8899-aabbccddeeff
    command curl -s 'it'\\''s' '' 'https://a.example/?q=1'
    cgroup /docker/x, network namespace 4026531840
    container web (docker 4f66ad9a0b2e), pod shop/web-1`;
  const head = '(proc curl:4711)  [|ether]';
  assert.equal(print(CURL, { metadata: 'NP', verbose: 1 }), `${head}${block}\n`);
  assert.equal(
    print(CURL, { metadata: 'NP', verbose: 1, hex: 2 }, { pid: 9, name: 'agent', comment: 'for it' }),
    `(proc curl:4711, eproc agent:9)  [|ether]\n\t0x0000:  0102${block}\n    for process agent:9\n    comment for it\n`,
  );
  assert.equal(
    print({ pid: 5, name: 'x' }, { metadata: 'N', verbose: 2 }),
    '(proc x)  [|ether]\n    process x:5\n',
  );
  // Not without -k or -v, not on one line, not without a process.
  assert.equal(print(CURL, { metadata: '', verbose: 1 }), ' [|ether]\n');
  assert.equal(print(CURL, { metadata: 'NP', verbose: 0 }), `${head}\n`);
  assert.equal(print(CURL, { metadata: 'NP', verbose: 1, oneLine: true }), `${head}\n`);
  assert.equal(print(null, { metadata: 'NP', verbose: 1 }), '()  [|ether]\n');
});

test('hostile facts are escaped and bounded', () => {
  const evil = '\x1b]0;x\x07\n\x7f\u009b31m\u{1f600}';
  const hostile: Partial<Process> = {
    ...CURL,
    name: evil,
    path: evil,
    args: [evil, 'x'.repeat(5_000_000), 'y'],
    user: evil,
    cgroup: evil,
    comment: evil,
    container: { id: evil, runtime: evil, name: evil, pod: evil, namespace: evil },
  };
  const text = print(hostile, { metadata: 'INPUSDCFftdcORXLTGKWH', verbose: 1 });
  assert.doesNotMatch(text.replace(/\n {4}/g, ''), /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  assert.equal(text.split('\n').length, 8, 'lines of the block, and none of theirs');
  assert.ok(text.includes('\u{1f600}'));
  assert.ok(text.length < 10_000, String(text.length));
});
