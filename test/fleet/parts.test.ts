// The parts of a fleet that need no server: names, requests, policies, queues, batches and their order. What comes from elsewhere is
// hostile here.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packetsIn, SectionSplitter } from '../../src/fleet/blocks.js';
import { ClockEstimate } from '../../src/fleet/clocks.js';
import { permissions } from '../../src/fleet/keys.js';
import { TimeMerge } from '../../src/fleet/merge.js';
import { controlOfSubject, hostOfSubject, isName, matchesAny, Subject } from '../../src/fleet/names.js';
import { ownTraffic } from '../../src/fleet/owntraffic.js';
import { allowed, gate, narrowed, OPEN_POLICY, policyOf } from '../../src/fleet/policy.js';
import { BatchQueue, RateLimit } from '../../src/fleet/queue.js';
import { BatchReader, HostObjects } from '../../src/fleet/reading.js';
import { type CaptureRequest, controlBytes, controlOf } from '../../src/fleet/request.js';
import { statusBytes, statusOf } from '../../src/fleet/status.js';
import { makeInterface, makeProcess, Packet, PacketMetadata } from '../../src/packet/index.js';
import { batchOf, packetAt, REQUEST, udpTo } from './made.js';

test('names are words of subjects, and back', () => {
  for (const name of ['web1', 'web-1.example.com', 'a', 'A_b.c-9']) {
    assert.ok(isName(name));
    assert.equal(hostOfSubject(Subject.packets(name, 'abcdefgh')), name);
    assert.deepEqual(controlOfSubject(Subject.control(name, 'abcdefgh')), {
      operator: name,
      capture: 'abcdefgh',
    });
  }
  for (const name of ['', '.', '..', 'a.', '-a', 'a b', 'a*', 'a>', 'a/b', 'ü', 'a\n', 'x'.repeat(254)])
    assert.ok(!isName(name), name);
  for (const subject of [
    'pktap.c.web1.abcdefgh',
    'pktap.h',
    'pktap.h.*.pkt.x',
    'x.h.web1.stat',
    'pktap.h..stat',
  ])
    assert.equal(hostOfSubject(subject), null, subject);
  assert.equal(controlOfSubject('pktap.h.pkt.abcdefgh'), null);
});

test('patterns of hosts, in a time that no pattern makes long', () => {
  assert.ok(matchesAny('web1', []));
  assert.ok(matchesAny('web1', ['db*', 'web?']));
  assert.ok(matchesAny('web1.eu', ['*.eu']));
  assert.ok(!matchesAny('web10', ['web?']));
  assert.ok(!matchesAny('xweb1', ['web*']));
  const begin = performance.now();
  assert.ok(!matchesAny('a'.repeat(253), [`${'*a'.repeat(120)}*b`]));
  assert.ok(performance.now() - begin < 500);
});

test('a request is what it should be, or nothing', () => {
  const control = controlOf(controlBytes({ kind: 'capture', request: REQUEST, sent: 5 }));
  assert.deepEqual(control, { kind: 'capture', request: REQUEST, sent: 5 });
  const wrong: [Partial<Record<keyof CaptureRequest | 'other', unknown>>, RegExp][] = [
    [{ seconds: 0 }, /^seconds cannot be 0/],
    [{ seconds: 1e9 }, /^seconds/],
    [{ snapshotLength: 1 << 20 }, /^snapshotLength/],
    [{ interfaces: 'eth0' }, /^interfaces/],
    [{ interfaces: Array(1000).fill('x') }, /^interfaces/],
    [{ expression: 'x'.repeat(20_000) }, /^expression/],
    [{ rate: -1 }, /^rate/],
    [{ bytes: 1.5 }, /^bytes/],
    [{ optimize: 1 }, /^optimize/],
    [{ other: 1 }, /^this agent does not know other$/],
  ];
  for (const [change, reason] of wrong) {
    const bytes = Buffer.from(
      JSON.stringify({ v: 1, kind: 'capture', sent: 1, request: { ...REQUEST, ...change } }),
    );
    assert.match(controlOf(bytes) as string, reason);
  }
  for (const text of [
    '',
    '{',
    '[]',
    'null',
    '{"v":2}',
    '{"v":1,"kind":"x","sent":1}',
    '{"stream":"PKTAP","seq":1}',
  ])
    assert.equal(typeof controlOf(Buffer.from(text)), 'string', text);
  assert.equal(controlOf(Buffer.alloc(100_000, 32)), 'it is no request');
});

