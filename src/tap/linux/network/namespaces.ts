// Network namespaces that are captured in: ours, or those that --netns names. Source: setns(2), network_namespaces(7).

import { closeSync, constants, fstatSync, openSync, statSync } from 'node:fs';
import { errno, libc, Netlink, namespacePath, SystemError, withReserve } from '../../../system/index.js';
import { Resources } from '../resources.js';
import { RTMGRP_LINK } from './devices.js';

/** Tell of addresses that come and go: linux/rtnetlink.h. */
const RTMGRP_ADDRESSES = 0x10 | 0x100;

const { O_NONBLOCK, O_RDONLY } = constants;
const CLONE_NEWNET = 0x40000000;
const OWN = '/proc/thread-self/ns/net';
const EINVAL = 22;

/** Whether packets' interfaces carry their namespace's name, and which. */
function labelOf(argument: string): string {
  if (/^\d+$/.test(argument)) return argument;
  const parts = argument.split('/').filter((part) => part !== '');
  // /proc/PID/ns/net: the process
  if (parts[0] === 'proc' && parts.length > 2) return parts[1]!;
  return parts.at(-1) ?? argument;
}

function openNamespace(argument: string): number {
  const isPid = /^\d+$/.test(argument);
  try {
    // What is no namespace is refused when it is entered; a FIFO must not make the open wait.
    return openSync(isPid ? `/proc/${argument}/ns/net` : namespacePath(argument), O_RDONLY | O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason =
      code === 'EACCES' || code === 'EPERM'
        ? 'Permission denied'
        : isPid
          ? 'No such process'
          : 'No such network namespace';
    throw new Error(`--netns ${argument}: ${reason}`);
  }
}

/** Enters a namespace. @returns 0, or why it may not be: an error's number */
function enter(fd: number): number {
  return withReserve(() => (libc().setns(fd, CLONE_NEWNET) < 0 ? errno() : 0));
}

/** A network namespace, with what is open in it. */
export class NetworkNamespace {
  /** As the packet hooks know it. */
  readonly number: number;
  /** Inode number, as the kernel tells it of processes and dropped packets. */
  readonly inode: number;
  readonly netlink: Netlink;
  readonly events: Netlink;
  private readonly argument: string;
  /** -1: ours. */
  private readonly fd: number;
  private readonly home: number;
  private readonly resources = new Resources();

  /** @param fd its descriptor, which is closed with it, as is `home` */
  private constructor(number: number, argument: string, fd: number, home: number) {
    this.number = number;
    this.argument = argument;
    this.fd = fd;
    this.home = home;
    const { resources } = this;
    if (fd >= 0) resources.add(() => closeSync(fd));
    resources.add(() => closeSync(home));
    try {
      this.inode = fstatSync(fd < 0 ? home : fd).ino;
      this.netlink = this.within(() => resources.use(new Netlink(0)));
      this.events = this.within(() => resources.use(new Netlink(RTMGRP_LINK | RTMGRP_ADDRESSES)));
    } catch (error) {
      resources.close();
      throw error;
    }
  }

  /**
   * @param names paths, names of `ip netns` or process IDs; none: our own namespace
   * @returns the namespaces, each once
   * @throws Error when there is no such namespace, or it may not be entered
   */
  static open(names: readonly string[]): NetworkNamespace[] {
    if (names.length === 0) return [new NetworkNamespace(0, '', -1, openSync(OWN, 'r'))];
    const namespaces: NetworkNamespace[] = [];
    const own = statSync(OWN).ino;
    try {
      for (const name of names) {
        const fd = openNamespace(name);
        const { ino } = fstatSync(fd);
        if (namespaces.some((namespace) => namespace.inode === ino)) {
          closeSync(fd);
        } else if (ino === own) {
          closeSync(fd);
          namespaces.push(new NetworkNamespace(namespaces.length, '', -1, openSync(OWN, 'r')));
        } else {
          namespaces.push(new NetworkNamespace(namespaces.length, name, fd, openSync(OWN, 'r')));
        }
      }
    } catch (error) {
      for (const namespace of namespaces) namespace.close();
      throw error;
    }
    return namespaces;
  }

  /** Name of one of its interfaces for who sees those of several namespaces: `eth0@web`. */
  qualified(name: string): string {
    return this.fd < 0 ? name : `${name}@${labelOf(this.argument)}`;
  }

  /**
   * Does work in the namespace. Only this thread goes there, and nothing else runs on it meanwhile: `work` must not wait.
   * @throws SystemError when it may not be entered
   */
  within<T>(work: () => T): T {
    if (this.fd < 0) return work();
    const why = enter(this.fd);
    if (why !== 0) {
      if (why === EINVAL) throw new Error(`--netns ${this.argument}: not a network namespace`);
      throw new SystemError(`--netns ${this.argument}: cannot enter the namespace`, why);
    }
    try {
      return work();
    } finally {
      this.comeBack();
    }
  }

  private comeBack(): void {
    const why = enter(this.home);
    if (why !== 0) throw new SystemError('cannot come back to the network namespace', why);
  }

  close(): void {
    this.resources.close();
  }
}
