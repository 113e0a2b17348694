// Words of the command lines of `pktap agent` and `pktap fleet`.

import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { isName, type Policy } from '../../fleet/index.js';
import type { OptionShape } from '../getopt.js';
import { ArgumentError } from '../parsed.js';

export interface Option<To> extends OptionShape {
  readonly set: (to: To, value: string) => void;
}

/** What the agent asks of its child. */
export interface Asked {
  readonly host: string;
  readonly request: object;
  readonly expression: string | null;
  readonly policy: Policy;
}

/** What `pktap fleet` was asked for. */
export interface FleetArguments {
  action: 'run' | 'help' | 'version';
  url: string | null;
  hosts: string[];
  operators: string[];
  key: string | null;
  ca: string | null;
  json: boolean;
  since: number | null;
  follow: boolean;
  /** Seconds and bytes that the server keeps. */
  age: number | null;
  bytes: number | null;
  /** Names and addresses of the server, for its certificate. */
  server: string[];
}

export function flag<To>(short: string, long: string[], set: (to: To) => void): Option<To> {
  return { short, long, argument: 'none', set };
}

export function value<To>(short: string, long: string[], set: (to: To, value: string) => void): Option<To> {
  return { short, long, argument: 'required', set };
}

/** This machine's name in a fleet, where no key says it. */
export function ownName(): string {
  const name = hostname();
  if (!isName(name)) throw new ArgumentError(`${name} cannot be a host's name: --name gives another`);
  return name;
}

/**
 * Reads a file that only its owner, or root, may have written: what it says is obeyed.
 * @throws Error with its path
 */
export function readTrusted(path: string): string {
  const file = openSync(path, constants.O_RDONLY);
  try {
    const { mode, uid } = fstatSync(file);
    if ((mode & 0o022) !== 0) throw new Error(`${path}: others may write it: chmod go-w keeps them off`);
    if (uid !== 0 && uid !== process.geteuid!()) throw new Error(`${path}: is neither root's nor ours`);
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}
