// Node's own modules that few runs need: loaded when they are, since some take as long as a whole file of ours.

/**
 * @param name of the module, with `node:`
 * @returns the module
 */
export const builtin: typeof process.getBuiltinModule = (name: string) => process.getBuiltinModule(name);

/** Milliseconds of a clock that nobody sets: as `performance.now()`, which would load a module of Node's first. */
export function milliseconds(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

/** Lets timers, signals and what else waits have their turn. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
