// Metadata filters, compiled: for those who have no packet filters besides.

import type { PacketFilter } from '../../packet/index.js';
import type { EbpfInstruction } from '../assembler.js';
import { asksForOwner, kernelAnswers, metadataToEbpf } from './ebpf.js';
import { compile } from './javascript.js';
import type { HookFacts, Node } from './node.js';
import { ofCommand, parseMetadataFilter } from './parser.js';

export { FilterSyntaxError } from '../errors.js';
export { COMMAND_TREE, FIELD_NAMES as METADATA_FIELDS } from './fields.js';

export interface MetadataFilter {
  readonly matches: PacketFilter;
  /** Names of the fields it asks for. */
  readonly fields: readonly string[];
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
    fields: fieldsOf(node),
    trees,
    inKernel: (knowsTrees) => kernelAnswers(node, knowsTrees),
    ofOwner: asksForOwner(node),
    forKernel: (hook) => metadataToEbpf(node, hook),
  };
}

function fieldsOf(node: Node): string[] {
  switch (node.kind) {
    case 'and':
    case 'or':
      return [...fieldsOf(node.left), ...fieldsOf(node.right)];
    case 'not':
      return fieldsOf(node.of);
    default:
      return [node.field.name];
  }
}
