// Words of the Link Management Protocol. Source: RFC 4204 (13), 3471; OIF UNI 1.0 (9.4.2).

import { counted } from '../../inline.js';
import type { Bits, Words } from '../../printer.js';

export const LMP_CLASSES: Words = {
  ...counted(
    1,
    'Control Channel ID|Node ID|Link ID|Interface ID|Message ID|Configuration|Hello|Verify Begin|Verify Begin ACK|' +
      'Verify ID|TE Link|Data Link|Channel Status|Channel Status Request',
  ),
  20: 'Error Code',
  51: 'Service Config',
};

const ENDS: Words = { 1: 'Local', 2: 'Remote' };
const LINKS = counted(1, 'IPv4 Local|IPv4 Remote|IPv6 Local|IPv6 Remote|Unnumbered Local|Unnumbered Remote');
const ADDRESSES: Words = { 1: 'IPv4', 2: 'IPv6', 3: 'Unnumbered' };
const ONE: Words = { 1: '1' };

/** Types of a class's objects. */
export const LMP_TYPES: Readonly<Record<number, Words>> = {
  1: ENDS,
  2: ENDS,
  3: LINKS,
  4: LINKS,
  5: counted(1, '1|2'),
  6: ONE,
  7: ONE,
  8: ONE,
  9: ONE,
  10: ONE,
  11: ADDRESSES,
  12: ADDRESSES,
  13: ADDRESSES,
  14: ADDRESSES,
  20: counted(1, '1|2'),
  51: counted(1, '1|2|3|4'),
};

export const TE_LINK_FLAGS: Bits = [
  [0x01, 'Fault Management Supported'],
  [0x02, 'Link Verification Supported'],
];
export const DATA_LINK_FLAGS: Bits = [
  [0x01, 'Data Link Port'],
  [0x02, 'Allocated for user traffic'],
  [0x04, 'Failed link'],
];
export const CHANNEL_STATUSES: Words = { 1: 'Signal Okay', 2: 'Signal Degraded', 3: 'Signal Fail' };
export const VERIFY_FLAGS: Bits = [
  [0x0001, 'Verify all links'],
  [0x0002, 'Data link type'],
];
export const VERIFY_ERRORS: Bits = [
  [0x01, 'Link Verification Procedure Not supported'],
  [0x02, 'Unwilling to verify'],
  [0x04, 'Unsupported verification transport mechanism'],
  [0x08, 'Link-Id configuration error'],
  [0x10, 'Unknown object c-type'],
];
export const SUMMARY_ERRORS: Bits = [
  [0x01, 'Unacceptable non-negotiable LINK-SUMMARY parameters'],
  [0x02, 'Renegotiate LINK-SUMMARY parameters'],
  [0x04, 'Invalid TE-LINK Object'],
  [0x08, 'Invalid DATA-LINK Object'],
  [0x10, 'Unknown TE-LINK Object c-type'],
  [0x20, 'Unknown DATA-LINK Object c-type'],
];

/** Services that a network and its clients tell each other of. */
export const SIGNALLING_FLAGS: Bits = [
  [0x01, 'RSVP Supported'],
  [0x02, 'LDP Supported'],
];
export const OVERHEAD_FLAGS: Bits = [
  [0x01, 'Path/VC Overhead Transparency Supported'],
  [0x02, 'Line/MS Overhead Transparency Supported'],
  [0x04, 'Section/RS Overhead Transparency Supported'],
];
export const CONCATENATION_FLAGS: Bits = [[0x01, 'Contiguous Concatenation Types Supported']];
export const TRANSPARENCY_FLAGS: Bits = [
  [0x01, 'Standard SOH/RSOH Transparency Supported'],
  [0x02, 'Standard LOH/MSOH Transparency Supported'],
];
export const MONITORING_FLAGS: Bits = [[0x01, 'Transparent Tandem Connection Monitoring Supported']];
export const DIVERSITY_FLAGS: Bits = [
  [0x01, 'Node Diversity Supported'],
  [0x02, 'Link Diversity Supported'],
  [0x04, 'SRLG Diversity Supported'],
];
export const LINK_TYPES: Words = { 5: 'SDH ITU-T G.707', 6: 'SONET ANSI T1.105' };
/** Signals by the type of their link. */
export const SIGNALS: Readonly<Record<number, Words>> = {
  5: counted(5, 'VC-3|VC-4|STM-0|STM-1|STM-4|STM-16|STM-64|STM-256'),
  6: counted(5, 'STS-1 SPE|STS-3c SPE|STS-1|STM-3|STM-12|STM-48|STM-192|STM-768'),
};
