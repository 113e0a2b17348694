// Traffic counted by process, flow, host, interface, container, user and service class, all at once and in bounded memory.
// Nothing is made per packet.

import { addressText, readDns, readQuic, readTls } from '../../decode/facts/index.js';
import { Headers, IpProtocol, TcpFlag } from '../../decode/index.js';
import {
  type Container,
  Direction,
  type Interface,
  type Output,
  type Packet,
  PacketFlag,
  type Process,
  SERVICE_CLASS_UNKNOWN,
  serviceClassName,
} from '../../packet/index.js';
import { sourceIsLocal, writeKey } from './ends.js';
import { FlowTable, KEY_WORDS, SENDERS } from './flowtable.js';
import { Names } from './names.js';
import { RingPool } from './ring.js';
import { Row, Rows } from './rows.js';
import type { HostName } from './snapshot.js';

/** Rows that are kept. */
const PROCESSES = 16_384;
const HOSTS = 65_536;
const INTERFACES = 4096;
const CONTAINERS = 4096;
const USERS = 4096;
const CLASSES = 1024;
const FLOWS = 1_000_000;
const FLOW_RINGS = 16_384;
const NAMES = 65_536;
/** Packets of a flow that are looked at for the name that its client says. */
const FIRST_PACKETS = 8;

const HANDSHAKE_RECORD = 22;
const QUIC_LONG = 0xc0;
const DNS_PORTS: ReadonlySet<number> = new Set([53, 5353, 5355]);

/** A TCP connection's state; snapshot.ts has the words. */
export const State = { NONE: 0, OPENING: 1, OPEN: 2, CLOSING: 3, CLOSED: 4, RESET: 5 } as const;

/** A host, by one of its addresses; null: packets without an address. */
export interface Host {
  readonly address: string | null;
  name: HostName | null;
}

export type ProcessCounts = Row<Process | null>;

/** What a flow belongs to. */
export interface Link {
  readonly process: ProcessCounts;
  /** Another one when the host's row made room and came back. */
  host: Row<Host>;
  readonly face: Row<Interface | null>;
  /** What the flow's own client asked for. */
  name: HostName | null;
  /** A packet's headers and facts, made again when a filter asks (selection.ts). */
  readonly etherType: number;
}

export interface TrafficLimits {
  readonly flows?: number;
  readonly processes?: number;
  readonly hosts?: number;
  /** Flows that have a history. */
  readonly rings?: number;
}

/** What was counted, for those who show it. */
export class Traffic implements Output {
  private numbered = 0;
  private readonly number = (): number => ++this.numbered;
  readonly total = new Row<null>(0, null, true);
  readonly processes: Rows<Process | null>;
  readonly hosts: Rows<Host>;
  readonly interfaces = new Rows<Interface | null>(INTERFACES, true, this.number);
  readonly containers = new Rows<Container | null>(CONTAINERS, true, this.number);
  readonly users = new Rows<string | null>(USERS, true, this.number);
  readonly classes = new Rows<number>(CLASSES, true, this.number);
  readonly flows: FlowTable<Link>;
  readonly rings: RingPool;
  /** What flows counted that made room for others. */
  readonly otherFlows = new Row<null>(-1, null, false);
  readonly names = new Names(NAMES);

  /** Of the packet counted last: its rows, and its flow's place. */
  process: ProcessCounts;
  face: Row<Interface | null>;
  flow = -1;
  container: Row<Container | null>;

  private readonly headers = new Headers();
  private readonly key = new Uint32Array(KEY_WORDS);
  /** Rows by the objects that packets come with. */
  private byProcess = new WeakMap<Process, ProcessCounts>();
  private byFace = new WeakMap<Interface, Row<Interface | null>>();
  private byOwner = new WeakMap<ProcessCounts, readonly [Row<Container | null>, Row<string | null>]>();
  private readonly byClass: (Row<number> | undefined)[] = [];
  private lastProcess: Process | null | undefined;
  private lastFace: Interface | null | undefined;
  private user: Row<string | null>;

