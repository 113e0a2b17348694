// libpcap's compiler for packet filters. Source: pcap_compile(3PCAP), pcap-filter(7).

import { koffi } from './koffi.js';

interface Libpcap {
  pcap_open_dead(linkType: number, snapshotLength: number): unknown;
  pcap_compile(handle: unknown, program: Uint8Array, text: string, optimize: number, netmask: number): number;
  pcap_geterr(handle: unknown): string;
  pcap_freecode(program: Uint8Array): void;
  pcap_close(handle: unknown): void;
  bpf_image(instruction: Uint8Array, index: number): string;
}

const NAMES =
  process.platform === 'darwin' ? ['libpcap.dylib', 'libpcap.A.dylib'] : ['libpcap.so.0.8', 'libpcap.so.1'];

let loaded: Libpcap | null = null;

/** @throws Error naming the package when the library is not there */
function libpcap(): Libpcap {
  if (loaded !== null) return loaded;
  for (const name of NAMES) {
    try {
      const lib = koffi().load(name);
      loaded = {
        pcap_open_dead: lib.func('void *pcap_open_dead(int link_type, int snapshot_length)'),
        pcap_compile: lib.func(
          'int pcap_compile(void *p, void *program, const char *text, int optimize, uint netmask)',
        ),
        pcap_geterr: lib.func('const char *pcap_geterr(void *p)'),
        pcap_freecode: lib.func('void pcap_freecode(void *program)'),
        pcap_close: lib.func('void pcap_close(void *p)'),
        bpf_image: lib.func('const char *bpf_image(void *instruction, int index)'),
      } as unknown as Libpcap;
      return loaded;
    } catch {
      // the next name
    }
  }
  throw new Error('packet filter expressions need libpcap, which is not installed (apt install libpcap0.8)');
}

/** A classic BPF instruction. Source: net/bpf.h, struct bpf_insn. */
export interface ClassicInstruction {
  readonly code: number;
  readonly jt: number;
  readonly jf: number;
  readonly k: number;
}

const PCAP_NETMASK_UNKNOWN = 0xffffffff;

/**
 * @param dlt the DLT_ number packets have in memory
 * @returns the program
 * @throws Error with libpcap's reason
 */
export function compileFilter(
  text: string,
  dlt: number,
  snapshotLength: number,
  optimize: boolean,
): ClassicInstruction[] {
  const pcap = libpcap();
  const handle = pcap.pcap_open_dead(dlt, snapshotLength);
  try {
    const program = new Uint8Array(new ArrayBuffer(16));
    if (pcap.pcap_compile(handle, program, text, optimize ? 1 : 0, PCAP_NETMASK_UNKNOWN) !== 0) {
      throw new Error(pcap.pcap_geterr(handle));
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
  return libpcap().bpf_image(bytes, index);
}
