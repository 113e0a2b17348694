export { SavefileError, SavefileSystemError } from './errors.js';
export { openAhead } from './node/ahead.js';
export type { FileIdentity } from './node/outputfile.js';
export type { InterfaceStatistics, SectionInfo } from './pcapng/writeoptions.js';
export { type ListOptions, openSavefileList, SavefileList } from './read/list.js';
export { MergedSavefiles, openMergedSavefiles } from './read/merge.js';
export { type OpenOptions, openSavefile, openSavefileStream, SavefileSource } from './read/source.js';
export type { RotationOptions } from './write/rotation.js';
export { type CopySource, type CreateOptions, createSavefile, SavefileWriter } from './write/writer.js';
