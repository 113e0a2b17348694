// Random captures, written by us, read back by us and by tshark, capinfos and tcpdump, and copied: same packets.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  Direction,
  LinkType,
  makeInterface,
  makeProcess,
  type Packet,
  type Process,
} from '../../src/packet/index.js';
import { type CreateOptions, createSavefile, openSavefile } from '../../src/savefile/index.js';
import { factsOf, has, type Kept, newPath, packetOf, readAll, run, udp } from './helpers.js';

const text = fc
  .string({ minLength: 1, maxLength: 30, unit: 'grapheme' })
  .filter((one) => !/[\0\n]/.test(one));
const maybe = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(one, { nil: null });
const u32 = fc.nat(0xffff_ffff);

const process_: fc.Arbitrary<Process> = fc
  .record({
    pid: fc.integer({ min: 1, max: 0x7fff_ffff }),
    name: text,
    path: maybe(text),
    args: maybe(fc.array(text, { minLength: 1, maxLength: 4 })),
    parentPid: maybe(fc.nat(0x7fff_ffff)),
    uid: maybe(u32),
    user: maybe(text),
    uuid: maybe(fc.uint8Array({ minLength: 16, maxLength: 16 })),
    startTime: maybe(fc.bigInt(1n, 1n << 62n)),
    cgroup: maybe(text),
    netns: maybe(u32),
    container: maybe(
      fc.record(
        { id: text, runtime: text, name: maybe(text), pod: maybe(text), namespace: maybe(text) },
        { noNullPrototype: true },
      ),
    ),
  })
  .map(makeProcess);

const interface_ = fc
  .record({
    name: text,
    description: maybe(text),
    linkType: fc.constantFrom<number>(LinkType.ETHERNET, LinkType.RAW, LinkType.NULL),
    snapshotLength: fc.nat(0x4_0000),
    mac: maybe(fc.uint8Array({ minLength: 6, maxLength: 6 })),
    speed: maybe(fc.bigInt(0n, (1n << 64n) - 1n)),
    os: maybe(text),
    hardware: maybe(text),
    filter: maybe(text),
  })
  .map(makeInterface);

/** What is random about a packet; processes and interfaces are picked by number. */
const facts = fc.record({
  size: fc.nat(100),
  longer: fc.nat(1000),
  seconds: u32,
  nanoseconds: fc.nat(999_999_999),
  interface: fc.nat(3),
  process: fc.integer({ min: -1, max: 3 }),
  effective: fc.integer({ min: -1, max: 3 }),
  threadId: fc.nat(0x7fff_ffff),
  serviceClass: fc.constantFrom(-1, 0, 100, 900),
  direction: fc.constantFrom(Direction.UNKNOWN, Direction.IN, Direction.OUT),
  flags: fc.nat(31),
  flowId: u32,
  traceTag: fc.nat(0xffff),
  compressionGeneration: u32,
  dropReason: fc.nat(200),
  dropLine: fc.nat(0xffff),
  dropFunction: fc.oneof(fc.constant(''), text),
  dropReasonName: fc.constantFrom('', 'NO_SOCKET'),
  dropCount: fc.constantFrom(0, 0, 7, 2 ** 40),
  comments: maybe(fc.array(text, { minLength: 1, maxLength: 3 })),
});
type Facts = typeof facts extends fc.Arbitrary<infer T> ? T : never;

const capture = fc.record({
  processes: fc.array(process_, { minLength: 4, maxLength: 4 }),
  interfaces: fc.array(interface_, { minLength: 4, maxLength: 4 }),
  packets: fc.array(facts, { minLength: 1, maxLength: 30 }),
});
type Capture = typeof capture extends fc.Arbitrary<infer T> ? T : never;

function packetsOf({ processes, interfaces, packets }: Capture): Packet[] {
  return packets.map((one: Facts, i) => {
    const { size, longer, process, effective, comments, ...rest } = one;
    const data = Buffer.alloc(size, i + 1);
    const process_ = processes[process] ?? null;
    const metadata = {
      process: process_,
      effectiveProcess: processes[effective] ?? null,
      // It is the process's: there is none without.
      threadId: process_ === null ? 0 : one.threadId,
      serviceClass: one.serviceClass,
      direction: one.direction,
      flags: one.flags,
      flowId: one.flowId,
      traceTag: one.traceTag,
      compressionGeneration: one.compressionGeneration,
      dropReason: one.dropReason,
      dropLine: one.dropLine,
      dropFunction: one.dropFunction,
      dropReasonName: one.dropReasonName,
    };
    const from = interfaces[one.interface]!;
    const { seconds, nanoseconds, dropCount } = rest;
    return packetOf({
      data,
      length: size + longer,
      seconds,
      nanoseconds,
      dropCount,
      linkType: from.linkType,
      interface: from,
      comments,
      metadata,
    });
  });
}

