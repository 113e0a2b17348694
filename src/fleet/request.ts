// What an operator asks of hosts, as data that comes from elsewhere: it is what it should be, or nothing.

import { MAXIMUM_SNAPSHOT_LENGTH } from '../packet/index.js';

/** Bytes of a request at most, and of the filters in it. */
const MOST_BYTES = 64 * 1024;
const MOST_TEXT = 16 * 1024;
const MOST_NAMES = 256;
/** Seconds of a capture at most: a week. */
export const MOST_SECONDS = 7 * 24 * 3600;
const VERSION = 1;

/** A capture that is asked for. */
export interface CaptureRequest {
  /** Patterns of hosts; none: all. */
  readonly hosts: readonly string[];
  /** As -i has them; none: the tap. */
  readonly interfaces: readonly string[];
  readonly direction: 'in' | 'out' | 'inout' | null;
  readonly metadata: string | null;
  readonly expression: string | null;
  readonly optimize: boolean;
  readonly snapshotLength: number;
  readonly headersOnly: boolean;
  readonly promiscuous: boolean;
  readonly processes: boolean;
  /** KiB; null: the tap's own choice. */
  readonly bufferSize: number | null;
  /** Seconds that are left of it. */
  readonly seconds: number;
  /** Bytes that a host may send of it, and a second; null: as many as come. */
  readonly bytes: number;
  readonly rate: number | null;
  /** Whether flow records are sent besides packets. */
  readonly flows: boolean;
}

/** What comes on a control subject. */
export type Control =
  | { readonly kind: 'capture'; readonly request: CaptureRequest; readonly sent: number }
  | { readonly kind: 'cancel' }
  /** Everybody says how it is. */
  | { readonly kind: 'ping'; readonly hosts: readonly string[]; readonly sent: number };

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string' && value.length <= MOST_TEXT;
const names: Check = (value) =>
  Array.isArray(value) &&
  value.length <= MOST_NAMES &&
  value.every((one) => typeof one === 'string' && one.length > 0 && one.length <= 256);
const flag: Check = (value) => typeof value === 'boolean';
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const whole =
  (least: number, most: number): Check =>
  (value) =>
    Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;

const CHECKS: { readonly [name in keyof CaptureRequest]: Check } = {
  hosts: names,
  interfaces: names,
  direction: (value) => value === null || value === 'in' || value === 'out' || value === 'inout',
  metadata: orNull(text),
  expression: orNull(text),
  optimize: flag,
  snapshotLength: whole(1, MAXIMUM_SNAPSHOT_LENGTH),
  headersOnly: flag,
  promiscuous: flag,
  processes: flag,
  bufferSize: orNull(whole(1, 2 ** 21)),
  seconds: whole(1, MOST_SECONDS),
  bytes: whole(1, 2 ** 50),
  rate: orNull(whole(1, 2 ** 40)),
  flows: flag,
};

/** Bytes as JSON; null: they are none, or too many. */
export function parseJson(bytes: Uint8Array, most = MOST_BYTES): Record<string, unknown> | null {
  if (bytes.length > most) return null;
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** A request out of data; a text says what is wrong with it. */
export function requestOf(value: unknown): CaptureRequest | string {
  if (typeof value !== 'object' || value === null) return 'it is no request';
  const given = value as Record<string, unknown>;
  const request: Record<string, unknown> = {};
  for (const [name, check] of Object.entries(CHECKS)) {
    if (!check(given[name])) return `${name} cannot be ${JSON.stringify(given[name])?.slice(0, 40)}`;
    request[name] = given[name];
  }
  // What is not known may narrow the capture: it is not left out silently.
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(CHECKS, name));
  return unknown === undefined
    ? (request as unknown as CaptureRequest)
    : `this agent does not know ${unknown.slice(0, 40)}`;
}

/** What a control message says; a text says what is wrong with it. */
export function controlOf(bytes: Uint8Array): Control | string {
  const value = parseJson(bytes);
  if (value === null) return 'it is no request';
  if (value['v'] !== VERSION) return 'it is of another version of pktap';
  const { kind, sent } = value;
  if (kind === 'cancel') return { kind };
  if (typeof sent !== 'number' || !Number.isFinite(sent)) return 'it has no time';
  if (kind === 'ping') {
    const { hosts } = value;
    return names(hosts) ? { kind, hosts: hosts as string[], sent } : 'it is no request';
  }
  if (kind !== 'capture') return 'it asks for what this agent does not know';
  const request = requestOf(value['request']);
  return typeof request === 'string' ? request : { kind, request, sent };
}

/** A control message. */
export function controlBytes(control: Control): Buffer {
  return Buffer.from(JSON.stringify({ v: VERSION, ...control }));
}
