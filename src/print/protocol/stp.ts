// Spanning trees: STP (IEEE 802.1D), RSTP (802.1w), MSTP (802.1s), shortest path bridging (802.1aq).

import { bitsOf, fixed, hex, hexBytes, wordOf } from '../inline.js';
import type { Bits, Printer, Words } from '../printer.js';

const Version = { STP: 0, RAPID: 2, MULTIPLE: 3, SHORTEST_PATH: 4 } as const;
const VERSIONS: Words = { 0: '802.1d', 2: '802.1w', 3: '802.1s', 4: '802.1aq' };
const Type = { CONFIG: 0, RAPID: 2 } as const;
const TYPES: Words = { 0: 'Config', 2: 'Rapid STP', 128: 'Topology Change' };
const FLAGS: Bits = [
  [0x01, 'Topology change'],
  [0x02, 'Proposal'],
  [0x10, 'Learn'],
  [0x20, 'Forward'],
  [0x40, 'Agreement'],
  [0x80, 'Topology change ACK'],
];
const ROLES = ['Unknown', 'Alternate', 'Root', 'Designated'] as const;

/** Length of a whole configuration BPDU with the length of version 1 that closes it. */
const BASE = 36;
const MULTIPLE_MINIMUM = 102;
const SHORTEST_PATH_MINIMUM = 87;
const Field = {
  FLAGS: 4,
  ROOT: 5,
  ROOT_COST: 13,
  BRIDGE: 17,
  PORT: 25,
  MESSAGE_AGE: 27,
  MAX_AGE: 29,
  HELLO: 31,
  DELAY: 33,
  LENGTH_1: 35,
  LENGTH_3: 36,
  CONFIG_NAME: 39,
  DIGEST: 73,
  INTERNAL_COST: 89,
  CIST_BRIDGE: 93,
  HOPS: 101,
  INSTANCES: 102,
} as const;
/** What the length of version 3 counts before the instances, and what one of them takes. */
const CONFIGURATION = 64;
const INSTANCE = 16;
const NAME = 32;

export function printStp(p: Printer, offset: number, length: number): void {
  p.protocol = 'stp';
  if (length < 4) {
    p.invalid();
    return;
  }
  if (p.u16(offset) !== 0) {
    p.text(`unknown STP version, length ${length}`);
    return;
  }
  const version = p.u8(offset + 2);
  p.text(`STP ${wordOf(VERSIONS, version, 'Unknown STP protocol (0x%02x)')}`);
  if (VERSIONS[version] === undefined) return;
  const type = p.u8(offset + 3);
  p.text(`, ${wordOf(TYPES, type, 'Unknown BPDU Type (0x%02x)')}`);
  if (type === Type.CONFIG) {
    if (length < BASE - 1) p.invalid();
    else config(p, offset, length);
  } else if (type === Type.RAPID) {
    if (version === Version.RAPID) {
      if (length < BASE) p.invalid();
      else config(p, offset, length);
    } else if (version !== Version.STP && !multiple(p, offset, length, version)) p.invalid();
  }
}

function role(flags: number): string {
  return ROLES[(flags >> 2) & 3]!;
}

/** Priority and address of a bridge. */
function bridge(p: Printer, offset: number): string {
  const address = hexBytes(p, offset + 2, 6).replace(/..(?=.)/g, '$&:');
  return `${hex(p.u16(offset), 4)}.${address}`;
}

/** A time in 1/256 seconds. */
function seconds(p: Printer, offset: number): string {
  return `${fixed(p.u16(offset) / 256, 2)}s`;
}

function times(p: Printer, offset: number): string {
  return (
    `\n\tmessage-age ${seconds(p, offset + Field.MESSAGE_AGE)}, max-age ${seconds(p, offset + Field.MAX_AGE)}` +
    `, hello-time ${seconds(p, offset + Field.HELLO)}, forwarding-delay ${seconds(p, offset + Field.DELAY)}`
  );
}

function config(p: Printer, offset: number, length: number): void {
  const flags = p.u8(offset + Field.FLAGS);
  p.text(`, Flags [${bitsOf(FLAGS, flags, 'none')}]`);
  p.text(
    `, bridge-id ${bridge(p, offset + Field.BRIDGE)}.${hex(p.u16(offset + Field.PORT), 4)}, length ${length}`,
  );
  if (p.options.verbose === 0) return;
  p.text(times(p, offset));
  p.text(`\n\troot-id ${bridge(p, offset + Field.ROOT)}, root-pathcost ${p.u32(offset + Field.ROOT_COST)}`);
  if (p.u8(offset + 2) === Version.RAPID) p.text(`, port-role ${role(flags)}`);
}

