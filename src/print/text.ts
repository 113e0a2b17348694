// The text output: one packet after the other, as tcpdump prints them.

import { Headers } from '../decode/index.js';
import { MAXIMUM_SNAPSHOT_LENGTH, type Output, type Packet } from '../packet/index.js';
import { follow } from './follow.js';
import { asciiOnly, hexAndAscii, hexOnly } from './hexdump.js';
import { writeInterfaceColumn } from './interfacecolumn.js';
import { linkPrinter } from './link/table.js';
import { MetadataWriter } from './metadata.js';
import { checkPrintOptions } from './optionchecks.js';
import type { PrintOptions } from './options.js';
import { Printer, type ProtocolPrinter, TRUNCATED } from './printer.js';
import { wantsProcessBlock, writeProcessBlock } from './processtext.js';
import { NO_SERVICES, type PrintServices } from './services.js';
import { TimestampWriter } from './timestamp.js';
import type { Sink } from './writer.js';

/** Text kept before it goes to the sink. */
const BLOCK = 64 * 1024;

export class TextOutput implements Output {
  /** Hand the text on after each packet (-l, or a terminal). */
  lineBuffered = false;
  private readonly p: Printer;
  private readonly sink: Sink;
  private readonly timestamps: TimestampWriter;
  private readonly metadata: MetadataWriter | null;
  private readonly block: boolean;
  /** What followed packets are read with. */
  private headers: Headers | null = null;
  private closed = false;
  private count = 0;
  private linkType = -1;
  private print: ProtocolPrinter = printUnsupported;

  /**
   * @param options all of them: defaultPrintOptions has those of a run without any
   * @param sink takes blocks of text; they are valid during the call only
   * @param services what printing asks of the world around it; without them it prints what the bytes say
   * @throws TypeError for an option that is missing, does not exist or cannot be what it is
   */
  constructor(options: PrintOptions, sink: Sink, services: PrintServices = NO_SERVICES) {
    checkPrintOptions(options);
    if (options.espSecret !== null && services.secrets === null)
      throw new TypeError('TextOutput: espSecret needs a service of secrets');
    this.p = new Printer(options, services);
    this.sink = sink;
    this.timestamps = new TimestampWriter(options.timestamp, options.nanoseconds);
    this.metadata = options.metadata === '' ? null : new MetadataWriter(options.metadata);
    this.block = wantsProcessBlock(options);
  }

  /** Counts a packet that is not printed, so that -# goes on counting. */
  skip(): void {
    this.count++;
  }

  packet(packet: Packet): void {
    if (this.closed) this.requireOpen();
    const p = this.p;
    const options = p.options;
    this.count++;
    if (options.number) {
      for (let limit = 10000; limit > 1 && this.count < limit; limit /= 10) p.char(32);
      p.dec(this.count);
      p.text('  ');
    }
    if (options.lengths) {
      p.text('caplen ');
      p.dec(packet.capturedLength);
      p.text(' len ');
      p.dec(packet.length);
      p.char(32);
    }
    const { capturedLength, length } = packet;
    if (invalid(capturedLength, length)) invalidHeader(p, capturedLength, length);
    else this.body(p, packet);
    if (this.block) writeProcessBlock(p, packet);
    p.char(10);
    if (p.pos >= BLOCK || this.lineBuffered) this.flush();
  }

  /** Takes note of a packet that another thread prints: later ones get the text that they would get behind its own. */
  follow(packet: Packet): void {
    const { p } = this;
    const { capturedLength, length } = packet;
    this.count++;
    if (invalid(capturedLength, length)) return;
    const start = p.pos;
    this.timestamps.follow(p, packet.seconds, packet.nanoseconds);
    this.enter(p, packet);
    this.headers ??= new Headers();
    if (!follow(p, this.headers, packet)) this.protocols(p, packet);
    p.pos = start;
  }

