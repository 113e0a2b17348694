// -k: what is known of a packet besides its bytes, in one pair of parentheses. Source: Apple's tcpdump.

import { Direction, type Packet, PacketFlag, type Process, serviceClassName } from '../packet/index.js';
import type { Printer } from './printer.js';

/** Letters -k takes. */
export const METADATA_LETTERS = 'INPUSDCFftdcVA';
/** What -k without letters means. */
export const DEFAULT_METADATA = 'INPSDCF';

const FLAGS: readonly (readonly [number, string])[] = [
  [PacketFlag.NEW_FLOW, 'nf'],
  [PacketFlag.KEEP_ALIVE, 'ka'],
  [PacketFlag.RETRANSMISSION, 're'],
  [PacketFlag.SOCKET, 'so'],
  [PacketFlag.NEXUS_CHANNEL, 'ch'],
  [PacketFlag.WAKE, 'wk'],
];

const UUID_GROUPS = [4, 2, 2, 2, 6] as const;

/** @returns the text of a UUID, 16 bytes */
export function formatUuid(uuid: Uint8Array): string {
  const hex = Buffer.from(uuid).toString('hex');
  let at = 0;
  return UUID_GROUPS.map((bytes) => {
    const group = hex.slice(at, at + bytes * 2);
    at += bytes * 2;
    return group;
  }).join('-');
}

/** Writes the parentheses and a space; nothing for a packet of which nothing asked for is known. */
export class MetadataWriter {
  private readonly wants: ReadonlySet<string>;
  /** Drop reason and place are shown with the default letters and with all. */
  private readonly drops: boolean;

  /** @param letters -k's, DEFAULT_METADATA when none were given */
  constructor(letters: string) {
    this.wants = new Set(letters.includes('A') ? METADATA_LETTERS : letters);
    this.drops = letters.includes('A') || letters === DEFAULT_METADATA;
  }

  write(p: Printer, packet: Packet): void {
    const metadata = packet.metadata;
    if (metadata === null) return;
    const start = p.pos;
    const wants = this.wants;
    const separate = (): void => p.text(p.pos === start ? '(' : ', ');
    if (wants.has('I') && packet.interface !== null && packet.interface.name !== '') {
      separate();
      this.name(p, packet.interface.name);
    }
    this.process(p, 'proc ', metadata.process, separate);
    this.process(p, 'eproc ', metadata.effectiveProcess, separate);
    if (wants.has('S') && metadata.serviceClass !== -1) {
      separate();
      p.text('svc ');
      p.text(serviceClassName(metadata.serviceClass));
    }
    if (wants.has('D') && metadata.direction !== Direction.UNKNOWN) {
      separate();
      p.text(metadata.direction === Direction.IN ? 'in' : 'out');
    }
    if (wants.has('F') && metadata.flags !== 0) {
      for (const [flag, word] of FLAGS) {
        if ((metadata.flags & flag) === 0) continue;
        separate();
        p.text(word);
      }
    }
    this.number(p, 'f', 'flowid 0x', metadata.flowId, separate);
    this.number(p, 't', 'ttag 0x', metadata.traceTag, separate);
    if (wants.has('d')) {
      separate();
      p.text('dlt 0x');
      p.hex(packet.linkType);
    }
    this.number(p, 'c', 'cmpgc 0x', metadata.compressionGeneration, separate);
    if (wants.has('C') && packet.comments !== null) {
      for (const comment of packet.comments) {
        separate();
        this.name(p, comment);
      }
    }
    if (this.drops && metadata.dropReason !== 0) {
      separate();
      p.text('drop reason ');
      if (metadata.dropReasonName !== '') this.name(p, metadata.dropReasonName);
      else {
        p.text('0x');
        p.hex(metadata.dropReason);
      }
      if (metadata.dropFunction !== '') {
        p.char(32);
        this.name(p, metadata.dropFunction);
        // Linux tells no line, but how far in.
        if (metadata.dropLine !== 0) {
          p.char(58);
          p.dec(metadata.dropLine);
        }
      }
    }
    if (p.pos !== start) p.text(') ');
  }

  private number(p: Printer, letter: string, word: string, value: number, separate: () => void): void {
    if (!this.wants.has(letter) || value === 0) return;
    separate();
    p.text(word);
    p.hex(value);
  }

  private process(p: Printer, word: string, process: Process | null, separate: () => void): void {
    if (process === null) return;
    const wants = this.wants;
    const name = wants.has('N') && process.name !== '';
    const pid = wants.has('P') && process.pid !== -1;
    const uuid = wants.has('U') ? process.uuid : null;
    if (!name && !pid && uuid === null) return;
    separate();
    p.text(word);
    if (name) this.name(p, process.name);
    if (wants.has('P')) {
      if (wants.has('N')) p.char(58);
      if (pid) p.dec(process.pid);
    }
    if (wants.has('U')) {
      if (wants.has('N') || wants.has('P')) p.char(58);
      if (uuid !== null) p.text(formatUuid(uuid));
    }
  }

  /** A name from elsewhere: UTF-8, without what a terminal would obey. */
  private name(p: Printer, s: string): void {
    if (/^[\x20-\x7e]*$/.test(s)) {
      p.text(s);
      return;
    }
    for (const character of s) {
      const code = character.codePointAt(0)!;
      if (code < 0x20 || code === 0x7f) p.safeChar(code);
      else if (code >= 0x80 && code < 0xa0) p.text(`\\x${code.toString(16)}`);
      else p.utf8(character);
    }
  }
}
