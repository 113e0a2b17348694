// The print room: packets as tcpdump text.

export { linkPrinter } from './link/table.js';
export { DEFAULT_METADATA, METADATA_LETTERS } from './metadata.js';
export type { NameResolver } from './names.js';
export { defaultPrintOptions, type PrintOptions, TimestampStyle } from './options.js';
export { type Network, SystemNames } from './resolver.js';
export { TextOutput } from './text.js';