  private body(p: Printer, packet: Packet): void {
    const options = p.options;
    this.timestamps.write(p, packet.seconds, packet.nanoseconds);
    if (options.interfaceColumn) writeInterfaceColumn(p, packet);
    if (this.metadata !== null) this.metadata.write(p, packet);
    this.enter(p, packet);
    this.protocols(p, packet);
    if (options.hexAscii + options.hex + options.ascii > 0) this.dump(packet);
  }

  /** Has the printer stand on a packet. */
  private enter(p: Printer, packet: Packet): void {
    p.packetNumber = this.count;
    p.buffer = packet.buffer;
    p.packetStart = packet.offset;
    p.snapEnd = packet.offset + packet.capturedLength;
    p.seconds = packet.seconds;
    p.nanoseconds = packet.nanoseconds;
    p.linkHeaderLength = 0;
    p.depth = 0;
    p.protocol = '';
    p.ipHeader = 0;
    p.ipVersion = 0;
    p.ipFragmented = false;
  }

  /** What the packet's headers say. */
  private protocols(p: Printer, packet: Packet): void {
    if (packet.linkType !== this.linkType) {
      this.linkType = packet.linkType;
      this.print = linkPrinter(packet.linkType) ?? printUnsupported;
    }
    try {
      this.print(p, packet.offset, packet.length);
    } catch (error) {
      if (error !== TRUNCATED) throw error;
      p.truncated();
      // The dump of a packet that was cut shows all of it.
      p.linkHeaderLength = 0;
    }
    p.popAll();
    p.buffer = packet.buffer;
    p.snapEnd = packet.offset + packet.capturedLength;
  }

  private dump(packet: Packet): void {
    const p = this.p;
    const options = p.options;
    const twice =
      options.hexAscii > 0 ? options.hexAscii > 1 : options.hex > 0 ? options.hex > 1 : options.ascii > 1;
    const skipped = twice ? 0 : Math.min(p.linkHeaderLength, packet.capturedLength);
    const offset = packet.offset + skipped;
    const length = packet.capturedLength - skipped;
    if (length === 0) return;
    if (options.hexAscii > 0) hexAndAscii(p, '\n\t', offset, length);
    else if (options.hex > 0) hexOnly(p, '\n\t', offset, length);
    else asciiOnly(p, offset, length);
  }

  /** @throws Error when it is closed */
  private requireOpen(): void {
    if (this.closed) throw new Error('the text output is closed');
  }

  flush(): void {
    this.requireOpen();
    const p = this.p;
    if (p.pos === 0) return;
    const text = p.bytes.subarray(0, p.pos);
    p.pos = 0;
    this.sink(text);
  }

  close(): void {
    if (this.closed) return;
    this.flush();
    this.closed = true;
  }
}

/** A link type without a printer: a dump, and another one when one is asked for anyway. */
function printUnsupported(p: Printer, offset: number): void {
  p.protocol = 'unsupported';
  p.protocolCaps();
  hexAndAscii(p, '\n\t', offset, p.available(offset));
}

/** Whether a record's header makes no sense. */
function invalid(captured: number, length: number): boolean {
  return captured === 0 || length < captured || length > MAXIMUM_SNAPSHOT_LENGTH;
}

/** What is wrong with a record's header, in place of the packet. */
function invalidHeader(p: Printer, captured: number, length: number): void {
  const faults: string[] = [];
  if (captured === 0) faults.push('caplen==0');
  if (length === 0) faults.push('len==0');
  else if (length < captured) faults.push(`len(${length}) < caplen(${captured})`);
  if (captured > MAXIMUM_SNAPSHOT_LENGTH) faults.push(`caplen(${captured}) > ${MAXIMUM_SNAPSHOT_LENGTH}`);
  if (length > MAXIMUM_SNAPSHOT_LENGTH) faults.push(`len(${length}) > ${MAXIMUM_SNAPSHOT_LENGTH}`);
  p.text(`[Invalid header: ${faults.join(', ')}]`);
}
