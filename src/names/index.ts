// The room of names: what this machine calls addresses, ports, protocols and interfaces.

export { interfaceNames } from './interfaces.js';
export { type Network, type ResolverOptions, SystemNames } from './resolver.js';
