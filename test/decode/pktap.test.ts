// PKTAP headers, read in both versions from both formats, and written.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { LinkType, makeInterface, makeProcess, type Packet, PacketFlag } from '../../src/packet/index.js';
import { createSavefile, openSavefile } from '../../src/savefile/index.js';
import { description, enhanced, option, pcapHeader, pcapRecord, section } from '../savefile/build.js';
import { dropped, other, uuid, version1, version2 } from '../savefile/headers.js';
import {
  factsOf,
  fileOf,
  has,
  type Kept,
  newPath,
  packetOf,
  readAll,
  run,
  udp,
} from '../savefile/helpers.js';

const frame = udp();
const hex = Buffer.from(frame).toString('hex');
const LE = 'little';

function pcap(linkType: number, ...packets: Uint8Array[]): string {
  return fileOf(
    Buffer.concat([
      pcapHeader(LE, 0xa1b2c3d4, linkType, 262144),
      ...packets.map((bytes) => pcapRecord(LE, 1_700_000_000, 5, bytes)),
    ]),
  );
}

function described(packet: Kept): object {
  const { linkType, data, length, metadata } = packet;
  const { process, effectiveProcess, ...rest } = { ...metadata! };
  return {
    linkType,
    data,
    length,
    interface: packet.interface?.name,
    type: packet.interface?.type,
    process: factsOf(process),
    effective: factsOf(effectiveProcess),
    ...rest,
  };
}

const plain = {
  linkType: 1,
  data: hex,
  length: 47,
  interface: 'en0',
  type: 6,
  process: { pid: 4711, name: 'curl', uuid },
  effective: { pid: 12, name: 'a name of 17 byte', uuid: other },
  threadId: 0,
  serviceClass: 100,
  direction: 2,
  flags: PacketFlag.NEW_FLOW | PacketFlag.SOCKET,
  flowId: 0xfedcba98,
  traceTag: 0xbeef,
  compressionGeneration: 3,
  dropReason: 0,
  dropLine: 0,
  dropFunction: '',
  dropReasonName: '',
};

for (const linkType of [LinkType.PKTAP, LinkType.USER2]) {
  test(`headers in a pcap file of link type ${linkType}`, async () => {
    const short = Buffer.concat([version1({ length: 108 }), frame]);
    const all = [
      Buffer.concat([version1(), frame]),
      short,
      Buffer.concat([dropped(513, 'tcp_input'), frame]),
      Buffer.concat([dropped(0, ''), frame]),
      Buffer.concat([version1({ length: 200 }), Buffer.alloc(44), frame]),
      Buffer.concat([version2(), frame.subarray(14)]),
    ];
    const path = pcap(linkType, ...all);
    const source = await openSavefile(path);
    assert.equal(source.linkType, linkType);
    source.close();
    const { packets, error } = await readAll(path);
    assert.equal(error, null);
    assert.deepEqual(described(packets[0]!), plain);
    assert.deepEqual(described(packets[1]!), {
      ...plain,
      process: { pid: 4711, name: 'curl' },
      effective: { pid: 12, name: 'a name of 17 byte' },
      flowId: 0,
      compressionGeneration: 0,
    });
    assert.deepEqual(described(packets[2]!), {
      ...plain,
      dropReason: 42,
      dropLine: 513,
      dropFunction: 'tcp_input',
    });
    assert.deepEqual(described(packets[3]!), { ...plain, dropReason: 42 });
    assert.deepEqual(described(packets[4]!), plain);
    assert.deepEqual(described(packets[5]!), {
      ...plain,
      linkType: LinkType.RAW,
      data: hex.slice(28),
      length: 33,
      interface: 'lo0',
      type: 24,
      process: { pid: 4711, name: 'a process', uuid },
      effective: null,
      serviceClass: 900,
      direction: 1,
      flags: PacketFlag.WAKE,
      flowId: 77,
      traceTag: 0,
      compressionGeneration: 0,
    });
    assert.equal(packets[0]!.metadata?.process, packets[2]!.metadata?.process, 'one object per process');
    assert.equal(packets[0]!.interface, packets[2]!.interface);

    const kept = await readAll(path, { keepPktapHeader: true });
    assert.deepEqual(
      kept.packets.map((p) => [p.linkType, p.data, p.metadata?.process?.pid]),
      all.map((bytes) => [linkType, bytes.toString('hex'), 4711]),
    );
  });
}

test('a header that makes no sense leaves the packet as it is', async () => {
  const path = pcap(
    LinkType.USER2,
    frame,
    Buffer.concat([version1({ length: 107 }), frame]),
    Buffer.concat([version1({ type: 3 }), frame]),
    Buffer.concat([version1()]).subarray(0, 150),
    version1(),
  );
  const { packets, error } = await readAll(path);
  assert.equal(error, null);
  assert.deepEqual(
    packets.map((p) => [p.linkType, p.data.length / 2, p.metadata === null]),
    [
      [149, 47, true],
      [149, 154, true],
      [149, 203, true],
      [149, 150, true],
      [1, 0, false],
    ],
  );
});