async function write(packets: readonly Packet[], options: Partial<CreateOptions> = {}): Promise<string> {
  const path = newPath();
  const writer = await createSavefile(path, { format: 'pcapng', linkType: 1, ...options });
  for (const packet of packets) writer.packet(packet);
  writer.close();
  return path;
}

/** Copied with every packet, or with those `wanted`. */
async function copy(
  path: string,
  options: Partial<CreateOptions> = {},
  wanted: (i: number) => boolean = () => true,
): Promise<string> {
  const out = newPath();
  const source = await openSavefile(path);
  const { format, linkType, snapshotLength } = source;
  const writer = await createSavefile(out, { format, linkType, snapshotLength, copyOf: source, ...options });
  let i = 0;
  await source.run((packet) => {
    if (wanted(i++)) writer.packet(packet);
    return true;
  });
  writer.close();
  source.close();
  return out;
}

/** All of a packet as plain values. */
function values(packet: Packet | Kept): object {
  const { metadata, seconds, nanoseconds, length, linkType, comments, dropCount, data } = packet;
  const { process, effectiveProcess, ...rest } = metadata!;
  return {
    ...{ seconds, nanoseconds, length, linkType, comments, dropCount, ...rest },
    data: typeof data === 'string' ? data : Buffer.from(data).toString('hex'),
    process: factsOf(process),
    effective: factsOf(effectiveProcess),
    interface: packet.interface,
  };
}

/** How processes are written. */
const forms = fc.record({
  ownerComments: fc.constantFrom('all', 'first', 'none'),
  dialect: fc.constantFrom('apple', 'wireshark'),
});

test('what is written is read, and a copy says the same', async () => {
  await fc.assert(
    fc.asyncProperty(capture, forms, fc.func(fc.boolean()), async (random, form, wanted) => {
      const packets = packetsOf(random);
      const written = packets.map(values);
      const path = await write(packets, form);
      const read = await readAll(path);
      assert.equal(read.error, null);
      assert.deepEqual(read.packets.map(values), written);
      // Nothing has to be renumbered: the same bytes but for the statistics.
      const whole = await copy(path, form);
      assert.deepEqual((await readAll(whole)).packets.map(values), written);
      assert.ok(
        readFileSync(path).includes(readFileSync(await copy(whole, form))),
        'a copy has no bytes of its own',
      );
      const some = await readAll(await copy(path, form, wanted));
      assert.equal(some.error, null);
      assert.deepEqual(
        some.packets.map(values),
        written.filter((_, i) => wanted(i)),
      );
    }),
    { numRuns: 150 },
  );
});

test('pcap with PKTAP headers keeps what they have room for', async () => {
  const short = (process: Process | null): object | null =>
    process === null
      ? null
      : factsOf(makeProcess({ pid: process.pid, name: cut(process.name, 16), uuid: real(process.uuid) }));
  const real = (uuid: Uint8Array | null): Uint8Array | null => (uuid?.some((byte) => byte > 0) ? uuid : null);
  await fc.assert(
    fc.asyncProperty(capture, async (random) => {
      const packets = packetsOf(random);
      const path = await write(packets, { format: 'pcap', linkType: LinkType.PKTAP, precision: 'nano' });
      const read = await readAll(path);
      assert.equal(read.error, null);
      const kept = (packet: Packet | Kept): object => {
        const { metadata, seconds, nanoseconds, length, linkType } = packet;
        const { serviceClass, direction, flags, flowId, traceTag, compressionGeneration } = metadata!;
        return {
          ...{ seconds, nanoseconds, length, linkType, serviceClass, direction, flags, flowId, traceTag },
          compressionGeneration,
          interface: cut(packet.interface!.name, 23),
          process: short(metadata!.process),
          effective: short(metadata!.effectiveProcess),
        };
      };
      assert.deepEqual(read.packets.map(kept), packets.map(kept));
    }),
    { numRuns: 100 },
  );
});

/** A name as a field of so many bytes keeps it. */
function cut(name: string, bytes: number): string {
  return Buffer.from(name).subarray(0, bytes).toString();
}

const ascii = fc.stringMatching(/^[a-z][a-z0-9_-]{0,14}$/);

/** Captures that other programs can be asked about: plain names, one link type, whole packets. */
const plain = capture.map((random) => ({
  ...random,
  processes: fc
    .sample(ascii, 4)
    .map((name, i) =>
      makeProcess({ pid: 1000 + i, name, uuid: Uint8Array.from({ length: 16 }, (_, at) => at + i + 1) }),
    ),
  // What tcpdump can print.
  packets: random.packets.map((one) => ({ ...one, seconds: one.seconds >>> 1 })),
  interfaces: [0, 1, 2, 3].map((i) => makeInterface({ name: `eth${i}`, linkType: 1 })),
}));

/** Fields of each frame as tshark shows them. */
function tshark(path: string, fields: readonly string[], ...more: string[]): string[][] {
  const args = ['-nr', path, ...more, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])];
  return run('tshark', ...args)
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t'));
}