  constructor(limits: TrafficLimits = {}) {
    this.processes = new Rows(limits.processes ?? PROCESSES, true, this.number);
    this.hosts = new Rows(limits.hosts ?? HOSTS, false, this.number);
    this.rings = new RingPool(limits.rings ?? FLOW_RINGS);
    const seed = (Math.random() * 2 ** 32) | 0;
    this.flows = new FlowTable(limits.flows ?? FLOWS, (place) => this.onEvict(place), seed);
    this.process = this.processes.add('', null);
    this.face = this.interfaces.add('', null);
    this.container = this.containers.add('', null);
    this.user = this.users.add('', null);
  }

  packet(packet: Packet): void {
    this.count(packet, 1, packet.length);
    this.learn(packet);
  }

  flush(): void {}

  close(): void {}

  /**
   * Counts packets that are alike in all but their length and time: one that was captured, or what the kernel has counted of
   * a flow, by a packet of it.
   * @param packet with the time of the last
   * @param retransmissions those that the kernel found; -1: they are looked for here
   * @param resets the kernel's; -1: by the packet's flags
   */
  count(packet: Packet, packets: number, bytes: number, retransmissions = -1, resets = -1): void {
    const h = this.headers;
    const { metadata } = packet;
    h.read(packet);
    const time = packet.seconds + packet.nanoseconds / 1e9;
    const direction = metadata === null ? Direction.UNKNOWN : metadata.direction;
    const process = this.processOf(metadata === null ? null : metadata.process);
    const face = this.faceOf(packet.interface);
    const firstIsSource = writeKey(h, process.id, face.id, this.key);
    let flow = this.flows.find(this.key);
    if (flow < 0) flow = this.addFlow(h, process, face, direction, firstIsSource);
    this.flow = flow;
    const local = this.flows.columns.localFirst[flow] === 1;
    const incoming = direction === Direction.UNKNOWN ? local !== firstIsSource : direction === Direction.IN;
    const link = this.flows.links[flow]!;
    if (link.host.evicted) this.comeBack(link);
    const { host } = link;
    const service = this.classOf(metadata === null ? SERVICE_CLASS_UNKNOWN : metadata.serviceClass);
    this.total.count(packets, bytes, incoming, time);
    process.count(packets, bytes, incoming, time);
    face.count(packets, bytes, incoming, time);
    this.container.count(packets, bytes, incoming, time);
    this.user.count(packets, bytes, incoming, time);
    service.count(packets, bytes, incoming, time);
    host.count(packets, bytes, incoming, time);
    this.countFlow(flow, packets, bytes, incoming, time);
    this.processes.touch(process);
    this.hosts.touch(host);
    if (metadata !== null && metadata.dropReason !== 0) this.mark('drops', flow, packets);
    if (h.protocol !== IpProtocol.TCP) return;
    if (h.tcpFlags !== 0) this.follow(flow, h.tcpFlags, firstIsSource);
    const again = retransmissions < 0 ? Number(this.isAgain(packet, flow, firstIsSource)) : retransmissions;
    if (again > 0) this.mark('retransmissions', flow, again);
    const reset = resets < 0 ? Number((h.tcpFlags & TcpFlag.RST) !== 0) : resets;
    if (reset > 0) this.mark('resets', flow, reset);
  }

  /** Counts an event for all that the packet at hand belongs to. */
  private mark(what: 'drops' | 'retransmissions' | 'resets', flow: number, times: number): void {
    this.flows.columns[what][flow]! += times;
    const { process, face, host } = this.flows.links[flow]!;
    for (const row of [this.total, process, face, host, this.container, this.user]) row[what] += times;
  }

