// The library without Node (`pktap/browser`): capture files read, decoded, filtered, counted and printed in a page or a worker.

export {
  chooseFields,
  FIELDS,
  type Field,
  type FieldType,
  type FieldValue,
  UnknownFieldError,
} from '../decode/facts/index.js';
export { type RowFormat, type RowOptions, RowOutput } from '../export/index.js';
export { compileMetadataFilter, FilterSyntaxError, type MetadataFilter } from '../filter/metadata/index.js';
export { decode, type PacketRecord } from '../library/decode.js';
export {
  type Container,
  Direction,
  type Interface,
  LinkType,
  linkTypeDescription,
  linkTypeName,
  type Output,
  PACKET_FLAG_WORDS,
  Packet,
  type PacketFilter,
  PacketFlag,
  type PacketHandler,
  PacketMetadata,
  type Process,
  SERVICE_CLASS_UNKNOWN,
  ServiceClass,
  type Source,
  type SourceCounts,
  serviceClassName,
  visible,
} from '../packet/index.js';
export type { PrintServices, Sink, TextOutput } from '../print/index.js';
export {
  DEFAULT_METADATA,
  defaultPrintOptions,
  METADATA_LETTERS,
  type PrintOptions,
  TimestampStyle,
} from '../print/options.js';
export { type OpenOptions, type Savefile, SavefileError, SavefileSystemError } from '../savefile/index.js';
export {
  type Group,
  Summary,
  type SummaryLimits,
  type SummaryOptions,
  SummaryOutput,
} from '../stats/index.js';
export type { CaptureBytes } from './bytes.js';
export { type BrowserSavefileOptions, openSavefile } from './open.js';
export { openLines, openText } from './text.js';
