// Packet filters: from their text to a function or to eBPF, by libpcap, for each link type anew.

import { type BytesFilter, dltOf, LinkType, type Packet, type PacketFilter } from '../../packet/index.js';
import {
  type ClassicInstruction,
  compileFilter as compileProgramOf,
  type FilterOrigin,
  HandleError,
  instructionText,
  ProgramError,
} from '../../system/index.js';
import { FilterSyntaxError } from '../errors.js';
import { jumpsBack } from './classic.js';
import { expressionToEbpf, type KernelBody } from './ebpf.js';
import { compileProgram, type LiveFilter } from './javascript.js';
import { takeTheSame } from './same.js';
import { simplify } from './simplify.js';

/** What a packet filter is compiled with, besides the link type. */
export interface ExpressionOptions {
  readonly snapshotLength: number;
  /** Whether a filter that refuses all packets is an error, as libpcap's optimizer has it. */
  readonly optimize: boolean;
}

/** A packet filter for a file's packets of one link type. */
export interface PacketExpression {
  /** The program that is run. */
  readonly program: readonly ClassicInstruction[];
  readonly matches: PacketFilter;
  readonly matchesBytes: BytesFilter;
}

/** A packet filter for a live interface's packets. */
export interface LiveExpression {
  readonly program: readonly ClassicInstruction[];
  readonly matches: LiveFilter;
  /** For the hook where packets come in, or go out. */
  forKernel(outgoing: boolean): KernelBody;
  /** What it does without, in words; null: nothing. */
  readonly lacks: string | null;
}

/** What libpcap's optimizer has made of a filter. */
interface Proposal {
  readonly program: readonly ClassicInstruction[];
  /** @returns that program where it is sure to be right, else another */
  confirm(): readonly ClassicInstruction[];
}

/** @throws FilterSyntaxError with libpcap's message; HandleError where nothing is said of the filter */
function compileFilter(
  ...[text, origin, options]: Parameters<typeof compileProgramOf>
): ClassicInstruction[] {
  try {
    return compileProgramOf(text, origin, options);
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    throw new FilterSyntaxError(error.message, error.message, text, null);
  }
}

/** @throws FilterSyntaxError with libpcap's message */
function propose(text: string, origin: FilterOrigin, options: ExpressionOptions, netmask: number): Proposal {
  const { snapshotLength, optimize } = options;
  const plain = compileFilter(text, origin, { snapshotLength, optimize: false, netmask });
  if (!optimize || jumpsBack(plain)) {
    const program = simplify(plain);
    return { program, confirm: () => program };
  }
  const program = compileFilter(text, origin, { snapshotLength, optimize, netmask });
  return { program, confirm: () => (takeTheSame(plain, program) ? program : simplify(plain)) };
}

/**
 * Compiles a packet filter for a file's packets of one link type.
 * @throws FilterSyntaxError with tcpdump's message
 */
export function compileExpression(
  text: string,
  options: ExpressionOptions & {
    readonly linkType: number;
    readonly bigEndian?: boolean;
    /** The network's mask, host order, for `ip broadcast`; files have none. */
    readonly netmask?: number;
  },
): PacketExpression {
  const { bigEndian = false, netmask = 0 } = options;
  const linkType = insideOf(options.linkType);
  const program = propose(text, { kind: 'file', linkType, bigEndian }, options, netmask).confirm();
  const matchesBytes = compileProgram(program);
  return {
    program,
    matches: ({ buffer, offset, capturedLength, length }) =>
      matchesBytes(buffer, offset, capturedLength, length),
    matchesBytes,
  };
}

/** What a PKTAP header mostly has behind it. */
function insideOf(linkType: number): number {
  return linkType === LinkType.PKTAP ? LinkType.ETHERNET : linkType;
}

/** A packet filter that the kernel can begin with, while it is found out whether libpcap's optimizer is right. */
export interface LiveProposal {
  readonly expression: LiveExpression;
  /** Takes milliseconds. @returns that expression where it is sure to be right, else another */
  confirm(): LiveExpression;
}

/**
 * Compiles a packet filter for a live interface's packets.
 * @throws FilterSyntaxError with tcpdump's message
 */
export function compileLive(
  text: string,
  options: ExpressionOptions & { readonly linkType: number; readonly netmask: number },
): LiveExpression {
  return proposeLive(text, options).confirm();
}

