// Names for addresses and numbers, from the system's files and from DNS.

export { interfaceNames } from './interfaces.js';
export { type Network, type ResolverOptions, SystemNames } from './resolver.js';
