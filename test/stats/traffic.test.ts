// Traffic counted by everything at once: the counts, rates and history, names, bounds, and that sums agree with those of --summary.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { test } from 'node:test';
import { chooseFields } from '../../src/decode/facts/index.js';
import { Direction, makeInterface, makeProcess, type Packet, type Process } from '../../src/packet/index.js';
import { openSavefile } from '../../src/savefile/index.js';
import { Summary } from '../../src/stats/index.js';
import { type Counts, type Snapshot, snapshot, Traffic } from '../../src/stats/traffic/index.js';
import { readSources } from '../../tools/imports.js';
import { CURL, dnsQuery, packetOf, tcpFrame, udp6Frame } from '../export/packets.js';

const { IN, OUT, UNKNOWN } = Direction;
const WGET = makeProcess({
  pid: 8,
  name: 'wget',
  uid: 1000,
  user: 'ann',
  container: { id: 'c0ffee', runtime: 'docker', name: 'web', pod: null, namespace: null },
});

function counted(packets: readonly Packet[], limits = {}): Traffic {
  const traffic = new Traffic(limits);
  for (const packet of packets) traffic.packet(packet);
  return traffic;
}

const brief = ({ packets, bytes, bytesIn, bytesOut, retransmissions, resets, flows }: Counts): number[] => [
  packets,
  bytes,
  bytesIn,
  bytesOut,
  retransmissions,
  resets,
  flows,
];

/** What of a dimension's rows and others together was counted. */
function sum(rows: readonly Counts[], others: Counts): number[] {
  const all = [...rows, others];
  return [
    all.reduce((n, { packets }) => n + packets, 0),
    all.reduce((n, { bytes }) => n + bytes, 0),
    all.reduce((n, { retransmissions }) => n + retransmissions, 0),
    all.reduce((n, { drops }) => n + drops, 0),
  ];
}

function assertSums(of: Snapshot, dimensions = Object.keys(of.others) as (keyof Snapshot['others'])[]): void {
  const { packets, bytes, retransmissions, drops } = of.total;
  for (const dimension of dimensions) {
    // Retransmissions and drops have no service class.
    const n = dimension === 'classes' ? 2 : 4;
    assert.deepEqual(
      sum(of[dimension], of.others[dimension]).slice(0, n),
      [packets, bytes, retransmissions, drops].slice(0, n),
      dimension,
    );
  }
}

const up = { source: '10.0.0.1', destination: '10.0.0.2' };
const down = { source: '10.0.0.2', destination: '10.0.0.1', ports: [80, 40000] as [number, number] };

