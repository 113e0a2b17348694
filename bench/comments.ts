// What it costs to write comments that say whose packets are: the same packets written to /dev/null with none, on the first of each
// flow, and on all, in turns, as a tap's writer gets them.

import {
  Direction,
  LinkType,
  makeInterface,
  makeProcess,
  Packet,
  PacketFlag,
  PacketMetadata,
} from '../src/packet/index.js';
import { createSavefile } from '../src/savefile/index.js';
import { median } from './measure.js';
import { packet as bytesOf, random } from './traffic.js';

const ROUNDS = Number(process.env['ROUNDS'] ?? 7);
const PACKETS = Number(process.env['PACKETS'] ?? 400_000);
const FORMS = ['none', 'first', 'all'] as const;
/** Different packets, and flows that they are of. */
const DISTINCT = 5000;
const FLOWS = 400;

const pick = random();
const distinct = Array.from({ length: DISTINCT }, (_, i) => bytesOf(i, pick));
const processes = Array.from({ length: 40 }, (_, i) =>
  makeProcess({
    pid: 1000 + i,
    name: `program-${i}`,
    path: `/usr/bin/program-${i}`,
    uid: 1000,
    user: 'user',
  }),
);

/** Seconds of processor time a round takes. */
async function round(ownerComments: (typeof FORMS)[number]): Promise<number> {
  const file = await createSavefile('/dev/null', {
    format: 'pcapng',
    linkType: LinkType.ETHERNET,
    ownerComments,
  });
  const packet = new Packet();
  const metadata = new PacketMetadata();
  packet.linkType = LinkType.ETHERNET;
  packet.interface = makeInterface({ name: 'eth0', linkType: LinkType.ETHERNET, snapshotLength: 262_144 });
  packet.metadata = metadata;
  metadata.flags = PacketFlag.SOCKET;
  metadata.serviceClass = 0;
  const before = process.cpuUsage();
  for (let i = 0; i < PACKETS; i++) {
    packet.buffer = distinct[i % DISTINCT]!;
    packet.capturedLength = packet.length = packet.buffer.length;
    packet.seconds = 1_700_000_000 + Math.floor(i / DISTINCT);
    metadata.flowId = 1 + ((i * 7) % FLOWS);
    metadata.process = processes[metadata.flowId % processes.length]!;
    metadata.threadId = metadata.process.pid;
    metadata.direction = i % 2 === 0 ? Direction.IN : Direction.OUT;
    file.packet(packet);
  }
  file.close();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const times: { [form: string]: number[] } = { none: [], first: [], all: [] };
await round('all');
for (let i = 0; i < ROUNDS; i++) for (const form of FORMS) times[form]!.push(await round(form));
console.log(`${PACKETS} packets of ${FLOWS} flows, processor time\n`);
console.log('| comments | time | a packet | of none |');
console.log('| --- | --- | --- | --- |');
const none = median(times['none']!);
for (const form of FORMS) {
  const seconds = median(times[form]!);
  console.log(
    `| ${form} | ${seconds.toFixed(3)} s | ${((seconds / PACKETS) * 1e9).toFixed(0)} ns | ${(seconds / none).toFixed(2)} |`,
  );
}
