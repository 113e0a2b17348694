// Elements of LWAPP's messages: their names, least lengths, and the messages that may hold them.
// Source: RFC 5412 with its errata 8536 to 8549.

import type { Words } from '../../printer.js';

/** Names and least lengths. Of types that RFC 5412 gives twice the first counts. */
const KINDS: Readonly<Record<number, readonly [name: string, least: number]>> = {
  2: ['AC Address', 7],
  3: ['WTP Descriptor', 16],
  4: ['WTP Radio Information', 2],
  5: ['WTP Name', 1],
  6: ['AC Descriptor', 18],
  7: ['IEEE 802.11 Add WLAN', 298],
  8: ['IEEE 802.11 WTP WLAN Radio Configuration', 21],
  10: ['IEEE 802.11 Multi-Domain Capability', 8],
  11: ['IEEE 802.11 MAC Operation', 16],
  12: ['IEEE 802.11 Tx Power', 4],
  13: ['IEEE 802.11 Tx Power Level', 4],
  14: ['IEEE 802.11 Direct Sequence Control', 8],
  15: ['IEEE 802.11 OFDM Control', 8],
  16: ['IEEE 802.11 Rate Set', 4],
  18: ['Test', 1],
  26: ['Change State Event', 3],
  27: ['Administrative State', 2],
  28: ['IEEE 802.11 Delete WLAN', 3],
  29: ['Add Mobile', 36],
  30: ['Delete Mobile', 7],
  31: ['AC Name', 1],
  33: ['Image Data', 3],
  34: ['IEEE 802.11 Update WLAN', 43],
  35: ['Location Data', 1],
  37: ['Statistics Timer', 2],
  38: ['Decryption Error Report Period', 3],
  39: ['Decryption Error Report', 8],
  41: ['IEEE 802.11 Antenna', 8],
  44: ['Certificate', 1],
  45: ['Session ID', 4],
  48: ['IEEE 802.11 CFP Status', 2],
  50: ['WTP Board Data', 26],
  51: ['IEEE 802.11 Broadcast Probe Mode', 1],
  52: ['Data Transfer Mode', 1],
  53: ['Data Transfer Data', 3],
  54: ['IEEE 802.11 WTP Mode and Type', 2],
  57: ['IEEE 802.11 WTP Quality of Service', 52],
  58: ['Discovery Type', 1],
  59: ['AC IPv4 List', 4],
  60: ['Status', 1],
  61: ['IEEE 802.11 MIC Countermeasures', 8],
  65: ['Add Blacklist Entry', 7],
  66: ['Delete Blacklist Entry', 7],
  67: ['WTP Reboot Statistics', 7],
  68: ['LWAPP Timers', 2],
  70: ['Add Static Blacklist Entry', 7],
  71: ['Delete Static Blacklist Entry', 7],
  77: ['Duplicate IPv4 Address', 10],
  79: ['IEEE 802.11 MIC Error Report From Mobile', 14],
  82: ['WTP Static IP Address Information', 13],
  90: ['AC Name with Index', 2],
  91: ['WTP Fallback', 1],
  95: ['WTP Radio Fail Alarm Indication', 4],
  97: ['Idle Timeout', 4],
  99: ['WTP Manager Control IPv4 Address', 6],
  104: ['Vendor Specific', 7],
  105: ['IEEE 802.11 Mobile Session Key', 11],
  106: ['IEEE 802.11 Update Mobile QoS', 14],
  107: ['WNonce', 16],
  108: ['ANonce', 16],
  109: ['PSK-MIC', 2],
  111: ['XNonce', 16],
  137: ['WTP Manager Control IPv6 Address', 18],
  138: ['WTP Manager Data IPv4 Address', 4],
  139: ['WTP Manager Data IPv6 Address', 16],
  140: ['IEEE 802.11 Station QoS Profile', 8],
  141: ['AC IPv6 List', 16],
};

export const ELEMENTS: Words = Object.fromEntries(
  Object.entries(KINDS).map(([type, [name]]) => [type, name]),
);
export const ELEMENT_MINIMA: Readonly<Record<number, number>> = Object.fromEntries(
  Object.entries(KINDS).map(([type, [, least]]) => [type, least]),
);

/** The elements of each type of message. */
const PERMITTED: Readonly<Record<number, readonly number[]>> = {
  1: [58, 3, 4],
  2: [2, 6, 31, 99, 137],
  3: [3, 2, 5, 35, 4, 44, 45, 18, 111],
  4: [60, 44, 138, 139, 59, 141, 108, 109],
  5: [45, 107, 109],
  6: [45, 109],
  10: [27, 31, 90, 50, 37, 82, 67, 8, 10, 11, 12, 13, 14, 15, 41, 48, 54],
  11: [38, 26, 68, 59, 141, 91, 97, 8, 16, 10, 11, 12, 14, 15, 41, 51, 57],
  12: [
    5, 26, 27, 37, 35, 38, 59, 141, 65, 66, 70, 71, 68, 90, 91, 97, 8, 16, 10, 11, 12, 14, 15, 41, 48, 51, 54,
    57, 79,
  ],
  14: [39, 77],
  16: [26],
  24: [33],
  30: [45, 111],
  31: [45, 108, 109],
  32: [58, 3, 4],
  33: [6, 31, 99, 137],
  34: [52, 53],
  37: [7, 28, 34],
  39: [30, 29, 105, 140, 106],
};

/** Whether a message may hold an element. */
export function permits(message: number, element: number): boolean {
  return PERMITTED[message]?.includes(element) ?? false;
}
