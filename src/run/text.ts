// What a run that prints is made of, in one module: loaded where there is text alone.

export { SystemNames } from '../names/index.js';
export { COLUMN_METADATA, DEFAULT_METADATA, TextOutput } from '../print/index.js';
export { FirstHalf, SecondHalf } from './printing.js';
export { machineServices } from './services.js';
export { makeTextRing, TextRingReader, TextRingWriter } from './textring.js';
