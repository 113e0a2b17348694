// libpcap's compiler for packet filters. Source: pcap_compile(3PCAP), pcap_open_offline(3PCAP), pcap-filter(7).

import { native } from '../thread.js';
import { koffi } from './koffi.js';
import { C_LIBRARY, DARWIN, PACKET_LIBRARIES, PACKET_LIBRARY_MISSING } from './platform.js';

type Pointer = unknown;

interface Libpcap {
  pcap_open_dead(linkType: number, snapshotLength: number): Pointer;
  pcap_compile(handle: Pointer, program: Uint8Array, text: string, optimize: number, netmask: number): number;
  pcap_geterr(handle: Pointer): string;
  pcap_freecode(program: Uint8Array): void;
  pcap_close(handle: Pointer): void;
  /** What only some runs need: functions cost their time to be found. */
  readonly late: (declaration: string) => (...values: unknown[]) => unknown;
}

let loaded: Libpcap | null = null;

/** @throws Error naming the package when the library is not there */
function libpcap(): Libpcap {
  if (loaded !== null) return loaded;
  for (const name of PACKET_LIBRARIES) {
    try {
      const lib = koffi().load(name);
      const found = new Map<string, (...values: unknown[]) => unknown>();
      loaded = {
        pcap_open_dead: lib.func('void *pcap_open_dead(int link_type, int snapshot_length)'),
        pcap_compile: lib.func(
          'int pcap_compile(void *p, void *program, const char *text, int optimize, uint netmask)',
        ),
        pcap_geterr: lib.func('const char *pcap_geterr(void *p)'),
        pcap_freecode: lib.func('void pcap_freecode(void *program)'),
        pcap_close: lib.func('void pcap_close(void *p)'),
        late: (declaration: string) => {
          if (!found.has(declaration)) found.set(declaration, lib.func(declaration));
          return found.get(declaration)!;
        },
      } as unknown as Libpcap;
      return loaded;
    } catch {
      // the next name
    }
  }
  throw new Error(`packet filter expressions ${PACKET_LIBRARY_MISSING}`);
}

let inMemory: ((bytes: Uint8Array, size: number, mode: string) => Pointer) | null = null;

/** The C library's file of bytes in memory. */
function fmemopen(bytes: Uint8Array): Pointer {
  inMemory ??= koffi()
    .load(C_LIBRARY)
    .func('void *fmemopen(void *bytes, size_t size, const char *mode)') as unknown as NonNullable<
    typeof inMemory
  >;
  return inMemory(bytes, bytes.length, 'r');
}

/** A classic BPF instruction. Source: net/bpf.h, struct bpf_insn. */
export interface ClassicInstruction {
  readonly code: number;
  readonly jt: number;
  readonly jf: number;
  readonly k: number;
}

/** The packets a filter is compiled for: libpcap's code is not the same for all of one link type. */
export type FilterOrigin =
  /** A savefile's. `bigEndian`: the file's byte order, which BSD's loopback headers have. */
  | { readonly kind: 'file'; readonly linkType: number; readonly bigEndian: boolean }
  /** No capture's, by DLT_ number: what the system knows of a packet besides its bytes may be asked for. */
  | { readonly kind: 'none'; readonly dlt: number }
  /** A live Ethernet device's: tags that the card took off are asked of the system. */
  | { readonly kind: 'ethernet' };

export interface FilterOptions {
  readonly snapshotLength: number;
  readonly optimize: boolean;
  /** The network's mask, host order, for `ip broadcast`; 0 where tcpdump has none. */
  readonly netmask: number;
}

const DLT_EN10MB = 1;
/** The device of every network namespace whose handle stands for Ethernet's. */
const ANY_ETHERNET = 'lo';
/** Bytes of an activated handle's buffer, which is not used. */
const SMALL = 4096;
const ERROR_SIZE = 256;

/** Offsets in a pcap file's header. */
const Header = { MAGIC: 0, MAJOR: 4, MINOR: 6, SNAPSHOT_LENGTH: 16, LINK_TYPE: 20, SIZE: 24 } as const;
const MAGIC = 0xa1b2c3d4;