  private processOf(process: Process | null): ProcessCounts {
    const { container, user } = this;
    if (process === this.lastProcess && !this.process.evicted && !container.evicted && !user.evicted)
      return this.process;
    let row = process === null ? undefined : this.byProcess.get(process);
    if (row === undefined || row.evicted) {
      row = this.processRow(process);
      if (process !== null) this.byProcess.set(process, row);
    }
    let owner = this.byOwner.get(row);
    if (owner === undefined || owner[0].evicted || owner[1].evicted) {
      owner = [this.containerOf(process?.container ?? null), this.userOf(process)];
      this.byOwner.set(row, owner);
    }
    [this.container, this.user] = owner;
    this.containers.touch(this.container);
    this.users.touch(this.user);
    this.lastProcess = process;
    this.process = row;
    return row;
  }

  /** By process ID and name, and by the start where both are known: another process may get the ID. */
  private processRow(process: Process | null): ProcessCounts {
    const key = process === null ? '' : `${process.pid} ${process.name}`;
    const found = this.processes.find(key);
    if (found === undefined) return this.processes.add(key, process);
    const before = found.subject;
    if (process === null || before === null) return found;
    const { startTime } = process;
    if (startTime !== null && before.startTime !== null && startTime !== before.startTime) {
      const later = `${key} ${startTime}`;
      return this.processes.find(later) ?? this.processes.add(later, process);
    }
    if (knows(process) >= knows(before)) found.subject = process;
    return found;
  }

  private containerOf(container: Container | null): Row<Container | null> {
    const key = container === null ? '' : `${container.runtime} ${container.id} ${container.name ?? ''}`;
    return this.containers.find(key) ?? this.containers.add(key, container);
  }

  private userOf(process: Process | null): Row<string | null> {
    const name = process === null ? null : (process.user ?? (process.uid === null ? null : `${process.uid}`));
    return this.users.find(name ?? '') ?? this.users.add(name ?? '', name);
  }

  private faceOf(face: Interface | null): Row<Interface | null> {
    if (face === this.lastFace && !this.face.evicted) return this.face;
    let row = face === null ? undefined : this.byFace.get(face);
    if (row === undefined || row.evicted) {
      const key = face === null ? '' : face.name;
      row = this.interfaces.find(key) ?? this.interfaces.add(key, face);
      if (face !== null) this.byFace.set(face, row);
    }
    this.lastFace = face;
    this.face = row;
    this.interfaces.touch(row);
    return row;
  }

  private classOf(number: number): Row<number> {
    const at = number >= 0 && number < CLASSES ? number + 1 : 0;
    let row = this.byClass[at];
    if (row === undefined) {
      const key = at === 0 ? '' : serviceClassName(number);
      row = this.classes.add(key, at - 1);
      this.byClass[at] = row;
    }
    return row;
  }

  private addFlow(
    h: Headers,
    process: ProcessCounts,
    face: Row<Interface | null>,
    direction: number,
    firstIsSource: boolean,
  ): number {
    const source = h.version === 0 || sourceIsLocal(h, direction);
    const remote = source ? h.destination : h.source;
    const host = this.hostOf(h.version === 0 ? null : addressText(h.buffer, remote, h.version));
    const flow = this.flows.add(this.key, { process, host, face, name: null, etherType: h.link.etherType });
    this.flows.columns.localFirst[flow] = source === firstIsSource ? 1 : 0;
    process.flows++;
    face.flows++;
    host.flows++;
    this.total.flows++;
    this.container.flows++;
    this.user.flows++;
    return flow;
  }

  private hostOf(address: string | null): Row<Host> {
    const key = address ?? '';
    const found = this.hosts.find(key);
    if (found !== undefined) return found;
    const name = address === null ? null : this.names.of(address);
    return this.hosts.add(key, { address, name: name === null ? null : { name, by: 'dns' } });
  }

  /** The host of a flow was idle for long, and its row made room for another: it gets a new one. */
  private comeBack(link: Link): void {
    link.host = this.hostOf(link.host.subject.address);
    link.host.flows++;
  }

