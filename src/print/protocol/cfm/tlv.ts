// TLVs of Connectivity Fault Management. Source: IEEE 802.1Q, clause 21.5.

import { hexOnly, printUnknownData } from '../../hexdump.js';
import { counted, hex, ipv4Text, ipv6Text, macText, wordOf } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';
import { ADDRESS_FAMILIES, AddressFamily } from '../../tables/addressfamilies.js';
import { OUI_NAMES } from '../../tables/oui.js';

const HEADER = 3;
const Type = { END: 0, SENDER: 1, PORT: 2, INTERFACE: 3, PRIVATE: 31 } as const;
const TYPES: Words = {
  ...counted(0, 'End|Sender ID|Port status|Interface status|Data|Reply Ingress|Reply Egress'),
  [Type.PRIVATE]: 'Organization Specific',
};
const PORT_STATES: Words = { 1: 'Blocked', 2: 'Up' };
const INTERFACE_STATES: Words = {
  1: 'Up',
  2: 'Down',
  3: 'Testing',
  5: 'Dormant',
  6: 'not present',
  7: 'lower Layer down',
};
const Chassis = { MAC: 4, NETWORK: 5, LAST: 7 } as const;
const CHASSIS = counted(
  0,
  'Reserved|Chassis component|Interface alias|Port component|MAC address|Network address|Interface name|Locally assigned',
);
const SHORT = '\n\t  (TLV too short)';

/** What a value leaves: how many bytes of it were not taken apart, and what happens to them. */
const Rest = { SHOWN_IF_WANTED: 0, SHOWN: 1, SKIPPED: 2, OVERLAPPED: 3, END: 4 } as const;
type Rest = readonly [bytes: number, fate: (typeof Rest)[keyof typeof Rest]];

/** A message that ends too soon. */
export function tooShort(p: Printer): void {
  p.text('\n\t\t packet is too short');
}

/** @returns bytes of the TLV, 0 when nothing behind it is to be read */
export function cfmTlv(p: Printer, at: number, left: number): number {
  const type = p.u8(at);
  p.text(`\n\t${wordOf(TYPES, type, 'Unknown')} TLV (0x${hex(type, 2)})`);
  if (type === Type.END) return 0;
  if (left < HEADER) {
    tooShort(p);
    return 0;
  }
  p.need(at, HEADER);
  const size = p.u16(at + 1);
  p.text(`, length ${size}`);
  if (left - HEADER < size) {
    tooShort(p);
    return 0;
  }
  at += HEADER;
  p.need(at, size);
  const [bytes, fate] = value(p, type, at, size);
  if (fate === Rest.END) return 0;
  // The dump is of as many bytes as are left, but from the beginning.
  if (fate === Rest.SHOWN || (fate === Rest.SHOWN_IF_WANTED && p.options.verbose > 1)) {
    printUnknownData(p, '\n\t  ', at, bytes);
  }
  // Behind a chassis identifier that does not fit tcpdump goes on with the last byte, not behind it.
  return HEADER + size - (fate === Rest.OVERLAPPED ? 1 : 0);
}

function value(p: Printer, type: number, at: number, size: number): Rest {
  switch (type) {
    case Type.PORT:
    case Type.INTERFACE: {
      if (shorter(p, size, 1)) return [size, Rest.END];
      const state = p.u8(at);
      const words = type === Type.PORT ? PORT_STATES : INTERFACE_STATES;
      p.text(`, Status: ${wordOf(words, state, 'Unknown')} (${state})`);
      return [size, Rest.SHOWN_IF_WANTED];
    }
    case Type.PRIVATE: {
      if (shorter(p, size, 4)) return [size, Rest.END];
      const oui = p.u24(at);
      p.text(`, Vendor: ${wordOf(OUI_NAMES, oui, 'Unknown')} (${oui}), Sub-Type ${p.u8(at + 3)}`);
      return [size, Rest.SHOWN];
    }
    case Type.SENDER:
      return shorter(p, size, 1) ? [size, Rest.SKIPPED] : sender(p, at, size);
    default:
      return [size, Rest.SHOWN];
  }
}

function shorter(p: Printer, size: number, least: number): boolean {
  if (size < least) p.text(` (too short, must be >= ${least})`);
  return size < least;
}

/** A chassis identifier, and where the sender is managed. */
function sender(p: Printer, at: number, size: number): Rest {
  const length = p.u8(at++);
  size--;
  let dumped = false;
  if (length > 0) {
    if (size < 1) {
      p.text(SHORT);
      return [size, Rest.SKIPPED];
    }
    const type = p.u8(at++);
    size--;
    p.text(
      `\n\t  Chassis-ID Type ${wordOf(CHASSIS, type, 'Unknown')} (${type}), Chassis-ID length ${length}`,
    );
    if (size < length) {
      p.text(SHORT);
      return [size, Rest.OVERLAPPED];
    }
    dumped = chassis(p, type, at, length);
    at += length;
    size -= length;
  }
  if (size > 0) {
    const managed = management(p, at, size);
    if (managed[1] !== Rest.SHOWN_IF_WANTED) return managed;
    size = managed[0];
  }
  return [size, dumped ? Rest.SHOWN : Rest.SHOWN_IF_WANTED];
}

/** @returns whether it has to be dumped */
function chassis(p: Printer, type: number, at: number, length: number): boolean {
  if (type === Chassis.MAC) {
    if (length !== 6) {
      p.text(' (invalid MAC address length)');
      return true;
    }
    p.text(`\n\t  MAC ${macText(p, at)}`);
  } else if (type === Chassis.NETWORK) return network(p, at, length);
  else if (type === 0 || type > Chassis.LAST) return true;
  else p.safeUntilNul(at, length);
  return false;
}

function network(p: Printer, at: number, length: number): boolean {
  const family = p.u8(at);
  p.text(`\n\t  Network Address Type ${wordOf(ADDRESS_FAMILIES, family, 'Unknown')} (${family})`);
  if (family !== AddressFamily.IP && family !== AddressFamily.IP6) return true;
  const v4 = family === AddressFamily.IP;
  if (length !== (v4 ? 5 : 17)) {
    p.text(`(invalid IPv${v4 ? 4 : 6} address length ${length - 1})`);
    return true;
  }
  p.text(`, ${v4 ? ipv4Text(p, at + 1) : ipv6Text(p, at + 1)}`);
  return false;
}

/** The management address's domain and, when there is one, the address. */
function management(p: Printer, at: number, size: number): Rest {
  const domain = p.u8(at++);
  size--;
  p.text(`\n\t  Management Address Domain Length ${domain}`);
  if (domain === 0) return [size, Rest.SHOWN_IF_WANTED];
  if (size < domain) {
    p.text(SHORT);
    return [size, Rest.SKIPPED];
  }
  hexOnly(p, '\n\t  Management Address Domain: ', at, domain);
  at += domain;
  size -= domain;
  if (size < 1) {
    p.text(' (Management Address Length is missing)');
    return [size, Rest.SHOWN];
  }
  const address = p.u8(at++);
  size--;
  p.text(`\n\t  Management Address Length ${address}`);
  if (address > size) {
    p.text(SHORT);
    return [size, Rest.END];
  }
  if (address > 0) hexOnly(p, '\n\t  Management Address: ', at, address);
  return [size - address, Rest.SHOWN_IF_WANTED];
}
