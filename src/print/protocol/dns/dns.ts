// DNS over UDP and TCP, mDNS, LLMNR. Source: RFC 1035, RFC 6891 (EDNS), RFC 6762 (mDNS), RFC 8945 (TSIG).

import { completes, OVERRUN } from '../../endings.js';
import { captured, wordOf } from '../../inline.js';
import type { Printer } from '../../printer.js';
import { availableBytes, dnsNameEnd, printDnsName } from './name.js';
import { CLASSES, OPERATIONS, RESPONSES, TYPES } from './numbers.js';
import { ednsOptions } from './options.js';

const HEADER = 12;
const PORT = 53;
const MDNS_PORT = 5353;
/** A record behind its name: type, class, time to live, length. */
const RECORD = 10;
/** mDNS: the class's upper bit asks for an answer to one, or says older records are void. */
const MDNS_BIT = 0x8000;
const INVERSE_QUERY = 1;

const Type = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  A6: 38,
  DNAME: 39,
  OPT: 41,
  TSIG: 250,
  URI: 256,
} as const;

/** DNS over TCP: one message with its length in front. */
export function printDnsTcp(p: Printer, offset: number, length: number): void {
  p.protocol = 'domain';
  if (length < 2) {
    p.text(` [DNS over TCP: length ${length} < 2]`);
    p.invalid();
    return;
  }
  const prefix = p.u16(offset);
  if (prefix !== length - 2) {
    p.text(` [prefix length(${prefix}) != length(${length - 2})]`);
    p.invalid();
    return;
  }
  p.char(32);
  printDns(p, offset + 2, length - 2);
}

/** A DNS message. */
export function printDns(p: Printer, offset: number, length: number): void {
  p.protocol = 'domain';
  if (length < HEADER) {
    p.text(`domain [length ${length} < ${HEADER}]`);
    p.invalid();
    return;
  }
  if (!p.has(offset, HEADER)) {
    p.truncated();
    return;
  }
  const { sourcePort: from, destinationPort: to } = p;
  // -T domain is plain DNS, whatever the ports.
  const mdns =
    p.options.packetType === null && (from === MDNS_PORT || to === MDNS_PORT) && from !== PORT && to !== PORT;
  const message = new Message(p, offset, mdns);
  if (completes(() => message.print())) p.text(` (${length})`);
  else p.truncated();
}

/** The walk through one message; OVERRUN where it is cut or broken. */
class Message {
  private at: number;
  private readonly verbose: number;

  constructor(
    private readonly p: Printer,
    private readonly start: number,
    private readonly mdns: boolean,
  ) {
    this.at = start + HEADER;
    this.verbose = p.options.verbose;
  }

  print(): void {
    const { p, start } = this;
    const flags = p.u16(start + 2);
    p.dec(p.u16(start));
    if ((flags & 0x8000) !== 0) this.response(flags);
    else this.request(flags);
  }

  private response(flags: number): void {
    const { p, start } = this;
    const questions = p.u16(start + 4);
    const answers = p.u16(start + 6);
    const authorities = p.u16(start + 8);
    const additional = p.u16(start + 10);
    const code = this.responseCode(flags & 15, questions, answers + authorities, additional);
    p.text(OPERATIONS[(flags >> 11) & 15]!);
    p.text(RESPONSES[code] ?? ` Resp${code}`);
    if ((flags & 0x0400) !== 0) p.char(42);
    if ((flags & 0x0080) === 0) p.char(45);
    if ((flags & 0x0200) !== 0) p.char(124);
    if ((flags & 0x0020) !== 0) p.char(36);
    if (questions !== 1) p.text(` [${questions}q]`);
    for (let i = 0; i < questions; i++) {
      if (i > 0) p.char(44);
      if (this.verbose > 1) {
        p.text(' q:');
        this.question();
      } else this.at = this.nameEnd() + 4;
    }
    p.text(` ${answers}/${authorities}/${additional}`);
    this.records('', answers);
    if (this.verbose < 2) return;
    this.records(' ns:', authorities);
    this.records(' ar:', additional);
  }

