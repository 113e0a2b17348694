// The filter room: metadata filters (-Q) and packet filters, each as a function and as eBPF.

import { type ClassicInstruction, compileFilter, instructionText } from '../native/libpcap.js';
import { type BytesFilter, dltOf, LinkType, type Packet, type PacketFilter } from '../packet/index.js';
import type { EbpfInstruction } from './ebpf.js';
import { compileProgram } from './expression/evaluate.js';
import { expressionToEbpf } from './expression/kernel.js';
import { compile } from './metadata/evaluate.js';
import { asksForOwner, type HookFacts, kernelAnswers, metadataToEbpf } from './metadata/kernel.js';
import { ofCommand, parseMetadataFilter } from './metadata/parser.js';

export type { ClassicInstruction } from '../native/libpcap.js';
export type { EbpfInstruction } from './ebpf.js';
export { COMMAND_TREE, FIELDS as METADATA_FIELDS, FilterSyntaxError } from './metadata/parser.js';

export interface MetadataFilter {
  readonly matches: PacketFilter;
  /** Process IDs of the trees it asks for. */
  readonly trees: readonly number[];
  /**
   * Whether the kernel answers it whole; if not, it lets through what may match, and `matches` must be asked too.
   * @param trees whether the kernel follows the trees
   */
  inKernel(trees: boolean): boolean;
  /** Whether it only asks which process it is, so that the answer is the same for all packets of a socket's owner. */
  readonly ofOwner: boolean;
  /** The kernel's part for one hook: a function's body, or the answer for all its packets. */
  forKernel(hook: HookFacts): EbpfInstruction[] | boolean;
}

/**
 * Compiles a metadata filter.
 * @param command whether only packets of the command that is run and captured pass
 * @returns null where there is nothing to ask
 * @throws FilterSyntaxError, whose message shows the place
 */
export function compileMetadataFilter(text: string, command?: boolean): MetadataFilter;
export function compileMetadataFilter(text: string | null, command?: boolean): MetadataFilter | null;
export function compileMetadataFilter(text: string | null, command = false): MetadataFilter | null {
  const parsed = text === null ? null : parseMetadataFilter(text);
  const whole = command ? ofCommand(parsed) : parsed;
  if (whole === null) return null;
  const { node, trees } = whole;
  return {
    matches: compile(node),
    trees,
    inKernel: (knowsTrees) => kernelAnswers(node, knowsTrees),
    ofOwner: asksForOwner(node),
    forKernel: (hook) => metadataToEbpf(node, hook),
  };
}

export interface ExpressionOptions {
  /** LINKTYPE_ number. */
  readonly linkType: number;
  readonly snapshotLength: number;
  readonly optimize: boolean;
}

export interface PacketExpression {
  readonly program: readonly ClassicInstruction[];
  readonly matches: PacketFilter;
  readonly matchesBytes: BytesFilter;
  forKernel(): EbpfInstruction[];
}

/**
 * Compiles a packet filter for packets of one link type.
 * @throws Error with tcpdump's message
 */
export function compileExpression(text: string, options: ExpressionOptions): PacketExpression {
  const linkType = options.linkType === LinkType.PKTAP ? LinkType.ETHERNET : options.linkType;
  const program = compileFilter(text, dltOf(linkType), options.snapshotLength, options.optimize);
  const matchesBytes = compileProgram(program);
  return {
    program,
    matches: ({ buffer, offset, capturedLength, length }) =>
      matchesBytes(buffer, offset, capturedLength, length),
    matchesBytes,
    forKernel: () => expressionToEbpf(program),
  };
}

/**
 * A packet filter for packets of any link type: compiled for each when its first packet comes. A filter that makes no
 * sense for a link type, such as `ether host` for raw IP, matches none of its packets.
 */
export class Expressions {
  readonly #byLinkType = new Map<number, BytesFilter>();
  #last = -1;
  #matches: BytesFilter = () => false;

  constructor(
    readonly text: string,
    readonly options: Omit<ExpressionOptions, 'linkType'>,
  ) {}

  /**
   * Compiles it for one link type.
   * @throws Error when it makes no sense for that
   */
  compile(linkType: number): void {
    this.#byLinkType.set(linkType, compileExpression(this.text, { linkType, ...this.options }).matchesBytes);
  }

  /** Needs no other `this`. */
  readonly forLinkType = (linkType: number): BytesFilter => {
    if (!this.#byLinkType.has(linkType)) {
      try {
        this.compile(linkType);
      } catch {
        this.#byLinkType.set(linkType, () => false);
      }
    }
    return this.#byLinkType.get(linkType)!;
  };

  /** Needs no other `this`. */
  readonly matches: PacketFilter = (packet: Packet) => {
    if (packet.linkType !== this.#last) {
      this.#last = packet.linkType;
      this.#matches = this.forLinkType(packet.linkType);
    }
    return this.#matches(packet.buffer, packet.offset, packet.capturedLength, packet.length);
  };
}

/**
 * As Expressions, for whoever has one packet after the other.
 * @param first a link type to begin with, Ethernet if not given
 * @throws Error when it makes no sense for that one
 */
export function compileExpressions(
  text: string,
  snapshotLength: number,
  optimize: boolean,
  first: number = LinkType.ETHERNET,
): PacketFilter {
  const expressions = new Expressions(text, { snapshotLength, optimize });
  expressions.compile(first);
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
