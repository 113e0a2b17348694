// Counts as plain data: a part of them, in an order, or all of them.

import { addressText } from '../../decode/facts/index.js';
import type { Container, Process } from '../../packet/index.js';
import { serviceClassName } from '../../packet/index.js';
import { addressBytes, protocolName } from './ends.js';
import { KEY_WORDS } from './flowtable.js';
import { SECONDS } from './ring.js';
import type { Row, Rows } from './rows.js';
import type {
  ContainerFacts,
  ContainerRow,
  Counts,
  FlowRow,
  FlowState,
  HostRow,
  NamedRow,
  ProcessFacts,
  ProcessRow,
  Snapshot,
} from './snapshot.js';
import type { Host, Traffic } from './traffic.js';

const STATES: readonly FlowState[] = ['none', 'opening', 'open', 'closing', 'closed', 'reset'];

export interface SnapshotOptions {
  /** Seconds since the epoch; left out: the time of the last packet. */
  readonly now?: number;
  /** Rows of each kind: those with the most bytes. Left out: 1,000. */
  readonly most?: number;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function containerFacts(container: Container | null): ContainerFacts | null {
  if (container === null) return null;
  const { id, runtime, name, pod, namespace } = container;
  return { id, runtime, name, pod, namespace };
}

export function processFacts(process: Process | null): ProcessFacts | null {
  if (process === null) return null;
  const { pid, name, path, args, parentPid, uid, user, uuid, startTime, cgroup, container, netns } = process;
  return {
    pid,
    name,
    path,
    args: args === null ? null : [...args],
    parentPid,
    uid,
    user,
    uuid: uuid === null ? null : hex(uuid),
    startTime: startTime === null ? null : Number(startTime) / 1e9,
    cgroup,
    container: containerFacts(container),
    netns,
  };
}

/** @param now the second that is going on */
export function processRow(row: Row<Process | null>, now: number): ProcessRow {
  return { id: row.id, process: processFacts(row.subject), ...row.counts(now) };
}

export function hostRow(row: Row<Host>, now: number): HostRow {
  const { address, name } = row.subject;
  return { id: row.id, address, name, ...row.counts(now) };
}

export function containerRow(row: Row<Container | null>, now: number): ContainerRow {
  return { id: row.id, container: containerFacts(row.subject), ...row.counts(now) };
}

export function namedRow<S>(row: Row<S>, now: number, name: (subject: S) => string | null): NamedRow {
  return { id: row.id, name: name(row.subject), ...row.counts(now) };
}

/** A flow's bytes of the second before `now`. */
export function flowRates(traffic: Traffic, place: number, now: number): [bytesIn: number, bytesOut: number] {
  const c = traffic.flows.columns;
  if (c.second[place] === now - 1) return [c.nowIn[place]!, c.nowOut[place]!];
  if (c.second[place] === now) return [c.beforeIn[place]!, c.beforeOut[place]!];
  return [0, 0];
}

/** @param place of a flow that is there */
export function flowCounts(traffic: Traffic, place: number, now: number): Counts {
  const c = traffic.flows.columns;
  const [rateIn, rateOut] = flowRates(traffic, place, now);
  const ring = traffic.rings.isOf(c.ring[place]!, c.id[place]!) ? c.ring[place]! : -1;
  const history: number[] = [];
  for (let second = now - SECONDS + 1; second <= now; second++) {
    const current = second === c.second[place] ? c.nowIn[place]! + c.nowOut[place]! : 0;
    history.push(current + (ring < 0 ? 0 : traffic.rings.at(ring, second)));
  }
  const packetsIn = c.packetsIn[place]!;
  const packetsOut = c.packetsOut[place]!;
  const bytesIn = c.bytesIn[place]!;
  const bytesOut = c.bytesOut[place]!;
  return {
    packets: packetsIn + packetsOut,
    packetsIn,
    packetsOut,
    bytes: bytesIn + bytesOut,
    bytesIn,
    bytesOut,
    rateIn,
    rateOut,
    retransmissions: c.retransmissions[place]!,
    resets: c.resets[place]!,
    drops: c.drops[place]!,
    flows: 1,
    first: c.first[place]!,
    last: c.last[place]!,
    history,
  };
}

/** A flow with everything that is known of it. */
export function flowRow(traffic: Traffic, place: number, now: number): FlowRow {
  const { columns: c, links } = traffic.flows;
  const { process, face, host, name, etherType } = links[place]!;
  const key = c.key.subarray(place * KEY_WORDS, (place + 1) * KEY_WORDS);
  const version = key[0]! >>> 8;
  const protocol = key[0]! & 0xff;
  const address = (from: number): string | null =>
    version === 0 ? null : addressText(addressBytes(key, from, version), 0, version);
  const ports = version !== 0 && key[9] !== 0;
  const ends = [
    { address: address(1), port: ports ? key[9]! >>> 16 : -1 },
    { address: address(5), port: ports ? key[9]! & 0xffff : -1 },
  ] as const;
  const [local, remote] = c.localFirst[place] === 1 ? ends : [ends[1], ends[0]];
  return {
    id: c.id[place]!,
    process: processFacts(process.subject),
    processId: process.id,
    interface: face.subject?.name ?? null,
    protocol: protocolName(version, protocol, etherType),
    local: local.address,
    localPort: local.port,
    remote: remote.address,
    remotePort: remote.port,
    name: name ?? host.subject.name,
    state: STATES[c.state[place]!]!,
    ...flowCounts(traffic, place, now),
  };
}

/**
 * The first of many things in an order, without ordering all of them.
 * @param keys of each thing; the largest come first
 * @returns places in `keys`
 */
export function largest(keys: Float64Array, count: number, most: number): number[] {
  // A heap with the smallest of those taken on top.
  const heap: number[] = [];
  const less = (a: number, b: number): boolean => keys[a]! < keys[b]! || (keys[a] === keys[b] && a > b);
  const down = (i: number): void => {
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) return;
      if (child + 1 < heap.length && less(heap[child + 1]!, heap[child]!)) child++;
      if (!less(heap[child]!, heap[i]!)) return;
      [heap[i], heap[child]] = [heap[child]!, heap[i]!];
      i = child;
    }
  };
  for (let i = 0; i < count; i++) {
    if (heap.length < most) {
      heap.push(i);
      if (heap.length === most) for (let j = most >> 1; j >= 0; j--) down(j);
    } else if (most > 0 && less(heap[0]!, i)) {
      heap[0] = i;
      down(0);
    }
  }
  return heap.sort((a, b) => keys[b]! - keys[a]! || a - b);
}

