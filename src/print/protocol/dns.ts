// DNS over UDP and TCP, mDNS, LLMNR. Source: RFC 1035, RFC 6891 (EDNS), RFC 4034 (DNSSEC), RFC 2782 (SRV), RFC 6762 (mDNS).

import type { Printer, Words } from '../printer.js';

const HEADER = 12;
const MAX_NAME = 255;
const MDNS_PORT = 5353;

const OPERATIONS: readonly string[] = [
  '',
  ' inv_q',
  ' stat',
  ' op3',
  ' notify',
  ' update',
  ' op6',
  ' op7',
  ' op8',
  ' updateA',
  ' updateD',
  ' updateDA',
  ' updateM',
  ' updateMA',
  ' zoneInit',
  ' zoneRef',
];

const RESPONSES: Words = {
  0: '',
  1: ' FormErr',
  2: ' ServFail',
  3: ' NXDomain',
  4: ' NotImp',
  5: ' Refused',
  6: ' YXDomain',
  7: ' YXRRSet',
  8: ' NXRRSet',
  9: ' NotAuth',
  10: ' NotZone',
  11: ' Resp11',
  12: ' Resp12',
  13: ' Resp13',
  14: ' Resp14',
  15: ' NoChange',
  16: ' BadVers',
  17: ' Resp17',
  18: ' Resp18',
  19: ' Resp19',
  20: ' Resp20',
  21: ' Resp21',
  22: ' Resp22',
  23: ' BadCookie',
};

const Type = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  HINFO: 13,
  MX: 15,
  TXT: 16,
  RP: 17,
  AFSDB: 18,
  AAAA: 28,
  SRV: 33,
  NAPTR: 35,
  KX: 36,
  A6: 38,
  DNAME: 39,
  OPT: 41,
  TKEY: 249,
  TSIG: 250,
  URI: 256,
} as const;

const TYPES: Words = {
  1: 'A',
  2: 'NS',
  3: 'MD',
  4: 'MF',
  5: 'CNAME',
  6: 'SOA',
  7: 'MB',
  8: 'MG',
  9: 'MR',
  10: 'NULL',
  11: 'WKS',
  12: 'PTR',
  13: 'HINFO',
  14: 'MINFO',
  15: 'MX',
  16: 'TXT',
  17: 'RP',
  18: 'AFSDB',
  19: 'X25',
  20: 'ISDN',
  21: 'RT',
  22: 'NSAP',
  23: 'NSAP_PTR',
  24: 'SIG',
  25: 'KEY',
  26: 'PX',
  27: 'GPOS',
  28: 'AAAA',
  29: 'LOC',
  30: 'NXT',
  31: 'EID',
  32: 'NIMLOC',
  33: 'SRV',
  34: 'ATMA',
  35: 'NAPTR',
  36: 'KX',
  37: 'CERT',
  38: 'A6',
  39: 'DNAME',
  40: 'SINK',
  41: 'OPT',
  42: 'APL',
  43: 'DS',
  44: 'SSHFP',
  45: 'IPSECKEY',
  46: 'RRSIG',
  47: 'NSEC',
  48: 'DNSKEY',
  49: 'DHCID',
  50: 'NSEC3',
  51: 'NSEC3PARAM',
  52: 'TLSA',
  53: 'SMIMEA',
  55: 'HIP',
  56: 'NINFO',
  57: 'RKEY',
  58: 'TALINK',
  59: 'CDS',
  60: 'CDNSKEY',
  61: 'OPENPGPKEY',
  62: 'CSYNC',
  63: 'ZONEMD',
  64: 'SVCB',
  65: 'HTTPS',
  99: 'SPF',
  100: 'UINFO',
  101: 'UID',
  102: 'GID',
  103: 'UNSPEC',
  104: 'NID',
  105: 'L32',
  106: 'L64',
  107: 'LP',
  108: 'EUI48',
  109: 'EUI64',
  249: 'TKEY',
  250: 'TSIG',
  251: 'IXFR',
  252: 'AXFR',
  253: 'MAILB',
  254: 'MAILA',
  255: 'ANY',
  256: 'URI',
  257: 'CAA',
  258: 'AVC',
  32768: 'TA',
  32769: 'DLV',
};

const CLASSES: Words = { 1: 'IN', 3: 'CHAOS', 4: 'HS', 255: 'ANY' };

