// Cisco Discovery Protocol. Source: Cisco's description of its frames, and what others found out about its TLVs.

import { printUnknownData } from '../hexdump.js';
import { bitsOf, fixed, hex, ipv4Text, ipv6Text } from '../inline.js';
import type { Bits, Printer } from '../printer.js';

const HEADER = 4;
const TLV_HEADER = 4;
const DEVICE_ID = 1;
const CAPABILITIES: Bits = [
  [0x01, 'Router'],
  [0x02, 'Transparent Bridge'],
  [0x04, 'Source Route Bridge'],
  [0x08, 'L2 Switch'],
  [0x10, 'L3 capable'],
  [0x20, 'IGMP snooping'],
  [0x40, 'L1 capable'],
];
/** An address's protocol: an NLPID (0xcc is IPv4) or an LLC header (SNAP with IPv6's EtherType). */
const Protocol = { NLPID: 1, LLC: 2 } as const;
const NLPID_IP = 0xcc;
const LLC_IP6 = 'aaaa03' + '000000' + '86dd';

type Value = (p: Printer, at: number, size: number) => void;

/** A TLV: its name, what prints its value, and how long a value may be. */
interface Kind {
  readonly name: string;
  readonly print: Value;
  readonly least: number;
  readonly most: number;
}

const kind = (name: string, print: Value, least = 0, most = Infinity): Kind => ({ name, print, least, most });

const KINDS: { readonly [type: number]: Kind } = {
  1: kind('Device-ID', quoted),
  2: kind('Address', addresses, 4),
  3: kind('Port-ID', quoted),
  4: kind('Capability', capability, 4, 4),
  5: kind('Version String', version),
  6: kind('Platform', quoted),
  7: kind('Prefixes', prefixes),
  8: kind('Protocol-Hello option', present),
  9: kind('VTP Management Domain', quoted),
  10: kind('Native VLAN ID', (p, at) => p.dec(p.u16(at)), 2, 2),
  11: kind('Duplex', (p, at) => p.text(p.u8(at) !== 0 ? 'full' : 'half'), 1, 1),
  14: kind('ATA-186 VoIP VLAN assignment', voiceVlan, 3, 3),
  15: kind('ATA-186 VoIP VLAN request', voiceVlan, 2, 3),
  16: kind('power consumption', power, 1, 3),
  17: kind('MTU', (p, at) => p.text(`${p.u32(at)} bytes`), 4, 4),
  18: kind('AVVID trust bitmap', byte, 1, 1),
  19: kind('AVVID untrusted ports CoS', byte, 1, 1),
  20: kind('System Name', quoted),
  21: kind('System Object ID (not decoded)', present),
  22: kind('Management Addresses', addresses, 4),
  23: kind('Physical Location', place, 1),
  26: kind('Power available', powerAvailable, 8),
};

/** Types up to the highest known one that nobody knows: their values are not dumped. */
const GAP = kind('unknown field type', present);
const HIGHEST = 26;

function kindOf(type: number): Kind | undefined {
  return KINDS[type] ?? (type < HIGHEST ? GAP : undefined);
}

export function printCdp(p: Printer, offset: number, length: number): void {
  p.protocol = 'cdp';
  const { verbose } = p.options;
  if (length < HEADER) {
    p.text(` (packet length ${length} < ${HEADER})`);
    invalid(p, offset, length);
    return;
  }
  p.text(`CDPv${p.u8(offset)}, ttl: ${p.u8(offset + 1)}s`);
  const sum = p.u16(offset + 2);
  if (verbose > 0) p.text(`, checksum: 0x${hex(sum, 4)} (unverified), length ${length}`);
  const end = offset + length;
  let at = offset + HEADER;
  while (at < end) {
    if (end - at < TLV_HEADER) {
      p.text(` (remaining packet length ${end - at} < ${TLV_HEADER})`);
      invalid(p, at, end - at);
      return;
    }
    const type = p.u16(at);
    const size = p.u16(at + 2);
    if (size < TLV_HEADER || size > end - at) {
      if (size >= TLV_HEADER) p.text(` (TLV length ${size} > ${end - at})`);
      else if (verbose === 0) p.text(`, ${nameOf(type)} TLV length ${size} too short`);
      else p.text(`\n\t${nameOf(type)} (0x${hex(type, 4)}), TLV length: ${counted(size)} (too short)`);
      invalid(p, at, end - at);
      return;
    }
    tlv(p, type, at + TLV_HEADER, size - TLV_HEADER);
    at += size;
  }
  if (verbose === 0) p.text(`, length ${length}`);
}

function invalid(p: Printer, at: number, length: number): void {
  p.invalid();
  p.need(at, length);
}

function nameOf(type: number): string {
  return (kindOf(type) ?? GAP).name;
}

function counted(size: number): string {
  return `${size} byte${size === 1 ? '' : 's'}`;
}

