// The tap's eBPF: maps made, programs linked for this kernel and this capture, and loaded.

import { readFileSync } from 'node:fs';
import { packageFile } from '../../../packagefolder.js';
import {
  AttachType,
  createMap,
  libc,
  loadBtf,
  loadProgram,
  loadProgramAside,
  MapType,
  type ProgramSpec,
  ProgramType,
  pageSize,
  VerifierError,
} from '../../../system/index.js';
import { goesWithout } from '../facilities.js';
import { RECEIVER_FIELDS, receiverConstants } from '../receivers.js';
import { type Btf, conntrackBtf, kernelBtf, storageBtf } from './btf.js';
import { type BpfObject, readObject } from './elf.js';
import { FunctionTypes } from './functions.js';
import { type GeneratedInstruction, link } from './linker.js';
import {
  type ConstantValues,
  callConstants,
  conntrackConstants,
  type FieldPlace,
  SENDER_FIELDS,
  stackSize,
} from './offsets.js';

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
  /** Its inode number. */
  readonly inode: number;
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
  /** Whether packets may be counted in place of being handed on. */
  readonly counts: boolean;
}

/** Maps that only counting fills. */
const COUNTING = ['counts_one', 'counts_two', 'segments'];

/** Fields that are followed together or not at all, by the constant that says which: its name begins with `have_`. */
export const GROUPS = {
  have_task: [
    ['task_flags', 'task_struct', 'flags'],
    ['task_group_leader', 'task_struct', 'group_leader'],
    ['task_comm', 'task_struct', 'comm'],
    ['task_real_parent', 'task_struct', 'real_parent'],
    ['task_tgid', 'task_struct', 'tgid'],
    ['task_pid', 'task_struct', 'pid'],
    ['task_cred', 'task_struct', 'cred'],
    ['cred_uid', 'cred', 'uid'],
    ['task_start_boottime', 'task_struct', 'start_boottime'],
    ['task_program', 'task_struct', 'self_exec_id'],
    ['task_nsproxy', 'task_struct', 'nsproxy'],
    ['nsproxy_net_ns', 'nsproxy', 'net_ns'],
    ['net_ns_inum', 'net', 'ns', 'inum'],
  ],
  have_cgroup: [
    ['task_cgroups', 'task_struct', 'cgroups'],
    ['set_cgroup', 'css_set', 'dfl_cgrp'],
    ['cgroup_node', 'cgroup', 'kn'],
    ['node_id', 'kernfs_node', 'id'],
  ],
  // The sockets that share a port.
  have_groups: [
    ['sock_group', 'sock', 'sk_reuseport_cb'],
    ['group_program', 'sock_reuseport', 'prog'],
    ['group_sockets', 'sock_reuseport', 'num_socks'],
  ],
  // Those above Multipath TCP's subflows.
  have_multipath: [
    ['tcp_upper', 'inet_connection_sock', 'icsk_ulp_data'],
    ['subflow_connection', 'mptcp_subflow_context', 'conn'],
    ['sock_cookie', 'sock_common', 'skc_cookie'],
  ],
  // Tunnels' sockets.
  have_encapsulation: [['socket_encapsulation', 'udp_sock', 'encap_rcv']],
  // Which device a packet goes to.
  have_routes: [
    ['skb_route', 'sk_buff', '_skb_refdst'],
    ['route_device', 'dst_entry', 'dev'],
    ['netdev_ifindex', 'net_device', 'ifindex'],
  ],
  // Who holds which socket.
  have_held: [
    ['held_sk', 'socket', 'sk'],
    ['held_family', 'sock_common', 'skc_family'],
    ['held_protocol', 'sock', 'sk_protocol'],
    ['task_ids', 'task_struct', 'thread_pid'],
    ['ids_level', 'pid', 'level'],
    ['ids_numbers', 'pid', 'numbers'],
  ],
} as const satisfies { readonly [flag: string]: readonly FieldPlace[] };

