// Bodies of 802.11 management frames: what they ask for or tell, and of their elements the names, rates and channel.
// Source: IEEE Std 802.11, 9.3.3, 9.4.1 and 9.4.2.

import { counted, hex, macText } from '../../inline.js';
import { formatFallback, type Printer, type Words } from '../../printer.js';
import { REASONS, statusWord } from './words.js';

const SUBTYPES: Words = counted(
  0,
  'Assoc Request|Assoc Response|ReAssoc Request|ReAssoc Response|Probe Request|Probe Response|||' +
    'Beacon|ATIM|Disassociation|Authentication|DeAuthentication|Action',
);
/** Bytes in front of the elements, by subtype; the elements of those that are not here are not read. */
const FIXED: { readonly [subtype: number]: number } = { 0: 4, 1: 6, 2: 10, 3: 6, 4: 0, 5: 12, 8: 12, 11: 6 };
const Subtype = {
  ASSOCIATION_REQUEST: 0,
  ASSOCIATION_RESPONSE: 1,
  REASSOCIATION_REQUEST: 2,
  REASSOCIATION_RESPONSE: 3,
  PROBE_REQUEST: 4,
  PROBE_RESPONSE: 5,
  BEACON: 8,
  DISASSOCIATION: 10,
  AUTHENTICATION: 11,
  DEAUTHENTICATION: 12,
  ACTION: 13,
} as const;
/** Where the fields in front of the elements are. */
const Beacon = { CAPABILITIES: 10 } as const;
const Response = { CAPABILITIES: 0, STATUS: 2, IDENTIFIER: 4 } as const;
const Reassociation = { ACCESS_POINT: 4 } as const;
const Authentication = { ALGORITHM: 0, SEQUENCE: 2, STATUS: 4 } as const;
const CAPABLE_ESS = 0x0001;
const CAPABLE_PRIVACY = 0x0010;
/** An association's identifier without the two bits that are always set. */
const IDENTIFIER = 0x3fff;

const ALGORITHMS: Words = counted(0, 'Open System|Shared Key|EAP');
const SHARED_KEY = 1;
const CHALLENGES: readonly number[] = [2, 3];

const CATEGORIES: Words = {
  0: 'Spectrum Management',
  1: 'QoS',
  2: 'DLS',
  3: 'BA',
  7: 'HT',
  13: 'MeshAction',
  14: 'MultihopAction',
  15: 'SelfprotectAction',
  127: 'Vendor',
};
const ACTIONS: { readonly [category: number]: Words } = {
  3: counted(0, 'ADDBA Request|ADDBA Response|DELBA'),
  7: counted(0, 'TxChWidth|MIMOPwrSave'),
  13: counted(
    0,
    'MeshLink|HWMP|Gate Announcement|Congestion Control|MCCA Setup Request|MCCA Setup Reply|' +
      'MCCA Advertisement Request|MCCA Advertisement|MCCA Teardown|TBTT Adjustment Request|TBTT Adjustment Response',
  ),
  14: counted(0, 'Proxy Update|Proxy Update Confirmation'),
  15: counted(1, 'Peering Open|Peering Confirm|Peering Close|Group Key Inform|Group Key Acknowledge'),
};

const Element = { SSID: 0, RATES: 1, CHANNEL: 3, TRAFFIC: 5, CHALLENGE: 16, MESH: 114 } as const;
/** Bytes that an element may have at most: a longer one ends the reading. */
const LONGEST: { readonly [element: number]: number } = {
  [Element.SSID]: 32,
  [Element.RATES]: 16,
  [Element.TRAFFIC]: 254,
  [Element.CHALLENGE]: 253,
  [Element.MESH]: 32,
};
const ELEMENT_HEADER = 2;

/** What the elements say: offsets of the first of each kind, -1 where there is none; their lengths stand before them. */
interface Elements {
  ssid: number;
  rates: number;
  channel: number;
  mesh: number;
  /** Whether all of them could be read. */
  whole: boolean;
}

/**
 * Prints a management frame's name and body.
 * @param source where the sender's address is
 * @returns false when the body was cut or its elements are wrong
 */
