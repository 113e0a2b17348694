export { headersLength, ipOffset } from './headers.js';
export * from './linktype.js';
export * from './packet.js';
export * from './serviceclass.js';
export * from './source.js';
