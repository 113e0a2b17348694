// What the values of -Q's terms mean, for each type of field.

import type { Field } from '../../decode/facts/index.js';

/** An address, and how many of its bits count. */
export interface Network {
  readonly bytes: Uint8Array;
  readonly bits: number;
}

const NUMBER = /^(0x[0-9a-fA-F]{1,13}|\d{1,15})$/;
const NANOSECONDS = 1_000_000_000n;

/** @returns a whole number; null: it is none */
export function numberOf(text: string): number | null {
  return NUMBER.test(text) ? Number(text) : null;
}

/** @returns the time that a text in RFC 3339 says, nanoseconds since the epoch; null: it says none */
function dateOf(text: string): bigint | null {
  const match = /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,9}))?(Z|z|[+-]\d\d:\d\d)?)?$/.exec(
    text,
  );
  if (match === null) return null;
  const [, date, clock = '00:00:00', fraction = '', zone = 'Z'] = match;
  const milliseconds = Date.parse(`${date}T${clock}${zone.toUpperCase()}`);
  if (Number.isNaN(milliseconds)) return null;
  return BigInt(milliseconds) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}

/** @returns nanoseconds since the epoch, of a date or of seconds; null: the text is neither */
export function timeOf(text: string): bigint | null {
  const match = /^(\d{1,12})(?:\.(\d{1,9}))?$/.exec(text);
  if (match === null) return dateOf(text);
  return BigInt(match[1]!) * NANOSECONDS + BigInt((match[2] ?? '').padEnd(9, '0'));
}

function ipv4(text: string): Uint8Array | null {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return null;
  return Uint8Array.from(parts, Number);
}

function ipv6(text: string): Uint8Array | null {
  // An IPv4 address at the end stands for two groups.
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (dotted !== null) {
    const four = ipv4(dotted[2]!);
    if (four === null) return null;
    const group = (at: number): string => ((four[at]! << 8) | four[at + 1]!).toString(16);
    return ipv6(`${dotted[1]}${group(0)}:${group(2)}`);
  }
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const count = groups.flat().length;
  if (!groups.flat().every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return null;
  if (halves.length === 1 ? count !== 8 : count > 7) return null;
  const all =
    halves.length === 1 ? groups[0]! : [...groups[0]!, ...Array<string>(8 - count).fill('0'), ...groups[1]!];
  return Uint8Array.from(
    all.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]),
  );
}

/** @returns an address, or a network of them (10.0.0.0/8); null: it is neither */
export function networkOf(text: string): Network | null {
  const [address, length, ...more] = text.split('/');
  if (more.length > 0) return null;
  const bytes = address!.includes(':') ? ipv6(address!) : ipv4(address!);
  if (bytes === null) return null;
  const most = bytes.length * 8;
  if (length === undefined) return { bytes, bits: most };
  return /^\d{1,3}$/.test(length) && Number(length) <= most ? { bytes, bits: Number(length) } : null;
}

/** Whether the address at a place lies in the network; it is as long as the network's. */
export function contains({ bytes, bits }: Network, b: Uint8Array, at: number): boolean {
  const whole = bits >> 3;
  for (let i = 0; i < whole; i++) if (b[at + i] !== bytes[i]) return false;
  const rest = bits & 7;
  return rest === 0 || (b[at + whole]! ^ bytes[whole]!) >> (8 - rest) === 0;
}

/** Whether its values are addresses of hardware. */
export function isHardwareAddress({ reader }: Field): boolean {
  return reader.kind === 'mac';
}

/** @returns an address of hardware as the fields have it; null: it is none. Its bytes may have one digit, and `:`, `-` or nothing between. */
export function hardwareOf(text: string): string | null {
  const parts = /^[0-9a-fA-F]{12}$/.test(text) ? text.match(/../g)! : text.split(/[:-]/);
  if (parts.length !== 6 || !parts.every((part) => /^[0-9a-fA-F]{1,2}$/.test(part))) return null;
  return parts.map((part) => part.toLowerCase().padStart(2, '0')).join(':');
}

/** Whether a text is one of the words that a field's values are; true where they may be any. */
export function isWordOf({ words, type }: Field, text: string): boolean {
  if (type === 'bytes') return /^(?:[0-9a-fA-F]{2})+$/.test(text);
  return words === undefined || words.includes(text.toUpperCase());
}

/** Whether letters' case says nothing: names of hosts and protocols, hexadecimal. */
export function isCaseless({ name, type }: Field): boolean {
  return (
    type === 'bytes' ||
    /^(eth|arp|dns|pktap)\.|^(tls\.sni|http\.host|tcp\.flags|frame\.(link_type|dir))$/.test(name)
  );
}

/** What a field's value is called when a wrong one was given. */
export function wantedOf(field: Field): string {
  if (isAddress(field)) return 'an address or a network';
  if (isHardwareAddress(field)) return 'an Ethernet address';
  const { words } = field;
  if (words !== undefined) return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
  switch (field.type) {
    case 'integer':
      return 'a number';
    case 'boolean':
      return 'true or false';
    case 'bytes':
      return 'an even number of hexadecimal digits';
    case 'time':
    case 'epoch':
      return 'a time (2026-01-31T12:00:00Z, or seconds)';
    default:
      return 'text';
  }
}

/** Whether its values are IP addresses. */
export function isAddress({ reader, name }: Field): boolean {
  return reader.kind === 'address' || name === 'arp.src' || name === 'arp.dst';
}