/**
 * As compileLive, but not sure to be right yet.
 * @throws FilterSyntaxError with tcpdump's message
 */
export function proposeLive(
  text: string,
  options: ExpressionOptions & { readonly linkType: number; readonly netmask: number },
): LiveProposal {
  const { linkType, netmask } = options;
  const none: FilterOrigin = { kind: 'none', dlt: dltOf(insideOf(linkType)) };
  let lacks: string | null = null;
  let proposal: Proposal;
  try {
    proposal = propose(text, liveOrigin(text, linkType), options, netmask);
  } catch (error) {
    if (!(error instanceof HandleError)) throw error;
    lacks = `vlan finds no tags that the card took off (${error.message})`;
    proposal = propose(text, none, options, netmask);
  }
  const expression = liveExpression(proposal.program, lacks);
  return {
    expression,
    confirm: () => {
      const program = proposal.confirm();
      return program === proposal.program ? expression : liveExpression(program, lacks);
    },
  };
}

function liveExpression(program: readonly ClassicInstruction[], lacks: string | null): LiveExpression {
  let matches: LiveFilter | null = null;
  return {
    program,
    // Most filters are asked by the kernel alone.
    get matches() {
      matches ??= compileProgram(program);
      return matches;
    },
    forKernel: (outgoing) => expressionToEbpf(program, outgoing),
    lacks,
  };
}

/** Tags beside the bytes are asked for by `vlan`, on Ethernet only: a handle for that takes its time. */
function liveOrigin(text: string, linkType: number): FilterOrigin {
  return insideOf(linkType) === LinkType.ETHERNET && /\bvlan\b/.test(text)
    ? { kind: 'ethernet' }
    : { kind: 'none', dlt: dltOf(insideOf(linkType)) };
}

/** Whether the interface's netmask matters to a packet filter. */
export function asksForNetmask(text: string): boolean {
  return /\bbroadcast\b/.test(text);
}

/** Where the program of `-d` is for: a file, a live interface, or neither. */
export type DumpOrigin =
  | { readonly kind: 'file'; readonly linkType: number; readonly bigEndian: boolean }
  | { readonly kind: 'live' | 'none'; readonly linkType: number };

/**
 * @returns libpcap's own program, as tcpdump runs and prints it, and whether it is what is run here
 * @throws FilterSyntaxError with tcpdump's message
 */
export function compileAsTcpdump(
  text: string,
  from: DumpOrigin,
  options: ExpressionOptions & { readonly netmask: number },
): { readonly program: readonly ClassicInstruction[]; readonly runs: boolean } {
  const compileFor = (origin: FilterOrigin): ReturnType<typeof compileAsTcpdump> => {
    const plain = compileFilter(text, origin, { ...options, optimize: false });
    if (!options.optimize || jumpsBack(plain)) return { program: plain, runs: true };
    const program = compileFilter(text, origin, options);
    return { program, runs: takeTheSame(plain, program) };
  };
  const none: FilterOrigin = { kind: 'none', dlt: dltOf(from.linkType) };
  if (from.kind !== 'live') return compileFor(from.kind === 'file' ? from : none);
  try {
    return compileFor(liveOrigin(text, from.linkType));
  } catch (error) {
    if (!(error instanceof HandleError)) throw error;
    return compileFor(none);
  }
}

/** Link types whose packets can be asked for what others cannot. */
const VARIED: readonly number[] = [
  LinkType.ETHERNET,
  LinkType.IEEE802_11_RADIOTAP,
  LinkType.PFLOG,
  LinkType.SUNATM,
  LinkType.MTP2,
  LinkType.ARCNET_LINUX,
  LinkType.LINUX_SLL2,
  LinkType.PPP_WITH_DIR,
  LinkType.JUNIPER_MLFR,
  LinkType.IEEE802_5,
];

/** Link types whose loopback header is in the file's byte order. */
const ORDERED: readonly number[] = [LinkType.NULL, LinkType.ENC];

const REJECTS_ALL = 'expression rejects all packets';

/** A packet filter for packets of any link type: compiled for each when its first packet comes. */
export class Expressions {
  readonly #filters = new Map<number, BytesFilter>();
  readonly #senseless = new Map<number, BytesFilter>();
  #lastLinkType = -1;
  #lastOrder = false;
  #matches: BytesFilter = () => false;
  #sensible = false;
  #failure: Error | null = null;
  /** Told of each link type that the filter makes no sense for, such as `ether host` for raw IP: none of its packets matches. */
  onSenseless: ((linkType: number, error: Error) => void) | null = null;

