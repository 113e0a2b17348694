// Compares what a capture says of each packet with what the packet says of itself. Records: see ground.py.

import { Direction, type Packet, PacketFlag, type Process } from '../../src/packet/index.js';
import { openSavefile } from '../../src/savefile/index.js';
import { type Walked, walk } from './walk.js';

const MAGIC = Buffer.from('PKTAPGT\0', 'latin1');
/** Up to the end of the receiver's name. */
const RECORD = 56;
const FIXED = 1;
const TO_GROUP = 4;
const ONE_END = 8;
const ICMP = 1;
const ICMPV6 = 58;
const TCP = 6;
const UDP = 17;
const IGMP = 2;
const RST = 4;
const EXAMPLES = 20;

/** Who a packet belongs to; pid 0: nobody. */
interface Truth {
  readonly pid: number;
  readonly name: string;
}

const NOBODY: Truth = { pid: 0, name: '' };

/** What came of the packets of one kind. */
export interface Verdict {
  right: number;
  /** Another process, or one where there is none. */
  wrong: number;
  /** No process where there is one. */
  missing: number;
  /** Whose it is cannot be said with certainty. */
  open: number;
}

export interface Judgement {
  readonly kinds: ReadonlyMap<string, Verdict>;
  readonly all: Verdict;
  readonly packets: number;
  /** Some of what is not right, in words. */
  readonly examples: readonly string[];
}

/** A conversation whose ends never change hands. */
interface Flow {
  kind: string;
  readonly ends: Map<string, Truth>;
  /** The same ports, used by other processes before or after. */
  ambiguous: boolean;
}

/** What came in and was given to nobody: judged when all that the kernel refused is known. */
interface Unnamed {
  readonly kind: string;
  readonly truth: Truth;
  readonly words: string;
  /** Its ports and what it says; empty: it is a segment. */
  readonly datagram: string;
  readonly segment: string;
}

/** A packet that says nothing itself, judged when all flows are known. */
interface Waiting {
  readonly key: string;
  readonly local: string;
  readonly said: Process | null;
  readonly words: string;
  /** Of TCP: as `Segments` knows it. */
  readonly segment: string;
}

/**
 * TCP's segments that came when their socket was closed: the kernel answers with a bare RST that begins where the segment's
 * acknowledgement says (RFC 9293 3.10.7.1). Both are nobody's.
 */
class Segments {
  private readonly came = new Set<string>();
  private readonly resets = new Set<string>();

  /** Notes one that was given to nobody. @returns by what it is known */
  note(headers: Walked, out: boolean): string {
    const [from, to] = endsOf(headers);
    const key = out ? `${from} ${to} ${headers.sequence}` : `${to} ${from} ${headers.acknowledgement}`;
    if (!out) this.came.add(key);
    else if (headers.tcpFlags === RST) this.resets.add(key);
    else return '';
    return key;
  }

  areRefused(key: string): boolean {
    return this.came.has(key) && this.resets.has(key);
  }
}

/**
 * Judges a capture file of pktap's.
 * @param kinds names of the kinds, by number
 */
