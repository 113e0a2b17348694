// What payloads say, and the list of fields: loaded by whoever asks for more than headers.

export { chooseFields, fieldsHelp, TYPE_WORDS, UnknownFieldError, unknownField } from './choose.js';
export { Facts } from './facts.js';
export {
  DEFAULT_FIELDS,
  FIELDS,
  type Field,
  type FieldReader,
  type FieldType,
  type FieldValue,
  fieldByName,
} from './fields.js';
export * from './payload/index.js';
