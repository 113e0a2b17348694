// Calls of NFS that were seen lately: a reply does not say what it is one to. The oldest of a small ring goes first.

import type { Printer } from '../../printer.js';
import { Call } from './sunrpc.js';

const MOST = 64;

/** What a reply is one to. */
export interface KnownCall {
  readonly xid: number;
  readonly ipVersion: number;
  readonly client: Uint8Array;
  readonly server: Uint8Array;
  readonly procedure: number;
  readonly version: number;
}

interface Ring {
  readonly calls: KnownCall[];
  next: number;
  /** Where the last one was found: the search begins there. */
  found: number;
}

const rings = new WeakMap<Printer, Ring>();

function ringOf(p: Printer): Ring {
  let ring = rings.get(p);
  if (ring === undefined) {
    ring = { calls: [], next: 0, found: 0 };
    rings.set(p, ring);
  }
  return ring;
}

/** An address of the IP header. */
function address(p: Printer, destination: boolean): Uint8Array {
  if (p.ipVersion === 4) return p.view(p.ipHeader + (destination ? 16 : 12), 4);
  return p.view(p.ipHeader + (destination ? 24 : 8), 16);
}

const same = (a: Uint8Array, b: Uint8Array): boolean => a.every((byte, i) => byte === b[i]);

/** Remembers the call at `offset`, captured up to its procedure. */
export function rememberCall(p: Printer, offset: number): void {
  if (p.ipVersion === 0) return;
  const ring = ringOf(p);
  ring.calls[ring.next] = {
    xid: p.u32(offset + Call.XID),
    ipVersion: p.ipVersion,
    client: address(p, false).slice(),
    server: address(p, true).slice(),
    procedure: p.u32(offset + Call.PROCEDURE),
    version: p.u32(offset + Call.VERSION),
  };
  ring.next = (ring.next + 1) % MOST;
}

/** The call that the reply at `offset` is one to; null when it was not seen or is forgotten. */
export function findCall(p: Printer, offset: number): KnownCall | null {
  if (p.ipVersion === 0) return null;
  const ring = ringOf(p);
  const xid = p.u32(offset + Call.XID);
  const client = address(p, true);
  const server = address(p, false);
  for (let i = 0; i < MOST; i++) {
    const place = (ring.found + i) % MOST;
    const call = ring.calls[place];
    if (call === undefined || call.xid !== xid || call.ipVersion !== p.ipVersion) continue;
    if (!same(call.server, server) || !same(call.client, client)) continue;
    ring.found = place;
    return call;
  }
  return null;
}
