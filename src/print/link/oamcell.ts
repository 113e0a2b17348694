// Cells of ATM's operation and maintenance. Source: ITU-T I.610.

import { counted, hex, hexBytes } from '../inline.js';
import type { Printer, Words } from '../printer.js';

const CELL_HEADER = 4;
/** The header's own checksum, which some captures have. */
const HEADER_CHECK = 1;
const PAYLOAD = 48;
const FLOWS: Words = { 3: 'OAM F4 (segment)', 4: 'OAM F4 (end)' };
const PAYLOADS = [
  'user data, uncongested, SDU 0',
  'user data, uncongested, SDU 1',
  'user data, congested, SDU 0',
  'user data, congested, SDU 1',
  'VCC OAM F5 flow segment',
  'VCC OAM F5 flow end-to-end',
  'Traffic Control and resource Mgmt',
];

const FAULTS = 1;
const CELLS: Words = {
  [FAULTS]: 'Fault Management',
  2: 'Performance Management',
  8: 'activate/deactivate',
  15: 'System Management',
};
const Fault = { ALARM: 0, REMOTE: 1, LOOPBACK: 8 } as const;
const FUNCTIONS: { readonly [cell: number]: Words } = {
  [FAULTS]: { 0: 'AIS', 1: 'RDI', 4: 'Continuity Check', 8: 'Loopback' },
  2: counted(0, 'Forward Monitoring|Backward Reporting|Monitoring and Reporting'),
  8: counted(0, 'Performance Monitoring|Continuity Check'),
};
/** Behind the types of cell and function. */
const FUNCTION_SIZE = 45;

const CHECK_MASK = 0x3ff;
/** x^10 + x^9 + x^5 + x^4 + x + 1 */
const GENERATOR = 0x633;

/**
 * Prints a cell.
 * @param checked whether the header's checksum was captured
 */
export function printOamCell(p: Printer, offset: number, length: number, checked: boolean): void {
  p.protocol = 'oam';
  const start = offset + (checked ? HEADER_CHECK : 0);
  const header = p.u32(start);
  const payload = start + CELL_HEADER;
  const types = p.u8(payload);
  const circuit = (header >>> 4) & 0xffff;
  p.text(
    `${FLOWS[circuit] ?? 'OAM F5'}, vpi ${(header >>> 20) & 0xff}, vci ${circuit}` +
      `, payload [ ${PAYLOADS[(header >>> 1) & 7] ?? 'Unknown'} ], clp ${header & 1}, length ${length}`,
  );
  if (p.options.verbose < 1) return;
  const cell = types >> 4;
  const kind = types & 0xf;
  const functions = FUNCTIONS[cell];
  const word = functions === undefined ? 'unknown' : (functions[kind] ?? 'none');
  p.text(`\n\tcell-type ${CELLS[cell] ?? 'unknown'} (${cell}), func-type ${word} (${kind})`);
  if (cell === FAULTS) fault(p, payload + 1, kind);
  const check = p.u16(payload + PAYLOAD - 2) & CHECK_MASK;
  p.text(`\n\tcksum 0x${hex(check, 3)} (${remainder(p.view(payload, PAYLOAD)) === 0 ? '' : 'in'}correct)`);
}

function fault(p: Printer, at: number, kind: number): void {
  switch (kind) {
    case Fault.LOOPBACK: {
      p.need(at, FUNCTION_SIZE);
      const indicator = (p.u8(at) & 1) !== 0 ? 'Request' : 'Reply';
      p.text(`\n\tLoopback-Indicator ${indicator}, Correlation-Tag 0x${hex(p.u32(at + 1), 8)}`);
      p.text(`\n\tLocation-ID ${hexBytes(p, at + 5, 12)}`);
      p.text(`\n\tSource-ID   ${hexBytes(p, at + 17, 12)}`);
      break;
    }
    case Fault.ALARM:
    case Fault.REMOTE:
      p.need(at, FUNCTION_SIZE);
      p.text(`\n\tFailure-type 0x${hex(p.u8(at), 2)}`);
      p.text(`\n\tLocation-ID ${hexBytes(p, at + 1, 16)}`);
      break;
  }
}

/** What is left of bytes that end in their own CRC-10: zero when it is right. */
function remainder(bytes: Uint8Array): number {
  let left = 0;
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit--) {
      left = (left << 1) | ((byte >> bit) & 1);
      if (left > CHECK_MASK) left ^= GENERATOR;
    }
  }
  return left;
}
