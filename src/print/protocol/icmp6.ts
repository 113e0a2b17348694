// ICMPv6: errors, echo, neighbour discovery, multicast listeners. Source: RFC 4443, RFC 4861, RFC 2710, RFC 3810, RFC 8335.

import { shouldBe, transportChecksum } from '../checksum.js';
import { hexOnly } from '../hexdump.js';
import type { Bits, Printer, Words } from '../printer.js';
import { extendedReply } from './extendedecho.js';

const PROTOCOL = 58;

const TYPES: Words = {
  1: 'destination unreachable',
  2: 'packet too big',
  3: 'time exceeded',
  4: 'parameter problem',
  128: 'echo request',
  129: 'echo reply',
  130: 'multicast listener query',
  131: 'multicast listener report',
  132: 'multicast listener done',
  133: 'router solicitation',
  134: 'router advertisement',
  135: 'neighbor solicitation',
  136: 'neighbor advertisement',
  137: 'redirect',
  138: 'router renumbering',
  139: 'node information query',
  140: 'node information reply',
  141: 'inverse neighbor solicitation',
  142: 'inverse neighbor advertisement',
  143: 'multicast listener report v2',
  144: 'dhaad request',
  145: 'dhaad reply',
  146: 'mobile router solicitation',
  147: 'mobile router advertisement',
  155: '802.15.4 RPL',
  160: 'extended echo request',
  161: 'extended echo reply',
};

/** With -v these have their length before their options. */
const LENGTH_FIRST = new Set([133, 134, 135, 136, 137, 145, 147]);

const UNREACHABLE: Words = {
  0: 'unreachable route',
  1: 'unreachable prohibited',
  2: 'beyond scope',
  3: 'unreachable address',
  4: 'unreachable port',
};

const ADVERTISEMENT_FLAGS: Bits = [
  [0x80, 'managed'],
  [0x40, 'other stateful'],
  [0x20, 'home agent'],
];
const PREFERENCES: readonly string[] = ['medium', 'high', 'rsv', 'low'];
const NEIGHBOUR_FLAGS: Bits = [
  [0x80, 'router'],
  [0x40, 'solicited'],
  [0x20, 'override'],
];
const PREFIX_FLAGS: Bits = [
  [0x80, 'onlink'],
  [0x40, 'auto'],
  [0x20, 'router'],
];
const OPTIONS: Words = {
  1: 'source link-address',
  2: 'destination link-address',
  3: 'prefix info',
  4: 'redirected header',
  5: 'mtu',
  7: 'advertisement interval',
  8: 'homeagent information',
  24: 'route info',
  25: 'rdnss',
  31: 'dnssl',
};
const LISTENER_RECORDS: Words = {
  1: 'is_in',
  2: 'is_ex',
  3: 'to_in',
  4: 'to_ex',
  5: 'allow',
  6: 'block',
};
/** An ICMPv6 message, `length` bytes by the IP header. */
export function printIcmp6(p: Printer, offset: number, length: number): void {
  p.protocol = 'icmp6';
  const verbose = p.options.verbose > 0;
  const type = p.u8(offset);
  const code = p.u8(offset + 1);
  if (verbose && !p.options.noChecksums && !p.ipFragmented && p.has(offset, length)) {
    const sum = transportChecksum(p, offset, length, PROTOCOL);
    if (sum === 0) p.text('[icmp6 sum ok] ');
    else {
      const field = p.u16(offset + 2);
      p.text('[bad icmp6 cksum 0x');
      p.hex0(field, 4);
      p.text(' -> 0x');
      p.hex0(shouldBe(field, sum), 4);
      p.text('!] ');
    }
  }
  p.text('ICMP6, ');
  p.word(TYPES, type, 'unknown icmp6 type (%u)');
  if (verbose && LENGTH_FIRST.has(type)) {
    p.text(', length ');
    p.dec(length);
  }
  switch (type) {
    case 1:
      p.text(', ');
      unreachable(p, offset, code);
      break;
    case 2:
      p.text(', mtu ');
      p.dec(p.u32(offset + 4));
      break;
    case 3:
      if (code === 0) {
        p.text(' for ');
        p.ipv6(offset + 32);
      } else if (code === 1) p.text(' (reassembly)');
      else p.text(`, unknown code (${code})`);
      break;
    case 4:
      parameterProblem(p, offset, code);
      break;
    case 128:
    case 129:
      p.text(', id ');
      p.dec(p.u16(offset + 4));
      p.text(', seq ');
      p.dec(p.u16(offset + 6));
      break;
    case 130:
      if (length >= 28) listenerQueryV2(p, offset, length);
      else listener(p, offset);
      break;
    case 131:
    case 132:
      listener(p, offset);
      break;
    case 143:
      listenerReportV2(p, offset, length);
      break;
    case 133:
      if (verbose) options(p, offset + 8, length - 8);
      break;
    case 134:
      if (verbose) routerAdvertisement(p, offset, length);
      break;
    case 135:
      p.text(', who has ');
      p.ipv6(offset + 8);
      if (verbose) options(p, offset + 24, length - 24);
      break;
    case 136:
      p.text(', tgt is ');
      p.ipv6(offset + 8);
      if (verbose) {
        const flags = p.u8(offset + 4);
        p.text(', Flags [');
        p.bits(NEIGHBOUR_FLAGS, flags, 'none');
        p.char(93);
        options(p, offset + 24, length - 24);
      }
      break;
    case 137:
      p.text(', ');
      p.ipv6(offset + 24);
      p.text(' to ');
      p.ipv6(offset + 8);
      if (verbose) options(p, offset + 40, length - 40);
      break;
    case 160:
      p.text(', id ');
      p.dec(p.u16(offset + 4));
      p.text(', seq ');
      p.dec(p.u8(offset + 6));
      if (verbose) p.text((p.u8(offset + 7) & 1) !== 0 ? ', local' : ', remote');
      break;
    case 161:
      p.text(', id ');
      p.dec(p.u16(offset + 4));
      p.text(', seq ');
      p.dec(p.u8(offset + 6));
      if (verbose) extendedReply(p, offset, code);
      break;
    default:
      break;
  }
  if (!verbose) {
    p.text(', length ');
    p.dec(length);
  }
}

