// The tap's eBPF: maps made, programs linked for this kernel and this capture, and loaded.

import { readFileSync } from 'node:fs';
import {
  AttachType,
  createMap,
  loadBtf,
  loadProgram,
  loadProgramAside,
  MapType,
  type ProgramSpec,
  ProgramType,
} from '../../native/bpf.js';
import { libc } from '../../native/libc.js';
import { packageFile } from '../../packagefolder.js';
import { type Btf, kernelBtf, storageBtf } from './btf.js';
import { type BpfObject, readObject } from './elf.js';
import { goesWithout } from './exactness.js';
import { type GeneratedInstruction, link } from './linker.js';

const EXIT: GeneratedInstruction = { code: 0x95, dst: 0, src: 0, off: 0, imm: 0 };

/** A filter's body that always answers the same. */
export function constantFilter(answer: boolean): GeneratedInstruction[] {
  return [{ code: 0xb7, dst: 0, src: 0, off: 0, imm: answer ? 1 : 0 }, EXIT];
}

/** What a packet hook is made for. */
export interface PacketHookSpec {
  readonly direction: 'in' | 'out';
  /** Bytes of link-layer header: 14 or 0. */
  readonly linkHeader: number;
  /** Number of the namespace captured in. */
  readonly netns: number;
  readonly packetFilter: readonly GeneratedInstruction[] | null;
  readonly metadataFilter: readonly GeneratedInstruction[] | null;
  /** Whether the metadata filter only asks which process it is. */
  readonly ofOwner: boolean;
}

export interface LoaderOptions {
  readonly ringSize: number;
  readonly snapshotLength: number;
  readonly immediate: boolean;
  /** Whether the packets' processes are wanted. */
  readonly processes: boolean;
  /** Whether trees of processes are asked for. */
  readonly trees: boolean;
}

/** Offsets of the kernel's fields that the programs follow. */
function taskConstants(btf: Btf | null): { [name: string]: number } {
  if (btf === null) return { have_task: 0 };
  const offsets: { [name: string]: number } = {
    task_flags: btf.offset('task_struct', 'flags'),
    task_group_leader: btf.offset('task_struct', 'group_leader'),
    task_comm: btf.offset('task_struct', 'comm'),
    task_real_parent: btf.offset('task_struct', 'real_parent'),
    task_tgid: btf.offset('task_struct', 'tgid'),
    task_pid: btf.offset('task_struct', 'pid'),
    task_cred: btf.offset('task_struct', 'cred'),
    cred_uid: btf.offset('cred', 'uid'),
    task_start_boottime: btf.offset('task_struct', 'start_boottime'),
    task_nsproxy: btf.offset('task_struct', 'nsproxy'),
    nsproxy_net_ns: btf.offset('nsproxy', 'net_ns'),
    net_ns_inum: btf.offset('net', 'ns', 'inum'),
  };
  const known = Object.values(offsets).every((offset) => offset >= 0);
  return known
    ? { ...offsets, ...contextConstants(btf), ...socketConstants(btf), have_task: 1 }
    : { have_task: 0 };
}

/** Where the kernel notes the sockets that share a port, those above Multipath TCP's subflows, and which device a packet goes to. */
function socketConstants(btf: Btf): { [name: string]: number } {
  const all = (flag: string, offsets: { [name: string]: number }): { [name: string]: number } =>
    Object.values(offsets).every((offset) => offset >= 0) ? { ...offsets, [flag]: 1 } : {};
  return {
    ...all('have_groups', {
      sock_group: btf.offset('sock', 'sk_reuseport_cb'),
      group_program: btf.offset('sock_reuseport', 'prog'),
      group_sockets: btf.offset('sock_reuseport', 'num_socks'),
    }),
    ...all('have_multipath', {
      tcp_upper: btf.offset('inet_connection_sock', 'icsk_ulp_data'),
      subflow_connection: btf.offset('mptcp_subflow_context', 'conn'),
      sock_cookie: btf.offset('sock_common', 'skc_cookie'),
    }),
    ...all('have_routes', {
      skb_route: btf.offset('sk_buff', '_skb_refdst'),
      route_device: btf.offset('dst_entry', 'dev'),
      netdev_ifindex: btf.offset('net_device', 'ifindex'),
    }),
  };
}

/** Bytes of a kernel stack where the kernel's types do not say it. */
const KERNEL_STACK = 16384;

/** How a system call is told from an interrupt: by where the kernel counts soft interrupts, linux/preempt.h, or by the stack. */
function contextConstants(btf: Btf): { [name: string]: number } {
  const realTime = btf.offset('task_struct', 'softirq_disable_cnt');
  const count = realTime >= 0 ? realTime : btf.offset('task_struct', 'thread_info', 'preempt_count');
  if (count >= 0) return { preempt_by_task: 1, task_preempt_count: count };
  const stack = btf.offset('task_struct', 'stack');
  // Where neither is known, a stack of no bytes: no frame lies in it.
  return { task_stack: stack, stack_size: stack < 0 ? 0 : btf.unionSize('thread_union') || KERNEL_STACK };
}

