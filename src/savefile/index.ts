export { openAhead } from './ahead.js';
export { SavefileError, SavefileSystemError } from './errors.js';
export type { FileIdentity } from './file.js';
export { type ListOptions, openSavefileList, SavefileList } from './list.js';
export { MergedSavefiles, openMergedSavefiles } from './merge.js';
export type { InterfaceStatistics, SectionInfo } from './pcapng/writer.js';
export type { RotationOptions } from './rotation.js';
export { type OpenOptions, openSavefile, openSavefileStream, SavefileSource } from './source.js';
export { type CopySource, type CreateOptions, createSavefile, SavefileWriter } from './writer.js';
