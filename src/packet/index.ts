export { passesDirection } from './direction.js';
export { PermissionError } from './errors.js';
export { BatchIterator, PacketCopier, PacketIterator } from './iterate.js';
export * from './linktype.js';
export { isForeign, nameBytes, nameText } from './names.js';
export * from './packet.js';
export * from './serviceclass.js';
export * from './source.js';
export { visible } from './visible.js';
