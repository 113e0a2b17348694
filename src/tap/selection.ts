// Which interfaces -i means. Source: Apple's pktap(4) conventions.

import type { Device } from './linux/network/devices.js';

/** What -i asks for. */
export interface Selection {
  /** A tap: packets come with metadata and a link type of their own. */
  readonly tap: boolean;
  /** Name for messages: as the user said it, or `pktap,NAME` where a device is tapped. */
  readonly name: string;
  /** Packets that the kernel drops, instead of those that pass. */
  readonly drops: boolean;
  /** Every interface, in other network namespaces too. */
  readonly everywhere: boolean;
  /** Names that must exist now. */
  readonly required: readonly string[];
  /** Beginnings of names; interfaces that have them may be there or come later. */
  readonly prefixes: readonly string[];
  /** Interfaces may come and go while the capture runs. */
  readonly dynamic: boolean;
  matches(device: Device): boolean;
}

/** Ends a capture of devices by their own names when none of them is left: tcpdump's words. */
export const DISAPPEARED = 'pcap_loop: The interface disappeared';

/**
 * @param argument -i's argument, or several; null: the tap on every ordinary interface
 * @param existing names of the interfaces there are now: such a name means that interface, not a prefix
 * @param processes whether a device's packets are wanted with their processes: it is tapped then
 * @throws Error for an empty name, and for what does not go together
 */
export function parseSelection(
  argument: string | readonly string[] | null,
  existing: ReadonlySet<string>,
  processes: boolean,
): Selection {
  const names = typeof argument === 'string' ? [argument] : (argument ?? ['pktap']);
  const parts = names.map((name) => parseOne(name, existing, processes));
  const [first] = parts as [Selection];
  if (parts.length === 1) return first;
  if (parts.some((part) => part.drops !== first.drops))
    throw new Error(`${names.join(', ')}: droptap is a capture of its own`);
  const all = parts.find((part) => part.everywhere);
  const devices = parts.every((part) => !part.dynamic);
  return {
    tap: true,
    drops: first.drops,
    everywhere: all !== undefined,
    name: all?.name ?? (devices ? `pktap,${[...new Set(names)].join(',')}` : names.join(' and ')),
    required: parts.flatMap((part) => part.required),
    prefixes: parts.flatMap((part) => part.prefixes),
    // Devices by their own names only: the capture ends with the last of them.
    dynamic: !devices,
    matches: (device) => parts.some((part) => part.matches(device)),
  };
}

function parseOne(name: string, existing: ReadonlySet<string>, processes: boolean): Selection {
  if (name === 'all' || name === 'any') return everything(name);
  const [first, ...rest] = name.split(',');
  const drops = first === 'droptap';
  if (first !== 'pktap' && first !== 'iptap' && !drops) {
    return {
      tap: processes,
      drops,
      everywhere: false,
      name: processes ? `pktap,${name}` : name,
      required: [name],
      prefixes: [],
      dynamic: false,
      matches: (device) => device.name === name,
    };
  }
  if (rest.length === 0 && drops) return everything(name, drops);
  if (rest.length === 0) {
    return {
      tap: true,
      drops,
      everywhere: false,
      name,
      required: [],
      prefixes: [],
      dynamic: true,
      matches: (device) => !device.loopback && device.hardware === 1,
    };
  }
  if (rest.some((part) => part === '')) throw new Error(`${name}: an interface name is empty`);
  if (rest.includes('all') || rest.includes('any')) return everything(name, drops);
  const prefixes = rest.filter((part) => !existing.has(part) && !/\d$/.test(part));
  const names = new Set(rest.filter((part) => !prefixes.includes(part)));
  return {
    tap: true,
    drops,
    everywhere: false,
    name,
    required: [...names],
    prefixes,
    dynamic: true,
    matches: (device) => names.has(device.name) || prefixes.some((prefix) => device.name.startsWith(prefix)),
  };
}

/**
 * Checks that the interfaces named are there.
 * @param warn told of what nobody has now, though it may come
 * @returns whether the capture is of devices by their own names, and ends with them
 * @throws Error that says what there is
 */
export function requireDevices(
  selection: Selection,
  devices: readonly Device[],
  warn: (message: string) => void,
): boolean {
  const { name, required, prefixes, dynamic, everywhere, matches } = selection;
  for (const wanted of required) {
    if (!devices.some((device) => device.name === wanted))
      throw new Error(`${wanted}: No such device exists${thereAre(devices)}`);
  }
  for (const prefix of prefixes) {
    if (!devices.some((device) => device.name.startsWith(prefix)))
      warn(`${name}: no interface's name begins with '${prefix}' yet${thereAre(devices)}`);
  }
  if (!everywhere && required.length + prefixes.length === 0 && !devices.some(matches))
    warn(`${name}: no Ethernet interface yet${thereAre(devices)}; -i pktap,all takes every interface`);
  if (dynamic) return false;
  const down = devices.find((device) => matches(device) && !device.up);
  if (down !== undefined) throw new Error(`${down.name}: That device is not up`);
  return true;
}

/** Names told at most: a host of containers has hundreds. */
const TOLD = 12;

/** What there is, in words that follow what there is not. */
export function thereAre(devices: readonly { readonly name: string }[]): string {
  const names = [...new Set(devices.map((device) => device.name))];
  if (names.length === 0) return ' (there are no interfaces)';
  const more = names.length > TOLD ? ` and ${names.length - TOLD} more` : '';
  return ` (there ${names.length === 1 ? 'is' : 'are'} ${names.slice(0, TOLD).join(', ')}${more})`;
}

function everything(name: string, drops = false): Selection {
  return {
    tap: true,
    drops,
    everywhere: true,
    name,
    required: [],
    prefixes: [],
    dynamic: true,
    matches: () => true,
  };
}
