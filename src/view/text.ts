// The text of packets that are looked at: a line of each, and all of one.

import { Direction, type Packet, visible } from '../packet/index.js';
import type { PrintOptions, PrintServices, TextOutput } from '../print/index.js';

/** What the print room lends: loaded with its printers by whoever shows packets. */
export interface Printing {
  readonly TextOutput: typeof TextOutput;
  readonly linePrinter: (options: PrintOptions, services?: PrintServices) => (packet: Packet) => string;
  readonly defaultPrintOptions: () => PrintOptions;
}

/** Prints packets by themselves: one says the same whichever were printed before. */
export class PacketText {
  private readonly decoder = new TextDecoder();
  private readonly one: (packet: Packet) => string;

  constructor(
    private readonly printing: Printing,
    private readonly services?: PrintServices,
  ) {
    this.one = printing.linePrinter(this.options(), services);
  }

  private options(): PrintOptions {
    return { ...this.printing.defaultPrintOptions(), numeric: true, absoluteSequence: true, metadata: '' };
  }

  line(packet: Packet): string {
    return this.one(packet);
  }

  /** As -e -vv prints it. */
  whole(packet: Packet): string {
    let text = '';
    const { TextOutput } = this.printing;
    const options = { ...this.options(), verbose: 2, linkHeader: true, timestamp: 4 };
    const output = new TextOutput(
      options,
      (bytes) => {
        text += this.decoder.decode(bytes, { stream: true });
      },
      this.services,
    );
    output.packet(packet);
    output.close();
    return (text + this.decoder.decode()).trimEnd();
  }
}

const ROW = 16;

/** Bytes as offset, hexadecimal and characters. */
export function hexDump(bytes: Uint8Array): string {
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += ROW) {
    const row = bytes.subarray(at, at + ROW);
    const hex = Array.from(row, (byte, i) => byte.toString(16).padStart(2, '0') + (i === 7 ? ' ' : ''));
    const characters = Array.from(row, (byte) =>
      byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.',
    );
    rows.push(`${at.toString(16).padStart(5, '0')}  ${hex.join(' ').padEnd(49)}  ${characters.join('')}`);
  }
  return rows.join('\n');
}

export function directionWord(direction: Direction | undefined): 'in' | 'out' | '' {
  if (direction === Direction.IN) return 'in';
  return direction === Direction.OUT ? 'out' : '';
}

/** What is known of a packet besides its bytes, by names. */
export function packetFacts(packet: Packet): [name: string, value: string][] {
  const { metadata } = packet;
  const facts: [string, string | number | null | undefined][] = [
    ['interface', packet.interface?.name],
    ['direction', directionWord(metadata?.direction)],
    ['length', packet.length],
    ['captured', packet.capturedLength],
  ];
  const process = metadata?.process ?? null;
  if (process !== null) {
    facts.push(
      ['process', process.name],
      ['process ID', process.pid],
      ['parent', process.parentPid],
      ['user', process.user ?? process.uid],
      ['executable', process.path],
      ['command line', process.args?.join(' ')],
      ['container', process.container === null ? null : containerText(process.container)],
      ['cgroup', process.cgroup],
      ['network namespace', process.netns],
    );
  }
  if (metadata !== null && metadata.dropReason !== 0)
    facts.push(
      ['dropped', metadata.dropReasonName || metadata.dropReason],
      ['dropped in', metadata.dropFunction],
    );
  return facts
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => [name, visible(`${value}`)]);
}

export function containerText({
  name,
  id,
  runtime,
}: {
  readonly name: string | null;
  readonly id: string;
  readonly runtime: string;
}): string {
  return `${runtime}:${name ?? id.slice(0, 12)}`;
}
