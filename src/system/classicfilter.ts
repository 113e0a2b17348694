// Classic BPF for sockets: instructions with labels, put together and attached. Source: linux/filter.h,
// Documentation/networking/filter.rst.

import { addressOf, errno, libc, SystemError } from './libc.js';

const SOL_SOCKET = 1;
const SO_ATTACH_FILTER = 26;

export const Code = {
  LOAD_WORD: 0x20,
  LOAD_HALF: 0x28,
  LOAD_BYTE: 0x30,
  LOAD_WORD_BEHIND: 0x40,
  LOAD_BYTE_BEHIND: 0x50,
  HEADER_LENGTH: 0xb1,
  AND: 0x54,
  TO_INDEX: 0x07,
  EQUAL: 0x15,
  EQUAL_INDEX: 0x1d,
  ANY_BIT: 0x45,
  RETURN: 0x06,
} as const;

/** Code, operand, for jumps where to (next when null), and the name of this place. */
export type Instruction = readonly [
  code: number,
  operand: number,
  yes?: string | null,
  no?: string | null,
  label?: string,
];

/** The instructions as the kernel takes them. */
export function assemble(code: readonly Instruction[]): Uint8Array {
  const places = new Map(code.flatMap(([, , , , label], i) => (label === undefined ? [] : [[label, i]])));
  const bytes = new Uint8Array(new ArrayBuffer(8 * code.length));
  const view = new DataView(bytes.buffer);
  code.forEach(([operation, operand, yes, no], i) => {
    const jump = (to: string | null | undefined): number =>
      to === null || to === undefined ? 0 : places.get(to)! - i - 1;
    view.setUint16(8 * i, operation, true);
    view.setUint8(8 * i + 2, jump(yes));
    view.setUint8(8 * i + 3, jump(no));
    view.setUint32(8 * i + 4, operand, true);
  });
  return bytes;
}

/** Attaches a filter to a socket, or another one in its place. @throws SystemError that begins with `what` */
export function attachFilter(fd: number, instructions: Uint8Array, what: string): void {
  const view = new DataView(new ArrayBuffer(16));
  view.setUint16(0, instructions.length / 8, true);
  view.setBigUint64(8, addressOf(instructions), true);
  if (libc().setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, new Uint8Array(view.buffer), 16) < 0)
    throw new SystemError(what, errno());
}
