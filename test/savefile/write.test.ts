// What is written: read back by us and by tshark, capinfos and tcpdump.
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { test } from 'node:test';
import { LinkType, makeInterface, makeProcess, PacketFlag } from '../../src/packet/index.js';
import { createSavefile } from '../../src/savefile/index.js';
import { ethernet, factsOf, has, newPath, packetOf, readAll, run, udp } from './helpers.js';

const ssh = makeProcess({
  pid: 4711,
  name: 'ssh',
  path: '/usr/bin/ssh',
  args: ['ssh', '-v', 'a host', ''],
  parentPid: 1,
  uid: 1000,
  user: 'ada',
  uuid: Uint8Array.from({ length: 16 }, (_, i) => i + 1),
  startTime: 1_700_000_000_123_456_789n,
  cgroup: '/user.slice/ssh.scope',
  container: { id: 'abc', runtime: 'docker', name: 'web', pod: 'p', namespace: 'n' },
  netns: 4026531840,
  comment: 'two\nlines',
});
const agent = makeProcess({ pid: 12, name: 'agent' });
const loopback = makeInterface({ name: 'lo', linkType: LinkType.NULL });

function packets() {
  return [
    packetOf({
      data: udp(),
      seconds: 1_700_000_000,
      nanoseconds: 123_456_789,
      interface: ethernet,
      comments: ['one', 'zwei ü'],
      dropCount: 7,
      metadata: {
        process: ssh,
        effectiveProcess: agent,
        threadId: 4712,
        serviceClass: 900,
        direction: 2,
        flags: PacketFlag.NEW_FLOW | PacketFlag.SOCKET,
        flowId: 0xfedcba98,
        traceTag: 0xbeef,
        compressionGeneration: 3,
      },
    }),
    packetOf({
      data: udp('dropped'),
      length: 100,
      seconds: 1_700_000_001,
      nanoseconds: 1,
      interface: ethernet,
      metadata: {
        direction: 1,
        dropReason: 9,
        dropLine: 513,
        dropFunction: 'tcp_v4_rcv',
        dropReasonName: 'NO_SOCKET',
      },
    }),
    packetOf({
      data: Uint8Array.of(2, 0, 0, 0, 0x45),
      seconds: 0xffff_ffff,
      nanoseconds: 999_999_999,
      linkType: LinkType.NULL,
      interface: loopback,
      metadata: { process: ssh },
    }),
  ];
}

test('pcapng holds everything a packet can carry', async () => {
  const path = newPath('.pcapng');
  const writer = await createSavefile(path, {
    format: 'pcapng',
    linkType: LinkType.PKTAP,
    section: { hardware: 'x86_64', os: 'Linux 6.1', application: 'pktap', comments: ['why'] },
    statistics: () => ({ received: 10, droppedByKernel: 2, droppedByInterface: 1, acceptedByFilter: 5 }),
  });
  for (const packet of packets()) writer.packet(packet);
  writer.close();
  assert.equal(statSync(path).mode & 0o777, 0o600);

  const { packets: read, error } = await readAll(path);
  assert.equal(error, null);
  const written = packets();
  assert.equal(read.length, written.length);
  for (const [i, packet] of read.entries()) {
    const wanted = written[i]!;
    assert.equal(packet.data, Buffer.from(wanted.data).toString('hex'));
    for (const key of ['seconds', 'nanoseconds', 'length', 'linkType', 'comments', 'dropCount'] as const) {
      assert.deepEqual(packet[key], wanted[key], `${i} ${key}`);
    }
    assert.deepEqual(packet.interface, wanted.interface);
    assert.deepEqual(
      { ...packet.metadata, process: null, effectiveProcess: null },
      { ...wanted.metadata, process: null, effectiveProcess: null },
    );
    assert.deepEqual(packet.metadata?.process, wanted.metadata?.process);
    assert.deepEqual(factsOf(packet.metadata?.effectiveProcess), factsOf(wanted.metadata?.effectiveProcess));
  }
  assert.equal(read[0]!.metadata?.process, read[2]!.metadata?.process, 'one object per process');
});