/** A savefile without packets as libpcap opens it: then it compiles as for the file's packets. */
function openFile(pcap: Libpcap, linkType: number, bigEndian: boolean, snapshotLength: number): Pointer {
  const bytes = new Uint8Array(new ArrayBuffer(Header.SIZE));
  const view = new DataView(bytes.buffer);
  view.setUint32(Header.MAGIC, MAGIC, !bigEndian);
  view.setUint16(Header.MAJOR, 2, !bigEndian);
  view.setUint16(Header.MINOR, 4, !bigEndian);
  view.setUint32(Header.SNAPSHOT_LENGTH, snapshotLength, !bigEndian);
  view.setUint32(Header.LINK_TYPE, linkType, !bigEndian);
  const error = new Uint8Array(new ArrayBuffer(ERROR_SIZE));
  const handle = pcap.late('void *pcap_fopen_offline(void *file, void *error)')(fmemopen(bytes), error);
  if (handle === null) throw new Error(textOf(error));
  return handle;
}

function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return Buffer.from(bytes).toString('utf8', 0, end < 0 ? bytes.length : end);
}

/** A handle that captures, of Linux: only of one does libpcap compile for the tags that the system keeps beside the bytes. */
function openEthernet(pcap: Libpcap, snapshotLength: number): Pointer {
  // Other systems leave tags among the bytes.
  if (DARWIN) return pcap.pcap_open_dead(DLT_EN10MB, snapshotLength);
  const error = new Uint8Array(new ArrayBuffer(ERROR_SIZE));
  const handle = pcap.late('void *pcap_create(const char *device, void *error)')(ANY_ETHERNET, error);
  if (handle === null) throw new Error(textOf(error));
  pcap.late('int pcap_set_snaplen(void *p, int snapshot_length)')(handle, snapshotLength);
  pcap.late('int pcap_set_buffer_size(void *p, int bytes)')(handle, SMALL);
  if ((pcap.late('int pcap_activate(void *p)')(handle) as number) < 0) {
    const reason = pcap.pcap_geterr(handle);
    pcap.pcap_close(handle);
    throw new HandleError(reason);
  }
  return handle;
}

/** No handle could be opened; says nothing of the filter. */
export class HandleError extends Error {}

/** libpcap makes no program of the filter. */
export class ProgramError extends Error {}

function open(pcap: Libpcap, origin: FilterOrigin, snapshotLength: number): Pointer {
  switch (origin.kind) {
    case 'file':
      return openFile(pcap, origin.linkType, origin.bigEndian, snapshotLength);
    case 'none':
      return pcap.pcap_open_dead(origin.dlt, snapshotLength);
    default:
      return openEthernet(pcap, snapshotLength);
  }
}

/**
 * @returns the program; jumps of BPF_JA may go back (`protochain`)
 * @throws ProgramError with libpcap's reason; HandleError when an Ethernet device cannot be opened
 */
export function compileFilter(
  text: string,
  origin: FilterOrigin,
  options: FilterOptions,
): ClassicInstruction[] {
  return native(() => compile(text, origin, options));
}

function compile(
  text: string,
  origin: FilterOrigin,
  { snapshotLength, optimize, netmask }: FilterOptions,
): ClassicInstruction[] {
  const pcap = libpcap();
  const handle = open(pcap, origin, snapshotLength);
  try {
    const program = new Uint8Array(new ArrayBuffer(16));
    if (pcap.pcap_compile(handle, program, text, optimize ? 1 : 0, netmask) !== 0) {
      throw new ProgramError(pcap.pcap_geterr(handle));
    }
    const view = new DataView(program.buffer);
    const count = view.getUint32(0, true);
    const code = new DataView(
      (koffi().view as (p: unknown, n: number) => ArrayBuffer)(view.getBigUint64(8, true), count * 8),
    );
    const instructions = Array.from({ length: count }, (_, i) => ({
      code: code.getUint16(i * 8, true),
      jt: code.getUint8(i * 8 + 2),
      jf: code.getUint8(i * 8 + 3),
      k: code.getUint32(i * 8 + 4, true),
    }));
    pcap.pcap_freecode(program);
    return instructions;
  } finally {
    pcap.pcap_close(handle);
  }
}

/** An instruction as `tcpdump -d` shows it. */
export function instructionText(instruction: ClassicInstruction, index: number): string {
  const bytes = new Uint8Array(new ArrayBuffer(8));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, instruction.code, true);
  view.setUint8(2, instruction.jt);
  view.setUint8(3, instruction.jf);
  view.setUint32(4, instruction.k, true);
  return libpcap().late('const char *bpf_image(void *instruction, int index)')(bytes, index) as string;
}