export function printManagement(
  p: Printer,
  offset: number,
  length: number,
  subtype: number,
  isProtected: boolean,
  source: number,
): boolean {
  p.word(SUBTYPES, subtype, 'Unhandled Management subtype(%x)');
  if (isProtected) return printWep(p, offset);
  switch (subtype) {
    case Subtype.DISASSOCIATION:
      return printReason(p, offset, length, -1);
    case Subtype.DEAUTHENTICATION:
      return printReason(p, offset, length, source);
    case Subtype.ACTION:
      return printAction(p, offset, length, source);
  }
  const fixed = FIXED[subtype];
  if (fixed === undefined) return true;
  if (!p.has(offset, fixed) || length < fixed) return false;
  const elements = readElements(p, offset + fixed, length - fixed);
  switch (subtype) {
    case Subtype.BEACON:
    case Subtype.PROBE_RESPONSE: {
      const capabilities = p.le16(offset + Beacon.CAPABILITIES);
      printSsid(p, elements);
      printRates(p, elements);
      if (subtype === Subtype.BEACON) p.text((capabilities & CAPABLE_ESS) !== 0 ? ' ESS' : ' IBSS');
      if (elements.channel >= 0) p.text(` CH: ${p.u8(elements.channel)}`);
      if ((capabilities & CAPABLE_PRIVACY) !== 0) p.text(', PRIVACY');
      printName(p, ' (MESHID: ', elements.mesh);
      break;
    }
    case Subtype.ASSOCIATION_REQUEST:
    case Subtype.PROBE_REQUEST:
      printSsid(p, elements);
      printRates(p, elements);
      break;
    case Subtype.REASSOCIATION_REQUEST:
      printSsid(p, elements);
      p.text(` AP : ${macText(p, offset + Reassociation.ACCESS_POINT)}`);
      break;
    case Subtype.ASSOCIATION_RESPONSE:
    case Subtype.REASSOCIATION_RESPONSE: {
      const privacy = (p.le16(offset + Response.CAPABILITIES) & CAPABLE_PRIVACY) !== 0;
      p.text(
        ` AID(${hex(p.le16(offset + Response.IDENTIFIER) & IDENTIFIER)}) :${privacy ? ' PRIVACY ' : ''}: `,
      );
      p.text(statusWord(p.le16(offset + Response.STATUS)));
      break;
    }
    case Subtype.AUTHENTICATION:
      printAuthentication(p, offset);
      break;
  }
  return elements.whole;
}

/**
 * Prints what is in front of an encrypted body.
 * @returns false when it was cut
 */
export function printWep(p: Printer, offset: number): boolean {
  if (!p.has(offset, 4)) return false;
  const field = p.le32(offset);
  const vector = hex(field & 0xffffff).padStart(3);
  p.text(` IV:${vector} Pad ${hex((field >>> 24) & 0x3f)} KeyID ${field >>> 30}`);
  return true;
}

function readElements(p: Printer, offset: number, length: number): Elements {
  const found: Elements = { ssid: -1, rates: -1, channel: -1, mesh: -1, whole: false };
  const end = offset + length;
  let at = offset;
  while (at < end) {
    if (!p.has(at, ELEMENT_HEADER) || end - at < ELEMENT_HEADER) return found;
    const element = p.u8(at);
    const size = p.u8(at + 1);
    const body = at + ELEMENT_HEADER;
    if (!p.has(body, size) || end - body < size) return found;
    if (size > (LONGEST[element] ?? size)) return found;
    if (element === Element.SSID && found.ssid < 0) found.ssid = body;
    if (element === Element.MESH && found.mesh < 0) found.mesh = body;
    // Some stations send an empty list of rates in front of the real one.
    if (element === Element.RATES && found.rates < 0 && size > 0) found.rates = body;
    if (element === Element.CHANNEL && found.channel < 0 && size === 1) found.channel = body;
    at = body + size;
  }
  found.whole = true;
  return found;
}

function printSsid(p: Printer, elements: Elements): void {
  printName(p, ' (', elements.ssid);
}

/** The name in an element whose body is at `offset`. */
function printName(p: Printer, before: string, offset: number): void {
  if (offset < 0) return;
  p.text(before);
  p.safeUntilNul(offset, p.u8(offset - 1));
  p.char(41);
}

function printRates(p: Printer, elements: Elements): void {
  const { rates } = elements;
  if (rates < 0) return;
  const count = p.u8(rates - 1);
  for (let i = 0; i < count; i++) {
    const rate = p.u8(rates + i);
    // Every station of the network has to know the marked ones.
    p.text(`${i === 0 ? ' [' : ' '}${((rate & 0x7f) / 2).toFixed(1)}${rate >= 0x80 ? '*' : ''}`);
  }
  p.text(' Mbit]');
}

/** @param source where the sender's address is, to be shown without -e, or -1 */
function printReason(p: Printer, offset: number, length: number, source: number): boolean {
  if (!p.has(offset, 2) || length < 2) return false;
  if (source >= 0) printSender(p, source);
  p.text(`: ${REASONS[p.le16(offset)] ?? 'Reserved'}`);
  return true;
}

function printSender(p: Printer, source: number): void {
  if (!p.options.linkHeader) p.text(` (${macText(p, source)})`);
}

function printAuthentication(p: Printer, offset: number): void {
  const algorithm = p.le16(offset + Authentication.ALGORITHM);
  const sequence = p.le16(offset + Authentication.SEQUENCE);
  const challenge = algorithm === SHARED_KEY && CHALLENGES.includes(sequence);
  p.text(
    ` (${ALGORITHMS[algorithm] ?? 'Reserved'})-${hex(sequence)}${challenge ? ' [Challenge Text] ' : ': '}`,
  );
  if (sequence % 2 === 1) p.text(statusWord(p.le16(offset + Authentication.STATUS)));
}

function printAction(p: Printer, offset: number, length: number, source: number): boolean {
  if (!p.has(offset, 2) || length < 2) return false;
  printSender(p, source);
  const category = p.u8(offset);
  const action = p.u8(offset + 1);
  p.text(': ');
  p.word(CATEGORIES, category, 'Reserved(%u)');
  p.text(` ${ACTIONS[category]?.[action] ?? formatFallback('Act#%u', action)}`);
  return true;
}
