// Values of HNCP's records. Source: RFC 7787, RFC 7788.

import { completes, OVERRUN } from '../../endings.js';
import { captured, hex, hexBytes } from '../../inline.js';
import type { Printer } from '../../printer.js';
import { dhcp4Data, dhcp6Data } from './dhcp.js';
import { dnsLabels, mappedAddress, prefix } from './prefix.js';

/** How a value ended: right, invalid, or so that nothing behind it can be read. */
export const Outcome = { RIGHT: 0, INVALID: 1, END: 2 } as const;
export type Outcome = (typeof Outcome)[keyof typeof Outcome];

/** Prints the records in a value. */
type Nested = (offset: number, length: number) => void;

type ValuePrinter = (p: Printer, at: number, size: number, nested: Nested, indent: number) => Outcome;

/** Printers by type, and the least length of what each prints. */
const VALUES: Readonly<Record<number, readonly [least: number, print: ValuePrinter, exactly?: true]>> = {
  1: [0, () => Outcome.RIGHT, true],
  2: [4, (p, at) => text(p, ` NID: ${identifier(p, at)}`), true],
  3: [8, (p, at) => text(p, ` NID: ${identifier(p, at)} EPID: ${endpoint(p, at + 4)}`), true],
  4: [8, (p, at) => text(p, ` hash: ${hexBytes(p, at, 8)}`), true],
  5: [20, nodeState],
  8: [12, peer, true],
  9: [8, (p, at) => text(p, ` EPID: ${endpoint(p, at)} Interval: ${interval(p, at + 4)}`)],
  10: [37, verdict],
  32: [5, version],
  33: [0, (_, at, size, nested) => inner(nested, at, size, 0)],
  34: [9, delegated],
  35: [6, assigned],
  36: [20, nodeAddress],
  37: [1, (p, at, size, _, indent) => (dhcp4Data(p, at, size, indent + 1) ? Outcome.RIGHT : Outcome.END)],
  38: [1, (p, at, size, _, indent) => (dhcp6Data(p, at, size, indent + 1) ? Outcome.RIGHT : Outcome.INVALID)],
  39: [17, zone],
  40: [1, domain],
  41: [17, nodeName],
  42: [32, managedKey],
  43: [1, policy],
};

/**
 * Prints a value, all of it captured.
 * @param indent how deep its record is
 */
export function hncpValue(
  p: Printer,
  type: number,
  at: number,
  size: number,
  indent: number,
  nested: Nested,
): Outcome {
  const known = VALUES[type];
  if (known === undefined) return Outcome.RIGHT;
  const [least, print, exactly] = known;
  if (size < least || (exactly === true && size !== least)) return Outcome.INVALID;
  let outcome: Outcome = Outcome.INVALID;
  completes(() => {
    outcome = print(p, at, size, nested, indent);
  });
  return outcome;
}

function text(p: Printer, written: string): Outcome {
  p.text(written);
  return Outcome.RIGHT;
}

/** The records behind `used` bytes of a value, which fill words. */
function inner(nested: Nested, at: number, size: number, used: number): Outcome {
  const from = (used + 3) & ~3;
  if (size >= from) nested(at + from, size - from);
  return Outcome.RIGHT;
}

function identifier(p: Printer, at: number): string {
  return captured(p, () => p.linkAddress(at, 4));
}

function endpoint(p: Printer, at: number): string {
  return hex(p.u32(at), 8);
}

/** Milliseconds as seconds. */
function interval(p: Printer, at: number): string {
  const value = p.u32(at);
  return `${Math.floor(value / 1000)}.${String(value % 1000).padStart(3, '0')}s`;
}

function nodeState(p: Printer, at: number, size: number, nested: Nested): Outcome {
  p.text(
    ` NID: ${identifier(p, at)} seqno: ${p.u32(at + 4)} ${interval(p, at + 8)} hash: ${hexBytes(p, at + 12, 8)}`,
  );
  return inner(nested, at, size, 20);
}

function peer(p: Printer, at: number): Outcome {
  p.text(
    ` Peer-NID: ${identifier(p, at)} Peer-EPID: ${endpoint(p, at + 4)} Local-EPID: ${endpoint(p, at + 8)}`,
  );
  return Outcome.RIGHT;
}

