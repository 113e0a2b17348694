// NBMA Next Hop Resolution Protocol. Source: RFC 2332.

import { below, captured, hex, ipv4Text, ipv6Text, macText, wordOf } from '../inline.js';
import type { Printer, Words } from '../printer.js';
import { AddressFamily } from '../tables/addressfamilies.js';
import { EtherType } from './inner.js';

const VERSION = 1;
const HEADER = 20;
const Field = {
  FAMILY: 0,
  PROTOCOL: 2,
  HOPS: 9,
  SIZE: 10,
  EXTENSIONS: 14,
  VERSION: 16,
  TYPE: 17,
  SOURCE_LENGTH: 18,
  SUBADDRESS_LENGTH: 19,
} as const;
/** The part that every packet has behind its header. */
const MANDATORY = 8;
const ERROR = 7;
const TYPES: Words = {
  1: 'res request',
  2: 'res reply',
  3: 'reg request',
  4: 'reg reply',
  5: 'purge request',
  6: 'purge reply',
  [ERROR]: 'error indication',
};
const CLIENT = 12;
const E164 = 0x40;

/** What the packet's addresses are of. */
interface Families {
  readonly link: number;
  readonly protocol: number;
}

/** Prints an NHRP packet. */
export function printNhrp(p: Printer, offset: number, length: number): void {
  p.protocol = 'nhrp';
  p.protocolCaps();
  p.text(': ');
  if (!packet(p, offset, length)) p.invalid();
}

/** @returns false when it is wrong */
function packet(p: Printer, offset: number, length: number): boolean {
  if (below(p, 'length', length, HEADER)) return false;
  const version = p.u8(offset + Field.VERSION);
  if (version !== VERSION) {
    p.text(`unknown-version-${hex(version, 2)}`);
    return true;
  }
  const families = { link: p.u16(offset + Field.FAMILY), protocol: p.u16(offset + Field.PROTOCOL) };
  const size = p.u16(offset + Field.SIZE);
  if (below(p, 'pktsz', size, HEADER)) return false;
  const extensions = p.u16(offset + Field.EXTENSIONS);
  const type = p.u8(offset + Field.TYPE);
  p.text(wordOf(TYPES, type, 'unknown-op-type-%04x'));
  if (extensions > size) {
    p.text(` [extoff ${extensions} > ${size}]`);
    return false;
  }
  if (extensions !== 0 && below(p, 'extoff', extensions, HEADER)) return false;
  const left = Math.min((extensions === 0 ? size : extensions) - HEADER, length - HEADER);
  p.need(offset, HEADER);
  const at = offset + HEADER;
  if (below(p, 'mand_part_len', left, MANDATORY)) return false;
  p.need(at, MANDATORY);
  if (type === ERROR) {
    p.text(`, error ${p.u16(at + 4)}`);
    return true;
  }
  if (TYPES[type] !== undefined) p.text(`, id ${p.u32(at + 4)}`);
  const source = p.u8(offset + Field.SOURCE_LENGTH);
  if (p.options.verbose > 0) {
    p.text(`, hopcnt ${p.u8(offset + Field.HOPS)}`);
    if ((source & 0x80) !== 0) p.text(' (shtl bit 7 set)');
    if ((source & E164) !== 0) p.text(' (nbma E.154)');
  }
  const lengths = [source, p.u8(offset + Field.SUBADDRESS_LENGTH), p.u8(at), p.u8(at + 1)] as const;
  const clients = addresses(p, families, lengths, at + MANDATORY, left - MANDATORY);
  if (clients < 0) return false;
  if (TYPES[type] !== undefined) entries(p, families, clients, at + left - clients);
  return true;
}

/**
 * The source's link-layer address and the protocol addresses of both ends.
 * @returns where they end, -1 when they are wrong
 */
