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
import { taskConstants } from './offsets.js';
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

export class Loader {
  readonly btf: Btf | null;
  /** Whether names are the thread group leader's and senders are known before the send is over. */
  readonly knowsTasks: boolean;
  /** Whether packets that wait for a neighbour's address can be found. */
  readonly seesNeighbours: boolean;
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
    this.seesNeighbours = this.constants['have_neighbours'] === 1;
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
        this.maps.set(map.name, createMap({ ...map, maxEntries: sizes[map.name] ?? map.maxEntries }, types));
        if (types !== null) libc().close(types.fd);
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
