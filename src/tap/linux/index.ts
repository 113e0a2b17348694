// The Linux tap: hooks on, ring read, packets handed on with their processes.

export { listInterfaces } from './network/listing.js';
export { interfaceNetmask } from './network/netmask.js';
export { openTap } from './open.js';
