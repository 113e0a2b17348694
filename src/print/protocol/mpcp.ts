// Multi-Point Control Protocol of Ethernet passive optical networks, and MAC control's PAUSE. Source: IEEE 802.3,
// clauses 31B and 64.

import { printUnknownData } from '../hexdump.js';
import { bitsOf, counted, wordOf } from '../inline.js';
import type { Bits, Printer } from '../printer.js';

const HEADER = 6;
const Opcode = { PAUSE: 1, GATE: 2, REPORT: 3, REGISTER_REQUEST: 4, REGISTER: 5, REGISTER_ACK: 6 } as const;
const OPCODES = counted(1, 'Pause|Gate|Report|Register Request|Register|Register ACK');
const GRANTS = 0x07;
const GATE_FLAGS: Bits = [
  [0x08, 'Discovery'],
  [0x10, 'Force Grant #1'],
  [0x20, 'Force Grant #2'],
  [0x40, 'Force Grant #3'],
  [0x80, 'Force Grant #4'],
];
/** tcpdump takes these numbers for sets of bits. */
const REQUEST_FLAGS: Bits = [
  [1, 'Register'],
  [3, 'De-Register'],
];
const REGISTER_FLAGS: Bits = [
  [1, 'Re-Register'],
  [2, 'De-Register'],
  [3, 'ACK'],
  [4, 'NACK'],
];
const ACK_FLAGS: Bits = [[1, 'ACK']];
const QUEUES: Bits = Array.from({ length: 8 }, (_, i) => [1 << i, `Q${i}`] as const);

/** An MPCP frame. */
export function printMpcp(p: Printer, offset: number, length: number): void {
  p.protocol = 'mpcp';
  p.need(offset, HEADER);
  const opcode = p.u16(offset);
  p.text(`MPCP, Opcode ${wordOf(OPCODES, opcode, 'Unknown (%u)')}`);
  if (opcode !== Opcode.PAUSE) p.text(`, Timestamp ${p.u32(offset + 2)} ticks`);
  p.text(`, length ${length}`);
  if (p.options.verbose === 0) return;
  const at = offset + HEADER;
  switch (opcode) {
    case Opcode.PAUSE:
      break;
    case Opcode.GATE:
      gate(p, at);
      break;
    case Opcode.REPORT:
      report(p, at);
      break;
    case Opcode.REGISTER_REQUEST:
      p.need(at, 2);
      p.text(`\n\tFlags [ ${bitsOf(REQUEST_FLAGS, p.u8(at), 'Reserved')} ], Pending-Grants ${p.u8(at + 1)}`);
      break;
    case Opcode.REGISTER:
      p.need(at, 6);
      p.text(
        `\n\tAssigned-Port ${p.u16(at)}, Flags [ ${bitsOf(REGISTER_FLAGS, p.u8(at + 2), 'Reserved')} ]` +
          `\n\tSync-Time ${p.u16(at + 3)} ticks, Echoed-Pending-Grants ${p.u8(at + 5)}`,
      );
      break;
    case Opcode.REGISTER_ACK:
      p.need(at, 5);
      p.text(
        `\n\tEchoed-Assigned-Port ${p.u16(at + 1)}, Flags [ ${bitsOf(ACK_FLAGS, p.u8(at), 'Reserved')} ]` +
          `\n\tEchoed-Sync-Time ${p.u16(at + 3)} ticks`,
      );
      break;
    default:
      printUnknownData(p, '\n\t', offset, length);
  }
}

function gate(p: Printer, at: number): void {
  const first = p.u8(at++);
  const count = first & GRANTS;
  p.text(`\n\tGrant Numbers ${count}, Flags [ ${bitsOf(GATE_FLAGS, first & ~GRANTS, '?')} ]`);
  for (let i = 1; i <= count; i++, at += 6) {
    p.need(at, 6);
    p.text(`\n\tGrant #${i}, Start-Time ${p.u32(at)} ticks, duration ${p.u16(at + 4)} ticks`);
  }
  p.text(`\n\tSync-Time ${p.u16(at)} ticks`);
}

/** Queue sets but for the last, under the number of them all: as tcpdump counts. */
function report(p: Printer, at: number): void {
  const sets = p.u8(at++);
  p.text(`\n\tTotal Queue-Sets ${sets}`);
  for (let set = 1; set < sets; set++) {
    const queues = p.u8(at++);
    p.text(`\n\t  Queue-Set #${sets}, Report-Bitmap [ ${bitsOf(QUEUES, queues, 'Unknown')} ]`);
    for (let queue = 0; queue < 8; queue++) {
      if (((queues >> queue) & 1) === 0) continue;
      p.text(`\n\t    Q${queue + 1} Report, Duration ${p.u16(at)} ticks`);
      at += 2;
    }
  }
}