test('tshark and capinfos read it', { skip: !has('tshark') && 'no tshark' }, async () => {
  const path = newPath('.pcapng');
  const writer = await createSavefile(path, {
    format: 'pcapng',
    linkType: 1,
    section: { hardware: 'x86_64', os: 'Linux 6.1', application: 'pktap', comments: ['why'] },
    statistics: () => ({ received: 10, droppedByKernel: 2 }),
  });
  for (const packet of packets()) writer.packet(packet);
  writer.close();
  const fields = [
    'frame.time_epoch',
    'frame.len',
    'frame.cap_len',
    'frame.interface_name',
    'frame.packet_flags_direction',
    'frame.comment',
  ];
  const text = run('tshark', '-r', path, '-T', 'fields', ...fields.flatMap((field) => ['-e', field]));
  assert.deepEqual(text.trimEnd().split('\n'), [
    '1700000000.123456789\t47\t47\teth0\t0x00000002\tssh:4711, /usr/bin/ssh, out,one,zwei ü',
    '1700000001.000000001\t100\t49\teth0\t0x00000001\tDrop reason: NO_SOCKET',
    '4294967295.999999999\t5\t5\tlo\t\tssh:4711, /usr/bin/ssh',
  ]);
  const info = run('capinfos', path);
  for (const line of [
    /Capture comment: +why/,
    /Capture hardware: +x86_64/,
    /Capture oper-sys: +Linux 6.1/,
    /Capture application: +pktap/,
    /Number of packets: +3/,
    /Number of interfaces in file: 2/,
    /Name = eth0/,
    /Description = the first one/,
    /Hardware = virtio/,
    /Speed = 10000000000/,
    /Filter string = port 80/,
    /Operating system = Linux 6.1/,
    /Time precision = nanoseconds \(9\)/,
    /Number of stat entries = 1/,
  ]) {
    assert.match(info, line);
  }
});

test('tcpdump reads a tap’s file of one link type, and one without packets', {
  skip: !has('tcpdump') && 'no tcpdump',
}, async () => {
  const path = newPath('.pcapng');
  const writer = await createSavefile(path, { format: 'pcapng', linkType: 1 });
  for (const packet of packets().slice(0, 2)) writer.packet(packet);
  writer.close();
  assert.match(
    run('tcpdump', '--nano', '-tttt', '-nr', path),
    /^2023-11-14 22:13:20.123456789 IP 127.0.0.1.1000 > 127.0.0.2.2000: UDP, length 5\n2023-11-14 22:13:21.000000001 IP/,
  );
  const empty = newPath('.pcapng');
  (await createSavefile(empty, { format: 'pcapng', linkType: 113 })).close();
  assert.equal(run('tcpdump', '-nr', empty), '');
  const { packets: none, error } = await readAll(empty);
  assert.deepEqual([none.length, error], [0, null]);
});

test('pcap is byte for byte what libpcap writes', { skip: !has('tcpdump') && 'no tcpdump' }, async () => {
  for (const precision of ['micro', 'nano'] as const) {
    const path = newPath('.pcap');
    const writer = await createSavefile(path, { format: 'pcap', linkType: 1, precision });
    for (const packet of packets().slice(0, 2)) writer.packet(packet);
    writer.close();
    const copy = newPath('.pcap');
    run('tcpdump', `--${precision}`, '-r', path, '-w', copy);
    const { readFileSync } = await import('node:fs');
    assert.deepEqual(readFileSync(path), readFileSync(copy));
    assert.equal(
      (await readAll(path)).packets[0]!.nanoseconds,
      precision === 'nano' ? 123_456_789 : 123_456_000,
    );
  }
});

test('a packet of another link type does not fit into pcap', async () => {
  const writer = await createSavefile(newPath(), { format: 'pcap', linkType: 1 });
  assert.throws(
    () => writer.packet(packets()[2]!),
    /a packet of NULL \(0\) does not fit into a pcap file of EN10MB \(1\); -P writes pcapng/,
  );
  writer.close();
});