test('each dimension has its counts, and they make the total', () => {
  const dropped = packetOf(tcpFrame({ ...up, ports: [5, 6] }), WGET, OUT, 104, 0);
  dropped.metadata!.dropReason = 3;
  dropped.metadata!.serviceClass = 800;
  const of = snapshot(
    counted([
      packetOf(tcpFrame({ ...up, flags: 2, sequence: 99 }), CURL, OUT, 100, 1),
      packetOf(tcpFrame({ ...up, sequence: 100, payload: 'GET /' }), CURL, OUT, 101, 0),
      packetOf(tcpFrame({ ...down, sequence: 500, payload: 'abcdef' }), CURL, IN, 102, 0),
      packetOf(tcpFrame({ ...down, sequence: 500, payload: 'abcdef' }), CURL, IN, 103, 0),
      packetOf(tcpFrame({ ...down, sequence: 506, flags: 4 }), CURL, IN, 103, 5),
      packetOf(udp6Frame(53, dnsQuery('a.example')), WGET, OUT, 104, 0),
      dropped,
      packetOf(tcpFrame({ source: '10.9.9.9', ports: [1, 2] }), null, IN, 105, 0),
    ]),
  );
  assert.deepEqual(brief(of.total), [8, 484, 228, 256, 1, 1, 4]);
  assert.deepEqual(
    of.processes.map((row) => [row.process?.name ?? null, ...brief(row), row.drops]),
    [
      ['curl', 5, 287, 174, 113, 1, 1, 1, 0],
      ['wget', 2, 143, 0, 143, 0, 0, 2, 1],
      [null, 1, 54, 54, 0, 0, 0, 1, 0],
    ],
  );
  const { history, id, ...process } = of.processes[0]!;
  assert.equal(id > 0, true);
  assert.deepEqual(history, [...Array(54).fill(0), 54, 59, 60, 114, 0, 0]);
  assert.deepEqual(process.process, {
    pid: 7,
    name: 'curl',
    path: '/usr/bin/curl',
    args: ['curl', '-s', 'a "b"'],
    parentPid: 1,
    uid: 0,
    user: 'root',
    uuid: '00102030405060708090a0b0c0d0e0f0',
    startTime: 1_699_999_999,
    cgroup: null,
    container: null,
    netns: null,
  });
  assert.deepEqual([process.first, process.last], [100.000000001, 103.000000005]);
  assert.deepEqual(
    of.hosts.map((row) => [row.address, ...brief(row)]),
    [
      ['10.0.0.2', 6, 341, 174, 167, 1, 1, 2],
      ['2001:db8::2', 1, 89, 0, 89, 0, 0, 1],
      ['10.9.9.9', 1, 54, 54, 0, 0, 0, 1],
    ],
  );
  assert.deepEqual(
    of.flows.map((row) => [row.protocol, row.local, row.localPort, row.remote, row.remotePort, row.state]),
    [
      ['TCP', '10.0.0.1', 40000, '10.0.0.2', 80, 'reset'],
      ['UDP', '2001:db8::1', 5000, '2001:db8::2', 53, 'none'],
      ['TCP', '10.0.0.1', 5, '10.0.0.2', 6, 'open'],
      ['TCP', '10.0.0.2', 2, '10.9.9.9', 1, 'open'],
    ],
  );
  assert.deepEqual(
    [of.users, of.interfaces, of.classes].map((rows) => rows.map(({ name, bytes }) => [name, bytes])),
    [
      [
        ['root', 287],
        ['ann', 143],
        [null, 54],
      ],
      [['eth0', 484]],
      [
        [null, 430],
        ['VO', 54],
      ],
    ],
  );
  assert.deepEqual(
    of.containers.map(({ container, bytes }) => [container?.name ?? null, bytes]),
    [
      [null, 341],
      ['web', 143],
    ],
  );
  assertSums(of);
  assert.deepEqual(structuredClone(of), of);
  assert.deepEqual(JSON.parse(JSON.stringify(of)), of);
});

test('rates are those of the last whole second, whenever it is asked', () => {
  const traffic = counted([
    packetOf(tcpFrame({ ...up, sequence: 1, payload: 'x'.repeat(46) }), CURL, OUT, 100, 0),
    packetOf(tcpFrame({ ...down, sequence: 1, payload: 'x'.repeat(146) }), CURL, IN, 100, 999_999_999),
    packetOf(tcpFrame({ ...up, sequence: 47, payload: 'x' }), CURL, OUT, 101, 1),
  ]);
  const rates = (now: number): number[] => {
    const of = snapshot(traffic, { now });
    return [of.total, of.processes[0]!, of.flows[0]!, of.hosts[0]!].flatMap(({ rateIn, rateOut }) => [
      rateIn,
      rateOut,
    ]);
  };
  assert.deepEqual(rates(101.5), [200, 100, 200, 100, 200, 100, 200, 100]);
  assert.deepEqual(rates(102), [0, 55, 0, 55, 0, 55, 0, 55]);
  assert.deepEqual(rates(103), [0, 0, 0, 0, 0, 0, 0, 0]);
  // A packet that comes late belongs to its own second.
  traffic.packet(packetOf(tcpFrame({ ...up, sequence: 0, payload: 'x' }), CURL, OUT, 100, 5));
  assert.deepEqual(rates(101.5), [200, 155, 200, 155, 200, 155, 200, 155]);
  assert.deepEqual(snapshot(traffic, { now: 101 }).flows[0]!.history.slice(-2), [355, 55]);
});

