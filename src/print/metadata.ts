// -k: what is known of a packet besides its bytes, in one pair of parentheses. Source: Apple's tcpdump.

import {
  Direction,
  PACKET_FLAG_WORDS,
  type Packet,
  type Process,
  serviceClassName,
} from '../packet/index.js';
import { APPLE_LETTERS, COLUMN_METADATA, DEFAULT_METADATA } from './options.js';
import type { Printer } from './printer.js';
import {
  commandText,
  containerText,
  formatUuid,
  podText,
  userText,
  writeForeign,
  writeStart,
} from './processtext.js';

/**
 * Writes the parentheses and a space: empty ones for a packet of which nothing asked for is known, as Apple's; nothing at
 * all where the source knows nothing but bytes.
 */
export class MetadataWriter {
  private readonly wants: ReadonlySet<string>;
  /** Drop reason and place are shown with the default letters and with all. */
  private readonly drops: boolean;
  /** Whether any of our own letters is asked for. */
  private readonly own: boolean;

  /** @param letters -k's, DEFAULT_METADATA when none were given */
  constructor(letters: string) {
    this.wants = new Set(letters.includes('A') ? APPLE_LETTERS + letters : letters);
    this.own = [...letters].some((letter) => !APPLE_LETTERS.includes(letter));
    this.drops = letters.includes('A') || letters === DEFAULT_METADATA || letters === COLUMN_METADATA;
  }

  write(p: Printer, packet: Packet): void {
    const metadata = packet.metadata;
    if (metadata === null) return;
    const start = p.pos;
    const wants = this.wants;
    const separate = (): void => p.text(p.pos === start ? '(' : ', ');
    if (wants.has('I') && packet.interface !== null && packet.interface.name !== '') {
      separate();
      writeForeign(p, packet.interface.name);
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
      for (const [flag, word] of PACKET_FLAG_WORDS) {
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
        writeForeign(p, comment);
      }
    }
    if (this.drops && metadata.dropReason !== 0) {
      separate();
      p.text('drop reason ');
      if (metadata.dropReasonName !== '') writeForeign(p, metadata.dropReasonName);
      else {
        p.text('0x');
        p.hex(metadata.dropReason);
      }
      if (metadata.dropFunction !== '') {
        p.char(32);
        writeForeign(p, metadata.dropFunction);
        // Linux tells no line, but how far in.
        if (metadata.dropLine !== 0) {
          p.char(58);
          p.dec(metadata.dropLine);
        }
      }
    }
    if (this.own) this.details(p, packet, separate);
    p.text(p.pos === start ? '() ' : ') ');
  }

  /** What Apple's has no letters for. */
  private details(p: Printer, packet: Packet, separate: () => void): void {
    const { process, threadId } = packet.metadata!;
    const add = (letter: string, word: string, what: () => string | null | undefined): void => {
      const text = this.wants.has(letter) ? (what() ?? '') : '';
      if (text === '') return;
      separate();
      p.text(word);
      writeForeign(p, text);
    };
    if (process !== null) {
      const { parentPid, startTime, netns } = process;
      add('O', 'user ', () => userText(process));
      add('R', 'parent ', () => parentPid?.toString());
      add('X', 'exe ', () => process.path);
      add('L', 'cmd ', () => (process.args === null ? null : commandText(process.args)));
      if (this.wants.has('T') && startTime !== null) {
        separate();
        p.text('start ');
        writeStart(p, startTime);
      }
      add('G', 'cgroup ', () => process.cgroup);
      const container = this.wants.has('K') ? process.container : null;
      if (container !== null) {
        add('K', 'container ', () => containerText(container));
        add('K', 'pod ', () => podText(container));
      }
      add('W', 'netns ', () => netns?.toString());
    }
    add('H', 'thread ', () => (threadId === 0 ? null : String(threadId)));
    add('M', 'host ', () => packet.interface?.host);
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
    if (name) writeForeign(p, process.name);
    if (wants.has('P')) {
      if (wants.has('N')) p.char(58);
      if (pid) p.int(process.pid);
    }
    if (wants.has('U')) {
      if (wants.has('N') || wants.has('P')) p.char(58);
      if (uuid !== null) p.text(formatUuid(uuid));
    }
  }
}
