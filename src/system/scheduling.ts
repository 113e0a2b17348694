// How soon this thread runs when it wakes: with a short slice it comes before those with longer ones. Any process may ask
// for it. Source: sched_setattr(2); Documentation/scheduler/sched-eevdf.rst (Linux 6.12; older kernels take no notice).

import { addressOf, libc, SYSCALL } from './libc.js';

/** struct sched_attr: size, policy, flags, nice, priority, runtime, deadline, period. */
const SIZE = 48;
const POLICY = 4;
const RUNTIME = 24;
const SCHED_OTHER = 0;
/** Nanoseconds, the shortest that the kernel takes. */
const SHORT = 100_000n;

/** Asks for a short slice, or the usual one again: what is started meanwhile inherits it. All else stays as it is. */
export function askForShortSlice(short: boolean): void {
  const attributes = new Uint8Array(new ArrayBuffer(SIZE));
  const view = new DataView(attributes.buffer);
  const address = Number(addressOf(attributes));
  if (libc().syscall6(SYSCALL.schedGetattr, 0, address, SIZE, 0, 0) < 0) return;
  if (view.getUint32(POLICY, true) !== SCHED_OTHER) return;
  view.setBigUint64(RUNTIME, short ? SHORT : 0n, true);
  // A kernel that refuses leaves things as they are.
  libc().syscall6(SYSCALL.schedSetattr, 0, address, 0, 0, 0);
}