function addresses(
  p: Printer,
  families: Families,
  [source, subaddress, from, to]: readonly [number, number, number, number],
  at: number,
  left: number,
): number {
  const end = at + left;
  const short = (length: number): boolean => length !== 0 && below(p, 'mand_part_len', end - at, length);
  if (short(source)) return -1;
  if (source !== 0) p.text(`, ${linkText(p, families, at, source, 'src nbma ')}`);
  at += source;
  if (short(subaddress)) return -1;
  p.need(at, subaddress);
  at += subaddress;
  p.text(', ');
  if (short(from)) return -1;
  if (from !== 0) {
    const { protocol } = families;
    const known = protocol === EtherType.IP || protocol === EtherType.IP6;
    if (!known) p.text(`proto type ${hex(protocol, 4)} `);
    p.text(`${protocolText(p, protocol, at, from)} `);
  }
  at += from;
  p.text('->');
  if (short(to)) return -1;
  if (to !== 0) p.text(` ${protocolText(p, families.protocol, at, to)}`);
  return at + to;
}

/** An address whose length is not its family's: bytes. */
function bytesText(p: Printer, at: number, length: number): string {
  return captured(p, () => p.linkAddress(at, length));
}

function linkText(p: Printer, { link }: Families, at: number, length: number, name: string): string {
  switch (link) {
    case AddressFamily.IP:
      return name + (length === 4 ? ipv4Text(p, at) : bytesText(p, at, length));
    case AddressFamily.IP6:
      return name + (length === 16 ? ipv6Text(p, at) : bytesText(p, at, length));
    case AddressFamily.IEEE_802:
      return name + (length === 6 ? macText(p, at) : bytesText(p, at, length));
    default:
      return `unknown-nbma-addr-family-${hex(link, 4)} (${bytesText(p, at, length)})`;
  }
}

function protocolText(p: Printer, protocol: number, at: number, length: number): string {
  if (protocol === EtherType.IP && length === 4) return ipv4Text(p, at);
  if (protocol === EtherType.IP6 && length === 16) return ipv6Text(p, at);
  return bytesText(p, at, length);
}

/** The clients' entries. */
function entries(p: Printer, families: Families, at: number, left: number): void {
  while (left !== 0) {
    const used = entry(p, families, at, left);
    if (used === 0) return;
    at += used;
    // An entry that goes on behind the part makes the count of 16 bits wrap around.
    left = (left - used) & 0xffff;
  }
}

/** @returns bytes of it, those before what is wrong when something is */
function entry(p: Printer, families: Families, start: number, left: number): number {
  const short = (length: number): boolean => {
    if (!below(p, 'remaining mandatory part length', left, length)) return false;
    p.invalid();
    return true;
  };
  if (short(CLIENT)) return 0;
  p.text(` (code ${p.u8(start)}`);
  if (p.options.verbose > 0) {
    p.text(
      `, pl ${p.u8(start + 1)}, mtu ${p.u16(start + 4)}, htime ${p.u16(start + 6)}, pref ${p.u8(start + 11)}`,
    );
  }
  const link = p.u8(start + 8);
  const subaddress = p.u8(start + 9);
  const protocol = p.u8(start + 10);
  if ((link & E164) !== 0) p.text(', nbma E.154');
  let at = start + CLIENT;
  left -= CLIENT;
  if (link !== 0) {
    if (short(link)) return at - start;
    p.text(`, ${linkText(p, families, at, link, 'nbma ')}`);
    at += link;
    left -= link;
  }
  if (subaddress !== 0) {
    // The other address's length is what is asked for here.
    if (short(link)) return at - start;
    p.text(', unknown-nbma-saddr-family');
    p.need(at, subaddress);
    at += subaddress;
    left = (left - subaddress) & 0xffff;
  }
  if (protocol !== 0) {
    if (short(protocol)) return at - start;
    const text = protocolText(p, families.protocol, at, protocol);
    const known = families.protocol === EtherType.IP || families.protocol === EtherType.IP6;
    p.text(known ? `, proto ${text}` : `, unknown-proto-family-${hex(families.protocol, 4)} (${text})`);
    at += protocol;
  }
  p.text(')');
  return at - start;
}