  private onEvict(place: number): void {
    const { process, host, face } = this.flows.links[place]!;
    const c = this.flows.columns;
    for (const row of [this.total, process, host, face, ...(this.byOwner.get(process) ?? [])]) row.flows--;
    this.rings.free(c.ring[place]!, c.id[place]!);
    const others = this.otherFlows;
    others.packetsIn += c.packetsIn[place]!;
    others.packetsOut += c.packetsOut[place]!;
    others.bytesIn += c.bytesIn[place]!;
    others.bytesOut += c.bytesOut[place]!;
    others.retransmissions += c.retransmissions[place]!;
    others.resets += c.resets[place]!;
    others.drops += c.drops[place]!;
    others.first = Math.min(others.first, c.first[place]!);
    others.last = Math.max(others.last, c.last[place]!);
  }

  private countFlow(flow: number, packets: number, bytes: number, incoming: boolean, time: number): void {
    const c = this.flows.columns;
    if (c.packetsIn[flow] === 0 && c.packetsOut[flow] === 0) {
      c.first[flow] = time;
      c.last[flow] = time;
    } else {
      if (time < c.first[flow]!) c.first[flow] = time;
      if (time > c.last[flow]!) c.last[flow] = time;
    }
    if (incoming) {
      c.packetsIn[flow]! += packets;
      c.bytesIn[flow]! += bytes;
    } else {
      c.packetsOut[flow]! += packets;
      c.bytesOut[flow]! += bytes;
    }
    const second = Math.floor(time);
    if (second !== c.second[flow] && !this.turn(flow, second, bytes, incoming)) return;
    if (incoming) c.nowIn[flow]! += bytes;
    else c.nowOut[flow]! += bytes;
  }

  /** Another second of a flow, as Row has it. Only now it becomes the warmest: the order is good to a second. */
  private turn(flow: number, second: number, bytes: number, incoming: boolean): boolean {
    const c = this.flows.columns;
    const before = c.second[flow]!;
    if (second < before) {
      const ring = this.ringOf(flow, before);
      if (ring >= 0) this.rings.add(ring, second, incoming ? bytes : 0, incoming ? 0 : bytes);
      if (second === before - 1) {
        if (incoming) c.beforeIn[flow]! += bytes;
        else c.beforeOut[flow]! += bytes;
      }
      return false;
    }
    if (before >= 0) {
      const ring = this.ringOf(flow, second);
      if (ring >= 0) this.rings.add(ring, before, c.nowIn[flow]!, c.nowOut[flow]!);
    }
    const next = second === before + 1;
    c.beforeIn[flow] = next ? c.nowIn[flow]! : 0;
    c.beforeOut[flow] = next ? c.nowOut[flow]! : 0;
    c.nowIn[flow] = 0;
    c.nowOut[flow] = 0;
    c.second[flow] = second;
    this.flows.touch(flow);
    return true;
  }

  private ringOf(flow: number, second: number): number {
    const c = this.flows.columns;
    const id = c.id[flow]!;
    if (this.rings.isOf(c.ring[flow]!, id)) return c.ring[flow]!;
    const ring = this.rings.take(id, second);
    c.ring[flow] = ring;
    return ring;
  }

  /** What a TCP segment's flags say of its connection. */
  private follow(flow: number, flags: number, firstIsSource: boolean): void {
    const c = this.flows.columns;
    const state = c.state[flow]!;
    const over = state === State.CLOSED || state === State.RESET;
    if ((flags & TcpFlag.RST) !== 0) c.state[flow] = State.RESET;
    else if ((flags & TcpFlag.SYN) !== 0) {
      if (state === State.NONE || over) {
        c.state[flow] = State.OPENING;
        c.ended[flow] = 0;
      }
    } else if ((flags & TcpFlag.FIN) !== 0 && state !== State.RESET) {
      c.ended[flow]! |= firstIsSource ? 1 : 2;
      c.state[flow] = c.ended[flow] === 3 ? State.CLOSED : State.CLOSING;
    } else if (state < State.OPEN) c.state[flow] = State.OPEN;
  }