  private request(flags: number): void {
    const { p, start } = this;
    const operation = (flags >> 11) & 15;
    const questions = p.u16(start + 4);
    const answers = p.u16(start + 6);
    const authorities = p.u16(start + 8);
    const additional = p.u16(start + 10);
    p.text(OPERATIONS[operation]!);
    if ((flags & 0x0100) !== 0) p.char(43);
    if ((flags & 0x0010) !== 0) p.char(37);
    if ((flags & 0x06cf) !== 0) p.text(` [b2&3=0x${flags.toString(16)}]`);
    if (operation === INVERSE_QUERY) {
      if (questions !== 0) p.text(` [${questions}q]`);
      if (answers !== 1) p.text(` [${answers}a]`);
    } else {
      if (answers !== 0) p.text(` [${answers}a]`);
      if (questions !== 1) p.text(` [${questions}q]`);
    }
    if (authorities !== 0) p.text(` [${authorities}n]`);
    if (additional !== 0) p.text(` [${additional}au]`);
    for (let i = 0; i < questions; i++) {
      if (i > 0 && this.at >= p.snapEnd) throw OVERRUN;
      this.question();
    }
    if (this.verbose < 2) return;
    this.records('', answers);
    this.records(' ns:', authorities);
    this.records(' ar:', additional);
  }

  /** The records of a section behind its heading; one without a heading is read even where nothing is left. */
  private records(heading: string, count: number): void {
    const { p } = this;
    for (let i = 0; i < count; i++) {
      if (this.at >= p.snapEnd && (i > 0 || heading !== '')) throw OVERRUN;
      if (i > 0) p.char(44);
      else p.text(heading);
      this.record();
    }
  }

  /** Where the name ends that is next. */
  private nameEnd(): number {
    const end = dnsNameEnd(this.p, this.at);
    if (end === null) throw OVERRUN;
    return end;
  }

  /** With EDNS the upper bits stand in the OPT record (RFC 6891 6.1.3). */
  private responseCode(low: number, questions: number, before: number, additional: number): number {
    const { p } = this;
    let at = this.at;
    for (let i = 0; i < questions; i++) {
      const end = dnsNameEnd(p, at);
      if (end === null || end + 4 >= p.snapEnd) return low;
      at = end + 4;
    }
    for (let i = 0; i < before + additional; i++) {
      const end = dnsNameEnd(p, at);
      if (end === null) return low;
      if (i >= before && p.has(end, 5) && p.u16(end) === Type.OPT) return low | (p.u8(end + 4) << 4);
      if (!p.has(end, RECORD)) return low;
      at = end + RECORD + p.u16(end + 8);
      if (at >= p.snapEnd) return low;
    }
    return low;
  }

  private question(): void {
    const { p } = this;
    const name = this.at;
    const at = this.nameEnd();
    if (!p.has(at, 4)) throw OVERRUN;
    const cls = p.u16(at + 2);
    p.char(32);
    p.text(wordOf(TYPES, p.u16(at), 'Type%u'));
    this.className(cls);
    if (this.mdns) p.text((cls & MDNS_BIT) !== 0 ? ' (QU)' : ' (QM)');
    p.text('? ');
    this.at = printDnsName(p, name, this.start) + 4;
  }

  /** The class, where it is not the Internet's. */
  private className(field: number): void {
    const cls = this.mdns ? field & ~MDNS_BIT : field;
    if (cls !== 1) this.p.text(` ${wordOf(CLASSES, cls, '(Class %u)')}`);
  }

  private record(): void {
    const { p } = this;
    if (this.verbose > 0) p.char(32);
    const at = this.verbose > 0 ? printDnsName(p, this.at, this.start) : dnsNameEnd(p, this.at);
    if (at === null || !p.has(at, RECORD)) {
      this.at = p.snapEnd;
      return;
    }
    const type = p.u16(at);
    const cls = p.u16(at + 2);
    if (type !== Type.OPT) this.className(cls);
    if (this.mdns && (cls & MDNS_BIT) !== 0) p.text(' (Cache flush)');
    if (type !== Type.OPT && this.verbose > 2) {
      p.text(' [');
      p.relativeTime(p.u32(at + 4));
      p.char(93);
    }
    p.char(32);
    p.text(wordOf(TYPES, type, 'Type%u'));
    const size = p.u16(at + 8);
    const data = at + RECORD;
    if (!p.has(data, size)) throw OVERRUN;
    this.data(type, at, data, size);
    this.at = data + size;
  }

