// Packet hooks where the kernel has no tcx (before 6.6): filters on a clsact qdisc, by rtnetlink. They outlive the process
// that dies without cleaning up, so each says whose it is, and the next start sweeps what is left over.
// Source: linux/pkt_sched.h, linux/pkt_cls.h; tc-bpf(8).

import { readlinkSync } from 'node:fs';
import { attribute, attributes, type Netlink, NLM_F, SystemError } from '../../../system/index.js';
import { readStat } from '../process/trees.js';

const RTM = { NEWQDISC: 36, DELQDISC: 37, NEWTFILTER: 44, DELTFILTER: 45, GETTFILTER: 46 } as const;
const TCA_KIND = 1;
const TCA_OPTIONS = 2;
const TCA_BPF = { FD: 6, NAME: 7, FLAGS: 8 } as const;
const CLSACT = 0xfffffff1;
const PARENT = { in: 0xfffffff2, out: 0xfffffff3 } as const;
const ETH_P_ALL_NETWORK_ORDER = 0x0300;
const EEXIST = 17;
const EINVAL = 22;
/** The first priority of all, as the upper half of a filter's number. */
const FIRST = 0x10000;

/**
 * `pktap:PID:START:NAMESPACE:+`: a process ID, when that process started, since the ID may be given again, and in which
 * namespace of process IDs; the qdisc was made by that process too, or by another capture.
 */
const NAME = /^pktap:(\d+:\d+:\d+):([+-])$/;

function namespace(): string {
  return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))![0];
}

/** This process, as names of filters say it. */
function self(): string {
  return `${process.pid}:${readStat('self')!.start}:${namespace()}`;
}

/** Whether an owner is dead. Of those in other namespaces nothing is known. */
function isDead(owner: string): boolean {
  const [pid, start, within] = owner.split(':');
  return within === namespace() && String(readStat(Number(pid))?.start) !== start;
}

type Direction = keyof typeof PARENT;

function tcmsg(ifindex: number, handle: number, parent: number, info: number): Buffer {
  const body = Buffer.alloc(20);
  body.writeInt32LE(ifindex, 4);
  body.writeUInt32LE(handle, 8);
  body.writeUInt32LE(parent, 12);
  body.writeUInt32LE(info >>> 0, 16);
  return body;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value, 0);
  return bytes;
}

const kind = (name: string): Buffer => attribute(TCA_KIND, Buffer.from(`${name}\0`, 'latin1'));

const word = (bytes: Buffer | undefined): string => bytes?.toString('latin1').replace(/\0.*$/, '') ?? '';

interface Filter {
  readonly handle: number;
  readonly info: number;
  readonly kind: string;
  readonly name: string;
}

/** Every filter of one direction of an interface, the other programs' too. */
function filters(netlink: Netlink, ifindex: number, direction: Direction): Filter[] {
  const body = tcmsg(ifindex, 0, PARENT[direction], 0);
  return netlink
    .request(RTM.GETTFILTER, NLM_F.DUMP, body, 'cannot list the traffic control filters')
    .filter((message) => message.type === RTM.NEWTFILTER && message.body.length >= 20)
    .map((message) => {
      const found = attributes(message.body, 20);
      const options = found.get(TCA_OPTIONS);
      const name = options === undefined ? undefined : attributes(options, 0).get(TCA_BPF.NAME);
      return {
        handle: message.body.readUInt32LE(8),
        info: message.body.readUInt32LE(16),
        kind: word(found.get(TCA_KIND)),
        name: word(name),
      };
    })
    .filter((filter) => filter.handle !== 0);
}

function remove(netlink: Netlink, ifindex: number, direction: Direction, filter: Filter): void {
  const body = Buffer.concat([tcmsg(ifindex, filter.handle, PARENT[direction], filter.info), kind('bpf')]);
  netlink.request(RTM.DELTFILTER, 0, body, 'cannot remove a traffic control filter');
}

