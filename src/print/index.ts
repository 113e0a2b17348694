// The print room: packets as tcpdump text.

export { FirstHalf, type PacketPrinter, SecondHalf } from './halves.js';
export { linkPrinter } from './link/table.js';
export type { NameResolver } from './names.js';
export {
  COLUMN_METADATA,
  DEFAULT_METADATA,
  defaultPrintOptions,
  METADATA_LETTERS,
  type PrintOptions,
  TimestampStyle,
} from './options.js';
export { type Network, SystemNames } from './resolver.js';
export { TextOutput } from './text.js';
export { makeTextRing, TextRingReader, TextRingWriter } from './textring.js';
