// The installed libpcap itself, for tests: it opens a real file, compiles, and asks its own interpreter.

import koffi from 'koffi';

const lib = koffi.load('libpcap.so.0.8');
const openOffline = lib.func('void *pcap_open_offline(const char *path, void *error)');
const compile = lib.func(
  'int pcap_compile(void *p, void *program, const char *text, int optimize, uint netmask)',
);
const lastError = lib.func('const char *pcap_geterr(void *p)');
const freeCode = lib.func('void pcap_freecode(void *program)');
const close = lib.func('void pcap_close(void *p)');
const interpret = lib.func('uint bpf_filter(void *code, void *packet, uint length, uint captured)');
const image = lib.func('const char *bpf_image(void *instruction, int index)');

export interface Reference {
  readonly error: string | null;
  /** As `tcpdump -d` prints it. */
  readonly dump: string;
  /** Whether it reads memory that it has not written: what it finds there is anything. */
  readonly undefined: boolean;
  matches(packet: Uint8Array, captured: number, length: number): boolean;
}

const outside = (size: number): Uint8Array => new Uint8Array(new ArrayBuffer(size));

/** A savefile as libpcap opens it. */
export class ReferenceFile {
  private readonly handle: unknown;
  private readonly programs: Uint8Array[] = [];
  private readonly packet = outside(65536);

  constructor(path: string) {
    this.handle = openOffline(path, outside(256));
  }

  compile(text: string, optimize: boolean): Reference {
    const program = outside(16);
    const nothing = { dump: '', undefined: false, matches: () => false };
    if (compile(this.handle, program, text, optimize ? 1 : 0, 0) !== 0)
      return { ...nothing, error: lastError(this.handle) as string };
    this.programs.push(program);
    const view = new DataView(program.buffer);
    const count = view.getUint32(0, true);
    const code = view.getBigUint64(8, true);
    const bytes = outside(8 * count);
    bytes.set(new Uint8Array(koffi.view(code, 8 * count)));
    const dump = Array.from({ length: count }, (_, i) => {
      const one = outside(8);
      one.set(bytes.subarray(8 * i, 8 * i + 8));
      return image(one, i) as string;
    }).join('\n');
    return {
      error: null,
      dump,
      undefined: readsUnset(new DataView(bytes.buffer), count),
      matches: (packet, captured, length) => {
        this.packet.set(packet.subarray(0, captured));
        return (interpret(code, this.packet, length, captured) as number) !== 0;
      },
    };
  }

  close(): void {
    for (const program of this.programs) freeCode(program);
    close(this.handle);
  }
}

/** Whether a way through the program leads to M[i] before anything has been stored there. */
function readsUnset(code: DataView, count: number): boolean {
  const unset = new Int32Array(count).fill(0);
  unset[0] = 0xffff;
  let found = false;
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = 0; i < count; i++) {
      const op = code.getUint16(8 * i, true);
      const k = code.getUint32(8 * i + 4, true);
      const kind = op & 7;
      let after = unset[i]!;
      if (kind < 2 && (op & 0xe0) === 0x60 && ((after >> (k & 15)) & 1) === 1) found = true;
      if (kind === 2 || kind === 3) after &= ~(1 << (k & 15));
      const next =
        kind === 6
          ? []
          : kind !== 5
            ? [i + 1]
            : (op & 0xf0) === 0
              ? [i + 1 + (k | 0)]
              : [i + 1 + code.getUint8(8 * i + 2), i + 1 + code.getUint8(8 * i + 3)];
      for (const to of next) {
        if ((unset[to]! | after) === unset[to]) continue;
        unset[to] = unset[to]! | after;
        changed = true;
      }
    }
  }
  return found;
}