  /**
   * Whether a TCP segment holds nothing that its sender has not sent before, as flows.ts of this room has it: on this
   * interface, in this direction, by this end.
   */
  private isAgain(packet: Packet, flow: number, firstIsSource: boolean): boolean {
    const { headers: h } = this;
    const { metadata } = packet;
    if (metadata !== null && (metadata.flags & PacketFlag.RETRANSMISSION) !== 0) return true;
    if (h.payload < 0 || h.fragmented || (h.tcpFlags & TcpFlag.RST) !== 0) return false;
    const marks = Number((h.tcpFlags & TcpFlag.SYN) !== 0) + Number((h.tcpFlags & TcpFlag.FIN) !== 0);
    const length = h.payloadLength + marks;
    if (length === 0) return false;
    const c = this.flows.columns;
    const sender = (metadata === null ? 0 : metadata.direction) * 2 + (firstIsSource ? 0 : 1);
    const at = flow * SENDERS + sender;
    const end = (h.sequence + length) >>> 0;
    const known = (c.sent[flow]! & (1 << sender)) !== 0;
    c.sent[flow]! |= 1 << sender;
    const ahead = known ? (end - c.next[at]!) | 0 : 1;
    // A new connection between the same ports begins anew.
    if (ahead > 0 || ((h.tcpFlags & TcpFlag.SYN) !== 0 && ahead !== 0)) {
      c.next[at] = end;
      return false;
    }
    return !(h.payloadLength <= 1 && marks === 0 && ahead === 0);
  }

  /** Learns names from the packet counted last: an answer of DNS, or a client's hello. */
  learn(packet: Packet): void {
    const { headers: h } = this;
    if (h.payload < 0 || h.payload >= h.payloadEnd) return;
    if (DNS_PORTS.has(h.sourcePort) && h.protocol === IpProtocol.UDP) {
      const dns = readDns(h.buffer, h.payload, h.payloadEnd);
      if (dns !== null) this.names.learn(dns, h.sourcePort, (address, name) => this.nameHost(address, name));
      return;
    }
    const first = h.buffer[h.payload]!;
    if (h.protocol === IpProtocol.TCP ? first !== HANDSHAKE_RECORD : h.protocol !== IpProtocol.UDP) return;
    const c = this.flows.columns;
    const link = this.flows.links[this.flow]!;
    if (link.name !== null || c.packetsIn[this.flow]! + c.packetsOut[this.flow]! > FIRST_PACKETS) return;
    if (h.protocol === IpProtocol.UDP && (first & QUIC_LONG) !== QUIC_LONG) return;
    const read = h.protocol === IpProtocol.TCP ? readTls : readQuic;
    const name = read(h.buffer, h.payload, h.payloadEnd)?.serverName ?? null;
    if (name === null) return;
    link.name = { name, by: 'sni' };
    // The client's packet goes to the server, which is called so.
    const local = c.localFirst[this.flow] === 1;
    const direction = packet.metadata?.direction ?? Direction.UNKNOWN;
    const outgoing =
      direction === Direction.UNKNOWN ? local === writeKey(h, 0, 0, this.key) : direction === Direction.OUT;
    if (outgoing) link.host.subject.name = link.name;
  }

  private nameHost(address: string, name: string): void {
    const host = this.hosts.find(address)?.subject;
    if (host !== undefined && host.name?.by !== 'sni') host.name = { name, by: 'dns' };
  }
}

/** How many facts of a process are known. */
function knows({ path, args, user, container, startTime }: Process): number {
  return [path, args, user, container, startTime].filter((fact) => fact !== null).length;
}
