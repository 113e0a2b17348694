// Options of PPP's control protocols: LCP (RFC 1661), IPCP, IPV6CP, CCP and BACP.

import { printUnknownData } from '../../hexdump.js';
import { hex, ipv4Text, macText, wordOf } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';
import { OUI_NAMES } from '../../tables/oui.js';
import { PPP_NAMES, Ppp } from './numbers.js';

const LCP_OPTIONS = [
  'Vend-Ext',
  'MRU',
  'ACCM',
  'Auth-Prot',
  'Qual-Prot',
  'Magic-Num',
  'deprecated(6)',
  'PFC',
  'ACFC',
  'FCS-Alt',
  'SDP',
  'Num-Mode',
  'deprecated(12)',
  'Call-Back',
  'deprecated(14)',
  'deprecated(15)',
  'deprecated(16)',
  'MRRU',
  '12-Bit seq #',
  'End-Disc',
  'Proprietary',
  'DCE-Id',
  'MP+',
  'Link-Disc',
  'LCP-Auth-Opt',
  'COBS',
  'Prefix-elision',
  'Multilink-header-Form',
  'I18N',
  'SDL-over-SONET/SDH',
  'PPP-Muxing',
] as const;

const CHAP_ALGORITHMS: Words = { 5: 'MD5', 128: 'MS-CHAPv1', 129: 'MS-CHAPv2' };
const CALLBACKS: Words = { 0: 'UserAuth', 1: 'DialString', 2: 'LocalID', 3: 'E.164', 4: 'X.500', 6: 'CBCP' };
const ENDPOINT_CLASSES: Words = { 0: 'Null', 1: 'Local', 4: 'Magic-Num-Block', 5: 'PSNDN' };

const IPCP_OPTIONS: Words = {
  1: 'IP-Addrs',
  2: 'IP-Comp',
  3: 'IP-Addr',
  4: 'Home-Addr',
  129: 'Pri-DNS',
  130: 'Pri-NBNS',
  131: 'Sec-DNS',
  132: 'Sec-NBNS',
};
/** RFC 3544. */
const HEADER_COMPRESSION = 0x61;
const HEADER_COMPRESSION_LENGTH = 14;
const COMPRESSION_PROTOCOLS: Words = {
  [Ppp.VJ_COMPRESSED]: 'VJ-Comp',
  [HEADER_COMPRESSION]: 'IP Header Compression',
};
const COMPRESSION_SUBOPTIONS: Words = { 1: 'RTP-Compression', 2: 'Enhanced RTP-Compression' };

const CCP_OPTIONS: Words = {
  0: 'OUI',
  1: 'Pred-1',
  2: 'Pred-2',
  3: 'Puddle',
  16: 'HP-PPC',
  17: 'Stac-LZS',
  18: 'MPPC',
  19: 'Gand-FZA',
  20: 'V.42bis',
  21: 'BSD-Comp',
  23: 'LZS-DCP',
  24: 'MVRCA',
  25: 'DEC',
  26: 'Deflate',
  255: 'Reserved',
};

/** After an option's value: its bytes are shown if nothing else of it was, or with -vv, or not; or no option follows. */
const Outcome = { UNKNOWN: 0, DONE: 1, SHOWN: 2, STOP: 3 } as const;
type Outcome = (typeof Outcome)[keyof typeof Outcome];

export interface OptionSet {
  /** Shown when an option was cut: `[|name]`. */
  readonly name: string;
  /** Prints what is between the newline and the value; false when the option has no name and so no value. */
  readonly head: (p: Printer, option: number, length: number) => boolean;
  /** Prints the value of an option `length` bytes long, header included. */
  readonly value: (p: Printer, option: number, offset: number, length: number) => Outcome;
  /** IPCP alone leaves the -vv dump away when the option was cut. */
  readonly dumpCut: boolean;
}

function bogus(p: Printer, relation: string, length: number): void {
  p.text(` (length bogus, should be ${relation} ${length})`);
}

/** Checks a value's length; a wrong one is reported. */
function lengthIs(p: Printer, length: number, wanted: number): boolean {
  if (length === wanted) return true;
  bogus(p, '=', wanted);
  return false;
}

function lengthAtLeast(p: Printer, length: number, wanted: number): boolean {
  if (length >= wanted) return true;
  bogus(p, '>=', wanted);
  return false;
}

