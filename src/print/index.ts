// The print room: packets as tcpdump text.

export type { NameResolver } from '../names/names.js';
export { type Network, SystemNames } from '../names/resolver.js';
export { FirstHalf, type PacketPrinter, SecondHalf } from '../run/printing.js';
export { makeTextRing, TextRingReader, TextRingWriter } from '../run/textring.js';
export { linkPrinter } from './link/table.js';
export {
  COLUMN_METADATA,
  DEFAULT_METADATA,
  defaultPrintOptions,
  METADATA_LETTERS,
  type PrintOptions,
  TimestampStyle,
} from './options.js';
export { TextOutput } from './text.js';
