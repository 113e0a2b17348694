// Whether two programs take the same packets. libpcap's optimizer leaves out tests that matter in some filters (its issues 945, 1726):
// what it makes is run where it is sure to take what the unoptimized program takes.

import type { ClassicInstruction } from '../../system/index.js';
import { Class, jumpsBack, Mode, RETURN_A } from './classic.js';
import { rejectsAll, simplify } from './simplify.js';

const RETURN: number = Class.RET;
const JUMP: number = Class.JMP;

function returnsNumbers(program: readonly ClassicInstruction[]): boolean {
  return program.every(({ code }) => (code & 7) !== Class.RET || (code & 0x18) !== RETURN_A);
}

function areEqual(one: readonly ClassicInstruction[], other: readonly ClassicInstruction[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ code, jt, jf, k }, i) => {
      const twin = other[i]!;
      return code === twin.code && jt === twin.jt && jf === twin.jf && k === twin.k;
    })
  );
}

/** A program that answers yes where `program` does not answer what is expected. */
function unlike(program: readonly ClassicInstruction[], expected: boolean): ClassicInstruction[] {
  const start = [Class.LD | Mode.IMM, Class.LDX | Mode.IMM].map((code) => ({ code, jt: 0, jf: 0, k: 0 }));
  return [
    ...start,
    ...program.map((one) =>
      (one.code & 7) === Class.RET ? { ...one, k: (one.k !== 0) === expected ? 0 : 1 } : one,
    ),
  ];
}

/**
 * @returns whether both are sure to take the same packets, but for packets that are cut: of these the shorter program may take
 * more, as it wants fewer of their bytes; false too where that is hard to say
 */
export function takeTheSame(
  one: readonly ClassicInstruction[],
  other: readonly ClassicInstruction[],
): boolean {
  if (areEqual(one, other)) return true;
  if (jumpsBack(one) || jumpsBack(other) || !returnsNumbers(one) || !returnsNumbers(other)) return false;
  // One program after the other: where the first has its answer, the second is asked whether it has another.
  const whenNo = unlike(other, false);
  const whenYes = unlike(other, true);
  const both = one.map((instruction, at) => {
    if ((instruction.code & 7) !== RETURN) return instruction;
    const to = one.length + (instruction.k === 0 ? 0 : whenNo.length);
    return { code: JUMP, jt: 0, jf: 0, k: to - at - 1 };
  });
  return rejectsAll(simplify([...both, ...whenNo, ...whenYes], true));
}
