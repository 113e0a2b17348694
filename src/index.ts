// The library's public face: sources (a live tap, savefiles), filters, outputs (text, savefiles), and their words.

export {
  compileExpressions,
  compileMetadataFilter,
  FilterSyntaxError,
  type MetadataFilter,
} from './filter/index.js';
export * from './packet/index.js';
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
  type InterfaceListing,
  listInterfaces,
  openTap,
  type Tap,
  type TapOptions,
} from './tap/index.js';