test('a status keeps what makes sense and no more', () => {
  const status = {
    version: '1',
    kernel: 'Linux',
    rights: 'root',
    interfaces: ['eth0'],
    uptime: 3,
    time: 4,
    echo: { sent: 1, held: 2 },
    captures: [],
  };
  assert.deepEqual(statusOf(statusBytes(status)), status);
  const hostile = statusOf(
    Buffer.from(
      JSON.stringify({
        v: 1,
        version: 'x'.repeat(9999),
        interfaces: Array(500).fill({}),
        time: 'now',
        captures: [
          null,
          { id: '../..' },
          { id: 'abcdefgh', operator: 'a', state: 'running', packets: -5, words: 7 },
        ],
      }),
    ),
  )!;
  assert.equal(hostile.version.length, 300);
  assert.equal(hostile.interfaces.length, 64);
  assert.equal(hostile.captures.length, 1);
  assert.equal(hostile.captures[0]!.packets, 0);
  assert.equal(statusOf(Buffer.alloc(40_000, 0x20)), null);
});

test('a policy narrows a request, refuses an operator, and has no rule that nobody knows', () => {
  const policy = policyOf(
    '{"operators":["al*"],"snapshotLength":96,"headersOnly":true,"neverPorts":[22,5432],"seconds":60,"rate":1000}',
  );
  const may = allowed(policy, 'alice', REQUEST) as CaptureRequest;
  assert.deepEqual(
    [may.snapshotLength, may.headersOnly, may.seconds, may.rate, may.bytes],
    [96, true, 60, 1000, REQUEST.bytes],
  );
  assert.equal(allowed(policy, 'bob', REQUEST), 'the policy does not let bob capture');
  assert.equal(narrowed(policy, 'tcp'), '(tcp) and not (port 22 or port 5432)');
  assert.equal(narrowed(policy, null), 'not (port 22 or port 5432)');
  assert.equal(narrowed(OPEN_POLICY, 'tcp'), 'tcp');
  assert.equal(
    narrowed(policy, 'udp', ['(host 10.0.0.1 and tcp port 4222)']),
    '(udp) and not (port 22 or port 5432 or (host 10.0.0.1 and tcp port 4222))',
  );
  for (const [text, reason] of [
    ['{', /is no JSON/],
    ['[]', /no object/],
    ['{"neverPort":[22]}', /neverPort is no rule/],
    ['{"neverPorts":[70000]}', /neverPorts cannot be/],
    ['{"headersOnly":"yes"}', /headersOnly cannot be/],
  ] as const)
    assert.throws(() => policyOf(text), reason);
});

test('the connections to the servers are not captured', async () => {
  assert.deepEqual(await ownTraffic('tls://192.0.2.1,nats://[2001:db8::1]:4333'), [
    '(host 192.0.2.1 and tcp port 4222)',
    '(host 2001:db8::1 and tcp port 4333)',
  ]);
  assert.deepEqual(await ownTraffic('nats://127.0.0.1:4223'), ['(tcp port 4223)']);
});

test('packets of ports that must not be sent are not, nor what cannot be told from them', () => {
  const lets = gate(policyOf('{"neverPorts":[22],"interfaces":["eth*"]}'))!;
  const eth0 = makeInterface({ name: 'eth0', linkType: 1 });
  const packet = (bytes: Uint8Array, face = eth0): Packet => {
    const made = new Packet();
    made.buffer = bytes;
    made.capturedLength = made.length = bytes.length;
    made.linkType = 1;
    made.interface = face;
    return made;
  };
  assert.ok(lets(packet(udpTo(53))));
  assert.ok(!lets(packet(udpTo(22))));
  assert.ok(!lets(packet(udpTo(53), makeInterface({ name: 'lo', linkType: 1 }))));
  assert.ok(lets(packet(udpTo(53), makeInterface({ name: 'eth0@web', linkType: 1 }))));
  // With a VLAN's tag `not port 22` of libpcap says yes.
  const tagged = Buffer.concat([
    udpTo(22).subarray(0, 12),
    Buffer.from('81000005', 'hex'),
    udpTo(22).subarray(12),
  ]);
  assert.ok(!lets(packet(tagged)));
  const cut = packet(udpTo(53));
  cut.capturedLength = 36;
  assert.ok(!lets(cut), 'ports that were cut off');
  const later = udpTo(53);
  later.writeUInt16BE(0x0010, 14 + 6);
  assert.ok(!lets(packet(later)), 'a later fragment');
  // VXLAN: the packet within goes to port 22.
  const vxlan = Buffer.concat([
    udpTo(4789, udpTo(22).length + 8),
    Buffer.from('0800000000000100', 'hex'),
    udpTo(22),
  ]);
  assert.ok(!lets(packet(vxlan)));
});

test('what has no room in the queue is the oldest, and counted', () => {
  const queue = new BatchQueue(100);
  const batch = (number: number, packets: number) => ({
    bytes: new Uint8Array(40),
    packets,
    came: number,
    number,
  });
  queue.add(batch(0, 1));
  queue.add(batch(1, 2));
  assert.equal(queue.lag(5), 5);
  queue.add(batch(2, 4));
  assert.equal(queue.dropped, 1);
  assert.equal(queue.bytes, 80);
  const first = queue.take()!;
  assert.equal(first.number, 1);
  queue.back(first);
  assert.equal(queue.take()!.number, 1);
  queue.clear();
  assert.equal(queue.dropped, 5);
  assert.equal(queue.length, 0);
});

