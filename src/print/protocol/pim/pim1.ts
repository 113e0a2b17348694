// Protocol Independent Multicast version 1, which IGMP carries. Source: draft-ietf-idmr-pim-spec.

import { completes } from '../../endings.js';
import { captured, ipv4Text, wordOf } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';
import { Span } from '../../span.js';

const Type = {
  QUERY: 0,
  REGISTER: 1,
  REGISTER_STOP: 2,
  JOIN_PRUNE: 3,
  RP_REACHABILITY: 4,
  ASSERT: 5,
  GRAFT: 6,
  GRAFT_ACK: 7,
} as const;
const TYPES: Words = {
  0: 'Query',
  1: 'Register',
  2: 'Register-Stop',
  3: 'Join/Prune',
  4: 'RP-reachable',
  5: 'Assert',
  6: 'Graft',
  7: 'Graft-ACK',
};
const MODES: Words = { 0: 'Dense-mode', 1: 'Sparse-mode', 2: 'Sparse-Dense-mode' };
const USUAL_HOLD_TIME = 180;

/** A message with its IGMP header. */
export function printPim1(p: Printer, offset: number, length: number): void {
  p.protocol = 'pimv1';
  const type = p.u8(offset + 1);
  p.text(` ${wordOf(TYPES, type, '[type %u]')}`);
  if (!body(p, offset, length, type)) {
    p.truncated();
    return;
  }
  const version = p.u8(offset + 4) >> 4;
  if (version !== 1) p.text(` [v${version}]`);
}

/** @returns false when it ends before its fields */
function body(p: Printer, offset: number, length: number, type: number): boolean {
  const verbose = p.options.verbose > 0;
  switch (type) {
    case Type.QUERY:
      if (p.has(offset + 8, 1)) p.text(` ${wordOf(MODES, p.u8(offset + 8) >> 4, 'mode-%u')}`);
      if (!verbose) break;
      p.text(' (Hold-time ');
      p.relativeTime(p.u16(offset + 10));
      p.char(41);
      break;
    case Type.REGISTER:
      if (!p.has(offset + 8, 20)) return false;
      p.text(` for ${ipv4Text(p, offset + 20)} > ${ipv4Text(p, offset + 24)}`);
      break;
    case Type.REGISTER_STOP:
      p.text(` for ${ipv4Text(p, offset + 8)} > ${ipv4Text(p, offset + 12)}`);
      break;
    case Type.RP_REACHABILITY:
      if (!verbose) break;
      p.text(` group ${ipv4Text(p, offset + 8)}`);
      mask(p, offset + 12);
      p.text(` RP ${ipv4Text(p, offset + 16)} hold `);
      p.relativeTime(p.u16(offset + 22));
      break;
    case Type.ASSERT:
      p.text(` for ${ipv4Text(p, offset + 16)} > ${ipv4Text(p, offset + 8)}`);
      mask(p, offset + 12);
      p.text(
        ` ${(p.u8(offset + 20) & 0x80) !== 0 ? 'RP-tree' : 'SPT'} pref ${p.u32(offset + 20) & 0x7fffffff}` +
          ` metric ${p.u32(offset + 24)}`,
      );
      break;
    case Type.JOIN_PRUNE:
    case Type.GRAFT:
    case Type.GRAFT_ACK:
      if (!verbose) break;
      if (length < 8) return false;
      if (!single(p, offset + 8)) joinPrune(p, new Span(p, offset + 8, length - 8));
  }
  return true;
}

/** A mask, unless it is that of one address. */
function mask(p: Printer, offset: number): void {
  if (p.u32(offset) !== 0xffffffff) p.text(`/${ipv4Text(p, offset)}`);
}

/** One group with one source, on one line. @returns whether it is that */
function single(p: Printer, at: number): boolean {
  if (!p.has(at, 30) || p.u8(at + 11) !== 1) return false;
  const joined = p.u16(at + 20);
  if (joined + p.u16(at + 22) !== 1) return false;
  p.text(` RPF ${ipv4Text(p, at)} `);
  const hold = p.u16(at + 6);
  if (hold !== USUAL_HOLD_TIME) {
    p.text('Hold ');
    p.relativeTime(hold);
  }
  const bits = p.u8(at + 25);
  p.text(
    `${joined !== 0 ? 'Join' : 'Prune'} (${ipv4Text(p, at + 26)}/${bits & 0x3f}, ${ipv4Text(p, at + 12)}` +
      `${captured(p, () => mask(p, at + 16))}) ${(p.u8(at + 24) & 1) !== 0 ? 'Sparse' : 'Dense'}` +
      `${(bits & 0x80) !== 0 ? ' WC' : ''} ${(bits & 0x40) !== 0 ? 'RP' : 'SPT'}`,
  );
  return true;
}

/** A list that is cut ends itself, not the message. */
function joinPrune(p: Printer, span: Span): void {
  if (!completes(() => lists(p, span))) p.truncated();
}

function lists(p: Printer, span: Span): void {
  const line = p.options.verbose > 1 ? '\n' : '';
  span.ask(4);
  p.text(line);
  p.text(` Upstream Nbr: ${ipv4Text(p, span.skip(4))}`);
  span.ask(4);
  p.text(`${line} Hold time: `);
  p.relativeTime(p.u16(span.skip(4) + 2));
  if (p.options.verbose < 2) return;
  for (let groups = p.u8(span.skip(4) + 3); groups > 0; groups--) {
    p.text(`\n\tGroup: ${ipv4Text(p, span.skip(4))}`);
    mask(p, span.skip(4));
    const counts = span.skip(4);
    const joined = p.u16(counts);
    const pruned = p.u16(counts + 2);
    p.text(` joined: ${joined} pruned: ${pruned}`);
    for (let i = 0; i < joined + pruned; i++) {
      const at = span.skip(6);
      const bits = p.u8(at + 1);
      p.text(
        `\n\t${i < joined ? 'Join ' : 'Prune'} ${(p.u8(at) & 1) !== 0 ? 'Sparse ' : 'Dense '}` +
          `${(bits & 0x80) !== 0 ? 'WC ' : ''}${(bits & 0x40) !== 0 ? 'RP ' : 'SPT '}` +
          `${ipv4Text(p, at + 2)}/${bits & 0x3f}`,
      );
    }
  }
}
