// What a host lets operators ask for: a file of its administrator's. What the file says that nobody knows is an error, as it may
// be meant to forbid something.

import { Headers, IpProtocol } from '../decode/index.js';
import type { Packet, PacketFilter } from '../packet/index.js';
import { matchesAny } from './names.js';
import type { CaptureRequest } from './request.js';

export interface Policy {
  /** Patterns of operators who may capture; none: all that the server lets ask. */
  readonly operators: readonly string[];
  /** Patterns of interfaces; none: all. */
  readonly interfaces: readonly string[];
  /** Bytes kept of a packet at most; null: as many as are asked for. */
  readonly snapshotLength: number | null;
  /** Whether packets are cut behind their headers. */
  readonly headersOnly: boolean;
  /** Packets from and to these ports are never sent, nor what cannot be told from them. */
  readonly neverPorts: readonly number[];
  /** Of a capture at most. */
  readonly seconds: number | null;
  readonly bytes: number | null;
  readonly rate: number | null;
  /** Captures at once. */
  readonly captures: number;
  /** Whether command lines are sent, which may hold passwords. */
  readonly commandLines: boolean;
}

/** What goes where there is no file. */
export const OPEN_POLICY: Policy = {
  operators: [],
  interfaces: [],
  snapshotLength: null,
  headersOnly: false,
  neverPorts: [],
  seconds: null,
  bytes: null,
  rate: null,
  captures: 8,
  commandLines: true,
};

const whole = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 1;
const names = (value: unknown): boolean =>
  Array.isArray(value) && value.every((one) => typeof one === 'string' && one !== '');
const flag = (value: unknown): boolean => typeof value === 'boolean';

const CHECKS: { readonly [name in keyof Policy]: (value: unknown) => boolean } = {
  operators: names,
  interfaces: names,
  snapshotLength: whole,
  headersOnly: flag,
  neverPorts: (value) =>
    Array.isArray(value) && value.every((port) => whole(port) && (port as number) <= 65_535),
  seconds: whole,
  bytes: whole,
  rate: whole,
  captures: whole,
  commandLines: flag,
};

/** @throws Error that says what is wrong with the file's text */
export function policyOf(text: string): Policy {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`is no JSON: ${(error as Error).message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('has no object of JSON');
  for (const [name, given] of Object.entries(value)) {
    const check = CHECKS[name as keyof Policy];
    if (check === undefined) throw new Error(`${name} is no rule`);
    if (!check(given)) throw new Error(`${name} cannot be ${JSON.stringify(given)}`);
  }
  return { ...OPEN_POLICY, ...(value as Partial<Policy>) };
}

function least(asked: number, most: number | null): number {
  return most === null ? asked : Math.min(asked, most);
}

/** The request as far as the policy goes; a text says why it does not go at all. */
export function allowed(policy: Policy, operator: string, request: CaptureRequest): CaptureRequest | string {
  if (!matchesAny(operator, policy.operators)) return `the policy does not let ${operator} capture`;
  return {
    ...request,
    snapshotLength: least(request.snapshotLength, policy.snapshotLength),
    headersOnly: request.headersOnly || policy.headersOnly,
    seconds: least(request.seconds, policy.seconds),
    bytes: least(request.bytes, policy.bytes),
    rate: policy.rate === null ? request.rate : least(request.rate ?? policy.rate, policy.rate),
  };
}

/**
 * The packet filter that has the kernel leave out most of what must not be sent: `gate` leaves out the rest.
 * @param own packet filters of the fleet's own connections, which are left out too (ownTraffic.ts)
 */
export function narrowed(
  policy: Policy,
  expression: string | null,
  own: readonly string[] = [],
): string | null {
  const never = [...policy.neverPorts.map((port) => `port ${port}`), ...own].join(' or ');
  if (never === '') return expression;
  return expression === null || expression === '' ? `not (${never})` : `(${expression}) and not (${never})`;
}

/** Protocols that have ports, and headers behind which they may be that nobody got past. */
const WITH_PORTS: readonly number[] = [
  IpProtocol.TCP,
  IpProtocol.UDP,
  IpProtocol.UDPLITE,
  IpProtocol.SCTP,
  IpProtocol.DCCP,
  IpProtocol.HOP_BY_HOP,
  IpProtocol.ROUTING,
  IpProtocol.FRAGMENT,
  IpProtocol.OPTIONS,
  IpProtocol.AH,
];
/** Packets within packets that are looked into. */
const DEEPEST = 4;

/** Asks of each packet whether the policy lets it be sent; null: it lets all be. */
export function gate({ neverPorts, interfaces }: Policy): PacketFilter | null {
  if (neverPorts.length === 0 && interfaces.length === 0) return null;
  const ports = new Set(neverPorts);
  const headers = new Headers();
  const known = new Map<string, boolean>();
  const onInterface = ({ interface: face }: Packet): boolean => {
    const name = face?.name ?? '';
    let answer = known.get(name);
    if (answer === undefined) {
      // A name of a namespace's has the namespace behind it.
      answer = matchesAny(name, interfaces) || matchesAny(name.replace(/@.*$/s, ''), interfaces);
      if (known.size > 4096) known.clear();
      known.set(name, answer);
    }
    return answer;
  };
  /** A fragment, or a header that is cut off, may be one of theirs: it is not sent either. */
  const hidden = (h: Headers): boolean =>
    (h.version === 0 && h.ip >= 0) ||
    (WITH_PORTS.includes(h.protocol) &&
      (h.sourcePort < 0 || h.destinationPort < 0 || ports.has(h.sourcePort) || ports.has(h.destinationPort)));
  return (packet) => {
    if (interfaces.length > 0 && !onInterface(packet)) return false;
    if (ports.size === 0) return true;
    headers.read(packet);
    do if (hidden(headers)) return false;
    while (headers.enter());
    return headers.depth < DEEPEST;
  };
}
