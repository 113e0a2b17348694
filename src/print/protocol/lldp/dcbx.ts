// Data Center Bridging Exchange before IEEE 802.1Qaz, revision 1.01: a TLV of LLDP with TLVs of its own.

import { printUnknownData } from '../../hexdump.js';
import { hex, wordOf } from '../../inline.js';
import type { Printer } from '../../printer.js';
import { DCBX_SUBTYPES } from './numbers.js';

const REVISION_1 = 1;
const Type = { CONTROL: 1, PRIORITY_GROUPS: 2, FLOW_CONTROL: 3, APPLICATION: 4 } as const;
const NAMES: { readonly [type: number]: string } = {
  1: 'Control - Protocol Control',
  2: 'Feature - Priority Group',
  3: 'Feature - Priority Flow Control',
  4: 'Feature - Application',
};
const LEAST: { readonly [type: number]: number } = { 1: 10, 2: 17, 3: 6, 4: 4 };
const APPLICATION_SIZE = 6;
const FIELD = '\n\t          ';

/**
 * A TLV of DCBX; `at` is that of its identifier of three bytes.
 * @returns false when its bytes are not all understood
 */
export function printDcbx(p: Printer, at: number, size: number): boolean {
  if (size < 4) return true;
  const subtype = p.u8(at + 3);
  p.text(`\n\t  ${wordOf(DCBX_SUBTYPES, subtype, 'unknown')} Subtype (${subtype})`);
  if (subtype === REVISION_1) return false;
  const end = at + size;
  let known = true;
  at += 4;
  while (end - at >= 2) {
    const head = p.u16(at);
    const type = head >> 9;
    const length = head & 0x1ff;
    at += 2;
    known = true;
    if (type === 0 || length === 0 || length > end - at) break;
    const least = LEAST[type];
    known = least !== undefined;
    if (least !== undefined) {
      if (length < least) break;
      p.text(`\n\t    ${NAMES[type]} (type 0x${hex(type)}, length ${length})`);
      p.text(`\n\t      Oper_Version: ${p.u8(at)}\n\t      Max_Version: ${p.u8(at + 1)}`);
      if (type === Type.CONTROL) control(p, at + 2);
      else feature(p, type, at + 2, length - 2);
    }
    if (p.options.verbose > 1 || !known) printUnknownData(p, '\n\t    ', at, length);
    at += length;
  }
  return known;
}

function control(p: Printer, at: number): void {
  p.text(`\n\t      Sequence Number: ${p.u32(at)}`);
  p.text(`\n\t      Acknowledgement Number: ${p.u32(at + 4)}`);
}

function feature(p: Printer, type: number, at: number, size: number): void {
  const info = p.u8(at);
  p.text(`\n\t      Info block(0x${hex(info, 2).toUpperCase()}): Enable bit: ${info >> 7}`);
  p.text(`, Willing bit: ${(info >> 6) & 1}, Error Bit: ${(info >> 5) & 1}`);
  p.text(`\n\t      SubType: ${p.u8(at + 1)}`);
  if (type === Type.PRIORITY_GROUPS) priorityGroups(p, at + 2);
  else if (type === Type.FLOW_CONTROL) flowControl(p, at + 2);
  else applications(p, at + 2, size - 2);
}

function priorityGroups(p: Printer, at: number): void {
  p.text('\n\t      Priority Allocation');
  const groups = p.u32(at);
  for (let i = 0; i < 8; i++) p.text(`${FIELD}PgId_${i}: ${(groups >>> (28 - 4 * i)) & 15}`);
  p.text('\n\t      Priority Group Allocation');
  for (let i = 0; i < 8; i++) p.text(`${FIELD}Pg percentage[${i}]: ${p.u8(at + 4 + i)}`);
  p.text(`\n\t      NumTCsSupported: ${p.u8(at + 12)}`);
}

function flowControl(p: Printer, at: number): void {
  const enabled = p.u8(at);
  p.text(`\n\t      PFC Config (0x${hex(enabled, 2).toUpperCase()})`);
  for (let i = 0; i < 8; i++) {
    p.text(`${FIELD}Priority Bit ${i}: ${(enabled & (1 << i)) !== 0 ? 'Enabled' : 'Disabled'}`);
  }
  p.text(`\n\t      NumTCPFCSupported: ${p.u8(at + 1)}`);
}

function applications(p: Printer, at: number, size: number): void {
  for (; size >= APPLICATION_SIZE; at += APPLICATION_SIZE, size -= APPLICATION_SIZE) {
    p.text(`\n\t      Application Value${FIELD}Application Protocol ID: 0x${hex(p.u16(at), 4)}`);
    const field = p.u24(at + 2);
    const selector = field >> 22;
    p.text(`${FIELD}SF (0x${hex(selector)}) Application Protocol ID is `);
    p.text(selector !== 0 ? 'Socket Number' : 'L2 EtherType');
    p.text(`${FIELD}OUI: 0x${hex(field & 0x3fffff, 6)}${FIELD}User Priority Map: 0x${hex(p.u8(at + 5), 2)}`);
  }
}
