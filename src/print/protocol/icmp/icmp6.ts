// ICMPv6: errors, echo, neighbour discovery and what is told apart by the message's type.
// Source: RFC 4443, RFC 4861, RFC 6275 (mobility), RFC 8335 (extended echo).

import { shouldBe, transportChecksum } from '../../checksum.js';
import { printUnknownData } from '../../hexdump.js';
import { hex } from '../../inline.js';
import type { Bits, Printer, Words } from '../../printer.js';
import { extendedReply, extendedRequest } from './extensions.js';
import { listener, listenerQuery, listenerReportV2 } from './mld.js';
import { ndOptions, PREFERENCES } from './ndoptions.js';
import { nodeInformation, routerRenumbering } from './nodeinformation.js';
import { printRpl } from './rpl.js';

const PROTOCOL = 58;

const TYPES: Words = {
  1: 'destination unreachable',
  2: 'packet too big',
  3: 'time exceeded in-transit',
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
  144: 'ha discovery request',
  145: 'ha discovery reply',
  146: 'mobile router solicitation',
  147: 'mobile router advertisement',
  155: 'RPL',
  160: 'extended echo request',
  161: 'extended echo reply',
  200: 'mtrace response',
  201: 'mtrace message',
};

/** With -v these have their length before their options. */
const LENGTH_FIRST = new Set([133, 134, 135, 136, 137, 145, 147]);

const UNREACHABLE: Words = {
  0: 'unreachable route',
  1: ' unreachable prohibited',
  2: 'beyond scope',
  3: 'unreachable address',
  4: 'unreachable port',
};
const PROBLEMS: readonly string[] = ['erroneous', 'next header', 'option', 'incomplete header chain'];

const ADVERTISEMENT_FLAGS: Bits = [
  [0x80, 'managed'],
  [0x40, 'other stateful'],
  [0x20, 'home agent'],
  [0x02, 'ipv6 only'],
];
const NEIGHBOUR_FLAGS: Bits = [
  [0x80000000, 'router'],
  [0x40000000, 'solicited'],
  [0x20000000, 'override'],
];

/** An ICMPv6 message, `length` bytes by the IP header. */
export function printIcmp6(p: Printer, offset: number, length: number): void {
  p.protocol = 'icmp6';
  const verbose = p.options.verbose > 0;
  if (length === 0) {
    p.text('ICMP6, length 0');
    p.invalid();
    return;
  }
  if (verbose && !p.ipFragmented && p.has(offset, length)) printSum(p, offset, length);
  const type = p.u8(offset);
  p.text('ICMP6, ');
  p.word(TYPES, type, 'unknown icmp6 type (%u)');
  if (verbose && LENGTH_FIRST.has(type)) p.text(`, length ${length}`);
  const code = p.u8(offset + 1);
  switch (body(p, offset, length, type, code)) {
    case Body.CUT:
      p.truncated();
      break;
    case Body.WHOLE:
      if (!verbose) p.text(`, length ${length}`);
      break;
    default:
  }
}

function printSum(p: Printer, offset: number, length: number): void {
  const field = p.u16(offset + 2);
  const sum = transportChecksum(p, offset, length, PROTOCOL);
  if (sum === 0) p.text('[icmp6 sum ok] ');
  else {
    p.text('[bad icmp6 cksum 0x');
    p.hex0(field, 4);
    p.text(' -> 0x');
    p.hex0(shouldBe(field, sum), 4);
    p.text('!] ');
  }
}

/** How a message's body came out: whole, cut, or with its length in it. */
const Body = { WHOLE: 0, CUT: 1, COMPLETE: 2 } as const;

function body(p: Printer, offset: number, length: number, type: number, code: number): number {
  const verbose = p.options.verbose > 0;
  switch (type) {
    case 1:
      return unreachable(p, offset, length, code);
    case 2:
      p.text(`, mtu ${p.u32(offset + 4)}`);
      break;
    case 3:
      timeExceeded(p, offset, code);
      break;
    case 4: {
      p.need(offset + 32, 16);
      const problem = PROBLEMS[code];
      p.text(problem === undefined ? `, code-#${code}` : `, ${problem} - octet ${p.u32(offset + 4)}`);
      break;
    }
    case 128:
    case 129:
      p.text(`, id ${p.u16(offset + 4)}, seq ${p.u16(offset + 6)}`);
      break;
    case 130:
      listenerQuery(p, offset, length);
      break;
    case 131:
    case 132:
      listener(p, offset);
      break;
    case 133:
      return withOptions(p, offset, length, 8);
    case 134:
      if (verbose) routerAdvertisement(p, offset);
      return withOptions(p, offset, length, 16);
    case 135:
      address(p, ', who has ', offset + 8);
      return withOptions(p, offset, length, 24);
    case 136:
      address(p, ', tgt is ', offset + 8);
      if (verbose) {
        const flags = p.u32(offset + 4);
        p.text(', Flags [');
        p.bits(NEIGHBOUR_FLAGS, flags, 'none');
        p.char(93);
      }
      return withOptions(p, offset, length, 24);
    case 137:
      address(p, ', ', offset + 24);
      address(p, ' to ', offset + 8);
      return withOptions(p, offset, length, 40);
    case 138:
      routerRenumbering(p, offset);
      break;
    case 139:
    case 140:
      nodeInformation(p, offset, length);
      break;
    case 141:
    case 142:
      break;
    case 143:
      listenerReportV2(p, offset, length);
      break;
    case 144:
    case 146:
      p.text(`, id 0x${hex(p.u16(offset + 4), 4)}`);
      break;
    case 145:
      if (verbose) homeAgents(p, offset, length);
      break;
    case 147:
      if (verbose) {
        p.text(`, id 0x${hex(p.u16(offset + 4), 4)}`);
        const flags = p.u16(offset + 6);
        p.text(['', ' O', ' M', ' MO'][flags >> 14]!);
      }
      return withOptions(p, offset, length, 8);
    case 155:
      printRpl(p, code, offset + 4, length - 4);
      break;
    case 160:
    case 161: {
      p.text(`, id ${p.u16(offset + 4)}, seq ${p.u8(offset + 6)}`);
      if (!verbose) break;
      const flags = p.u8(offset + 7);
      if (type === 160) extendedRequest(p, flags, offset + 8);
      else extendedReply(p, flags, code);
      break;
    }
    default:
      p.text(`, length ${length}`);
      if (p.options.verbose <= 1) printUnknownData(p, '\n\t', offset, length);
      return Body.COMPLETE;
  }
  return Body.WHOLE;
}