export async function judge(path: string, kinds: readonly string[]): Promise<Judgement> {
  const verdicts = new Map<string, Verdict>();
  const examples: string[] = [];
  const flows = new Map<string, Flow>();
  const waiting: Waiting[] = [];
  const unnamed: Unnamed[] = [];
  const refused = new Map<string, number>();
  const segments = new Segments();
  const reports: { said: Process | null; words: string }[] = [];
  const joined = new Set<string>();
  let packets = 0;

  const verdictOf = (kind: string): Verdict => {
    let verdict = verdicts.get(kind);
    if (verdict === undefined) {
      verdict = { right: 0, wrong: 0, missing: 0, open: 0 };
      verdicts.set(kind, verdict);
    }
    return verdict;
  };

  const compare = (kind: string, truth: Truth | null, said: Process | null, words: string): void => {
    const verdict = verdictOf(kind);
    if (truth === null) {
      verdict.open++;
      return;
    }
    const right = truth.pid === 0 ? said === null : said?.pid === truth.pid && said.name === truth.name;
    if (right) {
      verdict.right++;
      return;
    }
    if (said === null) verdict.missing++;
    else verdict.wrong++;
    if (examples.length < EXAMPLES) {
      const truthful = truth.pid === 0 ? 'nobody' : `${truth.name}:${truth.pid}`;
      examples.push(
        `${kind}: ${words}: ${truthful}, not ${said === null ? 'nobody' : `${said.name}:${said.pid}`}`,
      );
    }
  };

  /** A packet without a record. */
  const silent = (headers: Walked, out: boolean, said: Process | null, words: string): void => {
    const transport = headers.protocol === TCP || headers.protocol === UDP;
    if (headers.version !== 0 && transport && headers.sourcePort >= 0) {
      const ends = endsOf(headers);
      const segment = headers.protocol === TCP && said === null ? segments.note(headers, out) : '';
      waiting.push({ key: keyOf(headers, ends), local: out ? ends[0] : ends[1], said, words, segment });
    } else if (headers.protocol === IGMP && out) {
      reports.push({ said, words });
    } else {
      compare("the kernel's own", NOBODY, said, words);
    }
  };

  /** An ICMP message with a record: an echo, or an error that quotes the packet it complains of. */
  const message = (
    b: Buffer,
    at: number,
    begin: number,
    of: { kind: string; sender: Truth; out: boolean; said: Process | null; words: string },
  ): void => {
    const { kind, sender, out, said, words } = of;
    const datagram = refusedDatagram(b, at, begin);
    if (datagram !== null && out) refused.set(datagram, (refused.get(datagram) ?? 0) + 1);
    // A request is mirrored by the kernel with the record in it.
    const type = b[at - 8]!;
    const own = kind === 'ICMP echo' && ((type === 8 && out) || (type === 0 && !out));
    compare(kind === 'ICMP echo' ? kind : "the kernel's own", own ? sender : NOBODY, said, words);
  };

  const onePacket = (packet: Packet): boolean => {
    packets++;
    const b = Buffer.from(packet.buffer.buffer, packet.buffer.byteOffset, packet.buffer.byteLength);
    const end = packet.offset + packet.capturedLength;
    const out = packet.metadata?.direction === Direction.OUT;
    const said = packet.metadata?.process ?? null;
    const headers = walk(packet);
    const words = describe(packet, headers, out);
    const at = b.subarray(0, end).indexOf(MAGIC, packet.offset);
    if (at < 0 || at + RECORD > end) {
      silent(headers, out, said, words);
      return true;
    }
    const kind = kinds[b[at + 8]!] ?? '?';
    const flags = b[at + 9]!;
    const sender: Truth = { pid: b.readUInt32LE(at + 16), name: nameAt(b, at + 24) };
    const receiver: Truth = { pid: b.readUInt32LE(at + 20), name: nameAt(b, at + 40) };
    const icmp = headers.protocol === ICMP || headers.protocol === ICMPV6;
    if (icmp) {
      message(b, at, packet.offset, { kind, sender, out, said, words });
      return true;
    }
    const datagram = headers.protocol === UDP && b.readUInt16BE(at - 8) === headers.sourcePort;
    if ((flags & TO_GROUP) !== 0) joined.add(`${sender.pid} ${sender.name}`);
    if (!out && said === null && receiver.pid !== 0 && (datagram || headers.protocol === TCP)) {
      const segment = datagram ? '' : segments.note(headers, out);
      unnamed.push({ kind, truth: receiver, words, datagram: datagram ? datagramAt(b, at) : '', segment });
    } else compare(kind, out ? sender : receiver.pid === 0 ? null : receiver, said, words);
    if ((flags & (FIXED | ONE_END)) !== 0 && headers.sourcePort >= 0) {
      const ends = endsOf(headers);
      learn(flows, keyOf(headers, ends), kind, ends, sender, (flags & FIXED) !== 0 ? receiver : NOBODY);
    }
    return true;
  };

  const source = await openSavefile(path);
  await source.run(onePacket);
  source.close();

  for (const { kind, truth, words, datagram, segment } of unnamed) {
    const times = refused.get(datagram) ?? 0;
    if (times > 0) refused.set(datagram, times - 1);
    compare(kind, times > 0 || segments.areRefused(segment) ? NOBODY : truth, null, words);
  }
  // A report of a membership is whose that joined or left just now; where several did, nobody's.
  for (const { said, words } of reports) {
    const one = said !== null && joined.has(`${said.pid} ${said.name}`) ? said : NOBODY;
    compare('reports of memberships', one, said, words);
  }
  for (const { key, local, said, words, segment } of waiting) {
    const flow = flows.get(key);
    if (segments.areRefused(segment)) compare("the kernel's own", NOBODY, said, words);
    else if (flow === undefined) verdictOf('of no fixed flow').open++;
    else compare(flow.kind, flow.ambiguous ? null : (flow.ends.get(local) ?? null), said, words);
  }
  const all: Verdict = { right: 0, wrong: 0, missing: 0, open: 0 };
  for (const verdict of verdicts.values()) {
    for (const key of Object.keys(all) as (keyof Verdict)[]) all[key] += verdict[key];
  }
  return { kinds: verdicts, all, packets, examples };
}