const namedHead = (words: Words, unknown: string) => (p: Printer, option: number, length: number) => {
  p.text(`\n\t  ${words[option] ?? unknown} Option (0x${hex(option, 2)}), length ${length}`);
  return true;
};

const LCP: OptionSet = {
  name: 'lcp',
  dumpCut: true,
  head: (p, option, length) => {
    const name = LCP_OPTIONS[option];
    if (name === undefined) p.text(`\n\tunknown LCP option 0x${hex(option, 2)}`);
    else p.text(`\n\t  ${name} Option (0x${hex(option, 2)}), length ${length}`);
    return name !== undefined;
  },
  value: printLcpOption,
};
const IPCP: OptionSet = {
  name: 'ipcp',
  dumpCut: false,
  head: namedHead(IPCP_OPTIONS, 'unknown'),
  value: printIpcpOption,
};
const IPV6CP: OptionSet = {
  name: 'ip6cp',
  dumpCut: true,
  head: namedHead({ 1: 'Interface-ID' }, 'unknown'),
  value: (p, option, offset, length) => {
    if (option !== 1) return Outcome.UNKNOWN;
    if (!lengthIs(p, length, 10)) return Outcome.SHOWN;
    if (!p.has(offset + 2, 8)) {
      p.text('[|ip6cp]');
      return Outcome.STOP;
    }
    const group = (at: number) => hex(p.u16(offset + at), 4);
    p.text(`: ${group(2)}:${group(4)}:${group(6)}:${group(8)}`);
    return Outcome.DONE;
  },
};
const CCP: OptionSet = {
  name: 'ccp',
  dumpCut: true,
  head: namedHead(CCP_OPTIONS, 'Unknown'),
  value: printCcpOption,
};
const BACP: OptionSet = {
  name: 'bacp',
  dumpCut: true,
  head: namedHead({ 1: 'Favored-Peer' }, 'Unknown'),
  value: (p, option, offset, length) => {
    if (option !== 1) return Outcome.UNKNOWN;
    if (!lengthIs(p, length, 6)) return Outcome.SHOWN;
    p.text(`: Magic-Num 0x${hex(p.u32(offset + 2), 8)}`);
    return Outcome.DONE;
  },
};

/** The options of each protocol that has any. */
export const OPTION_SETS: { readonly [protocol: number]: OptionSet } = {
  [Ppp.LCP]: LCP,
  [Ppp.IPCP]: IPCP,
  [Ppp.IPV6CP]: IPV6CP,
  [Ppp.CCP]: CCP,
  [Ppp.BACP]: BACP,
};

/** A manufacturer by its number, as an option and a message of its own give it. */
export function ouiName(p: Printer, offset: number): string {
  const oui = p.u24(offset);
  return `${OUI_NAMES[oui] ?? 'Unknown'} (${oui})`;
}

/**
 * The options of a configure message.
 * @param length the message's, four more than the options'
 */
export function printOptions(p: Printer, set: OptionSet, offset: number, length: number): void {
  let remaining = length - 4;
  do {
    const used = printOption(p, set, offset, length);
    if (used === 0) return;
    if (remaining < used) {
      p.text(` [remaining options length ${remaining} < ${used}]`);
      p.invalid();
      return;
    }
    remaining -= used;
    offset += used;
  } while (remaining !== 0);
}

/** @returns the option's length, 0 when no further one can be found */
function printOption(p: Printer, set: OptionSet, offset: number, limit: number): number {
  const { verbose } = p.options;
  if (!p.has(offset, 2)) {
    p.text(`[|${set.name}]`);
    return 0;
  }
  const option = p.u8(offset);
  const length = p.u8(offset + 1);
  if (limit < length) return 0;
  if (length < 2) {
    if (set.head(p, option, length)) p.text(' (length bogus, should be >= 2)');
    return 0;
  }
  if (!set.head(p, option, length)) return length;
  const outcome = set.value(p, option, offset, length);
  if (outcome === Outcome.STOP) return 0;
  if (outcome === Outcome.SHOWN) return length;
  if (outcome === Outcome.UNKNOWN && verbose < 2) printUnknownData(p, '\n\t    ', offset + 2, length - 2);
  if (verbose > 1 && (set.dumpCut || p.has(offset + 2, length - 2))) {
    printUnknownData(p, '\n\t    ', offset + 2, length - 2);
  }
  return length;
}

