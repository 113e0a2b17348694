// Packets counted in groups: by any fields, in bounded memory. What has no room is counted together, as others.

import { Facts, type Field, type FieldValue } from '../decode/facts/index.js';
import { FULL, Key } from '../export/index.js';
import { Direction, type Packet } from '../packet/index.js';
import { Flows, NO_FLOW } from './flows.js';

/** Groups, flows, and pairs of both that are kept. */
const GROUPS = 100_000;
const FLOWS = 200_000;
const PAIRS = 1_000_000;
const BILLION = 1_000_000_000n;

/** What is counted of a group. */
export interface Group {
  /** Values of the keys; null: not known. */
  readonly values: readonly (FieldValue | null)[];
  /** All that has no group of its own. */
  readonly others: boolean;
  packets: number;
  /** On the wire, all of them; those that came in, and those that went out, where the capture says so. */
  bytes: number;
  bytesIn: number;
  bytesOut: number;
  /** Nanoseconds since the epoch, as two numbers each. */
  firstSeconds: number;
  firstNanoseconds: number;
  lastSeconds: number;
  lastNanoseconds: number;
  retransmissions: number;
  flows: number;
}

/** Groups by one key after the other. */
type Level = Map<number, Level | number>;

export interface SummaryLimits {
  /** Groups that are kept. */
  readonly groups?: number;
  readonly flows?: number;
}

export class Summary {
  readonly groups: Group[] = [];
  private readonly facts = new Facts();
  private readonly keys: readonly Key[];
  /** What each key says of the packet at hand. */
  private readonly codes: Int32Array;
  private readonly top: Level = new Map();
  private readonly flows: Flows;
  /** Groups and flows that belong together. */
  private readonly pairs = new Set<number>();
  private readonly most: number;
  private readonly mostFlows: number;
  private others: Group | null = null;
  /** Whether some flows found no room. */
  private uncounted = false;

  constructor(fields: readonly Field[], limits: SummaryLimits = {}) {
    this.most = limits.groups ?? GROUPS;
    this.mostFlows = limits.flows ?? FLOWS;
    this.keys = fields.map((field) => new Key(field, this.most));
    this.codes = new Int32Array(fields.length);
    this.flows = new Flows(this.mostFlows);
  }

  packet(packet: Packet): void {
    this.facts.read(packet);
    const number = this.numberOf();
    const group = number < 0 ? this.other() : this.groups[number]!;
    count(group, packet);
    const { headers } = this.facts;
    if (headers.version === 0) return;
    const flow = this.flows.number(headers);
    if (this.flows.again(packet, headers, flow)) group.retransmissions++;
    if (flow === NO_FLOW) return;
    const pair = (number + 1) * this.mostFlows + flow;
    if (this.pairs.has(pair)) return;
    if (this.pairs.size >= PAIRS) this.uncounted = true;
    else {
      this.pairs.add(pair);
      group.flows++;
    }
  }

  /** @returns the number of the packet's group, -1 where there is no room for it */
  private numberOf(): number {
    const { keys, codes } = this;
    const last = keys.length - 1;
    for (let i = 0; i <= last; i++) {
      const code = keys[i]!.of(this.facts);
      if (code === FULL) return -1;
      codes[i] = code;
    }
    let level = this.top;
    for (let i = 0; i < last; i++) {
      let below = level.get(codes[i]!) as Level | undefined;
      if (below === undefined) {
        if (this.groups.length >= this.most) return -1;
        below = new Map();
        level.set(codes[i]!, below);
      }
      level = below;
    }
    return (level.get(codes[last]!) as number | undefined) ?? this.add(level, codes[last]!);
  }

  private add(level: Level, code: number): number {
    if (this.groups.length >= this.most) return -1;
    const values = this.keys.map((key, i) => key.values[this.codes[i]!]!);
    const number = this.groups.push(emptyGroup(values, false)) - 1;
    level.set(code, number);
    return number;
  }

  private other(): Group {
    this.others ??= emptyGroup(
      this.keys.map(() => null),
      true,
    );
    return this.others;
  }

  /** The groups, the one with the most bytes first, and the others last. */
  sorted(): Group[] {
    const list = [...this.groups].sort((a, b) => b.bytes - a.bytes || b.packets - a.packets);
    return this.others === null ? list : [...list, this.others];
  }

  /** What is less exact than it looks, a line each. */
  limits(): string[] {
    const lines: string[] = [];
    if (this.others !== null)
      lines.push(
        `more than ${this.groups.length} groups: ${this.others.packets} packets of those that came later are counted as others`,
      );
    if (this.flows.full || this.uncounted)
      lines.push('too many flows: flows and retransmissions of those that came later are not counted');
    return lines;
  }
}

function emptyGroup(values: readonly (FieldValue | null)[], others: boolean): Group {
  return {
    values,
    others,
    packets: 0,
    bytes: 0,
    bytesIn: 0,
    bytesOut: 0,
    firstSeconds: 0,
    firstNanoseconds: 0,
    lastSeconds: 0,
    lastNanoseconds: 0,
    retransmissions: 0,
    flows: 0,
  };
}

function count(group: Group, packet: Packet): void {
  const { length, seconds, nanoseconds, metadata } = packet;
  if (
    group.packets === 0 ||
    seconds < group.firstSeconds ||
    (seconds === group.firstSeconds && nanoseconds < group.firstNanoseconds)
  ) {
    group.firstSeconds = seconds;
    group.firstNanoseconds = nanoseconds;
  }
  if (seconds > group.lastSeconds || (seconds === group.lastSeconds && nanoseconds > group.lastNanoseconds)) {
    group.lastSeconds = seconds;
    group.lastNanoseconds = nanoseconds;
  }
  group.packets++;
  group.bytes += length;
  if (metadata?.direction === Direction.IN) group.bytesIn += length;
  else if (metadata?.direction === Direction.OUT) group.bytesOut += length;
}

/** Nanoseconds since the epoch. */
export function firstTime({ firstSeconds, firstNanoseconds }: Group): bigint {
  return BigInt(firstSeconds) * BILLION + BigInt(firstNanoseconds);
}

export function lastTime({ lastSeconds, lastNanoseconds }: Group): bigint {
  return BigInt(lastSeconds) * BILLION + BigInt(lastNanoseconds);
}
