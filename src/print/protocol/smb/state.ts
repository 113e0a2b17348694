// What the printers of SMB know of the message they are in, and remember from one message to the next.

import type { Printer } from '../../printer.js';

export class SmbState {
  readonly p: Printer;
  /** First byte of the NetBIOS packet, then of the SMB message: names refer to it, Unicode is aligned by it. */
  start = 0;
  /** The message asks, rather than answers. */
  request = false;
  /** Strings of the message are UTF-16. */
  unicode = false;
  /** Length of the string that is to come; -1 while no field has said it. */
  stringLength = -1;
  /** What the last TRANS2 request asked for: an answer does not say it again. */
  subcommand = 0;
  /** The information level of the last request about a file system. */
  level = 0;

  constructor(p: Printer) {
    this.p = p;
  }
}

const states = new WeakMap<Printer, SmbState>();

export function stateOf(p: Printer): SmbState {
  let found = states.get(p);
  if (found === undefined) {
    found = new SmbState(p);
    states.set(p, found);
  }
  return found;
}
