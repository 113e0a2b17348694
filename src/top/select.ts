// Which flows a filter shows: -Q's language, asked once for each flow. A flow has a process, an interface, addresses and ports; what
// is another for each of its packets (flags, lengths, names asked for) is refused rather than guessed.

import { compileMetadataFilter } from '../filter/metadata/index.js';
import { Direction, LinkType, Packet, type PacketFilter, PacketMetadata } from '../packet/index.js';
import { KEY_WORDS, type Traffic } from '../stats/traffic/index.js';

/** What a flow says, by -Q's own names. */
const OF_FLOWS: ReadonlySet<string> = new Set([
  'if',
  'proc',
  'pid',
  'uid',
  'user',
  'ppid',
  'exe',
  'cmd',
  'container',
  'pod',
  'netns',
  'unit',
  'cgroup',
]);
/** And by the names of --fields. */
const LISTED =
  /^(process\.(?!thread)\w+|frame\.interface|flow\.id|ip\.(version|src|dst|proto)|(tcp|udp)\.(srcport|dstport))$/;

const IPV4 = 20;
const IPV6 = 40;
const TRANSPORT = 20;
const TCP = 6;
const UDP = 17;

/** A filter over flows. */
export class FlowFilter {
  private readonly matches: PacketFilter;
  private readonly packet = new Packet();
  private readonly metadata = new PacketMetadata();
  private readonly bytes = new Uint8Array(IPV6 + TRANSPORT);

  /** @throws Error with one line for the user */
  constructor(readonly text: string) {
    const filter = compileMetadataFilter(text);
    const other = filter.fields.find((name) => !OF_FLOWS.has(name) && !LISTED.test(name));
    if (other !== undefined)
      throw new Error(`${other} is another for each packet of a flow: -Q on the command line asks packets`);
    this.matches = filter.matches;
    const { packet } = this;
    packet.buffer = this.bytes;
    packet.metadata = this.metadata;
    packet.linkType = LinkType.RAW;
  }

  /** Whether a flow is shown: where packets of one of its directions match. Asked once, until `forgetVerdicts`. */
  shows(traffic: Traffic, place: number): boolean {
    const { verdict } = traffic.flows.columns;
    if (verdict[place] === 0) verdict[place] = this.asks(traffic, place) ? 1 : 2;
    return verdict[place] === 1;
  }

  /** The same, asked anew. */
  asks(traffic: Traffic, place: number): boolean {
    const { columns, links } = traffic.flows;
    const { process, face } = links[place]!;
    this.metadata.process = process.subject;
    this.packet.interface = face.subject;
    const key = columns.key.subarray(place * KEY_WORDS, (place + 1) * KEY_WORDS);
    const local = columns.localFirst[place] === 1;
    return this.matchesOne(key, local, Direction.OUT) || this.matchesOne(key, !local, Direction.IN);
  }

  /** Asks a packet with the flow's headers. */
  private matchesOne(key: Uint32Array, firstIsSource: boolean, direction: Direction): boolean {
    const { packet, bytes } = this;
    this.metadata.direction = direction;
    const version = key[0]! >>> 8;
    const protocol = key[0]! & 0xff;
    const [from, to] = firstIsSource ? [1, 5] : [5, 1];
    const ports = key[9]!;
    bytes.fill(0);
    let transport = 0;
    if (version === 4) {
      bytes[0] = 0x45;
      bytes[9] = protocol;
      write(bytes, 12, key, from, 1);
      write(bytes, 16, key, to, 1);
      transport = IPV4;
    } else if (version === 6) {
      bytes[0] = 0x60;
      bytes[6] = protocol;
      write(bytes, 8, key, from, 4);
      write(bytes, 24, key, to, 4);
      transport = IPV6;
    }
    const length = transport === 0 ? 0 : transport + TRANSPORT;
    packet.capturedLength = packet.length = length;
    if (version === 4) bytes[3] = length;
    else if (version === 6) bytes[5] = TRANSPORT;
    if (length > 0) {
      const ordered = firstIsSource ? ports : ((ports << 16) | (ports >>> 16)) >>> 0;
      bytes.set([ordered >>> 24, ordered >>> 16, ordered >>> 8, ordered], transport);
      if (protocol === TCP) bytes[transport + 12] = 0x50;
      if (protocol === UDP) bytes[transport + 5] = TRANSPORT;
    }
    return this.matches(packet);
  }
}

function write(bytes: Uint8Array, at: number, key: Uint32Array, from: number, words: number): void {
  for (let i = 0; i < words; i++) {
    const word = key[from + i]!;
    bytes.set([word >>> 24, word >>> 16, word >>> 8, word], at + 4 * i);
  }
}

/** Forgets what an earlier filter said of flows. */
export function forgetVerdicts(traffic: Traffic): void {
  traffic.flows.columns.verdict.fill(0);
}