/** A datagram with its record at an offset: its ports, and what it says. */
function datagramAt(b: Buffer, at: number): string {
  return b.toString('latin1', at - 8, at - 4) + b.toString('latin1', at, at + RECORD);
}

/**
 * The datagram that an ICMP error says had no receiver: its socket was closed before it came. Null: it is another message.
 * @param at of the record in it
 */
function refusedDatagram(b: Buffer, at: number, begin: number): string | null {
  const v4 = at - 8 - 20 - 8; // the error's header, the datagram's two
  const v6 = at - 8 - 40 - 8;
  if (v4 >= begin && b[v4] === 3 && b[v4 + 1] === 3 && b[v4 + 8] === 0x45) return datagramAt(b, at);
  if (v6 >= begin && b[v6] === 1 && b[v6 + 1] === 4 && b[v6 + 8]! >> 4 === 6) return datagramAt(b, at);
  return null;
}

function learn(
  flows: Map<string, Flow>,
  key: string,
  kind: string,
  ends: readonly [string, string],
  sender: Truth,
  receiver: Truth,
): void {
  let flow = flows.get(key);
  if (flow === undefined) {
    flow = { kind, ends: new Map(), ambiguous: false };
    flows.set(key, flow);
  }
  for (const [end, truth] of [
    [ends[0], sender],
    [ends[1], receiver],
  ] as const) {
    if (truth.pid === 0) continue;
    const known = flow.ends.get(end);
    if (known === undefined) flow.ends.set(end, truth);
    else if (known.pid !== truth.pid || known.name !== truth.name) flow.ambiguous = true;
  }
}

/** Source and destination, address and port of each. */
function endsOf(headers: Walked): [string, string] {
  return [`${headers.source} ${headers.sourcePort}`, `${headers.destination} ${headers.destinationPort}`];
}

function keyOf(headers: Walked, ends: readonly [string, string]): string {
  return `${headers.protocol} ${ends[0] < ends[1] ? `${ends[0]} ${ends[1]}` : `${ends[1]} ${ends[0]}`}`;
}

function nameAt(b: Buffer, at: number): string {
  return b.toString('utf8', at, at + 16).replace(/\0.*$/, '');
}

function describe(packet: Packet, headers: Walked, out: boolean): string {
  const { sourcePort, destinationPort } = headers;
  const ports = sourcePort < 0 ? '' : ` ${sourcePort} > ${destinationPort}`;
  const flags = headers.protocol === TCP ? ` flags 0x${headers.tcpFlags.toString(16)}` : '';
  const socket = ((packet.metadata?.flags ?? 0) & PacketFlag.SOCKET) !== 0 ? ' of a socket' : '';
  return `${packet.interface?.name} ${out ? 'out' : 'in'} protocol ${headers.protocol}${ports}${flags} length ${packet.length}${socket}`;
}
