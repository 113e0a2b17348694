export { SavefileError, SavefileSystemError } from './errors.js';
export type { InterfaceStatistics, SectionInfo } from './pcapng/writer.js';
export type { RotationOptions } from './rotation.js';
export { type OpenOptions, openSavefile, SavefileSource } from './source.js';
export { type CreateOptions, createSavefile, SavefileWriter } from './writer.js';