function printLcpOption(p: Printer, option: number, offset: number, length: number): Outcome {
  const value = offset + 2;
  switch (LCP_OPTIONS[option]) {
    case 'Vend-Ext':
      if (!lengthAtLeast(p, length, 6)) return Outcome.SHOWN;
      p.text(`: Vendor: ${ouiName(p, value)}`);
      return Outcome.DONE;
    case 'MRU':
      if (!lengthIs(p, length, 4)) return Outcome.SHOWN;
      p.text(`: ${p.u16(value)}`);
      return Outcome.DONE;
    case 'ACCM':
      if (!lengthIs(p, length, 6)) return Outcome.SHOWN;
      p.text(`: 0x${hex(p.u32(value), 8)}`);
      return Outcome.DONE;
    case 'Auth-Prot':
      if (!lengthAtLeast(p, length, 4)) return Outcome.SHOWN;
      printAuthentication(p, offset, length);
      return Outcome.DONE;
    case 'Qual-Prot':
      if (!lengthAtLeast(p, length, 4)) return Outcome.STOP;
      p.text(p.u16(value) === Ppp.LQM ? ': LQR' : ': unknown');
      return Outcome.DONE;
    case 'Magic-Num':
      if (!lengthIs(p, length, 6)) return Outcome.STOP;
      p.text(`: 0x${hex(p.u32(value), 8)}`);
      return Outcome.DONE;
    case 'PFC':
    case 'ACFC':
      return Outcome.DONE;
    case 'Link-Disc':
      if (!lengthIs(p, length, 4)) return Outcome.STOP;
      p.text(`: 0x${hex(p.u16(value), 4)}`);
      return Outcome.DONE;
    case 'Call-Back': {
      if (!lengthAtLeast(p, length, 3)) return Outcome.STOP;
      const operation = p.u8(value);
      p.text(`: Callback Operation ${CALLBACKS[operation] ?? 'Unknown'} (${operation})`);
      return Outcome.DONE;
    }
    case 'MRRU':
      if (!lengthIs(p, length, 4)) return Outcome.STOP;
      p.text(`: ${p.u16(value)}`);
      return Outcome.DONE;
    case 'End-Disc':
      return printEndpoint(p, value, length);
    default:
      return Outcome.UNKNOWN;
  }
}

function printAuthentication(p: Printer, offset: number, length: number): void {
  const protocol = p.u16(offset + 2);
  // The unknown one's number is missing from tcpdump's text too: its format has no percent sign.
  p.text(`: ${PPP_NAMES[protocol] ?? 'Unknown Auth Proto (0x04x)'}`);
  switch (protocol) {
    case Ppp.CHAP:
      p.text(`, ${wordOf(CHAP_ALGORITHMS, p.u8(offset + 4), 'Unknown Auth Alg %u')}`);
      break;
    case Ppp.PAP:
    case Ppp.EAP:
    case Ppp.SPAP:
    case Ppp.SPAP_OLD:
      break;
    default:
      printUnknownData(p, '\n\t', offset, length);
  }
}

/** Multilink endpoint discriminator (RFC 1990). */
function printEndpoint(p: Printer, offset: number, length: number): Outcome {
  if (!lengthAtLeast(p, length, 3)) return Outcome.STOP;
  const kind = p.u8(offset);
  if (kind === 2) {
    if (!lengthIs(p, length, 7)) return Outcome.STOP;
    p.text(`: IPv4 ${ipv4Text(p, offset + 1)}`);
  } else if (kind === 3) {
    if (!lengthIs(p, length, 9)) return Outcome.STOP;
    p.text(`: MAC ${macText(p, offset + 1)}`);
  } else p.text(`: ${wordOf(ENDPOINT_CLASSES, kind, 'Unknown class %u')}`);
  return Outcome.DONE;
}

