// Names of IEEE 802.15.4's frames, elements and commands. Source: IEEE 802.15.4-2015, tables 7-1, 7-7, 7-15 to 7-17, 7-49.

import { counted, hex } from '../../inline.js';
import type { Words } from '../../printer.js';

export const FRAMES = counted(0, 'Beacon|Data|ACK|Command|Reserved|Multipurpose|Fragment|Extended');

const HEADER_ELEMENTS: Words = {
  0: 'Vendor Specific Header IE',
  ...counted(
    0x1a,
    'LE CSL IE|LE RIT IE|DSME PAN descriptor IE|Rendezvous Time IE|Time Correction IE|||' +
      'Extended DSME PAN descriptor IE|Fragment Sequence Context Description IE|' +
      'Simplified Superframe Specification IE|Simplified GTS Specification IE|LECIM Capabilities IE|' +
      'TRLE Descriptor IE|RCC Capabilities IE|RCCN Descriptor IE|Global Time IE|Omnibus Header IE|DA IE',
  ),
  0x7e: 'Header Termination 1 IE',
  0x7f: 'Header Termination 2 IE',
};

const PAYLOAD_ELEMENTS: Words = {
  ...counted(
    0,
    'ESDU IE|MLME IE|Vendor Specific Nested IE|Multiplexed IE (802.15.9)|Omnibus Payload Group IE|IETF IE',
  ),
  0x0f: 'List termination',
};

const SHORT_ELEMENTS: Words = {
  ...counted(
    0x1a,
    'TSCH Synchronization IE|TSCH Slotframe and Link IE|TSCH Timeslot IE|Hopping timing IE|' +
      'Enhanced Beacon Filter IE|MAC Metrics IE|All MAC Metrics IE|Coexistence Specification IE|' +
      'SUN Device Capabilities IE|SUN FSK Generic PHY IE|Mode Switch Parameter IE|PHY Parameter Change IE|' +
      'O-QPSK PHY Mode IE|PCA Allocation IE|LECIM DSSS Operating Mode IE|LECIM FSK Operating Mode IE||' +
      'TVWS PHY Operating Mode Description IE|TVWS Device Capabilities IE|TVWS Device Category IE|' +
      'TVWS Device Identiication IE|TVWS Device Location IE|TVWS Channel Information Query IE|' +
      'TVWS Channel Information Source IE|CTM IE|Timestamp IE|Timestamp Difference IE|' +
      'TMCTP Specification IE|RCC PHY Operating Mode IE',
  ),
};
/** Short identifiers below belong to the long format. */
const FIRST_SHORT = 0x10;

const LONG_ELEMENTS: Words = { 8: 'Vendor Specific MLME Nested IE', 9: 'Channel Hopping IE' };

const COMMANDS: Words = {
  ...counted(
    1,
    'Association Request command|Association Response command|Disassociation Notification command|' +
      'Data Request command|PAN ID Conflict Notification command|Orphan Notification command|' +
      'Beacon Request command|Coordinator realignment command|GTS request command|' +
      'TRLE Management Request command|TRLE Management Response command',
  ),
  ...counted(
    0x13,
    'DSME Association Request command|DSME Association Response command|DSME GTS Request command|' +
      'DSME GTS Response command|DSME GTS Notify command|DSME Information Request command|' +
      'DSME Information Response command|DSME Beacon Allocation Notification command|' +
      'DSME Beacon Collision Notification command|DSME Link Report command',
  ),
  ...counted(
    0x20,
    'RIT Data Request command|DBS Request command|DBS Response command|RIT Data Response command|' +
      'Vendor Specific command',
  ),
};

function named(words: Words, number: number): string {
  return words[number] ?? `Reserved 0x${hex(number, 2)}`;
}

export function headerElement(id: number): string {
  return named(HEADER_ELEMENTS, id);
}

export function payloadElement(group: number): string {
  return named(PAYLOAD_ELEMENTS, group);
}

/** An element of the MAC layer's management. */
export function managementElement(id: number, long: boolean): string {
  if (long) return named(LONG_ELEMENTS, id);
  return id < FIRST_SHORT ? `Reserved for long format 0x${hex(id)}` : named(SHORT_ELEMENTS, id);
}

export function commandName(id: number): string {
  return named(COMMANDS, id);
}
