// Node's own modules that few runs need: loaded when they are, since some take as long as a whole file of ours.

/**
 * @param name of the module, with `node:`
 * @returns the module
 */
export const builtin: typeof process.getBuiltinModule = (name: string) => process.getBuiltinModule(name);
