// The filter room: metadata filters (-Q) and packet filters, each as a function and as eBPF.

export type { ClassicInstruction } from '../system/index.js';
export type { EbpfInstruction } from './assembler.js';
export {
  asksForNetmask,
  compileAsTcpdump,
  compileExpression,
  compileExpressions,
  compileLive,
  type DumpOrigin,
  dumpProgram,
  Expressions,
  type LiveExpression,
  type LiveProposal,
  type PacketExpression,
  proposeLive,
} from './expression/compile.js';
export type { KernelBody } from './expression/ebpf.js';
export type { LiveFacts, LiveFilter } from './expression/javascript.js';
export {
  COMMAND_TREE,
  compileMetadataFilter,
  FilterSyntaxError,
  METADATA_FIELDS,
  type MetadataFilter,
} from './metadata/index.js';
