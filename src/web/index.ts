// The live page: a capture or a file, and the server that shows it.

export { FileCapture, LiveCapture } from './capture.js';
export { pageFiles } from './files.js';
export { WebServer } from './server.js';