/** Takes away the filters of one owner, and the qdisc when that owner made it and nobody uses it. */
function removeOwned(
  netlink: Netlink,
  ifindex: number,
  owned: (owner: string) => boolean,
  madeQdisc = false,
): void {
  let left = 0;
  for (const direction of ['in', 'out'] as const) {
    for (const filter of filters(netlink, ifindex, direction)) {
      const match = NAME.exec(filter.name);
      if (match === null || !owned(match[1]!)) {
        left++;
        continue;
      }
      remove(netlink, ifindex, direction, filter);
      madeQdisc ||= match[2] === '+';
    }
  }
  if (madeQdisc && left === 0) {
    const body = Buffer.concat([tcmsg(ifindex, 0xffff0000, CLSACT, 0), kind('clsact')]);
    netlink.request(RTM.DELQDISC, 0, body, 'cannot remove the clsact qdisc');
  }
}

/** Whether the qdisc was made by a capture, of those that are there. */
function isOurs(netlink: Netlink, ifindex: number): boolean {
  return (['in', 'out'] as const).some((direction) =>
    filters(netlink, ifindex, direction).some((filter) => NAME.exec(filter.name)?.[2] === '+'),
  );
}

/** Takes away what processes that are dead left on an interface. */
function sweep(netlink: Netlink, ifindex: number): void {
  removeOwned(netlink, ifindex, isDead);
}

/**
 * Takes away what this process put on an interface.
 * @param madeQdisc whether the qdisc is its own even where no filter says so
 */
export function detach(netlink: Netlink, ifindex: number, madeQdisc = false): void {
  const own = self();
  const removeAll = (): void => removeOwned(netlink, ifindex, (owner) => owner === own, madeQdisc);
  try {
    removeAll();
  } catch {
    // Once more: what is short for a moment (ENOBUFS, ENOMEM) must not leave a filter behind.
    removeAll();
  }
}

/** What runs before this process's filter: names of other programs' filters, where they have any, else their kinds. */
export function filtersInFront(netlink: Netlink, ifindex: number, direction: Direction): string[] {
  const own = self();
  const all = filters(netlink, ifindex, direction);
  const at = all.findIndex((filter) => NAME.exec(filter.name)?.[1] === own);
  return all
    .slice(0, Math.max(0, at))
    .filter((filter) => !NAME.test(filter.name))
    .map((filter) => filter.name || filter.kind);
}

/**
 * Puts programs on an interface, in front of all others where the first place is free or a program's too.
 * @throws SystemError
 */
export function attach(
  netlink: Netlink,
  ifindex: number,
  programs: { in: number | null; out: number | null },
): void {
  sweep(netlink, ifindex);
  let made = '+';
  try {
    const body = Buffer.concat([tcmsg(ifindex, 0xffff0000, CLSACT, 0), kind('clsact')]);
    netlink.request(RTM.NEWQDISC, NLM_F.CREATE | NLM_F.EXCL, body, 'cannot make a clsact qdisc');
  } catch (error) {
    if (!(error instanceof SystemError) || error.errno !== EEXIST) throw error;
    // Of several captures the one that ends last takes it away, whichever made it.
    made = isOurs(netlink, ifindex) ? '+' : '-';
  }
  try {
    for (const direction of ['in', 'out'] as const) {
      const fd = programs[direction];
      if (fd !== null) addFilter(netlink, ifindex, direction, fd, `pktap:${self()}:${made}`);
    }
  } catch (error) {
    detach(netlink, ifindex, made === '+');
    throw error;
  }
}

function addFilter(netlink: Netlink, ifindex: number, direction: Direction, fd: number, name: string): void {
  const options = Buffer.concat([
    attribute(TCA_BPF.FD, u32(fd)),
    attribute(TCA_BPF.NAME, Buffer.from(`${name}\0`, 'latin1')),
    attribute(TCA_BPF.FLAGS, u32(1)), // the program's result is the verdict
  ]);
  const add = (priority: number): void => {
    const body = Buffer.concat([
      tcmsg(ifindex, 0, PARENT[direction], priority | ETH_P_ALL_NETWORK_ORDER),
      kind('bpf'),
      attribute(TCA_OPTIONS, options),
    ]);
    netlink.request(RTM.NEWTFILTER, NLM_F.CREATE | NLM_F.EXCL, body, 'cannot attach by traffic control');
  };
  try {
    add(FIRST);
  } catch (error) {
    // Another kind of filter has the first place: the kernel finds one in front of the others that are left.
    if (!(error instanceof SystemError) || (error.errno !== EINVAL && error.errno !== EEXIST)) throw error;
    add(0);
  }
}
