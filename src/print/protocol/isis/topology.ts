// IS-IS topologies, and shortest path bridging by them. Source: RFC 5120, 6165, 6329.

import { bitsOf, counted, hex, wordOf } from '../../inline.js';
import { type Bits, type Printer, TRUNCATED, type Words } from '../../printer.js';

const TOPOLOGIES: Words = {
  0: 'IPv4 unicast',
  1: 'In-Band Management',
  2: 'IPv6 unicast',
  3: 'Multicast',
  4095: 'Development, Experimental or Proprietary',
};
const TOPOLOGY_FLAGS: Bits = [
  [0x4000, 'ATT bit set'],
  [0x8000, 'Overload bit set'],
];
const Port = { MCID: 4, DIGEST: 5, BVID: 6 } as const;
const PORT_TLVS = counted(4, 'SPB MCID|SPB Digest|SPB BVID');
const Bridging = { INSTANCE: 1, SERVICE: 3 } as const;
const BRIDGING_TLVS: Words = { 1: 'SPB Instance', 3: 'SPBM Service Identifier and Unicast Address' };
const MCID = 51;
const DIGEST = 33;
const INSTANCE = 19;
const TREE = 8;
const SERVICE = 8;

/** The topology that a field is of. */
export function topology(p: Printer, at: number, length: number): void {
  if (length < 2) throw TRUNCATED;
  const value = p.u16(at);
  const id = value & 0xfff;
  p.text(`\n\t      ${wordOf(TOPOLOGIES, id, 'Reserved for IETF Consensus')}`);
  p.text(` Topology (0x${hex(id, 3)}), Flags: [${bitsOf(TOPOLOGY_FLAGS, value & 0xf000, 'none')}]`);
}

/** All topologies of a system. */
export function topologies(p: Printer, at: number, length: number): void {
  for (; length > 1; at += 2, length -= 2) topology(p, at, length);
  if (length === 1) p.text('\n\t      invalid MT-ID');
}

/** Why no sub-TLV is read behind one. */
const TOO_SHORT = ' (too short)';
const TOO_LONG = ' (> containing TLV length)';
const CUT = 'cut';

/**
 * Walks sub-TLVs. One that is wrong or cut ends them, not the packet.
 * @param value prints one; a word why it is wrong, else bytes of it
 */
function subTlvs(
  p: Printer,
  at: number,
  length: number,
  indent: string,
  words: Words,
  value: (type: number, at: number, length: number) => string | null,
): void {
  while (length > 2) {
    const type = p.u8(at);
    const size = p.u8(at + 1);
    at += 2;
    length -= 2;
    p.text(`${indent}${wordOf(words, type, 'unknown')} subTLV #${type}, length: ${size}`);
    let wrong: string | null = length < size ? TOO_LONG : null;
    if (wrong === null) wrong = p.has(at, size) ? value(type, at, size) : CUT;
    if (wrong === CUT) p.truncated();
    else if (wrong !== null) p.text(wrong);
    if (wrong !== null) return;
    at += size;
    length -= size;
  }
}

/** What bridges' ports are capable of. */
export function portCapability(p: Printer, at: number, length: number): void {
  if (length < 2) return;
  p.text(`\n\t       RES: ${p.u16(at) >> 12}, MTID(s): ${p.u16(at) & 0xfff}`);
  subTlvs(p, at + 2, length - 2, '\n\t       ', PORT_TLVS, (type, one, size) => {
    switch (type) {
      case Port.MCID:
        if (size < 2 * MCID) return TOO_SHORT;
        p.text('\n\t         MCID: ');
        configuration(p, one);
        p.text('\n\t         AUX-MCID: ');
        configuration(p, one + MCID);
        return null;
      case Port.DIGEST:
        if (size < DIGEST) return TOO_SHORT;
        digest(p, one);
        return null;
      case Port.BVID:
        return vlans(p, one, size);
      default:
        return null;
    }
  });
}

