// The print room: packets as tcpdump text.

export type { NameResolver } from '../names/index.js';
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