const stamp = (packet: Packet): string => `${packet.seconds}.${String(packet.nanoseconds).padStart(9, '0')}`;
const hex = (number: number, digits: number): string => `0x${number.toString(16).padStart(digits, '0')}`;

function dashed(uuid: Uint8Array): string {
  return Buffer.from(uuid)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

test('tshark, capinfos and tcpdump see the packets, times, lengths, interfaces and processes', {
  skip: !(has('tshark') && has('capinfos') && has('tcpdump')) && 'tshark, capinfos or tcpdump is missing',
}, async () => {
  for (const random of fc.sample(plain, 3)) {
    const packets = packetsOf(random);
    for (const packet of packets) {
      packet.buffer = udp();
      packet.capturedLength = packet.buffer.length;
      packet.length += packet.capturedLength;
      packet.comments = null;
    }
    const path = await write(packets);
    const frames = tshark(path, ['frame.time_epoch', 'frame.len', 'frame.cap_len', 'frame.interface_name']);
    // Wireshark before 5.1 shows process entries as frames without a time.
    assert.deepEqual(
      frames.filter(([time]) => time !== ''),
      packets.map((one) => [stamp(one), String(one.length), String(one.capturedLength), one.interface!.name]),
    );
    assert.match(run('capinfos', '-c', path), new RegExp(`packets: +${packets.length}\\n$`));
    assert.deepEqual(
      run('tcpdump', '--nano', '-ttnr', path).match(/^\d+\.\d{9} IP/gm),
      packets.map((one) => `${stamp(one)} IP`),
    );

    const option = 'pcapng.options.option.data.packet';
    const darwin = ['process_id', 'process_name', 'process_uuid'].map((name) => `pcapng.darwin.${name}`);
    const fields = ['svc_class', 'flags'].map((name) => `${option}.darwin.${name}`);
    const [line] = tshark(
      path,
      [...darwin, ...fields, `${option}.drop_count`, `${option}.flags.direction`],
      '-X',
      'read_format:MIME Files Format',
    );
    const list = (values: readonly (string | number)[]): string => values.join(',');
    const named = [
      ...new Set(packets.flatMap(({ metadata: m }) => [m!.process, m!.effectiveProcess])),
    ].filter((one) => one !== null);
    const all = packets.map((one) => one.metadata!);
    assert.deepEqual(line, [
      list(named.map((one) => one.pid)),
      list(named.map((one) => one.name)),
      list(named.map((one) => dashed(one.uuid!))),
      list(all.map((one) => one.serviceClass).filter((one) => one !== -1)),
      list(all.filter((one) => one.flags !== 0).map((one) => hex(one.flags, 8))),
      list(packets.map((one) => one.dropCount).filter((one) => one > 0)),
      list(all.filter((one) => one.direction > 0).map((one) => hex(one.direction, 4))),
    ]);

    const tap = await write(packets, { format: 'pcap', linkType: LinkType.PKTAP });
    const names = ['pid', 'cmdname', 'epid', 'ecmdname', 'svc_class', 'ifname', 'dlt'].map(
      (name) => `pktap.${name}`,
    );
    assert.deepEqual(
      tshark(tap, names),
      packets.map(({ metadata, interface: from }) => {
        const { process, effectiveProcess, serviceClass } = metadata!;
        const of = (one: Process | null): string[] =>
          one === null ? ['4294967295', ''] : [String(one.pid), one.name];
        return [...of(process), ...of(effectiveProcess), String(serviceClass >>> 0), from!.name, '1'];
      }),
    );
  }
});

test('tcpdump and editcap rewrite ours, and we theirs, without a difference', {
  skip: !(has('editcap') && has('tcpdump')) && 'editcap or tcpdump is missing',
}, async () => {
  const bytes = (args: readonly string[], path: string): Buffer => {
    execFileSync(args[0]!, args.slice(1), { stdio: 'ignore' });
    return readFileSync(path);
  };
  for (const random of fc.sample(plain, 3)) {
    const packets = packetsOf(random);
    for (const precision of ['micro', 'nano'] as const) {
      const path = await write(packets, { format: 'pcap', linkType: 1, precision });
      const out = newPath();
      assert.deepEqual(bytes(['tcpdump', `--${precision}`, '-r', path, '-w', out], out), readFileSync(path));
      assert.deepEqual(readFileSync(await copy(path)), readFileSync(path));
    }
    const out = newPath();
    const kind = ['editcap', '-F', 'pcapng', await write(packets, { format: 'pcap', linkType: 1 }), out];
    const theirs = bytes(kind, out);
    // Section and interface have options of each program's own; then come the packets.
    const afterTwo = (file: Buffer): Buffer => {
      const first = file.readUInt32LE(4);
      return file.subarray(first + file.readUInt32LE(first + 4));
    };
    assert.deepEqual(afterTwo(readFileSync(await copy(out))), afterTwo(theirs));
  }
});