test('history goes back a minute in seconds and an hour in minutes', () => {
  const traffic = new Traffic();
  for (let second = 0; second < 4000; second++)
    traffic.packet(packetOf(tcpFrame({ ...up, sequence: second }), CURL, OUT, 6000 + second, 0));
  const { total, flows } = snapshot(traffic);
  assert.deepEqual(total.history, Array(60).fill(54));
  assert.deepEqual(flows[0]!.history, Array(60).fill(54));
  assert.deepEqual(total.minutes, [...Array(59).fill(60 * 54), 40 * 54]);
  const later = snapshot(traffic, { now: 6000 + 4000 + 57 });
  assert.deepEqual(later.flows[0]!.history, [54, 54, ...Array(58).fill(0)]);
});

/** A DNS answer: a name, its alias, the alias's address, and an address that nobody asked for. */
function dnsAnswer(): Uint8Array {
  const hex =
    '000181800001000300000000' +
    '0377777707657861 6d706c65036f72670000010001'.replaceAll(' ', '') + // www.example.org
    'c00c000500010000003c0006036364 6ec010'.replaceAll(' ', '') + // CNAME cdn.example.org
    'c02d000100010000003c0004c6336407' + // cdn.example.org A 198.51.100.7
    '04626164 7ac010000100010000003c0004c6336408'.replaceAll(' ', ''); // badz.example.org A 198.51.100.8
  return Buffer.from(hex, 'hex');
}

function answerFrame(port: number): Uint8Array {
  const frame = udp6Frame(5000, dnsAnswer());
  new DataView(frame.buffer, frame.byteOffset).setUint16(54, port);
  return frame;
}

test('hosts have the names that DNS answered for what was asked, and TLS clients asked for', () => {
  const hello = Buffer.from(
    '16030100470100004303030000000000000000000000000000000000000000000000000000000000000000000002130101000018' +
      '00000014001200000f7777772e746c732e6578616d706c65',
    'hex',
  ).toString('latin1');
  const to = (destination: string, port = 443): Packet =>
    packetOf(tcpFrame({ source: '10.0.0.1', destination, ports: [40000, port] }), CURL, OUT, 101);
  const traffic = counted([
    to('198.51.100.7'),
    packetOf(answerFrame(53), CURL, IN, 100),
    to('198.51.100.8'),
    packetOf(tcpFrame({ destination: '198.51.100.9', ports: [4, 443], payload: hello }), CURL, OUT, 102),
    // A client of ours: it is not the other end that has the name.
    packetOf(
      tcpFrame({ source: '203.0.113.5', destination: '10.0.0.1', ports: [4, 443], payload: hello }),
      CURL,
      IN,
      102,
    ),
  ]);
  const names = new Map(snapshot(traffic).hosts.map(({ address, name }) => [address, name]));
  assert.deepEqual(names.get('198.51.100.7'), { name: 'www.example.org', by: 'dns' });
  assert.equal(names.get('198.51.100.8'), null);
  assert.deepEqual(names.get('198.51.100.9'), { name: 'www.tls.example', by: 'sni' });
  assert.equal(names.get('203.0.113.5'), null);
  const flow = snapshot(traffic).flows.find(({ remote }) => remote === '203.0.113.5')!;
  assert.deepEqual(flow.name, { name: 'www.tls.example', by: 'sni' });
  // Anybody on the link may answer by multicast: not for names of the Internet.
  const link = counted([packetOf(answerFrame(5353), CURL, IN, 100), to('198.51.100.7')]);
  assert.equal(snapshot(link).hosts.find(({ address }) => address === '198.51.100.7')!.name, null);
});

test('where a file says no direction, who begins is local, else the higher port', () => {
  const syn = { ...up, ports: [22, 40000] as [number, number], flags: 2 };
  for (const [frame, local] of [
    [tcpFrame(syn), 22],
    [tcpFrame({ ...syn, flags: 0x12 }), 40000],
    [tcpFrame({ ...syn, flags: 0x10 }), 40000],
  ] as const) {
    const packet = packetOf(frame, null, UNKNOWN);
    packet.metadata = null;
    const [flow] = snapshot(counted([packet])).flows;
    assert.equal(flow!.localPort, local);
    assert.deepEqual([flow!.packetsOut, flow!.packetsIn], local === 22 ? [1, 0] : [0, 1]);
  }
});