function verdict(p: Printer, at: number, size: number): Outcome {
  p.text(` Verdict: ${p.u8(at)} Fingerprint: ${hexBytes(p, at + 4, 32)} Common Name: `);
  p.safeUntilNul(at + 36, size - 36);
  return Outcome.RIGHT;
}

function version(p: Printer, at: number, size: number): Outcome {
  const capabilities = p.u16(at + 2);
  const four = (shift: number) => (capabilities >> shift) & 15;
  p.text(` M: ${four(12)} P: ${four(8)} H: ${four(4)} L: ${four(0)} User-agent: `);
  p.safeUntilNul(at + 4, size - 4);
  return Outcome.RIGHT;
}

/** Bytes that a prefix at `at` says it has. */
function prefixBytes(p: Printer, at: number): number {
  return (p.u8(at) + 7) >> 3;
}

function delegated(p: Printer, at: number, size: number, nested: Nested): Outcome {
  if (size < 9 + prefixBytes(p, at + 8)) throw OVERRUN;
  p.text(` VLSO: ${interval(p, at)} PLSO: ${interval(p, at + 4)} Prefix: `);
  const used = prefix(p, at + 8, size - 8);
  if (used === null) return text(p, '(length is invalid)');
  return inner(nested, at, size, 8 + used);
}

function assigned(p: Printer, at: number, size: number, nested: Nested): Outcome {
  if (size < 6 + prefixBytes(p, at + 5)) throw OVERRUN;
  p.text(` EPID: ${endpoint(p, at)} Prty: ${p.u8(at + 4) & 15} Prefix: `);
  const used = prefix(p, at + 5, size - 5);
  return used === null ? Outcome.INVALID : inner(nested, at, size, 5 + used);
}

function nodeAddress(p: Printer, at: number, size: number, nested: Nested): Outcome {
  p.text(` EPID: ${endpoint(p, at)} IP Address: ${mappedAddress(p, at + 4)}`);
  return inner(nested, at, size, 20);
}

function zone(p: Printer, at: number, size: number, nested: Nested): Outcome {
  const flags = p.u8(at + 16);
  const flag = (bit: number, letter: string) => ((flags & bit) !== 0 ? letter : '-');
  p.text(` IP-Address: ${mappedAddress(p, at)} ${flag(4, 'l')}${flag(2, 'b')}${flag(1, 's')} `);
  const used = dnsLabels(p, at + 17, size - 17);
  return inner(nested, at, size, 17 + used);
}

function domain(p: Printer, at: number, size: number): Outcome {
  p.text(' Domain: ');
  completes(() => dnsLabels(p, at, size));
  return Outcome.RIGHT;
}

function nodeName(p: Printer, at: number, size: number, nested: Nested): Outcome {
  const length = p.u8(at + 16);
  if (size < 17 + length) throw OVERRUN;
  p.text(` IP-Address: ${mappedAddress(p, at)} Name: `);
  if (length < 64) {
    p.char(34);
    p.safeUntilNul(at + 17, length);
    p.char(34);
  } else p.invalid();
  return inner(nested, at, size, 17 + length);
}

function managedKey(p: Printer, at: number, size: number, nested: Nested): Outcome {
  p.text(` PSK: ${hexBytes(p, at, 32)}`);
  return inner(nested, at, size, 32);
}

/** What a prefix is for, by its first byte: a length of a prefix, or a kind. */
function policy(p: Printer, at: number, size: number): Outcome {
  const kind = p.u8(at);
  p.text(' type: ');
  if (kind === 0 || kind === 131) {
    if (size !== 1) return Outcome.INVALID;
    return text(p, kind === 0 ? 'Internet connectivity' : 'Restrictive assignment');
  }
  if (kind <= 128) {
    p.text('Dest-Prefix: ');
    const used = prefix(p, at, size);
    return used === null ? text(p, '(length is invalid)') : Outcome.RIGHT;
  }
  if (kind === 129) {
    p.text('DNS domain: ');
    completes(() => dnsLabels(p, at + 1, size - 1));
  } else if (kind === 130) {
    p.text('Opaque UTF-8: ');
    p.safeUntilNul(at + 1, size - 1);
  } else p.text(`Unknown (${kind})`);
  return Outcome.RIGHT;
}
