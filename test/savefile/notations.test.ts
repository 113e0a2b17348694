// Whose a packet is, as programs write it that have only text for it: comments of packets, descriptions of interfaces.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileMetadataFilter } from '../../src/filter/index.js';
import { PacketMetadata as Metadata, Packet, type PacketMetadata } from '../../src/packet/index.js';
import { build, description, enhanced, option, pcapHeader, pcapRecord, section } from './build.js';
import { factsOf, fileOf, readAll, udp } from './helpers.js';

const order = 'little';
const frame = udp();

/** What is known of a packet with these comments. */
async function withComments(...comments: string[]) {
  const options = comments.map((text) => option(order, 1, text));
  const bytes = Buffer.concat([
    section(order),
    description(order, 1, 0),
    enhanced(order, {}, frame, ...options),
  ]);
  const { packets } = await readAll(fileOf(bytes));
  const { metadata, comments: left } = packets[0]!;
  return { process: factsOf(metadata?.process), metadata: metadata as PacketMetadata, left };
}

test('pymobiledevice3: both processes and the service class', async () => {
  const said = await withComments('PID: 12, ProcName: a, b, EPID: 93, EProcName: Safari, SVC: 900');
  assert.deepEqual(said.process, { pid: 12, name: 'a, b' });
  assert.deepEqual(factsOf(said.metadata.effectiveProcess), { pid: 93, name: 'Safari' });
  assert.equal(said.metadata.serviceClass, 900);
  assert.equal(said.left, null);
  const none = await withComments('PID: 12, ProcName: a, EPID: -1, EProcName: , SVC: 0');
  assert.equal(none.metadata.effectiveProcess, null);
});

test('RustNet: names with blanks, user, parent and direction', async () => {
  const said = await withComments('rustnet process=Web Content pid=4711 ppid=4000 uid=1000 dir=in');
  assert.deepEqual(said.process, { pid: 4711, name: 'Web Content', parentPid: 4000, uid: 1000 });
  assert.equal(said.metadata.direction, 1);
  assert.equal(said.left, null);
  const named = await withComments('rustnet process=curl dir=out');
  assert.deepEqual(named.process, { pid: -1, name: 'curl' });
  const more = 'rustnet process=curl pid=1 sni=example.org';
  assert.deepEqual((await withComments(more)).left, [more], 'what has no other place stays');
  assert.equal((await withComments('rustnet dir=out')).process, null);
});

test('etl2pcapng and FakeNet-NG: process and thread', async () => {
  const said = await withComments('PID=4711 TID=4712 VlanId=0 SrcPortId=1');
  assert.deepEqual(said.process, { pid: 4711, name: '' });
  assert.equal(said.metadata.threadId, 4712);
  assert.deepEqual(said.left, ['PID=4711 TID=4712 VlanId=0 SrcPortId=1']);
  assert.deepEqual((await withComments('PID=4711 TID=4712')).left, null);
  assert.deepEqual((await withComments('PID 4711')).process, { pid: 4711, name: '' });
  for (const other of ['PID=4294967295', 'PID 99999999999', 'PID 1 of 2', 'PIDs=1'])
    assert.deepEqual(await withComments(other).then(({ process, left }) => [process, left]), [null, [other]]);
});

test('ptcpdump: everything it says, in comments of its own', async () => {
  const container = 'ContainerName: web\nContainerId: c373\nContainerImage: nginx\nContainerLabels: {}';
  const pod = 'PodName: web-0\nPodNamespace: shop';
  const said = await withComments(
    'PID: 1234\nCmd: /usr/bin/curl\nArgs: -s x',
    'ThreadId: 1235\nThreadName: worker',
    'UserId: 1000',
    'ParentPID: 7\nParentCmd: /bin/sh\nParentArgs: ',
    container,
    pod,
  );
  assert.deepEqual(said.process, {
    pid: 1234,
    name: 'curl',
    path: '/usr/bin/curl',
    args: ['-s', 'x'],
    uid: 1000,
    parentPid: 7,
    container: { id: 'c373', runtime: '', name: 'web', pod: 'web-0', namespace: 'shop' },
  });
  assert.equal(said.metadata.threadId, 1235);
  assert.deepEqual(said.left, [container], 'the image has no other place');
  const packet = new Packet();
  packet.metadata = Object.assign(new Metadata(), { process: said.metadata.process });
  for (const filter of ['uid = 1000', 'ppid = 7', 'container = web'])
    assert.ok(compileMetadataFilter(filter).matches(packet), filter);
  assert.deepEqual((await withComments('UserId: 5')).left, ['UserId: 5'], 'nobody’s user');
});

test('Tracee: an interface for each process', async () => {
  const json = {
    container: { id: 'c373', name: 'night' },
    processName: 'ping',
    process: { processId: 1, hostProcessId: 191684, userId: 0 },
  };
  const idb = (text: string): Buffer => description(order, 1, 0, option(order, 3, text));
  const bytes = Buffer.concat([
    section(order),
    idb(JSON.stringify(json)),
    idb('{"process":{"hostProcessId":"1"},"processName":"x"}'),
    idb('{not JSON'),
    idb(`{"processName":["x"],"process":[],"__proto__":{"a":1}}`),
    enhanced(order, {}, frame),
    enhanced(order, { interface: 0 }, frame, option(order, 1, 'PID 7')),
    ...[1, 2, 3].map((number) => enhanced(order, { interface: number }, frame)),
  ]);
  const { packets } = await readAll(fileOf(bytes));
  const ping = {
    pid: 191684,
    name: 'ping',
    uid: 0,
    container: { id: 'c373', runtime: '', name: 'night', pod: null, namespace: null },
  };
  assert.deepEqual(
    packets.map((packet) => factsOf(packet.metadata?.process)),
    [ping, { pid: 7, name: '' }, null, null, null],
  );
});

/** A PKTAP header of version 1. */
function header(facts: { length?: number; type?: number; family?: number; name?: string }): Buffer {
  const { length = 156, type = 1, family = 2, name = 'en0' } = facts;
  return build(order)
    .u32(length, type, 1)
    .bytes(name, 24)
    .u32(2, family, 14, 0, 4711)
    .bytes('curl', 17)
    .bytes(Buffer.alloc(156 - 73))
    .done();
}

test('what is USER2 and no PKTAP stays what it is', async () => {
  const records: [Buffer, boolean][] = [
    [header({}), true],
    [header({ length: 108 }), true],
    [header({ length: 120 }), true],
    [header({ length: 100 }), false],
    [header({ type: 0 }), false],
    [header({ type: 3 }), false],
    [header({ family: 77 }), false],
    [header({ name: '' }), false],
    [header({ name: 'en\x01' }), false],
    [Buffer.alloc(156, 0xff), false],
    [Buffer.from(Array.from({ length: 200 }, (_, i) => i)), false],
  ];
  const file = (linkType: number): string =>
    fileOf(
      Buffer.concat([
        pcapHeader(order, 0xa1b2c3d4, linkType),
        ...records.map(([bytes]) => pcapRecord(order, 1, 0, Buffer.concat([bytes, frame]))),
      ]),
    );
  const { packets } = await readAll(file(149));
  assert.deepEqual(
    packets.map((packet) => packet.metadata?.process?.pid === 4711 && packet.linkType === 1),
    records.map(([, isHeader]) => isHeader),
  );
  const marked = await readAll(file(258));
  assert.equal(marked.packets[2]!.metadata?.process?.name, 'curl', 'PKTAP’s own link type is believed');
});