  constructor(
    readonly text: string,
    readonly options: ExpressionOptions,
  ) {}

  /** Why it makes no sense for any link type seen so far; null: it does for one, or none has been seen. */
  get failure(): Error | null {
    return this.#sensible ? null : this.#failure;
  }

  /**
   * Compiles it for one link type.
   * @throws FilterSyntaxError when it makes no sense for that
   */
  compile(linkType: number, bigEndian = false): BytesFilter {
    const { matchesBytes } = compileExpression(this.text, { linkType, bigEndian, ...this.options });
    this.#filters.set(keyOf(linkType, bigEndian), matchesBytes);
    this.#sensible = true;
    return matchesBytes;
  }

  /** Compiles it for one link type. @returns why it makes no sense for that; null: it does */
  attempt(linkType: number, bigEndian = false): Error | null {
    if (this.#filters.has(keyOf(linkType, bigEndian))) return null;
    try {
      this.compile(linkType, bigEndian);
      return null;
    } catch (error) {
      return error as Error;
    }
  }

  /** @throws FilterSyntaxError when it makes no sense for any link type: most likely it cannot be parsed */
  check(): void {
    let failure: unknown = null;
    for (const linkType of VARIED) {
      try {
        compileExpression(this.text, { linkType, ...this.options });
        return;
      } catch (error) {
        failure ??= error;
      }
    }
    throw failure;
  }

  /** Needs no other `this`. */
  readonly forLinkType = (linkType: number, bigEndian = false): BytesFilter => {
    const key = keyOf(linkType, bigEndian);
    const known = this.#filters.get(key) ?? this.#senseless.get(key);
    if (known !== undefined) return known;
    const failure = this.attempt(linkType, bigEndian);
    if (failure === null) return this.#filters.get(key)!;
    this.#failure ??= failure;
    this.#senseless.set(key, () => false);
    // What refuses all packets of one kind may take others: it is no less than was asked for.
    if (failure.message !== REJECTS_ALL) this.onSenseless?.(linkType, failure);
    return this.#senseless.get(key)!;
  };

  /** Needs no other `this`. */
  readonly matches: PacketFilter = (packet: Packet) => {
    if (packet.linkType !== this.#lastLinkType || packet.bigEndian !== this.#lastOrder) {
      this.#lastLinkType = packet.linkType;
      this.#lastOrder = packet.bigEndian;
      this.#matches = this.forLinkType(packet.linkType, packet.bigEndian);
    }
    return this.#matches(packet.buffer, packet.offset, packet.capturedLength, packet.length);
  };
}

function keyOf(linkType: number, bigEndian: boolean): number {
  return 2 * linkType + (bigEndian && ORDERED.includes(linkType) ? 1 : 0);
}

/**
 * As Expressions, for whoever has one packet after the other.
 * @param first a link type that packets will have; what makes no sense for it is an error
 * @throws FilterSyntaxError when it makes no sense for that one, or where none is given for any
 */
export function compileExpressions(
  text: string,
  snapshotLength: number,
  optimize: boolean,
  first: number | null = null,
): PacketFilter {
  const expressions = new Expressions(text, { snapshotLength, optimize });
  if (first === null) expressions.check();
  else expressions.compile(first);
  return expressions.matches;
}

/**
 * @param style 1: text, 2: C, 3: decimal numbers
 * @returns the program as `tcpdump -d`, `-dd` and `-ddd` print it
 */
export function dumpProgram(program: readonly ClassicInstruction[], style: number): string {
  if (style === 1) return program.map((instruction, i) => `${instructionText(instruction, i)}\n`).join('');
  if (style === 2) {
    const hex = (n: number, width: number): string => n.toString(16).padStart(width, '0');
    return program
      .map(({ code, jt, jf, k }) => `{ 0x${hex(code, 1)}, ${jt}, ${jf}, 0x${hex(k, 8)} },\n`)
      .join('');
  }
  return `${program.length}\n${program.map(({ code, jt, jf, k }) => `${code} ${jt} ${jf} ${k}\n`).join('')}`;
}