function unreachable(p: Printer, offset: number, code: number): void {
  p.word(UNREACHABLE, code, 'unknown unreach code (%u)');
  const quoted = offset + 8;
  if (code === 4) {
    const protocol = p.u8(quoted + 6);
    const ports = quoted + 40;
    p.text(', ');
    p.ipv6(quoted + 24);
    if (protocol === 6 || protocol === 17) {
      p.text(protocol === 6 ? ' tcp port ' : ' udp port ');
      if (protocol === 6) p.tcpPort(p.u16(ports + 2));
      else p.udpPort(p.u16(ports + 2));
    } else {
      p.text(' protocol ');
      p.dec(protocol);
      p.text(' port ');
      p.dec(p.u16(ports + 2));
      p.text(' unreachable');
    }
    return;
  }
  p.char(32);
  p.ipv6(quoted + 24);
}

function parameterProblem(p: Printer, offset: number, code: number): void {
  switch (code) {
    case 0:
      p.text(', erroneous - octet ');
      break;
    case 1:
      p.text(', next header - octet ');
      break;
    case 2:
      p.text(', option - octet ');
      break;
    case 3:
      p.text(', incomplete header chain - octet ');
      break;
    default:
      p.text(`, code-#${code}`);
      return;
  }
  p.dec(p.u32(offset + 4));
}

function listener(p: Printer, offset: number): void {
  p.text('max resp delay: ');
  p.dec(p.u16(offset + 4));
  p.text(' addr: ');
  p.ipv6(offset + 8);
}

function listenerQueryV2(p: Printer, offset: number, length: number): void {
  p.text(' v2');
  const sources = p.u16(offset + 26);
  if (p.options.verbose > 0) {
    const code = p.u16(offset + 4);
    p.text(' [max resp delay=');
    p.dec(code < 32768 ? code : ((code & 0xfff) | 0x1000) << (((code >> 12) & 7) + 3));
    p.char(93);
    const byte = p.u8(offset + 24);
    if ((byte & 8) !== 0) p.text(' sflag');
    if ((byte & 7) !== 0) {
      p.text(' robustness=');
      p.dec(byte & 7);
    }
    const interval = p.u8(offset + 25);
    p.text(' qqi=');
    p.dec(interval < 128 ? interval : ((interval & 15) | 16) << (((interval >> 4) & 7) + 3));
  }
  p.text(' [gaddr ');
  p.ipv6(offset + 8);
  if (sources > 0) {
    if (length < 28 + 16 * sources) {
      p.text(' [invalid number of sources ');
      p.dec(sources);
    } else if (p.options.verbose > 1) {
      p.text(' {');
      for (let i = 0; i < sources; i++) {
        if (i > 0) p.char(32);
        p.ipv6(offset + 28 + 16 * i);
      }
      p.text(' }');
    } else {
      p.text(', ');
      p.dec(sources);
      p.text(' source(s)');
    }
  }
  p.char(93);
}