export class Loader {
  readonly btf: Btf | null;
  /** Whether names are the thread group leader's and senders are known before the send is over. */
  readonly knowsTasks: boolean;
  private readonly object: BpfObject;
  private readonly constants: { [name: string]: number };
  private readonly maps = new Map<string, number>();
  private readonly loaded = new Map<string, number>();

  /** @throws SystemError when the kernel refuses a map */
  constructor(options: LoaderOptions) {
    this.object = readObject(readFileSync(packageFile('dist/kernel/tap.o')));
    this.btf = goesWithout('btf') ? null : kernelBtf();
    this.constants = {
      ...taskConstants(this.btf),
      verdict: -1, // TCX_NEXT, TC_ACT_UNSPEC: others on the interface see the packet as if we were not there
      snapshot_length: options.snapshotLength,
      immediate: options.immediate ? 1 : 0,
      processes: options.processes ? 1 : 0,
      wake_step: options.ringSize / 16,
    };
    this.knowsTasks = this.constants['have_task'] === 1;
    this.constants['trees'] = options.trees && this.knowsTasks ? 1 : 0;
    try {
      for (const map of this.object.maps) {
        let types = null;
        if (map.type === MapType.SK_STORAGE) {
          const btf = storageBtf(map.valueSize);
          types = { fd: loadBtf(btf.bytes), key: btf.key, value: btf.value };
        }
        const sizes: { [name: string]: number } = { ring: options.ringSize };
        if (!options.trees) sizes['members'] = 1;
        try {
          this.maps.set(
            map.name,
            createMap({ ...map, maxEntries: sizes[map.name] ?? map.maxEntries }, types),
          );
        } finally {
          if (types !== null) libc().close(types.fd);
        }
      }
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Descriptor of a map. */
  map(name: string): number {
    return this.maps.get(name)!;
  }

  /** A program linked for this kernel and this capture. */
  private program(
    name: string,
    type: number,
    attachType: number,
    attachBtfId: number,
    constants: { [name: string]: number } = {},
    generated: { [name: string]: readonly GeneratedInstruction[] } = {},
  ): ProgramSpec {
    const instructions = link(this.object, name, {
      constants: { ...this.constants, ...constants },
      maps: this.maps,
      generated,
    });
    return { name, type, attachType, attachBtfId, instructions };
  }

  private packetProgram(spec: PacketHookSpec): ProgramSpec {
    return this.program(
      spec.direction === 'in' ? 'tap_ingress' : 'tap_egress',
      ProgramType.SCHED_CLS,
      AttachType.NONE,
      0,
      {
        link_header: spec.linkHeader,
        netns: spec.netns,
        metadata: spec.metadataFilter === null ? 0 : 1,
        filter_of_owners: spec.ofOwner ? 1 : 0,
      },
      {
        packet_filter: spec.packetFilter ?? constantFilter(true),
        metadata_filter: spec.metadataFilter ?? constantFilter(true),
      },
    );
  }

  /**
   * A packet hook's program, loaded once for all interfaces that want the same.
   * @throws VerifierError
   */
  packetHook(spec: PacketHookSpec): number {
    const key = JSON.stringify(spec);
    let fd = this.loaded.get(key);
    if (fd === undefined) {
      fd = loadProgram(this.packetProgram(spec));
      this.loaded.set(key, fd);
    }
    return fd;
  }

  /** Loads what `packetHook` will be asked for, all at once: the kernel takes long to verify them. */
  async prepare(specs: readonly PacketHookSpec[]): Promise<void> {
    const wanted = new Map(specs.map((spec) => [JSON.stringify(spec), spec]));
    await Promise.all(
      [...wanted].map(async ([key, spec]) => {
        const fd = await loadProgramAside(this.packetProgram(spec));
        if (fd !== null) this.loaded.set(key, fd);
      }),
    );
  }

  /** A cgroup hook's program. @throws VerifierError */
  cgroupHook(name: string, type: number, attachType: number): number {
    return loadProgram(this.program(name, type, attachType, 0));
  }

  /** A tracepoint's program. @returns null where the kernel has no such tracepoint */
  tracepointHook(
    name: string,
    tracepoint: string,
    constants: { [name: string]: number } = {},
  ): number | null {
    const id = this.btf?.tracepoint(tracepoint) ?? 0;
    if (id === 0) return null;
    return loadProgram(this.program(name, ProgramType.TRACING, AttachType.TRACE_RAW_TP, id, constants));
  }

  /** Closes maps and programs; what is attached keeps its own reference. */
  close(): void {
    for (const fd of [...this.maps.values(), ...this.loaded.values()]) libc().close(fd);
    this.maps.clear();
    this.loaded.clear();
  }
}
