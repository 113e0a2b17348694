// What a host says of itself: each ten seconds, when it is asked, and when something changes.

import { isCaptureId, isName } from './names.js';
import { parseJson } from './request.js';

const MOST_BYTES = 32 * 1024;
const MOST_CAPTURES = 64;
const MOST_INTERFACES = 64;
const LONGEST = 300;

export type CaptureState = 'opening' | 'running' | 'ending' | 'ended' | 'failed' | 'refused';
const STATES: readonly string[] = ['opening', 'running', 'ending', 'ended', 'failed', 'refused'];
const OVER: readonly CaptureState[] = ['ended', 'failed', 'refused'];

/** Whether nothing more comes of a capture. */
export function isOver(state: CaptureState): boolean {
  return OVER.includes(state);
}

/** A capture on one host. */
export interface CaptureStatus {
  readonly id: string;
  readonly operator: string;
  readonly state: CaptureState;
  /** Why it is over, or what is less than was asked for; '' nothing. */
  readonly words: string;
  /** Seconds that are left of it. */
  readonly left: number;
  /** Batches, packets and bytes that the server has. */
  readonly batches: number;
  readonly packets: number;
  readonly bytes: number;
  /** Packets that passed the filter in the kernel. */
  readonly received: number;
  /** Packets that were lost: in the kernel, for want of room to the network, over the rate, over the budget. */
  readonly droppedByKernel: number;
  readonly droppedByNetwork: number;
  readonly droppedByRate: number;
  readonly droppedByBudget: number;
  /** Packets that the policy keeps here. */
  readonly withheld: number;
  /** Bytes that wait, and milliseconds that the oldest has waited. */
  readonly waiting: number;
  readonly lag: number;
}

export interface HostStatus {
  readonly version: string;
  readonly kernel: string;
  readonly rights: string;
  readonly interfaces: readonly string[];
  /** Seconds that the agent has run. */
  readonly uptime: number;
  /** Milliseconds of the host's clock when this was sent. */
  readonly time: number;
  /** The time that an operator's message had, and milliseconds that it lay here; null: nobody asked. */
  readonly echo: { readonly sent: number; readonly held: number } | null;
  readonly captures: readonly CaptureStatus[];
}

export function statusBytes(status: HostStatus): Buffer {
  return Buffer.from(JSON.stringify({ v: 1, ...status }));
}

const number = (value: unknown): number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : 0;
const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, LONGEST) : '');

function captureOf(value: unknown): CaptureStatus | null {
  if (typeof value !== 'object' || value === null) return null;
  const given = value as Record<string, unknown>;
  const { id, operator, state } = given;
  if (typeof id !== 'string' || !isCaptureId(id) || typeof operator !== 'string' || !isName(operator))
    return null;
  if (typeof state !== 'string' || !STATES.includes(state)) return null;
  const count = (name: keyof CaptureStatus): number => number(given[name]);
  return {
    id,
    operator,
    state: state as CaptureState,
    words: text(given['words']),
    left: count('left'),
    batches: count('batches'),
    packets: count('packets'),
    bytes: count('bytes'),
    received: count('received'),
    droppedByKernel: count('droppedByKernel'),
    droppedByNetwork: count('droppedByNetwork'),
    droppedByRate: count('droppedByRate'),
    droppedByBudget: count('droppedByBudget'),
    withheld: count('withheld'),
    waiting: count('waiting'),
    lag: count('lag'),
  };
}

/** What a host's message says; null: it is none. */
export function statusOf(bytes: Uint8Array): HostStatus | null {
  const value = parseJson(bytes, MOST_BYTES);
  if (value === null || value['v'] !== 1) return null;
  const { interfaces, captures, echo } = value;
  const answered = typeof echo === 'object' && echo !== null ? (echo as Record<string, unknown>) : null;
  return {
    version: text(value['version']),
    kernel: text(value['kernel']),
    rights: text(value['rights']),
    interfaces: Array.isArray(interfaces) ? interfaces.slice(0, MOST_INTERFACES).map(text) : [],
    uptime: number(value['uptime']),
    time: number(value['time']),
    echo: answered === null ? null : { sent: number(answered['sent']), held: number(answered['held']) },
    captures: Array.isArray(captures)
      ? captures
          .slice(0, MOST_CAPTURES)
          .map(captureOf)
          .filter((one) => one !== null)
      : [],
  };
}
