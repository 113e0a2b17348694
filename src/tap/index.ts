// Live capture behind one interface, whatever the system.

import {
  aBoolean,
  aFunction,
  aNumber,
  aText,
  type Check,
  checkOptions,
  either,
  given,
  listOf,
  oneOf,
  orNull,
} from '../options.js';
import { MAXIMUM_SNAPSHOT_LENGTH } from '../packet/index.js';
import type { InterfaceListing, Tap, TapOptions } from './tap.js';

export type { CountHandler, InterfaceListing, PacketCounter, Tap, TapOptions } from './tap.js';

const DEFAULTS: TapOptions = {
  interface: null,
  processes: true,
  snapshotLength: MAXIMUM_SNAPSHOT_LENGTH,
  bufferSize: null,
  promiscuous: false,
  immediate: false,
  direction: null,
  metadataFilter: null,
  command: false,
  expression: null,
  optimize: true,
  networkNamespaces: [],
  counts: false,
  host: null,
  verbose: 0,
  warn: () => {},
  meanwhile: () => {},
};

/** What each option may be. */
const CHECKS: { readonly [name in keyof TapOptions]: Check } = {
  interface: orNull(either(aText, listOf(aText))),
  processes: aBoolean,
  snapshotLength: aNumber(1, MAXIMUM_SNAPSHOT_LENGTH),
  bufferSize: orNull(aNumber(1)),
  promiscuous: aBoolean,
  immediate: aBoolean,
  direction: orNull(oneOf('in', 'out', 'inout')),
  metadataFilter: orNull(aText),
  command: aBoolean,
  expression: orNull(aText),
  optimize: aBoolean,
  networkNamespaces: listOf(aText),
  counts: aBoolean,
  host: orNull(aText),
  verbose: aNumber(0),
  warn: aFunction,
  meanwhile: aFunction,
};

/**
 * Opens a live capture. Needs root, or on Linux the capabilities that docs/manual.md lists.
 * @param options what is not given: the tap on every ordinary interface, whole packets with their processes, no filter
 * @throws TypeError for an option that does not exist or cannot be what it is, Error with a message that says what is
 *   missing and what to do; nothing is left open then
 */
export async function openTap(options: Partial<TapOptions> = {}): Promise<Tap> {
  checkOptions('openTap', options, CHECKS);
  const all = { ...DEFAULTS, ...given(options) };
  if (process.platform === 'linux') return (await import('./linux/index.js')).openTap(all);
  if (process.platform === 'darwin') return (await import('./darwin/index.js')).openTap(all);
  throw new Error(`live capture is not supported on ${process.platform}; savefiles can be read with -r`);
}

/** Interfaces that can be captured on, the tap first. */
export async function listInterfaces(): Promise<InterfaceListing[]> {
  if (process.platform === 'linux') return (await import('./linux/index.js')).listInterfaces();
  if (process.platform === 'darwin') return (await import('./darwin/index.js')).listInterfaces();
  throw new Error(`live capture is not supported on ${process.platform}`);
}

/** @returns an interface's IPv4 netmask, host order; null where it has no IPv4 address */
export async function interfaceNetmask(name: string): Promise<number | null> {
  if (process.platform === 'linux') return (await import('./linux/index.js')).interfaceNetmask(name);
  if (process.platform === 'darwin') return (await import('./darwin/index.js')).interfaceNetmask(name);
  throw new Error(`live capture is not supported on ${process.platform}`);
}
