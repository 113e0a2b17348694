// The judge of attribution: what the kernel itself refuses has no receiver, whatever its sender hoped for.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { judge } from '../bench/attribution/judge.js';
import { be16, be32, bytes, ip4, ip6, type Part, Random } from './print/generator.js';
import { build, description, enhanced, option, section } from './savefile/build.js';

const folder = mkdtempSync(join(tmpdir(), 'pktap-judge-'));
after(() => rmSync(folder, { recursive: true }));
const random = new Random(1);

const FIXED = 1;
const IN = 1;
const OUT = 2;
const KINDS = ['threads'];

/** As ground.py makes it: from process 11 to 12. */
const record = (number: number): Uint8Array =>
  build('little')
    .bytes(Buffer.from('PKTAPGT\0'))
    .bytes(Buffer.from([0, FIXED, 0, 0]))
    .u32(number, 11, 12)
    .bytes(Buffer.from('sender'.padEnd(16, '\0') + 'receiver'.padEnd(16, '\0') + '\0'.repeat(8)))
    .done();

const datagram = (number: number): Uint8Array =>
  bytes(be16(1000), be16(2000), be16(72), be16(0), record(number));
const v4 = (protocol: number, payload: Uint8Array): Uint8Array => ip4(random, protocol, payload);
const v6 = (protocol: number, payload: Uint8Array): Uint8Array => ip6(random, protocol, payload);

const frame = (direction: number, packet: Uint8Array): Buffer =>
  enhanced(
    'little',
    {},
    bytes(new Array<number>(12).fill(0), be16(packet[0]! >> 4 === 4 ? 0x800 : 0x86dd), packet),
    option('little', 2, build('little').u32(direction)),
  );

/** What comes of frames: packets of the kind that are right, and those that are missed; of the kernel's own, right. */
async function judged(...frames: Buffer[]): Promise<[right: number, missing: number, kernels: number]> {
  const path = join(folder, 'a.pcapng');
  writeFileSync(path, Buffer.concat([section('little'), description('little', 1, 65535), ...frames]));
  const { kinds, all } = await judge(path, KINDS);
  assert.equal(all.wrong, 0);
  const { right, missing } = kinds.get('threads')!;
  return [right, missing, kinds.get("the kernel's own")?.right ?? 0];
}

for (const [family, ip, icmp, error] of [
  ['IPv4', v4, 1, [3, 3]],
  ['IPv6', v6, 58, [1, 4]],
] as const) {
  test(`${family}: a datagram without a name is missed, unless the kernel says that nobody took it`, async () => {
    const refused = (type: readonly number[], number: number): Buffer =>
      frame(OUT, ip(icmp, bytes(type, be16(0), be32(0), ip(17, datagram(number)))));
    assert.deepEqual(await judged(frame(IN, ip(17, datagram(1)))), [0, 1, 0]);
    assert.deepEqual(await judged(frame(IN, ip(17, datagram(1))), refused(error, 1)), [1, 0, 1]);
    // Each is refused for itself, and for that reason alone.
    const two = [frame(IN, ip(17, datagram(1))), frame(IN, ip(17, datagram(1)))];
    assert.deepEqual(await judged(...two, refused(error, 1)), [1, 1, 1]);
    assert.deepEqual(await judged(frame(IN, ip(17, datagram(1))), refused(error, 2)), [0, 1, 1]);
    const unreachable = [error[0], error[1] - 2];
    assert.deepEqual(await judged(frame(IN, ip(17, datagram(1))), refused(unreachable, 1)), [0, 1, 1]);
  });
}

const tcp = (
  from: number,
  to: number,
  sequence: number,
  acknowledgement: number,
  flags: number,
  ...data: Part[]
): Uint8Array =>
  bytes(be16(from), be16(to), be32(sequence), be32(acknowledgement), 0x50, flags, be16(100), be32(0), data);

test('TCP: a segment without a name is missed, unless the kernel answers it with a bare RST', async () => {
  const [HERE, THERE] = [
    { source: [10, 0, 0, 1], destination: [10, 0, 0, 2] },
    { source: [10, 0, 0, 2], destination: [10, 0, 0, 1] },
  ];
  const came = frame(IN, ip4(random, 6, tcp(80, 90, 500, 700, 0x18, record(1)), THERE));
  const reset = (sequence: number, flags: number): Buffer =>
    frame(OUT, ip4(random, 6, tcp(90, 80, sequence, 0, flags), HERE));
  assert.deepEqual(await judged(came), [0, 1, 0]);
  assert.deepEqual(await judged(came, reset(700, 0x04)), [1, 0, 1]);
  // Of an end that is known and whose RST has no name.
  assert.deepEqual(await judged(came, reset(701, 0x04)), [0, 2, 0]);
  assert.deepEqual(await judged(came, reset(700, 0x14)), [0, 2, 0]);
});