type GroupFlag = keyof typeof GROUPS | keyof typeof SENDER_FIELDS | keyof typeof RECEIVER_FIELDS;

/** Offsets of the kernel's fields that the programs follow; of a group that is not there whole, 0 and its flag too. */
function fieldConstants(btf: Btf | null): ConstantValues {
  const constants: ConstantValues = {};
  const conntrack = btf === null ? null : conntrackBtf(btf);
  const groups = { ...GROUPS, ...SENDER_FIELDS, ...RECEIVER_FIELDS };
  for (const [flag, places] of Object.entries(groups) as [GroupFlag, readonly FieldPlace[]][]) {
    const types = flag === 'have_conntrack' ? conntrack : btf;
    const offsets = places.map(([, structure, ...path]) => types?.offset(structure, ...path) ?? -1);
    const known =
      offsets.every((offset) => offset >= 0) && (flag === 'have_task' || constants.have_task === 1);
    places.forEach(([name], i) => {
      constants[name] = known ? offsets[i]! : 0;
    });
    constants[flag] = known ? 1 : 0;
  }
  const known = constants.have_task === 1 ? btf : null;
  const tuples = conntrackConstants(known && conntrack, constants.have_conntrack === 1);
  const receivers = receiverConstants(known, constants.have_receivers === 1);
  return { ...constants, ...contextConstants(known), ...callConstants(known), ...receivers, ...tuples };
}

/** How a system call is told from an interrupt: by where the kernel counts soft interrupts, linux/preempt.h, or by the stack. */
export function contextConstants(btf: Btf | null) {
  const none = {
    preempt_by_task: 0,
    task_preempt_count: 0,
    task_stack: 0,
    stack_size: 0,
  } satisfies ConstantValues;
  if (btf === null) return none;
  const realTime = btf.offset('task_struct', 'softirq_disable_cnt');
  const count = realTime >= 0 ? realTime : btf.offset('task_struct', 'thread_info', 'preempt_count');
  const byCount = count >= 0 ? { preempt_by_task: 1, task_preempt_count: count } : {};
  const stack = btf.offset('task_struct', 'stack');
  // Where neither is known, a stack of no bytes: no frame lies in it.
  if (stack < 0) return { ...none, ...byCount };
  return { ...none, ...byCount, task_stack: stack, stack_size: stackSize(btf, pageSize()) };
}

export type HelperConstant = 'uid_helper' | 'storage_helper' | 'task_btf';

/** What is the same for all programs of a capture. */
export function captureConstants(options: LoaderOptions) {
  return {
    verdict: -1, // TCX_NEXT, TC_ACT_UNSPEC: others on the interface see the packet as if we were not there
    snapshot_length: options.snapshotLength,
    immediate: options.immediate ? 1 : 0,
    processes: options.processes ? 1 : 0,
    trees: options.trees ? 1 : 0,
    counts: options.counts ? 1 : 0,
    wake_step: options.ringSize / 16,
  } satisfies ConstantValues;
}

/** What is the same for all packets of a hook. */
export function hookConstants(spec: PacketHookSpec) {
  return {
    link_header: spec.linkHeader,
    netns: spec.netns,
    netns_inode: spec.inode,
    metadata: spec.metadataFilter === null ? 0 : 1,
    filter_of_owners: spec.ofOwner ? 1 : 0,
  } satisfies ConstantValues;
}

/**
 * What the hook of socket options is for.
 * @param uses whether tracepoints tell who uses a socket
 */
export function optionConstants(uses: boolean) {
  return { use_by_options: uses ? 0 : 1 } satisfies ConstantValues;
}

/** Helpers that there is a way without, by number, and the constant that says whether they are used. Source: linux/bpf.h. */
const OPTIONAL_HELPERS: { readonly [number: number]: HelperConstant } = {
  15: 'uid_helper', // bpf_get_current_uid_gid: of packet hooks since 6.13
  107: 'storage_helper', // bpf_sk_storage_get: of tracepoints since 5.11
  158: 'task_btf', // bpf_get_current_task_btf: 5.11
};

