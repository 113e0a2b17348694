// IEEE 802.11 frames: control, management and data, the latter with LLC inside. Source: IEEE Std 802.11, 9.2 and 9.3;
// LINKTYPE_IEEE802_11.

import { macText } from '../../inline.js';
import type { Bits, Printer } from '../../printer.js';
import { logicalLink } from '../ethernet.js';
import { printManagement, printWep } from './management.js';

/** Where the fields are. An address that a frame has has one of four places. */
const At = { CONTROL: 0, DURATION: 2, FIRST: 4, SECOND: 10, THIRD: 16, FOURTH: 24 } as const;
const Mesh = { FLAGS: 0, TTL: 1, SEQUENCE: 2, ADDRESSES: 6, EXTENSION: 3, UNIT: 6 } as const;
const Type = { MANAGEMENT: 0, CONTROL: 1, DATA: 2 } as const;
const Flag = { TO_DS: 0x100, FROM_DS: 0x200, PROTECTED: 0x4000, HTC: 0x8000 } as const;
/** A data frame's subtype is made of these. */
const Data = { ACK: 1, POLL: 2, NULL: 4, QOS: 8 } as const;
const FLAGS: Bits = [
  [0x2000, 'More Data '],
  [0x0400, 'More Fragments '],
  [0x1000, 'Pwr Mgmt '],
  [0x0800, 'Retry '],
  [Flag.HTC, '+HTC '],
  [Flag.PROTECTED, 'Protected '],
];

const CONTROL_FIELD = 2;
const MANAGEMENT_HEADER = 24;
const DATA_HEADER = 24;
const ADDRESS = 6;
const QOS = 2;
/** The HT Control field at the end of a header whose flags say so: of management frames and of data with QoS. */
const HT_CONTROL = 4;
/** What Atheros' padding makes a header's length a multiple of. */
const PADDED = 4;

type Address = readonly [name: string, at: number];

/** Control frames: bytes, name, the addresses that -e shows, the one that is shown without. */
interface Control {
  readonly size: number;
  readonly name: string;
  readonly addresses: readonly Address[];
  readonly short?: Address;
}
const RECEIVER: Address = ['RA', At.FIRST];
const TRANSMITTER: Address = ['TA', At.SECOND];
const BSS: Address = ['BSSID', At.SECOND];
const POLL = 10;
const ACK_REQUEST = 8;
const CONTROLS: { readonly [subtype: number]: Control } = {
  7: { size: 16, name: 'Control Wrapper', addresses: [] },
  [ACK_REQUEST]: { size: 20, name: 'BAR', addresses: [] },
  9: { size: 16, name: 'BA', addresses: [RECEIVER, TRANSMITTER], short: RECEIVER },
  [POLL]: { size: 16, name: 'Power Save-Poll', addresses: [['BSSID', At.FIRST], TRANSMITTER] },
  11: { size: 16, name: 'Request-To-Send', addresses: [RECEIVER, TRANSMITTER], short: TRANSMITTER },
  12: { size: 10, name: 'Clear-To-Send', addresses: [RECEIVER], short: RECEIVER },
  13: { size: 10, name: 'Acknowledgment', addresses: [RECEIVER], short: RECEIVER },
  14: { size: 16, name: 'CF-End', addresses: [RECEIVER, BSS], short: RECEIVER },
  15: { size: 16, name: 'CF-End+CF-Ack', addresses: [RECEIVER, BSS], short: RECEIVER },
};

/** The addresses of data frames, and where their source and destination are, by From DS and To DS. */
interface Direction {
  readonly addresses: readonly Address[];
  readonly source: number;
  readonly destination: number;
}
const PLACES: readonly number[] = [At.FIRST, At.SECOND, At.THIRD, At.FOURTH];
const direction = (source: number, destination: number, ...names: string[]): Direction => ({
  addresses: names.map((name, i) => [name, PLACES[i]!]),
  source,
  destination,
});
const WITHIN = direction(At.SECOND, At.FIRST, 'DA', 'SA', 'BSSID');
const FROM_DS = direction(At.THIRD, At.FIRST, 'DA', 'BSSID', 'SA');
const TO_DS = direction(At.SECOND, At.THIRD, 'BSSID', 'SA', 'DA');
const BETWEEN = direction(At.FOURTH, At.THIRD, 'RA', 'TA', 'DA', 'SA');
const MANAGEMENT_ADDRESSES: readonly Address[] = [
  ['BSSID', At.THIRD],
  ['DA', At.FIRST],
  ['SA', At.SECOND],
];

const typeOf = (control: number): number => (control >> 2) & 3;
const subtypeOf = (control: number): number => (control >> 4) & 0xf;

/** LINKTYPE_IEEE802_11. */
export function printWifiLink(p: Printer, offset: number, length: number): void {
  p.linkHeaderLength += printWifiFrame(p, offset, length);
}

/**
 * Prints an 802.11 frame.
 * @param padded whether the header is padded to four bytes
 * @param check bytes of check sequence at the frame's end
 * @returns bytes of header
 */
export function printWifiFrame(
  p: Printer,
  offset: number,
  length: number,
  padded = false,
  check = 0,
): number {
  p.protocol = '802.11';
  const captured = p.available(offset);
  if (length < check) {
    p.truncated();
    return captured;
  }
  p.pushSnapEnd(offset + length - check);
  const header = printWhole(p, offset, length - check, captured, padded);
  p.pop();
  return header;
}