test('a rate lets a second’s worth through, and then as much as time passes', () => {
  const limit = new RateLimit(1000, 0);
  assert.ok(limit.takes(800, 0));
  assert.ok(!limit.takes(800, 100));
  assert.ok(limit.takes(300, 100));
  assert.ok(!limit.takes(5000, 500));
  assert.ok(limit.takes(5000, 2000), 'one that is larger than all');
  assert.ok(!limit.takes(100, 3000), 'which has to be made up for');
  assert.ok(new RateLimit(null, 0).takes(1e9, 0));
});

test('sections are cut out of a stream, in whatever pieces it comes; what is none ends it', () => {
  const sections = [batchOf([packetAt(1, 0)]), batchOf([packetAt(2, 0), packetAt(3, 0)])];
  const all = Buffer.concat(sections);
  for (const size of [1, 7, 100, all.length]) {
    const splitter = new SectionSplitter(1 << 20);
    const found = [];
    for (let at = 0; at < all.length; at += size) found.push(...splitter.push(all.subarray(at, at + size)));
    assert.deepEqual(
      found.map(({ packets }) => packets),
      [1, 2],
    );
    assert.deepEqual(Buffer.concat(found.map(({ bytes }) => bytes)), all);
  }
  assert.throws(() => new SectionSplitter(1 << 20).push(Buffer.alloc(100)), /no section/);
  assert.throws(() => new SectionSplitter(100).push(all), /section of \d+ bytes/);
  const broken = Buffer.from(sections[0]!);
  broken.writeUInt32LE(8, broken.readUInt32LE(4) + 4);
  assert.throws(() => packetsIn(broken), /broken/);
});

async function read(bytes: Uint8Array, host = 'web1') {
  const told: string[] = [];
  const packets: Packet[] = [];
  const objects = new HostObjects(host);
  const reader = await BatchReader.open(bytes, objects, (reason) => told.push(reason));
  if (reader !== null)
    do packets.push(reader.packet.copy());
    while (reader.advance());
  return { packets, told, objects };
}

test('a batch is its host’s, whatever it says; one process is one object in all batches', async () => {
  const { packets, told, objects } = await read(
    batchOf([packetAt(1, 5), packetAt(2, 6)], { description: 'uplink, host db1', name: 'eth0@db1' }),
  );
  assert.deepEqual(told, []);
  assert.deepEqual(
    packets.map((packet) => [
      packet.seconds,
      packet.nanoseconds,
      packet.interface?.name,
      packet.interface?.host,
    ]),
    [
      [1, 5, 'eth0@db1@web1', 'web1'],
      [2, 6, 'eth0@db1@web1', 'web1'],
    ],
  );
  assert.equal(packets[0]!.interface!.description, 'uplink, host db1, host web1');
  const process = packets[0]!.metadata!.process!;
  assert.deepEqual([process.name, process.pid], ['curl', 4711]);
  const again = await BatchReader.open(batchOf([packetAt(9, 0)]), objects, () => {});
  assert.equal(again!.packet.metadata!.process, process);
});

test('broken batches: what is before the fault is read, one line says it, nothing is thrown', async () => {
  const whole = batchOf([packetAt(1, 0), packetAt(2, 0), packetAt(3, 0)]);
  for (let at = 0; at < whole.length; at += 3) {
    for (const value of [0, 0xff, 0x7f]) {
      const bytes = Buffer.from(whole);
      bytes[at] = value;
      const { packets, told } = await read(bytes);
      assert.ok(packets.length <= 3);
      assert.ok(told.length <= 1);
      for (const packet of packets) assert.equal(packet.interface?.host ?? 'web1', 'web1');
    }
    const { packets } = await read(whole.subarray(0, at));
    assert.ok(packets.length <= 3);
  }
  assert.deepEqual((await read(Buffer.from('1f8b0800', 'hex'))).told, ['it is no section of pcapng']);
  // A block that says it is larger than its batch is not waited for, nor is room made for it.
  const large = Buffer.from(whole);
  large.writeUInt32LE(0x7ffffffc, whole.readUInt32LE(4) + 4);
  assert.equal((await read(large)).packets.length, 0);
});

