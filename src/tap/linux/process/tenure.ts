// What is known of one end of a conversation, and of the socket that it is for a time.

import type { Holder, Spot } from './holders.js';
import type { LiveProcess } from './processes.js';

/** What is known of an end as long as one socket is it. */
export class Tenure {
  /** Of the socket, 0 unknown. */
  inode = 0;
  /** Who was seen to hold it, and after a second look. */
  spot: Spot | null = null;
  holder: Holder | null = null;
  process: LiveProcess | null = null;
  /** Who listens, for the packets that open a connection. */
  listener: LiveProcess | null = null;
  /** Whether there is or was a socket. */
  socket = false;
  /** Stamp of its first packet, microseconds since the epoch. */
  readonly since: number;
  /** When it was found, and when it is to be looked at again. */
  found = 0;
  due = 0;
  /** It was opened from the other end. */
  accepted = false;
  /** Nobody has accepted the connection yet. */
  waits = false;
  /** Until when its owner is known to have been alone with it, microseconds since the epoch. */
  checked = 0;
  /** Page faults of children that the holder had waited for by then, and clock ticks since boot: more say that it forked. */
  faults = -1;
  ticks = 0n;
  constructor(since: number) {
    this.since = since;
  }
}

/** One end of a conversation. */
export class End {
  /** The same for both ends. */
  readonly id: number;
  now: Tenure;
  /** The socket before. */
  before: Tenure | null = null;
  /** Stamp of the last packet that was looked at early. */
  early = 0;
  packets = 0;
  constructor(id: number) {
    this.id = id;
    this.now = new Tenure(0);
  }
}
