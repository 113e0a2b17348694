// What a run that prints is made of, in one module: loaded where there is text alone.

export { SystemNames } from '../names/index.js';
export { linePrinter, TextOutput } from '../print/index.js';
export { FirstHalf } from './printing.js';
export { machineServices } from './services.js';
export { makeTextRing, TextRingReader } from './textring.js';
