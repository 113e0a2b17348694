// Packets as data: rows of JSON, CSV and TSV, and what is made from the list of fields.

export { chooseFields, fieldsHelp, UnknownFieldError, unknownField } from './choose.js';
export type { RowFormat } from './dialects.js';
export { type RowOptions, RowOutput } from './rows.js';
export { fieldsDocument, jsonSchema } from './schema.js';
