// Options of DHCP in HNCP's records. Source: RFC 7788, RFC 2132, 3397, 3646, 4075.

import { completes } from '../../endings.js';
import { ipv4Text, ipv6Text, wordOf } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';
import { printDnsName } from '../dns/name.js';

const Option4 = { DNS: 6, NTP: 42, SEARCH: 119 } as const;
const OPTIONS_4: Words = {
  [Option4.DNS]: 'DNS-server',
  [Option4.NTP]: 'NTP-server',
  [Option4.SEARCH]: 'DNS-search',
};
const Option6 = { DNS: 23, DOMAINS: 24, SNTP: 31 } as const;
const OPTIONS_6: Words = {
  [Option6.DNS]: 'DNS-server',
  [Option6.DOMAINS]: 'DNS-search-list',
  [Option6.SNTP]: 'SNTP-servers',
};

/** @returns false when an option is wrong */
export function dhcp4Data(p: Printer, at: number, size: number, indent: number): boolean {
  for (let i = 0; i < size; ) {
    if (i + 2 > size) return false;
    const type = p.u8(at + i);
    const length = p.u8(at + i + 1);
    p.text(`\n${'\t'.repeat(indent)}${wordOf(OPTIONS_4, type, 'Unknown')} (${length + 2})`);
    if (i + 2 + length > size) return false;
    const value = at + i + 2;
    if (type === Option4.DNS || type === Option4.NTP) {
      if (length < 4 || length % 4 !== 0) return false;
      for (let t = 0; t < length; t += 4) p.text(` ${ipv4Text(p, value + t)}`);
    } else if (type === Option4.SEARCH && !names(p, value, length)) return false;
    i += 2 + length;
  }
  return true;
}

/** @returns false when an option is wrong */
export function dhcp6Data(p: Printer, at: number, size: number, indent: number): boolean {
  for (let i = 0; i < size; ) {
    if (i + 4 > size) return false;
    const type = p.u16(at + i);
    const length = p.u16(at + i + 2);
    p.text(`\n${'\t'.repeat(indent)}${wordOf(OPTIONS_6, type, 'Unknown')} (${length + 4})`);
    if (i + 4 + length > size) return false;
    const value = at + i + 4;
    if (type === Option6.DNS || type === Option6.SNTP) {
      if (length % 16 !== 0) {
        p.invalid();
        return false;
      }
      for (let t = 0; t < length; t += 16) p.text(` ${ipv6Text(p, value + t)}`);
    } else if (type === Option6.DOMAINS && !names(p, value, length)) return false;
    i += 4 + length;
  }
  return true;
}

/** Names of domains; pointers in them count from behind the last. @returns false when one is wrong */
function names(p: Printer, at: number, length: number): boolean {
  const end = at + length;
  return completes(() => {
    while (at < end) {
      p.char(32);
      at = printDnsName(p, at, end);
    }
  });
}