/** The identifier of a configuration of VLANs. */
function configuration(p: Printer, at: number): void {
  p.text(`ID: ${p.u8(at)}, Name: `);
  p.safeUntilNul(at + 1, 32);
  p.text(`\n\t              Lvl: ${p.u16(at + 33)}`);
  p.text(', Digest: ');
  for (let i = 0; i < 16; i++) p.text(`${hex(p.u8(at + 35 + i), 2)} `);
}

function digest(p: Printer, at: number): void {
  const flags = p.u8(at);
  p.text(`\n\t        RES: ${flags >> 5} V: ${(flags >> 4) & 1} A: ${(flags >> 2) & 3} D: ${flags & 3}`);
  p.text('\n\t         Digest: ');
  for (let i = 0; i < 8; i++) {
    p.text(`${hex(p.u32(at + 1 + 4 * i), 8)} `);
    if (i === 3) p.text('\n\t                 ');
  }
}

/** @returns why they are wrong */
function vlans(p: Printer, at: number, length: number): string | null {
  for (; length > 0; at += 6, length -= 6) {
    if (length < 4) return TOO_SHORT;
    p.text(`\n\t           ECT: ${hex(p.u32(at), 8)}`);
    if (length < 6) return TOO_SHORT;
    const vlan = p.u16(at + 4);
    p.text(` BVID: ${vlan >> 4}, U:${(vlan >> 3) & 1} M:${(vlan >> 2) & 1} `);
  }
  return null;
}

/** What bridges are capable of. */
export function spbCapability(p: Printer, at: number, length: number): void {
  if (length < 2) return;
  const value = p.u16(at);
  p.text(`\n\t      O: ${value >> 15}, RES: ${(value >> 12) & 7}, MTID(s): ${value & 0xfff}`);
  subTlvs(p, at + 2, length - 2, '\n\t      ', BRIDGING_TLVS, (type, one, size) => {
    if (type === Bridging.INSTANCE) return instance(p, one, size);
    return type === Bridging.SERVICE ? services(p, one, size) : null;
  });
}

/** @returns why it is wrong */
function instance(p: Printer, at: number, length: number): string | null {
  if (length < INSTANCE) return TOO_SHORT;
  p.text(`\n\t        CIST Root-ID: ${hex(p.u32(at), 8)}`);
  p.text(` ${hex(p.u32(at + 4), 8)}`);
  p.text(`, Path Cost: ${hex(p.u32(at + 8), 8)}`);
  p.text(`, Prio: ${p.u16(at + 12)}`);
  const flags = p.u16(at + 14);
  p.text(`\n\t        RES: ${flags >> 5}, V: ${(flags >> 4) & 1}, SPSource-ID: ${p.u32(at + 14) & 0xfffff}`);
  const trees = p.u8(at + 18);
  p.text(`, No of Trees: ${hex(trees)}`);
  at += INSTANCE;
  length -= INSTANCE;
  for (let i = 0; i < trees; i++, at += TREE, length -= TREE) {
    if (length < TREE) return CUT;
    const bits = p.u8(at);
    p.text(`\n\t         U:${bits >> 7}, M:${(bits >> 6) & 1}, A:${(bits >> 5) & 1}, RES:${bits & 0x1f}`);
    p.text(`, ECT: ${hex(p.u32(at + 1), 8)}`);
    p.text(`, BVID: ${p.u24(at + 5) >> 12}, SPVID: ${p.u24(at + 5) & 0xfff}`);
  }
  return null;
}

/** @returns why they are wrong */
function services(p: Printer, at: number, length: number): string | null {
  if (length < SERVICE) return CUT;
  p.text(`\n\t        BMAC: ${hex(p.u32(at), 8)}`);
  p.text(hex(p.u16(at + 4), 4));
  p.text(`, RES: ${p.u16(at + 6) >> 12}, VID: ${p.u16(at + 6) & 0xfff}`);
  for (at += SERVICE, length -= SERVICE; length >= 4; at += 4, length -= 4) {
    const value = p.u32(at);
    p.text(
      `\n\t        T: ${value >>> 31}, R: ${(value >>> 30) & 1}, RES: ${(value >>> 24) & 0x3f}` +
        `, ISID: ${value & 0xffffff}`,
    );
  }
  return null;
}