/** A frame without its check sequence. */
function printWhole(p: Printer, offset: number, length: number, captured: number, padded: boolean): number {
  if (!p.has(offset, CONTROL_FIELD)) {
    p.truncated();
    return captured;
  }
  const control = p.le16(offset + At.CONTROL);
  let header = headerLength(p, control);
  if (header === 0) return 0;
  if (padded) header = Math.ceil(header / PADDED) * PADDED;
  let mesh = 0;
  if (p.options.mesh && typeOf(control) === Type.DATA && (subtypeOf(control) & Data.QOS) !== 0) {
    if (!p.has(offset + header, 1)) {
      p.truncated();
      return header;
    }
    const flags = p.u8(offset + header);
    mesh = flags > Mesh.EXTENSION ? 0 : Mesh.UNIT * (1 + flags);
    header += mesh;
  }
  if (!p.has(offset, header)) {
    p.truncated();
    return header;
  }
  if (p.options.linkHeader) {
    printFlags(p, offset, control);
    if (mesh > 0) printMesh(p, offset + header - mesh);
  }
  switch (typeOf(control)) {
    case Type.MANAGEMENT: {
      if (p.options.linkHeader) printAddresses(p, offset, MANAGEMENT_ADDRESSES);
      const isProtected = (control & Flag.PROTECTED) !== 0;
      const source = offset + At.SECOND;
      const body = offset + header;
      if (!printManagement(p, body, length - header, subtypeOf(control), isProtected, source)) p.truncated();
      return header;
    }
    case Type.CONTROL:
      printControl(p, offset, subtypeOf(control));
      return header;
    default:
      return printData(p, offset, length, control, header);
  }
}

/** Bytes of a frame's header; 0 after its kind is printed, when it is none that is known. */
function headerLength(p: Printer, control: number): number {
  const subtype = subtypeOf(control);
  switch (typeOf(control)) {
    case Type.MANAGEMENT:
      return MANAGEMENT_HEADER + htControl(control);
    case Type.CONTROL: {
      const kind = CONTROLS[subtype];
      if (kind === undefined) p.text(`unknown 802.11 ctrl frame subtype (${subtype})`);
      return kind?.size ?? 0;
    }
    case Type.DATA: {
      const fourth = directionOf(control) === BETWEEN ? ADDRESS : 0;
      return DATA_HEADER + fourth + ((subtype & Data.QOS) !== 0 ? QOS + htControl(control) : 0);
    }
    default:
      p.text(`unknown 802.11 frame type (${typeOf(control)})`);
      return 0;
  }
}

function htControl(control: number): number {
  return (control & Flag.HTC) !== 0 ? HT_CONTROL : 0;
}

function directionOf(control: number): Direction {
  const from = (control & Flag.FROM_DS) !== 0;
  if ((control & Flag.TO_DS) !== 0) return from ? BETWEEN : TO_DS;
  return from ? FROM_DS : WITHIN;
}

function printAddresses(p: Printer, offset: number, addresses: readonly Address[]): void {
  for (const [name, at] of addresses) p.text(`${name}:${macText(p, offset + at)} `);
}

/** What -v shows of every header with -e. */
function printFlags(p: Printer, offset: number, control: number): void {
  if (p.options.verbose === 0) return;
  for (const [bit, word] of FLAGS) if ((control & bit) !== 0) p.text(word);
  // A poll has an identifier where others have how long they take.
  if (typeOf(control) === Type.CONTROL && subtypeOf(control) === POLL) return;
  p.text(`${p.le16(offset + At.DURATION)}us `);
}

/** The mesh header of -H. */
function printMesh(p: Printer, offset: number): void {
  const extension = p.u8(offset + Mesh.FLAGS) & Mesh.EXTENSION;
  p.text(`MeshData (AE ${extension} TTL ${p.u8(offset + Mesh.TTL)} seq ${p.le32(offset + Mesh.SEQUENCE)}`);
  for (let i = 0; i < extension; i++) {
    p.text(` A${4 + i}:${macText(p, offset + Mesh.ADDRESSES + i * ADDRESS)}`);
  }
  p.text(') ');
}

function printControl(p: Printer, offset: number, subtype: number): void {
  const { name, addresses, short } = CONTROLS[subtype]!;
  const linkHeader = p.options.linkHeader;
  if (linkHeader) printAddresses(p, offset, addresses);
  if (subtype === ACK_REQUEST) {
    const fields = ` RA:${macText(p, offset + At.FIRST)} TA:${macText(p, offset + At.SECOND)} CTL(${p
      .le16(offset + At.THIRD)
      .toString(16)}) SEQ(${p.le16(offset + At.THIRD + 2)}) `;
    p.text(linkHeader ? fields + name : name + fields);
    return;
  }
  p.text(name);
  if (subtype === POLL) p.text(` AID(${p.le16(offset + At.DURATION).toString(16)})`);
  if (linkHeader || short === undefined) return;
  p.char(32);
  printAddresses(p, offset, [short]);
}

/** @returns bytes of header, LLC's too */
function printData(p: Printer, offset: number, length: number, control: number, header: number): number {
  const subtype = subtypeOf(control);
  const { addresses, source, destination } = directionOf(control);
  if (p.options.linkHeader) {
    const qos = (subtype & Data.QOS) !== 0;
    const free = ['', 'Ack', 'Poll', 'Ack/Poll'][subtype & (Data.ACK | Data.POLL)]!;
    if (qos || free !== '') p.text(`CF ${free}${qos ? '+QoS' : ''} `);
    printAddresses(p, offset, addresses);
  }
  if ((subtype & Data.NULL) !== 0) return header;
  const payload = offset + header;
  if ((control & Flag.PROTECTED) !== 0) {
    p.text('Data');
    if (!printWep(p, payload)) p.truncated();
    return header;
  }
  return header + logicalLink(p, payload, length - header, offset + source, offset + destination);
}
