// Neighbour discovery options. Source: RFC 4861, RFC 4191 (routes), RFC 6275 (mobility), RFC 8106 (DNS), RFC 8781 (NAT64).

import { completes } from '../../endings.js';
import { hexOnly, printUnknownData } from '../../hexdump.js';
import { captured } from '../../inline.js';
import type { Bits, Printer, Words } from '../../printer.js';
import { printDnsName } from '../dns/name.js';

export const PREFERENCES: readonly string[] = ['medium', 'high', 'rsv', 'low'];
const PREFIX_FLAGS: Bits = [
  [0x80, 'onlink'],
  [0x40, 'auto'],
  [0x20, 'router'],
];
const NONCE = 14;
const OPTIONS: Words = {
  1: 'source link-address',
  2: 'destination link-address',
  3: 'prefix info',
  4: 'redirected header',
  5: 'mtu',
  7: 'advertisement interval',
  8: 'homeagent information',
  14: 'nonce',
  24: 'route info',
  25: 'rdnss',
  31: 'dnssl',
  38: 'pref64',
};
/** Prefix lengths by the code of RFC 8781. */
const NAT64_LENGTHS: readonly string[] = ['96', '64', '56', '48', '40', '32'];

/** The options of a message up to its end or that of the captured bytes. @returns false when they are cut */
export function ndOptions(p: Printer, offset: number, length: number): boolean {
  const { verbose } = p.options;
  const end = offset + length;
  let at = offset;
  while (at < p.snapEnd) {
    if (!p.has(at, 2)) return false;
    if (at >= end) return true;
    const type = p.u8(at);
    const words = p.u8(at + 1);
    const size = words * 8;
    if (size === 0 || at + size > p.snapEnd) return false;
    p.text(
      `\n\t  ${OPTIONS[type] ?? 'unknown'} option (${type}), length ${size} (${words}):${type === NONCE ? '' : ' '}`,
    );
    if (OPTIONS[type] !== undefined) {
      if (!option(p, type, at, words, offset)) return false;
    } else if (verbose <= 1) {
      hexOnly(p, '\n\t  ', at + 2, size - 2);
      return true;
    }
    if (verbose > 1) hexOnly(p, '\n\t    ', at + 2, size - 2);
    at += size;
  }
  return true;
}

/** One option that is known; `first`: where the first one begins. @returns false when it is cut */
function option(p: Printer, type: number, at: number, words: number, first: number): boolean {
  const size = words * 8;
  switch (type) {
    case 1:
    case 2:
      p.linkAddress(at + 2, size - 2);
      return true;
    case 3:
      prefix(p, at, words);
      return true;
    case 4:
      printUnknownData(p, '\n\t    ', first, size);
      return true;
    case 5:
      p.text(` ${p.u32(at + 4)}${words === 1 ? '' : 'bad option length'}`);
      return true;
    case 7:
      p.text(` ${p.u32(at + 4)}ms`);
      return true;
    case 8:
      p.text(` preference ${p.u16(at + 4)}, lifetime ${p.u16(at + 6)}`);
      return true;
    case NONCE:
      for (let i = at + 2; i < at + size; i++) {
        p.char(32);
        p.hex0(p.u8(i), 2);
      }
      return true;
    case 24:
      return route(p, at, words);
    case 25:
      p.text(` lifetime ${p.u32(at + 4)}s,`);
      for (let i = 0; i < (words - 1) >> 1; i++) {
        p.text(' addr: ');
        p.ipv6(at + 8 + 16 * i);
      }
      return true;
    case 31:
      return completes(() => searchList(p, at, size, first));
    default:
      nat64(p, at, words);
      return true;
  }
}

function lifetime(seconds: number): string {
  return seconds === 0xffffffff ? 'infinity' : `${seconds}s`;
}

function prefix(p: Printer, at: number, words: number): void {
  p.need(at + 16, 16);
  p.ipv6(at + 16);
  p.text(`/${p.u8(at + 2)}${words === 4 ? '' : 'badlen'}, Flags [`);
  p.bits(PREFIX_FLAGS, p.u8(at + 3), 'none');
  p.text(`], valid time ${lifetime(p.u32(at + 4))}, pref. time ${lifetime(p.u32(at + 8))}`);
}

/** The address that begins with the bytes from `at` on, zeros behind them. */
function padded(p: Printer, at: number, count: number): string {
  const address = new Uint8Array(16);
  address.set(p.view(at, count));
  p.pushBuffer(address);
  const text = captured(p, () => p.ipv6(0));
  p.pop();
  return text;
}

function route(p: Printer, at: number, words: number): boolean {
  if (words > 3) return false;
  p.text(` ${padded(p, at + 8, (words - 1) * 8)}/${p.u8(at + 2)}`);
  p.text(`, pref=${PREFERENCES[(p.u8(at + 3) >> 3) & 3]}, lifetime=${lifetime(p.u32(at + 4))}`);
  return true;
}

/** OVERRUN where a name is wrong. */
function searchList(p: Printer, option: number, size: number, first: number): void {
  p.text(` lifetime ${p.u32(option + 4)}s, domain(s):`);
  let at = option + 8;
  while (at < option + size && p.u8(at) !== 0) {
    p.char(32);
    at = printDnsName(p, at, first);
  }
}

function nat64(p: Printer, at: number, words: number): void {
  if (words !== 2) p.text('bad option length! ');
  const scaled = p.u16(at + 2);
  const code = scaled & 7;
  p.text(
    `${padded(p, at + 4, 12)}/${NAT64_LENGTHS[code] ?? '??'} (plc ${code}), lifetime ${scaled & 0xfff8}s`,
  );
}
