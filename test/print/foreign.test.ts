// Text from elsewhere, in every place where it is shown: it forges no line, moves no cursor, and hides nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeInterface, makeProcess, Packet, PacketMetadata } from '../../src/packet/index.js';
import { defaultPrintOptions, type PrintOptions, TextOutput } from '../../src/print/index.js';

/** By kind: what a name may have in it, and how that is shown. */
const KINDS: { readonly [kind: string]: readonly [text: string, shown: string] } = {
  'a new line': ['\n', '^J'],
  'a return': ['\r', '^M'],
  'a backspace': ['\b', '^H'],
  'an escape': ['\x1b[2K\x1b[1A', '^[[2K^[[1A'],
  'an 8-bit control': ['\u009b2K', '\\x9b2K'],
  'another next line': ['\u0085\u2028\u2029', '\\x85\\u2028\\u2029'],
  'a turn of direction': ['\u202e\u2066\u200f', '\\u202e\\u2066\\u200f'],
  'zero width': ['\u200b\u2060\ufeff', '\\u200b\\u2060\\ufeff'],
};

function print(foreign: string, options: Partial<PrintOptions>): string {
  let out = '';
  const text = new TextOutput(
    { ...defaultPrintOptions(), timestamp: 1, numeric: true, ...options },
    (bytes) => {
      out += Buffer.from(bytes).toString('utf8');
    },
  );
  const of = (word: string): string => `${word}<${foreign}>`;
  const packet = new Packet();
  packet.buffer = Uint8Array.of(1, 2);
  packet.capturedLength = packet.length = 2;
  packet.linkType = 1;
  packet.interface = makeInterface({ name: of('interface'), linkType: 1 });
  packet.comments = [of('remark')];
  packet.metadata = new PacketMetadata();
  packet.metadata.dropReason = 1;
  packet.metadata.dropReasonName = of('reason');
  packet.metadata.dropFunction = of('function');
  packet.metadata.process = makeProcess({
    pid: 1,
    name: of('name'),
    path: of('path'),
    args: [of('argument')],
    uid: 1000,
    user: of('user'),
    cgroup: of('cgroup'),
    comment: of('comment'),
    container: {
      id: of('id'),
      runtime: of('runtime'),
      name: of('container'),
      pod: of('pod'),
      namespace: of('space'),
    },
  });
  packet.metadata.effectiveProcess = makeProcess({ pid: 2, name: of('effective') });
  text.packet(packet);
  text.close();
  return out;
}

const PROCESS = [
  'name',
  'path',
  'argument',
  'user',
  'cgroup',
  'id',
  'runtime',
  'container',
  'pod',
  'space',
  'effective',
];

for (const [kind, [text, shown]] of Object.entries(KINDS)) {
  test(`${kind} in what others name`, () => {
    const line = print(text, { metadata: 'AORXLTGKWH' });
    assert.equal(line.split('\n').length, print('', { metadata: 'AORXLTGKWH' }).split('\n').length);
    for (const word of [...PROCESS, 'interface', 'remark', 'reason', 'function'])
      assert.ok(line.includes(`${word}<${shown}>`), `${word}: ${line}`);
    const block = print(text, { metadata: 'N', verbose: 1 });
    assert.equal(block.split('\n').length, print('', { metadata: 'N', verbose: 1 }).split('\n').length);
    for (const word of [...PROCESS, 'comment'])
      assert.ok(block.includes(`${word}<${shown}>`), `${word}: ${block}`);
    for (const all of [line, block]) assert.doesNotMatch(all, /[^\n\t\x20-\x7e]/);
  });
}
