export { SavefileError, SavefileSystemError } from './errors.js';
export { type OpenOptions, openSavefile, SavefileSource } from './source.js';
