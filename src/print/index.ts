// The print room: packets as tcpdump text.

export { linePrinter } from './line.js';
export { linkPrinter } from './link/table.js';
export {
  COLUMN_METADATA,
  DEFAULT_METADATA,
  defaultPrintOptions,
  METADATA_LETTERS,
  type PrintOptions,
  TimestampStyle,
} from './options.js';
export {
  type Decryption,
  type NameResolver,
  NO_SERVICES,
  type PrintServices,
  type Secrets,
} from './services.js';
export { TextOutput } from './text.js';
export type { Sink } from './writer.js';
