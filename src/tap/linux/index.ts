// The Linux tap: hooks on, ring read, packets handed on with their processes.

export { listInterfaces } from './listing.js';
export { interfaceNetmask } from './netmask.js';
export { openTap } from './open.js';