/** Without -v only the device's name is shown, and that there are types which nobody knows. */
function tlv(p: Printer, type: number, at: number, size: number): void {
  const known = kindOf(type);
  const { verbose } = p.options;
  const shown = verbose > 0 || type === DEVICE_ID || known === GAP;
  if (verbose > 0) p.text(`\n\t${nameOf(type)} (0x${hex(type, 4)}), value length: ${counted(size)}: `);
  else if (shown) p.text(`, ${nameOf(type)} `);
  if (known !== undefined) {
    if (size < known.least || size > known.most) p.text(' (malformed TLV)');
    else if (shown) {
      known.print(p, at, size);
      return;
    }
  }
  if (verbose === 0) return;
  p.need(at, size);
  printUnknownData(p, '\n\t  ', at, size);
}

function quoted(p: Printer, at: number, size: number): void {
  p.char(39);
  p.safeBytes(at, size);
  p.char(39);
}

function present(p: Printer, at: number, size: number): void {
  p.need(at, size);
}

function byte(p: Printer, at: number): void {
  p.text(`0x${hex(p.u8(at), 2)}`);
}

function capability(p: Printer, at: number): void {
  const flags = p.u32(at);
  p.text(`(0x${hex(flags, 8)}): ${bitsOf(CAPABILITIES, flags, 'none')}`);
}

function version(p: Printer, at: number, size: number): void {
  p.text('\n\t  ');
  for (let i = 0; i < size; i++) {
    const c = p.u8(at + i);
    if (c === 10) p.text('\n\t  ');
    else p.safeChar(c);
  }
}

function voiceVlan(p: Printer, at: number, size: number): void {
  if (size === 2) p.text(`unknown 0x${hex(p.u16(at), 4)}`);
  else p.text(`app ${p.u8(at)}, vlan ${p.u16(at + 1)}`);
}

function power(p: Printer, at: number, size: number): void {
  const milliwatts = size === 1 ? p.u8(at) : size === 2 ? p.u16(at) : p.u24(at);
  p.text(`${fixed(milliwatts / 1000, 2)}W`);
}

function powerAvailable(p: Printer, at: number, size: number): void {
  p.text(`reqid ${p.u16(at)}, mgmtid ${p.u16(at + 2)}, pwravail`);
  for (let i = 4; i + 4 <= size; i += 4) p.text(` ${p.u32(at + i)} mW`);
}

function place(p: Printer, at: number, size: number): void {
  byte(p, at);
  if (size === 1) return;
  p.char(47);
  p.safeBytes(at + 1, size - 1);
}

function prefixes(p: Printer, at: number, size: number): void {
  if (size % 5 !== 0) {
    p.text(` [length ${size} is not a multiple of 5]`);
    p.need(at, size);
    return;
  }
  p.text(` IPv4 Prefixes (${size / 5}):`);
  for (const end = at + size; at < end; at += 5) {
    p.need(at, 5);
    p.char(32);
    p.ipv4Number(at);
    p.text(`/${p.u8(at + 4)}`);
  }
}

function addresses(p: Printer, at: number, size: number): void {
  const end = at + size;
  let count = p.u32(at);
  at += 4;
  while (count > 0) {
    const used = address(p, at, end - at, count);
    if (used < 0) return;
    at += used;
    count--;
    if (count > 0) p.char(32);
  }
  if (at < end) p.text(` (${end - at} bytes of stray data)`);
}

/** @returns bytes of the address, -1 when it does not fit */
function address(p: Printer, at: number, left: number, number: number): number {
  if (left < 2) return missing(p, 'PT+PL', at, left);
  const type = p.u8(at);
  const width = p.u8(at + 1);
  const protocol = at + 2;
  if (left - 2 < width + 2) return missing(p, 'P+AL', protocol, left - 2);
  const length = p.u16(protocol + width);
  const start = protocol + width + 2;
  const rest = left - 2 - width - 2;
  const ip = type === Protocol.NLPID && width === 1 && p.u8(protocol) === NLPID_IP && length === 4;
  const ip6 =
    type === Protocol.LLC && width === 8 && length === 16 && bytesText(p, protocol, 8, '') === LLC_IP6;
  if (!ip && !ip6) {
    p.text(`pt=0x${hex(type, 2)}, pl=${width}, pb=${bytesText(p, protocol, width, ' ')}, al=${length}, a=`);
  }
  if (rest < length) return missing(p, 'A', start, rest);
  if (ip) p.text(`IPv4 (${number}) ${ipv4Text(p, start)}`);
  else if (ip6) p.text(`IPv6 (${number}) ${ipv6Text(p, start)}`);
  else for (let i = 0; i < length; i++) p.text(` ${hex(p.u8(start + i), 2)}`);
  return 4 + width + length;
}

function bytesText(p: Printer, at: number, size: number, before: string): string {
  let text = '';
  for (let i = 0; i < size; i++) text += before + hex(p.u8(at + i), 2);
  return text;
}

function missing(p: Printer, what: string, at: number, left: number): number {
  p.text(` (not enough space for ${what})`);
  p.need(at, left);
  return -1;
}
