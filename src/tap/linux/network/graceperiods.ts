// Attaching a program to an interface, and detaching it, each wait until no processor runs the old list of programs: a grace
// period of RCU, 10 to 20 ms, one after the other since the kernel holds its lock on all interfaces meanwhile (kernel/bpf/tcx.c). With
// hundreds of interfaces the kernel is asked to hurry for that long, by interrupts to the other processors.
// Source: Documentation/admin-guide/kernel-parameters.txt (rcupdate.rcu_expedited).

import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { builtin } from '../../../builtin.js';
import { libc, SYSCALL } from '../../../system/index.js';

const SWITCH = '/sys/kernel/rcu_expedited';
const LOCK_EXCLUSIVE = 2;
const LOCK_NONBLOCKING = 4;
const LOCK_RELEASE = 8;
/** Interfaces for which the kernel is not asked to hurry: half a second's. */
const FEW = 24;
/** Waits until we are through, or dead, by whatever signal; then the switch is off. Its standard output is the switch. */
const GUARD = 'read -r _; echo 0';
const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** The system's switch. It is open from the start, as root may be given up by the time that the programs are detached. */
export class GracePeriods {
  private fd = -1;
  private guard: ChildProcess | null = null;

  constructor() {
    try {
      this.fd = openSync(SWITCH, 'r+');
    } catch {
      // The kernel takes its time.
    }
  }

  /** Whether the kernel can be asked to hurry, or hurries. */
  get hurries(): boolean {
    return this.fd >= 0;
  }

  /**
   * Does work for a number of interfaces with short grace periods; the system's setting is put back behind it. What another
   * program, or another capture, has switched on is not touched.
   */
  during<T>(interfaces: number, work: () => T): T {
    const switched = interfaces > FEW && this.switchOn();
    try {
      return work();
    } finally {
      if (switched) this.switchOff();
    }
  }

  /** As `during`; signals that would end the process wait for its end, so that the setting is put back. */
  async undisturbed(interfaces: number, work: () => void): Promise<void> {
    if (interfaces <= FEW) return work();
    const came: NodeJS.Signals[] = [];
    const note = (signal: NodeJS.Signals): void => {
      came.push(signal);
    };
    const held = SIGNALS.filter((signal) => process.listenerCount(signal) === 0);
    for (const signal of held) process.on(signal, note);
    try {
      this.during(interfaces, work);
    } finally {
      // A turn of the loop tells of them.
      await new Promise<void>((done) => setTimeout(done, 0));
      await new Promise<void>((done) => setImmediate(done));
      for (const signal of held) process.off(signal, note);
      for (const signal of came) process.kill(process.pid, signal);
    }
  }

  /** @returns false where it is on already, is another capture's, or cannot be switched */
  private switchOn(): boolean {
    if (this.fd < 0 || this.lock(LOCK_EXCLUSIVE | LOCK_NONBLOCKING) !== 0) return false;
    try {
      const text = new Uint8Array(8);
      const length = readSync(this.fd, text, 0, text.length, 0);
      // In a session of its own: a terminal's signals are not for it.
      const stdio = ['pipe', this.fd, 'ignore'] as const;
      if (length > 0 && text[0] === 0x30) {
        this.guard = builtin('node:child_process').spawn('/bin/sh', ['-c', GUARD], {
          detached: true,
          stdio: [...stdio],
        });
        this.guard.on('error', () => {});
        this.guard.unref();
        if (this.guard.pid !== undefined && writeSync(this.fd, '1', 0) === 1) return true;
      }
    } catch {
      // The kernel takes its time.
    }
    this.dismiss();
    this.lock(LOCK_RELEASE);
    return false;
  }

  private switchOff(): void {
    try {
      writeSync(this.fd, '0', 0);
    } finally {
      this.dismiss();
      this.lock(LOCK_RELEASE);
    }
  }

  private dismiss(): void {
    this.guard?.kill('SIGKILL');
    this.guard = null;
  }

  private lock(operation: number): number {
    return libc().syscall6(SYSCALL.flock, this.fd, operation, 0, 0, 0);
  }

  close(): void {
    if (this.fd >= 0) closeSync(this.fd);
    this.fd = -1;
  }
}
