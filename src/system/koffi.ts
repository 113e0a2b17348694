// koffi, loaded when the first native function is asked for.

import { createRequire } from 'node:module';

export type Koffi = typeof import('koffi');

let loaded: Koffi | null = null;

/**
 * @returns koffi itself
 * @throws Error naming the platform when koffi has no prebuilt module for it
 */
export function koffi(): Koffi {
  if (loaded === null) {
    try {
      loaded = createRequire(import.meta.url)('koffi') as Koffi;
    } catch (error) {
      throw new Error(
        `native calls are not possible on ${process.platform}-${process.arch}: ${(error as Error).message.split('\n')[0]}`,
      );
    }
  }
  return loaded;
}
