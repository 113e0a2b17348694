// The services of printing on this machine: its interfaces' names, and secrets of which -E may name a file. Each is looked for
// when a packet asks first.

import { interfaceNames } from '../names/index.js';
import type { NameResolver, PrintServices, Secrets } from '../print/index.js';
import { EspSecrets } from './secrets.js';

/**
 * @param warn takes what is wrong with the secrets, one line each: those are left out
 * @param names where names of addresses and ports come from; null: numbers are printed
 */
export function machineServices(
  warn: (message: string) => void = () => {},
  names: NameResolver | null = null,
): PrintServices {
  let interfaces: ReadonlyMap<number, string> | null = null;
  const read = new Map<string, Secrets>();
  return {
    names,
    interfaceName: (index) => {
      interfaces ??= interfaceNames();
      return interfaces.get(index) ?? null;
    },
    secrets: (text) => {
      let secrets = read.get(text);
      if (secrets === undefined) {
        const made = new EspSecrets(text);
        read.set(text, made);
        for (const warning of made.warnings) warn(warning);
        secrets = made;
      }
      return secrets;
    },
  };
}