function printIpcpOption(p: Printer, option: number, offset: number, length: number): Outcome {
  switch (IPCP_OPTIONS[option]) {
    case undefined:
      return Outcome.UNKNOWN;
    case 'IP-Addrs':
      if (!lengthIs(p, length, 10)) return Outcome.SHOWN;
      p.text(`: src ${ipv4Text(p, offset + 2)}, dst ${ipv4Text(p, offset + 6)}`);
      return Outcome.DONE;
    case 'IP-Comp':
      return printCompression(p, offset, length);
    default:
      if (!lengthIs(p, length, 6)) return Outcome.STOP;
      p.text(`: ${ipv4Text(p, offset + 2)}`);
      return Outcome.DONE;
  }
}

function printCompression(p: Printer, offset: number, length: number): Outcome {
  if (!lengthAtLeast(p, length, 4)) return Outcome.STOP;
  const protocol = p.u16(offset + 2);
  p.text(`: ${COMPRESSION_PROTOCOLS[protocol] ?? 'Unknown'} (0x${hex(protocol, 2)}):`);
  if (protocol !== HEADER_COMPRESSION) return Outcome.DONE;
  if (!lengthAtLeast(p, length, HEADER_COMPRESSION_LENGTH)) return Outcome.STOP;
  if (!p.has(offset + 2, HEADER_COMPRESSION_LENGTH)) {
    p.text('[|ipcp]');
    return Outcome.STOP;
  }
  p.text(`\n\t    TCP Space ${p.u16(offset + 4)}, non-TCP Space ${p.u16(offset + 6)}`);
  p.text(`, maxPeriod ${p.u16(offset + 8)}, maxTime ${p.u16(offset + 10)}, maxHdr ${p.u16(offset + 12)}`);
  if (length > HEADER_COMPRESSION_LENGTH) {
    return printSuboptions(p, offset + HEADER_COMPRESSION_LENGTH, length - HEADER_COMPRESSION_LENGTH);
  }
  return Outcome.DONE;
}

function printSuboptions(p: Printer, offset: number, whole: number): Outcome {
  let length = whole;
  p.text(`\n\t      Suboptions, length ${length}`);
  while (length >= 2) {
    if (!p.has(offset, 2)) {
      p.text('[|ipcp]');
      return Outcome.STOP;
    }
    const option = p.u8(offset);
    const size = p.u8(offset + 1);
    if (option === 0 || size === 0) break;
    p.text(`\n\t\t${COMPRESSION_SUBOPTIONS[option] ?? 'Unknown'} Suboption #${option}, length ${size}`);
    if (length < size) {
      p.text(` [remaining suboptions length ${length} < ${size}]`);
      p.invalid();
      break;
    }
    length -= size;
    offset += size;
  }
  // With -vv as many bytes are shown as the whole option has, but of what follows the suboptions.
  const size = whole + HEADER_COMPRESSION_LENGTH - 2;
  if (p.options.verbose > 1 && p.has(offset + 2, size)) printUnknownData(p, '\n\t    ', offset + 2, size);
  return Outcome.SHOWN;
}

function printCcpOption(p: Printer, option: number, offset: number, length: number): Outcome {
  switch (CCP_OPTIONS[option]) {
    case 'BSD-Comp': {
      if (!lengthAtLeast(p, length, 3)) return Outcome.SHOWN;
      const byte = p.u8(offset + 2);
      p.text(`: Version: ${byte >> 5}, Dictionary Bits: ${byte & 0x1f}`);
      return Outcome.DONE;
    }
    case 'MVRCA': {
      if (!lengthAtLeast(p, length, 4)) return Outcome.SHOWN;
      const byte = p.u8(offset + 2);
      const contexts = p.u8(offset + 3);
      p.text(`: Features: ${byte >> 6}, PxP: ${(byte & 0x20) !== 0 ? 'Enabled' : 'Disabled'}`);
      p.text(`, History: ${byte & 0x1f}, #CTX-ID: ${contexts}`);
      return Outcome.DONE;
    }
    case 'Deflate': {
      if (!lengthAtLeast(p, length, 4)) return Outcome.SHOWN;
      const byte = p.u8(offset + 2);
      const check = p.u8(offset + 3);
      const method = byte & 0x0f;
      p.text(`: Window: ${byte >> 4}K, Method: ${method === 8 ? 'zlib' : 'unknown'} (0x${hex(method)})`);
      p.text(`, MBZ: ${check >> 2}, CHK: ${check & 3}`);
      return Outcome.DONE;
    }
    default:
      return Outcome.UNKNOWN;
  }
}