test('a process keeps its row as more is known of it; another of the same ID and a later start has its own', () => {
  const early = makeProcess({ pid: 7, name: 'curl' });
  const of = snapshot(
    counted(
      [early, CURL, makeProcess({ ...CURL }), makeProcess({ ...CURL, startTime: 2n }), early].map((process) =>
        packetOf(tcpFrame(up), process as Process),
      ),
    ),
  );
  assert.deepEqual(
    of.processes.map(({ process, packets }) => [process!.path, process!.startTime, packets]),
    [
      ['/usr/bin/curl', 1_699_999_999, 4],
      ['/usr/bin/curl', 2e-9, 1],
    ],
  );
});

test('states of TCP connections', () => {
  const steps: [number, 'up' | 'down', string][] = [
    [0x02, 'up', 'opening'],
    [0x12, 'down', 'opening'],
    [0x10, 'up', 'open'],
    [0x11, 'up', 'closing'],
    [0x10, 'down', 'closing'],
    [0x11, 'down', 'closed'],
    [0x10, 'up', 'closed'],
    [0x02, 'up', 'opening'],
    [0x10, 'up', 'open'],
    [0x14, 'down', 'reset'],
  ];
  const traffic = new Traffic();
  for (const [flags, way, state] of steps) {
    traffic.packet(
      packetOf(tcpFrame({ ...(way === 'up' ? up : down), flags }), CURL, way === 'up' ? OUT : IN),
    );
    assert.equal(snapshot(traffic).flows[0]!.state, state, `${flags} ${way}`);
  }
});

test('bounded: the coldest make room, and are counted as others', () => {
  const traffic = new Traffic({ flows: 50, processes: 20, hosts: 10, rings: 5 });
  const other = makeInterface({ name: 'eth1', linkType: 1 });
  for (let i = 0; i < 3000; i++) {
    const process = makeProcess({ pid: i % 70, name: `p${i % 70}` });
    const packet = packetOf(
      tcpFrame({
        destination: `10.0.${i % 3}.${i % 90}`,
        ports: [1 + (i % 200), 80],
        payload: 'x',
        sequence: i,
      }),
      process,
      i % 2 === 0 ? OUT : IN,
      1000 + (i >> 4),
    );
    if (i % 3 === 0) packet.interface = other;
    traffic.packet(packet);
    // One that goes on stays.
    traffic.packet(
      packetOf(tcpFrame({ ports: [9, 9], sequence: 2 * i, payload: 'x' }), CURL, OUT, 1000 + (i >> 4)),
    );
  }
  const of = snapshot(traffic);
  assert.deepEqual([of.flows.length, of.processes.length <= 20, of.hosts.length <= 10], [50, true, true]);
  assert.equal(of.total.packets, 6000);
  assertSums(of);
  assert.equal(of.flows[0]!.packets, 3000);
  assert.equal(of.processes[0]!.packets, 3000);
  assert.equal(of.total.flows, 50);
  assert.ok(of.others.flows.evicted > 500 && of.others.processes.evicted > 500);
});

test('flows have a history as long as there is room for it, and it is said where there is none', () => {
  const traffic = new Traffic({ rings: 5 });
  const seconds = (from: number, flows: number): void => {
    for (let second = from; second < from + 3; second++)
      for (let i = 0; i < flows; i++)
        traffic.packet(packetOf(tcpFrame({ ports: [from + i, 80], sequence: second }), CURL, OUT, second));
  };
  seconds(1000, 5);
  assert.equal(snapshot(traffic).historyIsFull, false);
  seconds(1010, 1);
  assert.equal(snapshot(traffic).historyIsFull, true);
  assert.deepEqual(
    snapshot(traffic)
      .flows.find(({ localPort }) => localPort === 1004)!
      .history.slice(-13, -9),
    [54, 54, 54, 0],
  );
  // After a minute the rings of those that were idle are others'.
  seconds(1100, 5);
  const { flows } = snapshot(traffic);
  for (const { localPort, history } of flows)
    assert.deepEqual(history.slice(-3), localPort >= 1100 ? [54, 54, 54] : [0, 0, 0], `${localPort}`);
});