/** Places of the flows that are there, the most bytes first. */
export function flowPlaces(traffic: Traffic, most: number): number[] {
  const { flows } = traffic;
  const places = new Int32Array(flows.count);
  const keys = new Float64Array(flows.count);
  let count = 0;
  for (let place = 0; place < flows.end; place++) {
    if (!flows.has(place)) continue;
    places[count] = place;
    keys[count++] = flows.columns.bytesIn[place]! + flows.columns.bytesOut[place]!;
  }
  return largest(keys, count, most).map((i) => places[i]!);
}

/** The rows with the most bytes. Those that have counted nothing are no rows yet. */
export function topRows<S>(rows: Rows<S>, most: number): Row<S>[] {
  const list = [...rows].filter((row) => row.packetsIn + row.packetsOut > 0);
  list.sort((a, b) => b.bytesIn + b.bytesOut - (a.bytesIn + a.bytesOut) || a.id - b.id);
  return list.slice(0, most);
}

/** @returns everything at a time, as plain data */
export function snapshot(traffic: Traffic, options: SnapshotOptions = {}): Snapshot {
  const { most = 1000 } = options;
  const last = traffic.total.last;
  const now = Math.floor(options.now ?? (Number.isFinite(last) ? last : 0));
  const others = <S>(rows: Rows<S>): Counts & { evicted: number } => ({
    ...rows.others.counts(now),
    evicted: rows.evicted,
  });
  const self = (name: string | null): string | null => name;
  return {
    time: now,
    total: { ...traffic.total.counts(now), minutes: traffic.total.minutesOf(now) },
    processes: topRows(traffic.processes, most).map((row) => processRow(row, now)),
    flows: flowPlaces(traffic, most).map((place) => flowRow(traffic, place, now)),
    hosts: topRows(traffic.hosts, most).map((row) => hostRow(row, now)),
    interfaces: topRows(traffic.interfaces, most).map((row) =>
      namedRow(row, now, (face) => face?.name ?? null),
    ),
    containers: topRows(traffic.containers, most).map((row) => containerRow(row, now)),
    users: topRows(traffic.users, most).map((row) => namedRow(row, now, self)),
    classes: topRows(traffic.classes, most).map((row) =>
      namedRow(row, now, (number) => (number < 0 ? null : serviceClassName(number))),
    ),
    historyIsFull: traffic.rings.isFull,
    others: {
      processes: others(traffic.processes),
      flows: { ...traffic.otherFlows.counts(now), evicted: traffic.flows.evicted },
      hosts: others(traffic.hosts),
      interfaces: others(traffic.interfaces),
      containers: others(traffic.containers),
      users: others(traffic.users),
      classes: others(traffic.classes),
    },
  };
}