const OPTIONS: Words = {
  1: 'LLQ',
  2: 'UL',
  3: 'NSID',
  5: 'DAU',
  6: 'DHU',
  7: 'N3U',
  8: 'ECS',
  9: 'EXPIRE',
  10: 'COOKIE',
  11: 'KEEPALIVE',
  12: 'PADDING',
  13: 'CHAIN',
  14: 'KEY-TAG',
  16: 'CLIENT-TAG',
  17: 'SERVER-TAG',
};

/** DNS over TCP: messages with their length in front. */
export function printDnsTcp(p: Printer, offset: number, length: number): void {
  p.protocol = 'domain';
  if (length < 2) {
    p.text(' [prefix length < 2]');
    p.invalid();
    return;
  }
  const size = p.u16(offset);
  let body = length - 2;
  if (size < body) body = size;
  p.char(32);
  printDns(p, offset + 2, body);
  if (size > length - 2) {
    p.text(' [prefix length(');
    p.dec(size);
    p.text(') != length(');
    p.dec(length - 2);
    p.text(')]');
    p.invalid();
  }
}

/** A DNS message. */
export function printDns(p: Printer, offset: number, length: number): void {
  p.protocol = 'domain';
  if (length < HEADER) {
    p.text('domain [length ');
    p.dec(length);
    p.text(' < 12]');
    p.invalid();
    return;
  }
  const mdns = p.sourcePort === MDNS_PORT || p.destinationPort === MDNS_PORT;
  const message = new Message(p, offset, mdns);
  message.print();
  p.text(' (');
  p.dec(length);
  p.char(41);
}

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
    const questions = p.u16(start + 4);
    const answers = p.u16(start + 6);
    const authorities = p.u16(start + 8);
    const additional = p.u16(start + 10);
    const operation = (flags >> 11) & 15;
    p.dec(p.u16(start));
    p.text(OPERATIONS[operation]!);
    if ((flags & 0x8000) !== 0) {
      const code = this.responseCode(flags & 15, questions, answers + authorities, additional);
      p.word(RESPONSES, code, ' Resp%u');
      if ((flags & 0x0400) !== 0) p.char(42);
      if ((flags & 0x0080) === 0) p.char(45);
      if ((flags & 0x0200) !== 0) p.char(124);
      if ((flags & 0x0020) !== 0) p.char(36);
      if (questions !== 1) this.bracket(questions, 'q');
      for (let i = 0; i < questions; i++) {
        if (i > 0) p.char(44);
        if (this.verbose > 1) {
          p.text(' q:');
          this.question();
        } else {
          this.skipName();
          this.at += 4;
        }
      }
      p.char(32);
      p.dec(answers);
      p.char(47);
      p.dec(authorities);
      p.char(47);
      p.dec(additional);
      this.records('', answers);
      if (this.verbose > 1) {
        this.records(' ns:', authorities);
        this.records(' ar:', additional);
      }
      return;
    }
    if ((flags & 0x0100) !== 0) p.char(43);
    if ((flags & 0x0010) !== 0) p.char(37);
    if ((flags & 0x06cf) !== 0) {
      p.text(' [b2&3=0x');
      p.hex(flags);
      p.char(93);
    }
    if (operation === 1) {
      if (questions !== 0) this.bracket(questions, 'q');
      if (answers !== 1) this.bracket(answers, 'a');
    } else {
      if (answers !== 0) this.bracket(answers, 'a');
      if (questions !== 1) this.bracket(questions, 'q');
    }
    if (authorities !== 0) this.bracket(authorities, 'n');
    if (additional !== 0) this.bracket(additional, 'au');
    for (let i = 0; i < questions; i++) {
      if (i > 0) p.char(44);
      this.question();
    }
    if (this.verbose > 1) {
      this.records(' an:', answers);
      this.records(' ns:', authorities);
      this.records(' ar:', additional);
    }
  }

  private bracket(count: number, word: string): void {
    this.p.text(' [');
    this.p.dec(count);
    this.p.text(word);
    this.p.char(93);
  }

  private records(heading: string, count: number): void {
    if (count === 0) return;
    this.p.text(heading);
    for (let i = 0; i < count; i++) {
      if (i > 0) this.p.char(44);
      this.record();
    }
  }

  /** With EDNS the upper bits stand in the OPT record (RFC 6891 6.1.3). */
  private responseCode(low: number, questions: number, before: number, additional: number): number {
    const saved = this.at;
    const p = this.p;
    let code = low;
    try {
      for (let i = 0; i < questions; i++) {
        this.skipName();
        this.at += 4;
      }
      for (let i = 0; i < before + additional; i++) {
        this.skipName();
        if (!p.has(this.at, 10)) break;
        if (i >= before && p.u16(this.at) === Type.OPT) {
          code |= p.u8(this.at + 4) << 4;
          break;
        }
        this.at += 10 + p.u16(this.at + 8);
      }
    } catch {
      // cut: the header's code has to do
    }
    this.at = saved;
    return code;
  }

  private skipName(): void {
    const p = this.p;
    for (;;) {
      const size = p.u8(this.at);
      if (size === 0) {
        this.at++;
        return;
      }
      if ((size & 0xc0) === 0xc0) {
        this.at += 2;
        return;
      }
      if ((size & 0xc0) === 0x40) {
        // a bit-string label (RFC 2673)
        const bits = p.u8(this.at + 1) || 256;
        this.at += 2 + ((bits + 7) >> 3);
      } else this.at += 1 + size;
    }
  }

  private question(): void {
    const p = this.p;
    const name = this.at;
    this.skipName();
    const type = p.u16(this.at);
    let cls = p.u16(this.at + 2);
    const end = this.at + 4;
    p.char(32);
    p.word(TYPES, type, 'Type%u');
    if (this.mdns) {
      p.text((cls & 0x8000) !== 0 ? ' (QU)' : ' (QM)');
      cls &= 0x7fff;
    }
    if (cls !== 1) {
      p.char(32);
      p.word(CLASSES, cls, '(Class %u)');
    }
    p.text('? ');
    this.name(name);
    this.at = end;
  }

  /** Writes a name; `at` stays. @returns where the bytes after it begin */
  private name(from: number): number {
    const p = this.p;
    let at = from;
    let after = -1;
    let lowest = from;
    let written = 0;
    if (p.u8(at) === 0) {
      p.char(46);
      return at + 1;
    }
    for (;;) {
      const size = p.u8(at);
      if (size === 0) return after < 0 ? at + 1 : after;
      if ((size & 0xc0) === 0xc0) {
        const target = this.start + (((size & 0x3f) << 8) | p.u8(at + 1));
        if (after < 0) after = at + 2;
        // A pointer goes back, and farther back than the one before: no loops.
        if (target >= lowest) {
          p.text('<BAD PTR>');
          return after;
        }
        lowest = target;
        at = target;
        if (p.u8(at) === 0 && written === 0) {
          p.char(46);
          return after;
        }
        continue;
      }
      if ((size & 0xc0) === 0x40) {
        at = this.bitLabel(at);
      } else if ((size & 0xc0) === 0x80) {
        p.text('<UNKNOWN LABEL TYPE>');
        return after < 0 ? at + 1 : after;
      } else {
        p.safeBytes(at + 1, size);
        at += 1 + size;
      }
      p.char(46);
      written += 1 + size;
      if (written > MAX_NAME) {
        p.text('<DOMAIN NAME TOO LONG>');
        return after < 0 ? at : after;
      }
    }
  }

  private bitLabel(at: number): number {
    const p = this.p;
    const bits = p.u8(at + 1) || 256;
    const bytes = (bits + 7) >> 3;
    p.text('\\[x');
    for (let i = 0; i < bytes; i++) p.hex0(p.u8(at + 2 + i), 2);
    p.char(47);
    p.dec(bits);
    p.char(93);
    return at + 2 + bytes;
  }

  private record(): void {
    const p = this.p;
    const name = this.at;
    this.skipName();
    if (this.verbose > 0) {
      p.char(32);
      this.name(name);
    }
    const type = p.u16(this.at);
    let cls = p.u16(this.at + 2);
    const extended = this.at + 4;
    const ttl = p.u32(this.at + 4);
    const size = p.u16(this.at + 8);
    const data = this.at + 10;
    if (this.mdns && type !== Type.OPT) {
      if ((cls & 0x8000) !== 0) p.text(' (Cache flush)');
      cls &= 0x7fff;
    }
    if (cls !== 1 && type !== Type.OPT) {
      p.char(32);
      p.word(CLASSES, cls, '(Class %u)');
    }
    if (type !== Type.OPT && this.verbose > 2) {
      p.text(' [');
      p.relativeTime(ttl);
      p.char(93);
    }
    p.char(32);
    p.word(TYPES, type, 'Type%u');
    this.data(type, cls, data, size, extended);
    this.at = data + size;
  }

  private data(type: number, cls: number, at: number, size: number, extended: number): void {
    const p = this.p;
    const end = at + size;
    switch (type) {
      case Type.A:
        if (size === 4) {
          p.char(32);
          p.ipv4Number(at);
        } else p.need(at, size);
        return;
      case Type.AAAA:
        p.char(32);
        p.ipv6Number(at);
        return;
      case Type.NS:
      case Type.CNAME:
      case Type.PTR:
      case Type.DNAME:
        p.char(32);
        this.name(at);
        return;
      case Type.SOA: {
        if (this.verbose === 0) {
          p.need(at, size);
          return;
        }
        p.char(32);
        let next = this.name(at);
        p.char(32);
        next = this.name(next);
        for (let i = 0; i < 5; i++) {
          p.char(32);
          p.dec(p.u32(next + 4 * i));
        }
        return;
      }
      case Type.MX:
      case Type.AFSDB:
      case Type.KX:
        p.char(32);
        p.need(at, 2);
        this.name(at + 2);
        p.char(32);
        p.dec(p.u16(at));
        return;
      case Type.TXT:
      case Type.HINFO:
      case 99:
        this.strings(at, end);
        return;
      case Type.SRV:
        p.char(32);
        p.need(at, 6);
        this.name(at + 6);
        p.char(58);
        p.dec(p.u16(at + 4));
        p.char(32);
        p.dec(p.u16(at));
        p.char(32);
        p.dec(p.u16(at + 2));
        return;
      case Type.URI:
        p.char(32);
        p.dec(p.u16(at));
        p.char(32);
        p.dec(p.u16(at + 2));
        p.text(' "');
        p.safeBytes(at + 4, Math.max(0, size - 4));
        p.char(34);
        return;
      case Type.RP: {
        p.char(32);
        const next = this.name(at);
        p.char(32);
        this.name(next);
        return;
      }
      case Type.NAPTR: {
        p.char(32);
        p.dec(p.u16(at));
        p.char(32);
        p.dec(p.u16(at + 2));
        let next = at + 4;
        for (let i = 0; i < 3; i++) next = this.string(next);
        p.char(32);
        this.name(next);
        return;
      }
      case Type.OPT:
        this.options(cls, at, end, extended);
        return;
      case Type.TKEY:
        if (this.verbose === 0) return;
        p.char(32);
        this.name(at);
        return;
      case Type.TSIG: {
        if (this.verbose === 0) return;
        p.char(32);
        let next = this.name(at);
        p.text(' fudge=');
        p.dec(p.u16(next + 6));
        const mac = p.u16(next + 8);
        p.text(' maclen=');
        p.dec(mac);
        next += 10 + mac;
        p.text(' origid=');
        p.dec(p.u16(next));
        p.text(' error=');
        p.dec(p.u16(next + 2));
        p.text(' otherlen=');
        p.dec(p.u16(next + 4));
        return;
      }
      default:
        p.need(at, size);
    }
  }

  private string(at: number): number {
    const p = this.p;
    const size = p.u8(at);
    p.text(' "');
    p.safeBytes(at + 1, size);
    p.char(34);
    return at + 1 + size;
  }

  private strings(at: number, end: number): void {
    while (at < end && at < this.p.snapEnd) at = this.string(at);
  }

  private options(udpSize: number, at: number, end: number, extended: number): void {
    const p = this.p;
    p.text(' UDPsize=');
    p.dec(udpSize);
    if ((p.u16(extended + 2) & 0x8000) !== 0) p.text(' DO');
    if (at >= end) return;
    p.text(' [');
    while (at < end) {
      const code = p.u16(at);
      const size = p.u16(at + 2);
      p.word(OPTIONS, code, 'Opt%u');
      at += 4;
      if (size > 0 && code !== 12) {
        p.char(32);
        for (let i = 0; i < size; i++) p.hex0(p.u8(at + i), 2);
      }
      at += size;
      if (at < end) p.char(44);
    }
    p.char(93);
  }
}
