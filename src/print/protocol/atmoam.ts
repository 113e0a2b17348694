// Cells of ATM that operate and maintain (OAM F4 and F5). Source: ITU-T I.610.

import { hex, hexBytes, wordOf } from '../inline.js';
import type { Printer, Words } from '../printer.js';

/** Without the byte that checks the header. */
const HEADER = 4;
const PAYLOAD = 48;
const FLOWS: Words = { 3: 'OAM F4 (segment)', 4: 'OAM F4 (end)' };
const PAYLOADS: Words = {
  0: 'user data, uncongested, SDU 0',
  1: 'user data, uncongested, SDU 1',
  2: 'user data, congested, SDU 0',
  3: 'user data, congested, SDU 1',
  4: 'VCC OAM F5 flow segment',
  5: 'VCC OAM F5 flow end-to-end',
  6: 'Traffic Control and resource Mgmt',
};

const CELLS: Words = {
  1: 'Fault Management',
  2: 'Performance Management',
  8: 'activate/deactivate',
  15: 'System Management',
};
const FUNCTIONS: { readonly [cell: number]: Words } = {
  1: { 0: 'AIS', 1: 'RDI', 4: 'Continuity Check', 8: 'Loopback' },
  2: { 0: 'Forward Monitoring', 1: 'Backward Reporting', 2: 'Monitoring and Reporting' },
  8: { 0: 'Performance Monitoring', 1: 'Continuity Check' },
};
/** Cell and function that have fields, as the cell's first byte has them. */
const Kind = { ALARM: 0x10, REMOTE_DEFECT: 0x11, LOOPBACK: 0x18 } as const;

/** Bytes of the payload from its first one to the check in its last two. */
const CHECK = 46;
const FIELDS = 45;
const Alarm = { TYPE: 1, LOCATION: 2, LOCATION_SIZE: 16 } as const;
const Loop = { INDICATOR: 1, TAG: 2, LOCATION: 6, SOURCE: 18, ID_SIZE: 12 } as const;
/** x^10 + x^9 + x^5 + x^4 + x + 1. */
const POLYNOMIAL = 0x633;

/** A cell without the byte that checks its header. */
export function printOamCell(p: Printer, offset: number, length: number): void {
  p.protocol = 'oam';
  const header = p.u32(offset);
  const at = offset + HEADER;
  const kind = p.u8(at);
  const channel = (header >>> 4) & 0xffff;
  p.text(`${wordOf(FLOWS, channel, 'OAM F5')}, vpi ${(header >>> 20) & 0xff}, vci ${channel}`);
  p.text(`, payload [ ${wordOf(PAYLOADS, (header >>> 1) & 7, 'Unknown')} ], clp ${header & 1}`);
  p.text(`, length ${length}`);
  if (p.options.verbose === 0) return;
  const cell = kind >> 4;
  const code = kind & 15;
  const functions = FUNCTIONS[cell];
  p.text(`\n\tcell-type ${wordOf(CELLS, cell, 'unknown')} (${cell})`);
  p.text(`, func-type ${functions === undefined ? 'unknown' : wordOf(functions, code, 'none')} (${code})`);
  printFields(p, kind, at);
  const check = p.u16(at + CHECK) & 0x3ff;
  p.text(`\n\tcksum 0x${hex(check, 3)} (${remainder(p.view(at, PAYLOAD)) === 0 ? '' : 'in'}correct)`);
}

function printFields(p: Printer, kind: number, at: number): void {
  switch (kind) {
    case Kind.LOOPBACK:
      p.need(at + 1, FIELDS);
      p.text(`\n\tLoopback-Indicator ${(p.u8(at + Loop.INDICATOR) & 1) === 0 ? 'Reply' : 'Request'}`);
      p.text(`, Correlation-Tag 0x${hex(p.u32(at + Loop.TAG), 8)}`);
      p.text(`\n\tLocation-ID ${hexBytes(p, at + Loop.LOCATION, Loop.ID_SIZE)}`);
      p.text(`\n\tSource-ID   ${hexBytes(p, at + Loop.SOURCE, Loop.ID_SIZE)}`);
      break;
    case Kind.ALARM:
    case Kind.REMOTE_DEFECT:
      p.need(at + 1, FIELDS);
      p.text(`\n\tFailure-type 0x${hex(p.u8(at + Alarm.TYPE), 2)}`);
      p.text(`\n\tLocation-ID ${hexBytes(p, at + Alarm.LOCATION, Alarm.LOCATION_SIZE)}`);
  }
}

/** What is left of the payload divided by the polynomial: nothing, when its check is right. */
function remainder(payload: Uint8Array): number {
  let rest = 0;
  for (const byte of payload) {
    for (let bit = 7; bit >= 0; bit--) {
      rest = (rest << 1) | ((byte >> bit) & 1);
      if (rest > 0x3ff) rest ^= POLYNOMIAL;
    }
  }
  return rest;
}