/** bpf_probe_read_kernel and _str: a kernel that is locked down for confidentiality has neither for anybody. */
const READ_KERNEL: readonly number[] = [113, 115];

/** What a kernel says of a helper that it does not have, or not for programs of this type. */
const NO_HELPER = /(?:invalid func|unknown func|cannot use helper) \w+#(\d+)/;

export class Loader {
  readonly btf: Btf | null;
  /** Whether names are the thread group leader's and senders are known before the send is over. */
  get knowsTasks(): boolean {
    return this.constants.have_task === 1;
  }
  /** Whether packets that wait for a neighbour's address can be found. */
  get seesNeighbours(): boolean {
    return this.constants.have_neighbours === 1;
  }
  /** Whether the kernel was found to let nobody read its memory. */
  lockedDown = false;
  private readonly object: BpfObject;
  private readonly constants: ConstantValues;
  private readonly maps = new Map<string, number>();
  private readonly loaded = new Map<string, number>();
  /** Null: a kernel without types of its own cannot check what a program says of its functions. */
  private types: FunctionTypes | null;
  /** By type of program: what is refused once is not asked for again. */
  private readonly helpers = new Map<number, Record<HelperConstant, number>>();

  /** @throws SystemError when the kernel refuses a map */
  constructor(options: LoaderOptions) {
    this.object = readObject(readFileSync(packageFile('dist/kernel/tap.o')));
    this.btf = goesWithout('btf') ? null : kernelBtf();
    this.constants = {
      ...fieldConstants(this.btf),
      ...captureConstants(options),
    };
    if (!this.knowsTasks) this.constants.trees = 0;
    this.types = this.btf === null || goesWithout('functions') ? null : new FunctionTypes();
    try {
      for (const map of this.object.maps) {
        let types = null;
        if (map.type === MapType.SK_STORAGE) {
          const btf = storageBtf(map.valueSize);
          types = { fd: loadBtf(btf.bytes), key: btf.key, value: btf.value };
        }
        const sizes: { [name: string]: number } = { ring: options.ringSize };
        if (!options.trees) sizes['members'] = 1;
        if (!options.counts) for (const name of COUNTING) sizes[name] = 64;
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

  /** Which of the optional helpers programs of a type use. */
  private helpersOf(type: number): Record<HelperConstant, number> {
    let helpers = this.helpers.get(type);
    if (helpers === undefined) {
      helpers = { uid_helper: 1, storage_helper: 1, task_btf: 1 };
      this.helpers.set(type, helpers);
    }
    return helpers;
  }

  /** Whether tracepoints may ask for a socket's record; known when one that does is loaded. */
  get tracesSockets(): boolean {
    return this.helpersOf(ProgramType.TRACING).storage_helper === 1;
  }

  /** Nothing is followed through the kernel's memory from now on. @returns false when that was so before */
  private goWithoutReading(): boolean {
    if (this.lockedDown) return false;
    this.lockedDown = true;
    // Kernels before 6.8 look at global functions that nobody calls, too.
    this.tellNoTypes();
    for (const name of Object.keys(this.constants) as (keyof ConstantValues)[])
      if (name.startsWith('have_') || name === 'trees') this.constants[name] = 0;
    return true;
  }

  /** Functions are looked at wherever they are called from now on. @returns false when that was so before */
  private tellNoTypes(): boolean {
    if (this.types === null) return false;
    this.types.close();
    this.types = null;
    return true;
  }

  /**
   * Loads a program, without the helpers that this kernel turns out not to have for its type.
   * @throws VerifierError
   */
  private load(make: () => ProgramSpec): number {
    for (;;) {
      const spec = make();
      try {
        return loadProgram(spec);
      } catch (error) {
        const number = error instanceof VerifierError ? NO_HELPER.exec(error.log)?.[1] : undefined;
        if (READ_KERNEL.includes(Number(number)) && this.goWithoutReading()) continue;
        const constant = OPTIONAL_HELPERS[Number(number)];
        if (number === undefined && spec.functions !== null && this.tellNoTypes()) continue;
        const helpers = this.helpersOf(spec.type);
        if (constant === undefined || helpers[constant] === 0) throw error;
        helpers[constant] = 0;
      }
    }
  }

  /** A program linked for this kernel and this capture. */
  private program(
    name: string,
    type: number,
    attachType: number,
    attachBtfId: number,
    constants: ConstantValues = {},
    generated: { [name: string]: readonly GeneratedInstruction[] } = {},
  ): ProgramSpec {
    const { instructions, functions } = link(this.object, name, {
      constants: { ...this.constants, ...this.helpersOf(type), ...constants },
      maps: this.maps,
      generated,
    });
    const told = this.types?.of(functions) ?? null;
    return { name, type, attachType, attachBtfId, instructions, functions: told };
  }

  private packetProgram(spec: PacketHookSpec): ProgramSpec {
    return this.program(
      spec.direction === 'in' ? 'tap_ingress' : 'tap_egress',
      ProgramType.SCHED_CLS,
      AttachType.NONE,
      0,
      hookConstants(spec),
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
      fd = this.load(() => this.packetProgram(spec));
      this.loaded.set(key, fd);
    }
    return fd;
  }

  /** Loads what `packetHook` will be asked for, all at once: the kernel takes long to verify them. */
  async prepare(specs: readonly PacketHookSpec[]): Promise<void> {
    const wanted = new Map(specs.map((spec) => [JSON.stringify(spec), spec]));
    const aside = async (): Promise<void> => {
      // All end, whatever one comes to: what is loaded after another has failed is to be closed too.
      const all = await Promise.allSettled(
        [...wanted].map(async ([key, spec]) => {
          const fd = await loadProgramAside(this.packetProgram(spec));
          if (fd === null) return;
          this.loaded.set(key, fd);
          wanted.delete(key);
        }),
      );
      for (const one of all) if (one.status === 'rejected') throw one.reason;
    };
    await aside();
    const [refused] = wanted.values();
    if (refused === undefined) return;
    // This kernel wants them otherwise: one finds out how.
    this.packetHook(refused);
    wanted.delete(JSON.stringify(refused));
    await aside();
  }

  /** A cgroup hook's program. @throws VerifierError */
  cgroupHook(
    name: string,
    type: number,
    attachType: number,
    constants: { [name: string]: number } = {},
  ): number {
    return this.load(() => this.program(name, type, attachType, 0, constants));
  }

  /** A tracepoint's program. @returns null where the kernel has no such tracepoint */
  tracepointHook(name: string, tracepoint: string, constants: ConstantValues = {}): number | null {
    const id = this.btf?.tracepoint(tracepoint) ?? 0;
    if (id === 0) return null;
    return this.load(() => this.program(name, ProgramType.TRACING, AttachType.TRACE_RAW_TP, id, constants));
  }

  /**
   * An iterator's program: the kernel runs it for each object of a kind.
   * @returns null where the kernel has no such iterator, or does not say what is followed there
   */
  iterator(name: string, kind: string): number | null {
    const id = this.constants.have_held === 1 ? (this.btf?.iterator(kind) ?? 0) : 0;
    if (id === 0) return null;
    return this.load(() => this.program(name, ProgramType.TRACING, AttachType.TRACE_ITER, id));
  }

  /** Closes maps and programs; what is attached keeps its own reference. */
  close(): void {
    for (const fd of [...this.maps.values(), ...this.loaded.values()]) libc().close(fd);
    this.maps.clear();
    this.loaded.clear();
    this.types?.close();
  }
}
