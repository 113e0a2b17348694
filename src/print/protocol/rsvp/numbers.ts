// Words of RSVP's objects. Source: IANA's registry of RSVP parameters; RFC 3471 and 4328 (payloads).

import { counted } from '../../inline.js';
import type { Words } from '../../printer.js';

export const RsvpClass = {
  SESSION: 1,
  HOP: 3,
  INTEGRITY: 4,
  TIME_VALUES: 5,
  ERROR: 6,
  STYLE: 8,
  FLOW: 9,
  FILTER: 10,
  SENDER_TEMPLATE: 11,
  SENDER_TRAFFIC: 12,
  ADVERTISEMENT: 13,
  CONFIRM: 15,
  LABEL: 16,
  LABEL_REQUEST: 19,
  EXPLICIT_ROUTE: 20,
  RECORD_ROUTE: 21,
  HELLO: 22,
  MESSAGE_ID: 23,
  MESSAGE_ID_ACK: 24,
  MESSAGE_ID_LIST: 25,
  RECOVERY_LABEL: 34,
  UPSTREAM_LABEL: 35,
  LABEL_SET: 36,
  SUB_LSP: 50,
  DETOUR: 63,
  CLASS_TYPE: 66,
  CLASS_TYPE_OLD: 125,
  SUGGESTED_LABEL: 129,
  RESTART: 131,
  CAPABILITY: 134,
  NOTIFY: 195,
  ADMIN_STATUS: 196,
  PROPERTIES: 204,
  FAST_REROUTE: 205,
  SESSION_ATTRIBUTE: 207,
  UNI: 229,
} as const;

export const RSVP_CLASSES: Words = {
  1: 'Session',
  3: 'RSVP Hop',
  4: 'Integrity',
  5: 'Time Values',
  6: 'Error Spec',
  7: 'Scope',
  8: 'Style',
  9: 'Flowspec',
  10: 'FilterSpec',
  11: 'Sender Template',
  12: 'Sender TSpec',
  13: 'Adspec',
  14: 'Policy Data',
  15: 'Confirm',
  16: 'Label',
  19: 'Label Request',
  20: 'ERO',
  21: 'RRO',
  22: 'Hello',
  23: 'Message ID',
  24: 'Message ID Ack',
  25: 'Message ID List',
  34: 'Recovery Label',
  35: 'Upstream Label',
  36: 'Label Set',
  37: 'Protection',
  50: 'Sub-LSP to LSP',
  63: 'Detour',
  66: 'Class Type',
  125: 'Class Type (old)',
  129: 'Suggested Label',
  130: 'Acceptable Label Set',
  131: 'Restart Capability',
  134: 'Capability',
  195: 'Notify Request',
  196: 'Administrative Status',
  204: 'Properties',
  205: 'Fast Re-Route',
  207: 'Session Attribute',
  229: 'Generalized UNI',
  230: 'Call-ID',
  236: 'Call Capability',
};

const ADDRESSES: Words = { 1: 'IPv4', 2: 'IPv6' };
const ADDRESSES_AND_TLVS: Words = { ...ADDRESSES, 3: 'IPv4 plus opt. TLVs', 4: 'IPv6 plus opt. TLVs' };
const ONE: Words = { 1: '1' };
const SERVICES: Words = { 2: 'IntServ' };
const LABELS: Words = { 1: 'Label', 2: 'Generalized Label', 3: 'Waveband Switching' };
const POINT_TO_MULTIPOINT: Words = { 12: 'IPv4 P2MP LSP Tunnel', 13: 'IPv6 P2MP LSP Tunnel' };

/** Types of a class's objects. */
export const RSVP_TYPES: Readonly<Record<number, Words>> = {
  1: {
    ...ADDRESSES,
    7: 'Tunnel IPv4',
    11: 'UNI IPv4',
    13: 'IPv4 P2MP LSP Tunnel',
    14: 'IPv6 P2MP LSP Tunnel',
  },
  3: ADDRESSES_AND_TLVS,
  5: ONE,
  6: ADDRESSES_AND_TLVS,
  8: ONE,
  9: { 1: 'obsolete', ...SERVICES },
  10: { ...ADDRESSES, 3: 'IPv6 Flow-label', 7: 'Tunnel IPv4', ...POINT_TO_MULTIPOINT },
  11: { ...ADDRESSES, 7: 'Tunnel IPv4', ...POINT_TO_MULTIPOINT },
  12: SERVICES,
  13: SERVICES,
  15: ADDRESSES,
  16: LABELS,
  19: {
    1: 'without label range',
    2: 'with ATM label range',
    3: 'with FR label range',
    4: 'Generalized Label',
  },
  20: { 1: 'IPv4' },
  21: { 1: 'IPv4' },
  22: { 1: 'Hello Request', 2: 'Hello Ack' },
  23: ONE,
  24: { 1: 'Message id ack', 2: 'Message id nack' },
  25: ONE,
  34: LABELS,
  35: LABELS,
  36: ONE,
  50: { 1: 'IPv4 sub-LSP', 2: 'IPv6 sub-LSP' },
  63: { 7: 'Tunnel IPv4' },
  66: ONE,
  125: ONE,
  129: LABELS,
  131: { 1: 'IPv4' },
  134: ONE,
  195: ADDRESSES,
  196: ONE,
  204: ONE,
  205: { 1: '1', 7: 'Tunnel IPv4' },
  207: { 7: 'Tunnel IPv4' },
  229: ONE,
};

/** What a labelled path carries. */
export const PAYLOADS = counted(
  0,
  'Unknown|Reserved|Reserved|Reserved|Reserved|Asynchronous mapping of E4|Asynchronous mapping of DS3/T3|' +
    'Asynchronous mapping of E3|Bit synchronous mapping of E3|Byte synchronous mapping of E3|' +
    'Asynchronous mapping of DS2/T2|Bit synchronous mapping of DS2/T2|Reserved|Asynchronous mapping of E1|' +
    'Byte synchronous mapping of E1|Byte synchronous mapping of 31 * DS0|Asynchronous mapping of DS1/T1|' +
    'Bit synchronous mapping of DS1/T1|Byte synchronous mapping of DS1/T1|VC-11 in VC-12|Reserved|Reserved|' +
    'DS1 SF Asynchronous|DS1 ESF Asynchronous|DS3 M23 Asynchronous|DS3 C-Bit Parity Asynchronous|VT/LOVC|' +
    'STS SPE/HOVC|POS - No Scrambling, 16 bit CRC|POS - No Scrambling, 32 bit CRC|POS - Scrambling, 16 bit CRC|' +
    'POS - Scrambling, 32 bit CRC|ATM mapping|Ethernet PHY|SONET/SDH|Reserved (SONET deprecated)|Digital Wrapper|' +
    'Lambda|ANSI/ETSI PDH|Reserved|Link Access Protocol SDH (X.85 and X.86)|FDDI|DQDB (ETSI ETS 300 216)|' +
    'FiberChannel-3 (Services)|HDLC|Ethernet V2/DIX (only)|Ethernet 802.3 (only)|G.709 ODUj|G.709 OTUk(v)|' +
    'CBR/CBRa|CBRb|BSOT|BSNT|IP/PPP (GFP)|Ethernet MAC (framed GFP)|Ethernet PHY (transparent GFP)|ESCON|FICON|' +
    'Fiber Channel',
);
