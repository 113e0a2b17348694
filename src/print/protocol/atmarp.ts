// ARP over ATM: addresses of two parts, each with its own length. Source: RFC 2225.

import { dumpAlways } from '../hexdump.js';
import { wordOf } from '../inline.js';
import type { Printer } from '../printer.js';
import { HARDWARE, isIpv4, OPERATIONS, Operation, protocolName } from './arpnumbers.js';

/** Where the fields are; `S` the sender's, `T` the target's, lengths of number, subaddress and protocol address. */
const At = {
  HARDWARE: 0,
  PROTOCOL: 2,
  S_NUMBER: 4,
  S_SUBADDRESS: 5,
  OPERATION: 6,
  S_PROTOCOL: 8,
  T_NUMBER: 9,
  T_SUBADDRESS: 10,
  T_PROTOCOL: 11,
} as const;
const HEADER = 12;
/** The bits of a length; the one above says that it is a number of E.164. */
const LENGTH = 0x3f;

/** One party: where its address and its protocol's address are, and their lengths. */
interface Party {
  readonly at: number;
  readonly number: number;
  readonly subaddress: number;
  readonly protocolAt: number;
  readonly protocol: number;
  /** What says that the protocol's address is not one of IPv4. */
  readonly wrong: string;
}

/** An ARP packet whose hardware is ATM. */
export function printAtmArp(p: Printer, offset: number, length: number): void {
  p.need(offset, HEADER);
  const protocol = p.u16(offset + At.PROTOCOL);
  const operation = p.u16(offset + At.OPERATION);
  const party = (at: number, number: number, subaddress: number, protocol: number, wrong: string): Party => {
    const lengths = {
      number: p.u8(offset + number) & LENGTH,
      subaddress: p.u8(offset + subaddress) & LENGTH,
    };
    const protocolAt = at + lengths.number + lengths.subaddress;
    return { at, ...lengths, protocolAt, protocol: p.u8(offset + protocol), wrong };
  };
  const sender = party(offset + HEADER, At.S_NUMBER, At.S_SUBADDRESS, At.S_PROTOCOL, '<wrong splen>');
  const targetAt = sender.protocolAt + sender.protocol;
  const target = party(targetAt, At.T_NUMBER, At.T_SUBADDRESS, At.T_PROTOCOL, '<wrong tplen>');
  p.need(offset, target.protocolAt + target.protocol - offset);

  const verbose = p.options.verbose > 0;
  if (!p.options.linkHeader) p.text('ARP, ');
  const ip = isIpv4(protocol);
  if (verbose || !ip || sender.protocol !== 4 || target.protocol !== 4) {
    const hardware = wordOf(HARDWARE, p.u16(offset + At.HARDWARE), 'Unknown Hardware (%u)');
    p.text(`${hardware}, ${protocolName(protocol)} (len ${sender.protocol}/${target.protocol})`);
    if (!verbose) {
      p.text(`, length ${length}`);
      return;
    }
    p.text(', ');
  }
  p.text(`${wordOf(OPERATIONS, operation, 'Unknown (%u)')} `);
  switch (operation) {
    case Operation.REQUEST:
      p.text('who-has ');
      protocolAddress(p, target, ip);
      if (target.number !== 0) {
        p.text(' (');
        address(p, target);
        p.char(41);
      }
      p.text(' tell ');
      protocolAddress(p, sender, ip);
      break;
    case Operation.REPLY:
      protocolAddress(p, sender, ip);
      p.text(' is-at ');
      address(p, sender);
      break;
    case Operation.INVERSE_REQUEST:
      p.text('who-is ');
      address(p, target);
      p.text(' tell ');
      address(p, sender);
      break;
    case Operation.INVERSE_REPLY:
      address(p, sender);
      p.text('at ');
      protocolAddress(p, sender, ip);
      break;
    case Operation.NACK:
      p.text('for ');
      protocolAddress(p, sender, ip);
      break;
    default:
      dumpAlways(p, offset, p.available(offset));
      return;
  }
  p.text(`, length ${length}`);
}

function address(p: Printer, party: Party): void {
  if (party.number === 0) {
    p.text('<No address>');
    return;
  }
  p.linkAddress(party.at, party.number);
  if (party.subaddress === 0) return;
  p.char(44);
  p.linkAddress(party.at + party.number, party.subaddress);
}

function protocolAddress(p: Printer, party: Party, ip: boolean): void {
  if (!ip) p.text('<wrong proto type>');
  else if (party.protocol !== 4) p.text(party.wrong);
  else p.ipv4(party.protocolAt);
}