  /** A record's data; `record`: where its type stands. */
  private data(type: number, record: number, at: number, size: number): void {
    const { p } = this;
    switch (type) {
      case Type.A:
        if (!p.has(at, 4)) throw OVERRUN;
        p.char(32);
        p.ipv4Number(at);
        return;
      case Type.AAAA:
        if (!p.has(at, 16)) throw OVERRUN;
        p.char(32);
        p.ipv6Number(at);
        return;
      case Type.NS:
      case Type.CNAME:
      case Type.PTR:
      case Type.DNAME:
        this.name(at);
        return;
      case Type.SOA:
        if (this.verbose > 0) this.authority(at);
        return;
      case Type.MX:
        if (!p.has(at, 2)) throw OVERRUN;
        this.name(at + 2);
        p.text(` ${p.u16(at)}`);
        return;
      case Type.TXT:
        this.strings(at, at + size);
        return;
      case Type.SRV:
        if (!p.has(at, 6)) throw OVERRUN;
        this.name(at + 6);
        p.text(`:${p.u16(at + 4)} ${p.u16(at)} ${p.u16(at + 2)}`);
        return;
      case Type.A6:
        this.address6(at);
        return;
      case Type.URI:
        if (size < 4) p.text(` len ${size} is too short (< 4)`);
        else {
          p.text(` ${p.u16(at)} ${p.u16(at + 2)} `);
          p.safeBytes(at + 4, size - 4);
        }
        return;
      case Type.OPT: {
        const cls = p.u16(record + 2);
        p.text(` UDPsize=${this.mdns ? cls & ~MDNS_BIT : cls}`);
        if ((p.u16(record + 6) & 0x8000) !== 0) p.text(' DO');
        if (size > 0) ednsOptions(p, at, at + size);
        return;
      }
      case Type.TSIG:
        if (this.verbose > 0) this.signature(at);
    }
  }

  /** A space and the name at `at`. */
  private name(at: number): number {
    this.p.char(32);
    return printDnsName(this.p, at, this.start);
  }

  private authority(at: number): void {
    const { p } = this;
    const numbers = this.name(this.name(at));
    if (!p.has(numbers, 20)) throw OVERRUN;
    for (let i = 0; i < 20; i += 4) p.text(` ${p.u32(numbers + i)}`);
  }

  /** Character strings, each in quotes. */
  private strings(at: number, end: number): void {
    const { p } = this;
    while (at < end) {
      p.text(' "');
      if (!p.has(at, 1)) throw OVERRUN;
      const size = p.u8(at);
      availableBytes(p, at + 1, size);
      p.char(34);
      at += 1 + size;
    }
  }

  /** A part of an IPv6 address, and the name of what has the rest (RFC 2874). */
  private address6(at: number): void {
    const { p } = this;
    if (!p.has(at, 1)) throw OVERRUN;
    const bits = p.u8(at);
    const bytes = bits >> 3;
    if (bits > 128) {
      p.text(` ${bits}(bad plen)`);
      return;
    }
    if (bits < 128) {
      const address = new Uint8Array(16);
      address.set(p.view(at + 1, 16 - bytes), bytes);
      p.pushBuffer(address);
      const text = captured(p, () => p.ipv6Number(0));
      p.pop();
      p.text(` ${bits} ${text}`);
    }
    if (bits > 0) this.name(at + 17 - bytes);
  }

  private signature(at: number): void {
    const { p } = this;
    let next = this.name(at) + 6;
    for (const word of ['fudge', 'maclen', 'origid', 'error', 'otherlen']) {
      if (!p.has(next, 2)) throw OVERRUN;
      const value = p.u16(next);
      p.text(` ${word}=${value}`);
      next += word === 'maclen' ? 2 + value : 2;
    }
  }
}