/** @returns false when a length in it is wrong */
function multiple(p: Printer, offset: number, length: number, version: number): boolean {
  if (length < MULTIPLE_MINIMUM || p.u8(offset + Field.LENGTH_1) !== 0) return false;
  const instances = p.u16(offset + Field.LENGTH_3) + 2;
  if (length < BASE + instances) return false;
  instanceTree(p, offset, length);
  if (version !== Version.SHORTEST_PATH) return true;
  const rest = p.u16(offset + Field.LENGTH_3 + instances) + 2;
  if (length < BASE + instances + rest || rest < SHORTEST_PATH_MINIMUM) return false;
  if (p.options.verbose > 0) shortestPath(p, offset + BASE + instances);
  return true;
}

function instanceTree(p: Printer, offset: number, length: number): void {
  const flags = p.u8(offset + Field.FLAGS);
  p.text(`, CIST Flags [${bitsOf(FLAGS, flags, 'none')}], length ${length}`);
  if (p.options.verbose === 0) return;
  p.text(`\n\tport-role ${role(flags)}, `);
  p.text(
    `CIST root-id ${bridge(p, offset + Field.ROOT)}, CIST ext-pathcost ${p.u32(offset + Field.ROOT_COST)}`,
  );
  p.text(`\n\tCIST regional-root-id ${bridge(p, offset + Field.BRIDGE)}, `);
  p.text(`CIST port-id ${hex(p.u16(offset + Field.PORT), 4)},`);
  p.text(times(p, offset));
  const claimed = p.u16(offset + Field.LENGTH_3);
  p.text(`\n\tv3len ${claimed}, `);
  p.text('MCID Name ');
  p.safeUntilNul(offset + Field.CONFIG_NAME, NAME);
  const revision = p.u16(offset + Field.CONFIG_NAME + NAME);
  p.text(`, rev ${revision},\n\t\tdigest ${hexBytes(p, offset + Field.DIGEST, 16)}, `);
  p.text(`CIST int-root-pathcost ${p.u32(offset + Field.INTERNAL_COST)},`);
  p.text(`\n\tCIST bridge-id ${bridge(p, offset + Field.CIST_BRIDGE)}, `);
  p.text(`CIST remaining-hops ${p.u8(offset + Field.HOPS)}`);
  let at = offset + Field.INSTANCES;
  for (let left = claimed - CONFIGURATION; left >= INSTANCE; left -= INSTANCE) {
    instance(p, at);
    at += INSTANCE;
  }
}

function instance(p: Printer, at: number): void {
  const number = p.u16(at + 1) & 0xfff;
  const flags = p.u8(at);
  p.text(`\n\tMSTI ${number}, Flags [${bitsOf(FLAGS, flags, 'none')}], port-role ${role(flags)}`);
  p.text(`\n\t\tMSTI regional-root-id ${bridge(p, at + 1)}, pathcost ${p.u32(at + 9)}`);
  p.text(
    `\n\t\tMSTI bridge-prio ${p.u8(at + 13) >> 4}, port-prio ${p.u8(at + 14) >> 4}, hops ${p.u8(at + 15)}`,
  );
}

/** What shortest path bridging appends: an auxiliary configuration and the agreement. */
function shortestPath(p: Printer, at: number): void {
  p.text(`\n\tv4len ${p.u16(at)}, `);
  p.text('AUXMCID Name ');
  p.safeUntilNul(at + 3, NAME);
  const agreement = at + 53;
  p.text(`, Rev ${p.u16(at + 35)},\n\t\tdigest ${hexBytes(p, at + 37, 16)}`);
  const flags = p.u8(agreement);
  const format = p.u8(agreement + 2);
  const convention = p.u8(agreement + 3);
  p.text(
    `\n\tAgreement num ${flags >> 6}, Discarded Agreement num ${(flags >> 4) & 3}` +
      `, Agreement valid-flag ${(flags >> 3) & 1},\n\tRestricted role-flag: ${(flags >> 2) & 1}` +
      `, Format id ${format >> 4} cap ${format}, Convention id ${convention >> 4} cap ${convention}` +
      `,\n\tEdge count ${p.u16(agreement + 4)}, Agreement digest ${hexBytes(p, agreement + 14, 20)}`,
  );
}
