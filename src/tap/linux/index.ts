// The Linux tap: hooks on, ring read, packets handed on with their processes.

export { listInterfaces } from './listing.js';
export { openTap } from './open.js';