function listenerReportV2(p: Printer, offset: number, length: number): void {
  const count = p.u16(offset + 6);
  p.text(', ');
  p.dec(count);
  p.text(' group record(s)');
  if (p.options.verbose === 0) return;
  let at = offset + 8;
  const end = offset + length;
  for (let i = 0; i < count; i++) {
    if (end < at + 20) {
      p.text(' [invalid number of groups]');
      return;
    }
    p.text(' [gaddr ');
    p.ipv6(at + 4);
    p.char(32);
    p.word(LISTENER_RECORDS, p.u8(at), ' [v2-report-#%u]');
    const sources = p.u16(at + 2);
    if (end < at + 20 + 16 * sources) {
      p.text(' [invalid number of sources ');
      p.dec(sources);
      p.char(93);
      return;
    }
    if (p.options.verbose > 1) {
      p.text(' {');
      for (let j = 0; j < sources; j++) {
        p.char(32);
        p.ipv6(at + 20 + 16 * j);
      }
      p.text(' }');
    } else {
      p.text(', ');
      p.dec(sources);
      p.text(' source(s)');
    }
    p.char(93);
    at += 20 + 16 * sources;
  }
}

function routerAdvertisement(p: Printer, offset: number, length: number): void {
  p.text('\n\thop limit ');
  p.dec(p.u8(offset + 4));
  const flags = p.u8(offset + 5);
  p.text(', Flags [');
  p.bits(ADVERTISEMENT_FLAGS, flags, 'none');
  p.text('], pref ');
  p.text(PREFERENCES[(flags >> 3) & 3]!);
  p.text(', router lifetime ');
  p.dec(p.u16(offset + 6));
  p.text('s, reachable time ');
  p.dec(p.u32(offset + 8));
  p.text('ms, retrans timer ');
  p.dec(p.u32(offset + 12));
  p.text('ms');
  options(p, offset + 16, length - 16);
}

function lifetime(p: Printer, seconds: number): void {
  if (seconds === 0xffffffff) p.text('infinity');
  else {
    p.dec(seconds);
    p.char(115);
  }
}

/** Neighbour discovery options. */
function options(p: Printer, offset: number, length: number): void {
  const end = offset + length;
  let at = offset;
  while (at < end && at < p.snapEnd) {
    const type = p.u8(at);
    const words = p.u8(at + 1);
    const size = words * 8;
    p.text('\n\t  ');
    p.word(OPTIONS, type, 'unknown');
    p.text(' option (');
    p.dec(type);
    p.text('), length ');
    p.dec(size);
    p.text(' (');
    p.dec(words);
    p.text('): ');
    if (size === 0) {
      p.text(' [length 0]');
      p.invalid();
      return;
    }
    p.need(at, size);
    switch (type) {
      case 1:
      case 2:
        p.linkAddress(at + 2, Math.min(size - 2, 6) === 6 && size === 8 ? 6 : size - 2);
        break;
      case 3: {
        p.ipv6(at + 16);
        p.char(47);
        p.dec(p.u8(at + 2));
        if (p.u8(at + 1) !== 4) p.text('badlen');
        p.text(', Flags [');
        p.bits(PREFIX_FLAGS, p.u8(at + 3), 'none');
        p.text('], valid time ');
        lifetime(p, p.u32(at + 4));
        p.text(', pref. time ');
        lifetime(p, p.u32(at + 8));
        break;
      }
      case 5:
        p.char(32);
        p.dec(p.u32(at + 4));
        if (words !== 1) p.text(', bad option length ');
        break;
      case 7:
        p.char(32);
        p.dec(p.u32(at + 4));
        p.text('ms');
        break;
      case 8:
        p.text(' preference ');
        p.dec(p.u16(at + 4));
        p.text(', lifetime ');
        p.dec(p.u16(at + 6));
        break;
      case 24: {
        const prefix = new Uint8Array(16);
        prefix.set(p.view(at + 8, Math.min(16, size - 8)));
        p.text(' ');
        p.pushBuffer(prefix);
        p.ipv6(0);
        p.pop();
        p.char(47);
        p.dec(p.u8(at + 2));
        p.text(', pref=');
        p.text(PREFERENCES[(p.u8(at + 3) >> 3) & 3]!);
        p.text(', lifetime=');
        lifetime(p, p.u32(at + 4));
        break;
      }
      case 25:
        p.text(' lifetime ');
        p.dec(p.u32(at + 4));
        p.text('s,');
        for (let i = 0; i < (words - 1) >> 1; i++) {
          p.text(' addr: ');
          p.ipv6(at + 8 + 16 * i);
        }
        break;
      case 31:
        p.text(' lifetime ');
        p.dec(p.u32(at + 4));
        p.text('s, domain(s):');
        searchList(p, at + 8, at + size);
        break;
      default:
        if (type === 4) break;
        if (p.options.verbose === 1) hexOnly(p, '\n\t  ', at + 2, size - 2);
    }
    if (p.options.verbose > 1) hexOnly(p, '\n\t    ', at + 2, size - 2);
    at += size;
  }
}

function searchList(p: Printer, offset: number, end: number): void {
  let at = offset;
  while (at < end && p.u8(at) !== 0) {
    p.char(32);
    for (;;) {
      const size = p.u8(at);
      if (size === 0 || at + 1 + size > end) {
        at += 1 + size;
        break;
      }
      p.safeBytes(at + 1, size);
      p.char(46);
      at += 1 + size;
    }
  }
}
