// koffi, loaded when the first native function is asked for.

import { createRequire } from 'node:module';

export type Koffi = typeof import('koffi');

let loaded: Koffi | null = null;

/** Processors whose names are the same in Node.js and in koffi's folders. */
const PLAIN: readonly string[] = ['x64', 'arm64'];
/** The version of koffi that our declarations are for. */
const MAJOR = '3.';

/**
 * The compiled module of koffi by itself: what it exports is all that we ask for. koffi's own loader finds out what we know, and adds what
 * is outdated; that takes twice the time of the module.
 * @returns null where it is not to be found so; koffi's loader then looks everywhere
 */
function compiled(require: NodeJS.Require): Koffi | null {
  const { platform, arch, versions } = process;
  if (platform !== 'linux' || !PLAIN.includes(arch) || 'bun' in versions || 'deno' in versions) return null;
  try {
    const module = require(`@koromix/koffi-linux-${arch}/linux_${arch}/koffi.node`) as Koffi;
    return module.version.startsWith(MAJOR) ? module : null;
  } catch {
    return null; // another C library, or a folder of another form
  }
}

/**
 * @returns koffi itself
 * @throws Error naming the platform when koffi has no prebuilt module for it
 */
export function koffi(): Koffi {
  if (loaded === null) {
    try {
      const require = createRequire(import.meta.url);
      loaded = compiled(require) ?? (require('koffi') as Koffi);
    } catch (error) {
      throw new Error(
        `native calls are not possible on ${process.platform}-${process.arch}: ${(error as Error).message.split('\n')[0]}`,
      );
    }
  }
  return loaded;
}