test('raw IP as kernels number it, and the header in pcapng', async () => {
  for (const order of ['little', 'big'] as const) {
    const path = fileOf(
      Buffer.concat([
        section(order),
        description(order, LinkType.PKTAP, 0, option(order, 2, 'pktap')),
        enhanced(
          order,
          { units: 1_000_000n },
          Buffer.concat([version1({ linkType: 12 }), frame.subarray(14)]),
          option(order, 1, 'why'),
        ),
      ]),
    );
    const { packets } = await readAll(path);
    assert.deepEqual(described(packets[0]!), {
      ...plain,
      linkType: LinkType.RAW,
      data: hex.slice(28),
      length: 33,
    });
    assert.deepEqual([packets[0]!.comments, packets[0]!.seconds], [['why'], 1]);
  }
});

function tapped(): Packet {
  return packetOf({
    data: frame,
    seconds: 1_700_000_000,
    nanoseconds: 5000,
    interface: makeInterface({ name: 'en0', linkType: 1, type: 6 }),
    metadata: {
      process: makeProcess({ pid: 4711, name: 'curl', uuid }),
      effectiveProcess: makeProcess({ pid: 12, name: 'a name of 17 by', uuid: other }),
      serviceClass: 100,
      direction: 2,
      flags: PacketFlag.NEW_FLOW | PacketFlag.SOCKET,
      flowId: 0xfedcba98,
      traceTag: 0xbeef,
      compressionGeneration: 3,
    },
  });
}

test('written in front of packets, and read back', async () => {
  const path = newPath();
  const writer = await createSavefile(path, { format: 'pcap', linkType: LinkType.PKTAP });
  writer.packet(tapped());
  const drop = tapped();
  Object.assign(drop.metadata!, { dropReason: 9, dropLine: 513, dropFunction: 'tcp_input' });
  writer.packet(drop);
  drop.metadata!.dropFunction = '';
  writer.packet(drop);
  writer.packet(packetOf({ data: frame.subarray(14), linkType: LinkType.RAW }));
  writer.close();

  const bytes = readFileSync(path);
  const wanted = Buffer.concat([
    pcapHeader(LE, 0xa1b2c3d4, 258, 262144),
    pcapRecord(
      LE,
      1_700_000_000,
      5,
      Buffer.concat([version1({ flags: 2 | 0x2000 | 0x4000 | 0x20000 }), frame]),
    ),
  ]);
  wanted.fill(0, 24 + 16 + 103, 24 + 16 + 105);
  assert.deepEqual(bytes.subarray(0, wanted.length), wanted);

  const { packets, error } = await readAll(path);
  assert.equal(error, null);
  const back = { ...plain, effective: { pid: 12, name: 'a name of 17 by', uuid: other } };
  assert.deepEqual(described(packets[0]!), back);
  assert.deepEqual(described(packets[1]!), {
    ...back,
    dropReason: 9,
    dropLine: 513,
    dropFunction: 'tcp_input',
  });
  assert.deepEqual(described(packets[2]!), { ...back, dropReason: 9 });
  assert.deepEqual([packets[3]!.linkType, packets[3]!.metadata?.process], [LinkType.RAW, null]);
  if (!has('tshark')) return;
  const fields = ['pktap.ifname', 'pktap.pid', 'pktap.cmdname', 'pktap.epid', 'pktap.ecmdname', 'ip.proto'];
  const text = run('tshark', '-r', path, '-T', 'fields', ...fields.flatMap((field) => ['-e', field]));
  assert.equal(text.split('\n')[0], 'en0\t4711\tcurl\t12\ta name of 17 by\t17');
});

test('a file of link type RAW holds the IP packets alone', async () => {
  const ip = frame.subarray(14);
  const tag = Buffer.from('8100000a', 'hex');
  const frames: [number, Uint8Array][] = [
    [LinkType.ETHERNET, frame],
    [LinkType.ETHERNET, Buffer.concat([frame.subarray(0, 12), tag, tag, frame.subarray(12)])],
    [LinkType.NULL, Buffer.concat([Uint8Array.of(2, 0, 0, 0), ip])],
    [LinkType.LINUX_SLL, Buffer.concat([Buffer.alloc(14), Buffer.from('0800', 'hex'), ip])],
    [LinkType.LINUX_SLL2, Buffer.concat([Buffer.from('0800', 'hex'), Buffer.alloc(18), ip])],
    [LinkType.PPP, Buffer.concat([Buffer.from('ff030021', 'hex'), ip])],
    [LinkType.PPP, Buffer.concat([Buffer.from('21', 'hex'), ip])],
    [LinkType.PPP_WITH_DIR, Buffer.concat([Buffer.from('010021', 'hex'), ip])],
    [LinkType.PPP_ETHER, Buffer.concat([Buffer.from('110000010000' + '0021', 'hex'), ip])],
    [LinkType.C_HDLC, Buffer.concat([Buffer.from('0f000800', 'hex'), ip])],
    [12, ip],
    [LinkType.IPV4, ip],
  ];
  const path = newPath();
  const writer = await createSavefile(path, { format: 'pcap', linkType: LinkType.RAW });
  for (const [linkType, data] of frames) writer.packet(packetOf({ data, linkType }));
  const arp = Buffer.concat([frame.subarray(0, 12), Buffer.from('0806', 'hex'), Buffer.alloc(28)]);
  writer.packet(packetOf({ data: arp }));
  for (let length = 0; length <= 14; length++) writer.packet(packetOf({ data: frame.subarray(0, length) }));
  writer.close();
  const { packets } = await readAll(path);
  assert.deepEqual(
    packets.map((p) => [p.linkType, p.length, p.data]),
    frames.map(() => [LinkType.RAW, 33, hex.slice(28)]),
  );
});