/** With -v, the options that follow the message's `header` bytes. */
function withOptions(p: Printer, offset: number, length: number, header: number): number {
  if (p.options.verbose === 0) return Body.WHOLE;
  return ndOptions(p, offset + header, length - header) ? Body.WHOLE : Body.CUT;
}

/** A text and the address behind it, both or none. */
function address(p: Printer, text: string, offset: number): void {
  p.need(offset, 16);
  p.text(text);
  p.ipv6(offset);
}

function timeExceeded(p: Printer, offset: number, code: number): void {
  if (code === 0) address(p, ' for ', offset + 32);
  else p.text(code === 1 ? ' (reassembly)' : `, unknown code (${code})`);
}

function unreachable(p: Printer, offset: number, length: number, code: number): number {
  p.text(', ');
  p.word(UNREACHABLE, code, 'unknown unreach code (%u)');
  const quoted = offset + 8;
  switch (code) {
    case 0:
    case 1:
    case 3:
      address(p, ' ', quoted + 24);
      return Body.WHOLE;
    case 2:
      p.need(quoted + 8, 32);
      address(p, ' ', quoted + 24);
      address(p, ', source address ', quoted + 8);
      return Body.WHOLE;
    case 4:
      return unreachablePort(p, quoted) ? Body.WHOLE : Body.CUT;
    default:
      if (p.options.verbose > 1) return Body.WHOLE;
      printUnknownData(p, '\n\t', offset, length);
      return Body.COMPLETE;
  }
}

/** The port of the quoted packet, behind its extension headers. @returns false when there is none */
function unreachablePort(p: Printer, quoted: number): boolean {
  if (!p.has(quoted + 6, 1)) return false;
  let next = p.u8(quoted + 6);
  let at = quoted + 40;
  for (;;) {
    switch (next) {
      case 6:
      case 17: {
        if (!p.has(at + 2, 2)) return false;
        const port = p.u16(at + 2);
        address(p, ', ', quoted + 24);
        p.text(next === 6 ? ' tcp port ' : ' udp port ');
        if (next === 6) p.tcpPort(port);
        else p.udpPort(port);
        return true;
      }
      case 0:
      case 43:
      case 60:
        if (!p.has(at + 1, 1)) return false;
        next = p.u8(at);
        at += (p.u8(at + 1) + 1) * 8;
        break;
      case 44:
        // A later fragment has no port.
        if (!p.has(at + 2, 2) || (p.u16(at + 2) & 0xfff8) !== 0) return false;
        next = p.u8(at);
        at += 8;
        break;
      case 51:
        if (!p.has(at + 1, 1)) return false;
        next = p.u8(at);
        at += (p.u8(at + 1) + 2) * 4;
        break;
      default:
        return false;
    }
  }
}

function routerAdvertisement(p: Printer, offset: number): void {
  p.need(offset, 16);
  const flags = p.u8(offset + 5);
  p.text(`\n\thop limit ${p.u8(offset + 4)}, Flags [`);
  p.bits(ADVERTISEMENT_FLAGS, flags, 'none');
  p.text(`], pref ${PREFERENCES[(flags >> 3) & 3]}, router lifetime ${p.u16(offset + 6)}s`);
  p.text(`, reachable time ${p.u32(offset + 8)}ms, retrans timer ${p.u32(offset + 12)}ms`);
}

/** The addresses of home agents, up to the end of the message or that of the captured bytes. */
function homeAgents(p: Printer, offset: number, length: number): void {
  p.text(`, id 0x${hex(p.u16(offset + 4), 4)}`);
  const end = Math.min(offset + length, p.snapEnd);
  for (let at = offset + 8; at < end; at += 16) address(p, ', ', at);
}
