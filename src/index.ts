// The library's public face: sources (a live tap, savefiles), filters, outputs (text, savefiles), and their words.

export {
  chooseFields,
  FIELDS,
  type Field,
  type FieldType,
  type FieldValue,
  UnknownFieldError,
} from './decode/facts/index.js';
export { jsonSchema, type RowFormat, type RowOptions, RowOutput } from './export/index.js';
export { type ParquetOptions, ParquetOutput } from './export/parquet/index.js';
export {
  compileExpressions,
  compileMetadataFilter,
  FilterSyntaxError,
  type MetadataFilter,
} from './filter/index.js';
export { Capture, type CaptureOptions, decode, openCapture, type PacketRecord } from './library/index.js';
export {
  type BytesFilter,
  type Container,
  Direction,
  type Interface,
  LinkType,
  linkTypeByName,
  linkTypeDescription,
  linkTypeName,
  makeInterface,
  makeProcess,
  type Output,
  PACKET_FLAG_WORDS,
  Packet,
  type PacketFilter,
  PacketFlag,
  type PacketHandler,
  type PacketMemory,
  PacketMetadata,
  PermissionError,
  type Process,
  packetFlagByName,
  SERVICE_CLASS_UNKNOWN,
  ServiceClass,
  type Source,
  type SourceCounts,
  serviceClassByName,
  serviceClassName,
  visible,
} from './packet/index.js';
export {
  DEFAULT_METADATA,
  type Decryption,
  defaultPrintOptions,
  METADATA_LETTERS,
  type NameResolver,
  type PrintOptions,
  type PrintServices,
  type Secrets,
  TextOutput,
  TimestampStyle,
} from './print/index.js';
export {
  type FilesSpec,
  type FilterSpec,
  fileSpec,
  type Host,
  machineServices,
  type Notice,
  type OutputSpec,
  openFilteredSavefile as openSavefile,
  openSession,
  type RunSpec,
  type SavefileOptions,
  type SavefileSpec,
  type Session,
  type TapSpec,
  type TextSpec,
  tapSpec,
} from './run/index.js';
export {
  type CreateOptions,
  createSavefile,
  type RotationOptions,
  type Savefile,
  SavefileError,
  SavefileSystemError,
  type SavefileWriter,
} from './savefile/index.js';
export {
  type Group,
  Summary,
  type SummaryLimits,
  type SummaryOptions,
  SummaryOutput,
} from './stats/index.js';
export {
  type InterfaceListing,
  listInterfaces,
  openTap,
  type Tap,
  type TapOptions,
} from './tap/index.js';
