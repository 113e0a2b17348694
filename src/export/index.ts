// Packets as data: rows of JSON, CSV and TSV, and what is made from the list of fields.

export type { Sink } from './bytes.js';
export { cell, type Dialect, dialectOf, type RowFormat } from './dialects.js';
export { FULL, Key, UNKNOWN } from './keys.js';
export { type RowOptions, RowOutput } from './rows.js';
export { fieldsDocument, jsonSchema } from './schema.js';
export { epochText, timeText } from './times.js';