test('packets of hosts come in the order of time, with a bounded wait', async () => {
  const merge = new TimeMerge(true);
  const seen: string[] = [];
  const take = (packet: Packet): boolean => {
    seen.push(`${packet.interface!.host}:${packet.seconds}`);
    return true;
  };
  merge.expect('b');
  const add = async (host: string, seconds: readonly number[], now: number): Promise<void> => {
    const batch = batchOf(seconds.map((second) => packetAt(second, 0)));
    merge.add(host, (await BatchReader.open(batch, new HostObjects(host), () => {}))!, now, true);
  };
  await add('a', [1, 4], 0);
  assert.equal(merge.emit(take, 1, 100, false), 'waiting');
  assert.deepEqual(seen, [], 'what b has may be earlier');
  await add('b', [2, 3, 6], 0);
  // Of a nothing is known behind 4: what b has later waits for it.
  assert.equal(merge.emit(take, 1, 100, false), 'waiting');
  assert.deepEqual(seen, ['a:1', 'b:2', 'b:3', 'a:4']);
  await add('a', [5], 10);
  assert.equal(merge.emit(take, 11, 100, false), 'waiting');
  assert.equal(seen.at(-1), 'a:5');
  assert.equal(merge.emit(take, 599, 100, false), 'waiting');
  assert.equal(seen.length, 5);
  assert.equal(merge.emit(take, 601, 100, false), 'waiting');
  assert.equal(seen.at(-1), 'b:6');
  assert.equal(merge.late, 0);
  // What is later than the bound is handed on all the same, and counted.
  await add('a', [1], 700);
  merge.emit(take, 2000, 100, false);
  assert.equal(seen.at(-1), 'a:1');
  assert.equal(merge.late, 1);
  assert.equal(merge.size, 0);
});

test('one host alone is not waited for', async () => {
  const merge = new TimeMerge(true);
  const batch = batchOf([packetAt(1, 0), packetAt(2, 0)]);
  merge.add('a', (await BatchReader.open(batch, new HostObjects('a'), () => {}))!, 0, true);
  let count = 0;
  assert.equal(
    merge.emit(() => ++count < 100, 0, 100, false),
    'waiting',
  );
  assert.equal(count, 2);
});

test('hosts that were just asked may send earlier packets: all wait a while', async () => {
  const merge = new TimeMerge(true);
  merge.begin();
  const read = (host: string, ...seconds: number[]): Promise<BatchReader | null> =>
    BatchReader.open(batchOf(seconds.map((s) => packetAt(s, 0))), new HostObjects(host), () => {});
  const times: number[] = [];
  const emit = (now: number): unknown =>
    merge.emit((packet) => times.push(packet.seconds) > 0, now, 100, false);
  merge.add('a', (await read('a', 1, 4))!, 5000, true);
  emit(5010);
  assert.deepEqual(times, []);
  // Of this host nothing was heard before.
  merge.add('b', (await read('b', 2, 3))!, 5300, true);
  emit(5601);
  assert.deepEqual(times, [1]);
  emit(5901);
  assert.deepEqual(times, [1, 2, 3, 4]);
  merge.add('a', (await read('a', 5))!, 9000, true);
  merge.add('b', (await read('b', 6))!, 9000, true);
  emit(9001);
  assert.deepEqual(times, [1, 2, 3, 4, 5], 'the first has none left, and may have earlier ones');
});

test('clocks: the quickest answer says most', () => {
  const clock = new ClockEstimate();
  assert.equal(clock.best, null);
  // The host is 1000 ms ahead; the way takes 10 ms there and 10 back, the question lay there for 300.
  clock.add(0, 320, 1310, 300);
  assert.deepEqual(clock.best, { offset: 1000, error: 10 });
  clock.add(1000, 1402, 2401, 400);
  assert.deepEqual(clock.best, { offset: 1000, error: 1 });
  clock.add(0, 10, 99_999, 50);
  assert.deepEqual(clock.best, { offset: 1000, error: 1 }, 'an answer that was held longer than it took');
});

test('a host may publish as itself alone, an operator asks as itself alone, and changes nothing that is kept', () => {
  const host = permissions('host', 'web1.eu');
  assert.ok(host.publish.every((subject) => subject.startsWith('pktap.h.web1~eu.')));
  assert.deepEqual(host.subscribe, ['pktap.c.*.*', '_INBOX_web1~eu.>']);
  const operator = permissions('operator', 'alice');
  assert.deepEqual(
    operator.publish.filter((subject) => !subject.startsWith('$JS.API.')),
    ['pktap.c.alice.*'],
  );
  for (const subject of operator.publish)
    assert.doesNotMatch(subject, /STREAM\.(CREATE|UPDATE|DELETE|PURGE|MSG)|>$(?<!CONSUMER.*)/);
});

test('metadata of packets without any goes through', async () => {
  const packet = packetAt(1, 0);
  packet.metadata = new PacketMetadata();
  const { packets } = await read(batchOf([packet]));
  assert.equal(packets[0]!.metadata?.process ?? null, null);
  assert.equal(makeProcess({ pid: 1 }).pid, 1);
});