test('flows are found again after many were added and taken away', () => {
  const traffic = new Traffic({ flows: 5000 });
  const seen = (i: number, second: number): void =>
    traffic.packet(
      packetOf(tcpFrame({ source: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}` }), CURL, OUT, second),
    );
  for (let i = 0; i < 20_000; i++) seen(i, i);
  for (let i = 15_000; i < 20_000; i++) seen(i, 20_000);
  const of = snapshot(traffic, { most: 10_000 });
  assert.equal(of.flows.length, 5000);
  assert.ok(of.flows.every(({ packets }) => packets === 2));
  assert.equal(of.others.flows.evicted, 15_000);
});

/** Captures of the examples and, where it is there, of the corpus. */
function captures(): string[] {
  const list = readdirSync('examples').filter((name) => /\.pcap(ng)?$/.test(name));
  const corpus = '../shared/corpus/captures';
  let more: string[] = [];
  try {
    more = readdirSync(corpus).map((name) => join(corpus, name));
  } catch {
    // a clone without it
  }
  return [...list.map((name) => join('examples', name)), ...more];
}

test('sums are those of --summary, on every capture', async () => {
  let read = 0;
  for (const path of captures()) {
    const traffic = new Traffic();
    const summaries = ['process.pid,process.name', 'frame.interface', 'process.user'].map(
      (keys) => new Summary(chooseFields(keys)),
    );
    try {
      const source = await openSavefile(path);
      await source.run((packet) => {
        for (const summary of summaries) summary.packet(packet);
        traffic.packet(packet);
        return true;
      });
      source.close();
    } catch {
      // broken on purpose: what was read until then is compared
    }
    const of = snapshot(traffic, { most: 1e6 });
    if (of.total.packets === 0) continue;
    read++;
    assertSums(of);
    const expected = (summary: Summary): unknown[] =>
      summary.groups
        .map(({ values, packets, bytes, retransmissions }) =>
          [...values, packets, bytes, retransmissions].join(' '),
        )
        .sort();
    const rows = [
      of.processes.map(({ process: p, ...counts }) => ({
        key: [p === null ? '' : p.pid < 0 ? '' : p.pid, p?.name ?? ''],
        ...counts,
      })),
      of.interfaces.map(({ name, ...counts }) => ({ key: [name ?? ''], ...counts })),
    ];
    rows.forEach((list, i) => {
      const got = list
        .map(({ key, packets, bytes, retransmissions }) =>
          [...key, packets, bytes, retransmissions].join(' '),
        )
        .sort();
      assert.deepEqual(got, expected(summaries[i]!), path);
    });
  }
  assert.ok(read > 0);
});

test('hostile: sizes, times and bytes of any kind are counted', () => {
  const traffic = new Traffic({ flows: 10 });
  let state = 7;
  const pick = (below: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state % below;
  };
  for (let i = 0; i < 20_000; i++) {
    const bytes = Uint8Array.from({ length: pick(120) }, () => pick(256));
    if (bytes.length > 14) bytes.set([8, 0, 0x45], 12);
    const packet = packetOf(
      bytes,
      pick(3) === 0 ? null : CURL,
      pick(3) as Direction,
      pick(2 ** 32),
      pick(2 ** 32),
    );
    packet.linkType = [1, 101, 113, 276, 999][pick(5)]!;
    packet.length = pick(2 ** 32);
    packet.metadata!.serviceClass = pick(2 ** 31) - 2 ** 30;
    packet.metadata!.flags = pick(2 ** 31);
    traffic.packet(packet);
  }
  const of = snapshot(traffic);
  assert.equal(of.total.packets, 20_000);
  assertSums(of);
});

test('nothing of it needs Node', () => {
  const sources = readSources('src');
  const seen = new Set<string>();
  const walk = (path: string): void => {
    const file = sources.get(path);
    if (file === undefined || seen.has(path)) return;
    seen.add(path);
    for (const { to, how } of file.imports) if (how === 'value') walk(to);
    // Decryption of QUIC's first packet is asked of the runtime, when there is one (builtin.ts).
    if (path === 'builtin.ts' || /facts\/payload\/(quic|ciphers)\.ts$/.test(path)) return;
    assert.deepEqual(
      file.packages.filter((name) => name.startsWith('node:')),
      [],
      path,
    );
  };
  walk(posix.join('stats', 'traffic', 'index.ts'));
  assert.ok(seen.size > 10);
});
