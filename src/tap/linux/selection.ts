// Which interfaces -i means. Source: Apple's pktap(4) conventions.

import type { Link } from './links.js';

/** What -i asks for. */
export interface Selection {
  /** A tap: packets come with metadata and a link type of their own. */
  readonly tap: boolean;
  /** Name as the user said it, for messages. */
  readonly name: string;
  /** Packets that the kernel drops, instead of those that pass. */
  readonly drops: boolean;
  /** Every interface, in other network namespaces too. */
  readonly everywhere: boolean;
  /** Names that must exist now. */
  readonly required: readonly string[];
  /** Interfaces may come and go while the capture runs. */
  readonly dynamic: boolean;
  matches(link: Link): boolean;
}

/**
 * @param argument -i's argument; null: the tap on every ordinary interface
 * @param existing names of the interfaces there are now: such a name means that interface, not a prefix
 * @throws Error for an empty name
 */
export function parseSelection(argument: string | null, existing: ReadonlySet<string>): Selection {
  const name = argument ?? 'pktap';
  if (name === 'all' || name === 'any') return everything(name);
  const [first, ...rest] = name.split(',');
  const drops = first === 'droptap';
  if (first !== 'pktap' && first !== 'iptap' && !drops) {
    return {
      tap: false,
      drops,
      everywhere: false,
      name,
      required: [name],
      dynamic: false,
      matches: (link) => link.name === name,
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
      dynamic: true,
      matches: (link) => !link.loopback && link.hardware === 1,
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
    dynamic: true,
    matches: (link) => names.has(link.name) || prefixes.some((prefix) => link.name.startsWith(prefix)),
  };
}

/**
 * Checks that the interfaces named are there.
 * @returns the plain device that is meant, null for a tap
 * @throws Error
 */
export function requireLinks(selection: Selection, links: readonly Link[]): Link | null {
  for (const name of selection.required) {
    if (!links.some((link) => link.name === name)) throw new Error(`${name}: No such device exists`);
  }
  const plain = selection.tap ? undefined : links.find((link) => selection.matches(link));
  if (plain !== undefined && !plain.up) throw new Error(`${plain.name}: That device is not up`);
  return plain ?? null;
}

function everything(name: string, drops = false): Selection {
  return { tap: true, drops, everywhere: true, name, required: [], dynamic: true, matches: () => true };
}
