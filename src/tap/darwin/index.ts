// The tap of macOS: Apple's own, by its libpcap and /dev/bpf.

export { interfaceNetmask, listInterfaces } from './devices.js';
export { openTap } from './open.js';
