// A run's packets as text: the print room's output, with the services it asks for, and a second thread where that helps.

import { builtin } from '../../builtin.js';
import type { Network } from '../../names/index.js';
import type { PrintOptions } from '../../print/index.js';
import type { Opened, OutputContext } from '../output.js';
import { sampled } from '../packets.js';
import type { TextSpec } from '../spec.js';
import { secondThread } from '../workers.js';

/** Milliseconds that a file's packets wait for one name, and for all names together. */
const NAME_PATIENCE = 2000;
const NAMES_PATIENCE = 10_000;

// Node loads a module once, whoever asks for it first.
const load = (): Promise<typeof import('../text.js')> => import('../text.js');

/** Begins to load the printers' room. */
export function loadText(): void {
  void load();
}

/** The IPv4 network of an interface, null when it has none: then every address is local. */
function localNetwork(name: string): Network | null {
  const own = builtin('node:os')
    .networkInterfaces()
    [name]?.find(({ family }) => family === 'IPv4');
  if (own === undefined) return null;
  const number = (text: string): number =>
    text.split('.').reduce((sum, byte) => (sum << 8) | Number(byte), 0);
  return [number(own.address), number(own.netmask)];
}

/** Opens the text output. */
export async function openTextOutput(text: TextSpec, context: OutputContext): Promise<Opened> {
  const { spec, host } = context;
  const { tap, live, tapped } = context.source;
  const { machineServices, SystemNames, TextOutput } = await load();
  const { numeric, noDomain, foreignNumeric } = text.options;
  let names: InstanceType<typeof SystemNames> | null = null;
  if (!numeric) {
    names = new SystemNames({
      noDomain,
      local: foreignNumeric && tap !== null ? localNetwork(tap.name) : null,
      // A live capture waits for no name: the address is printed until it is there.
      patience: live ? 0 : NAME_PATIENCE,
      patienceForAll: live ? 0 : NAMES_PATIENCE,
    });
  }
  const services = machineServices((message) => host.notice({ kind: 'print-warning', message }), names);
  const options: PrintOptions = {
    ...text.options,
    ...(tapped ? text.tapped : null),
  };
  const output = new TextOutput(options, host.write, services);
  output.lineBuffered = text.lineBuffered;
  const printer = (await secondThread(spec, text, output, host.write)) ?? output;
  return {
    output: sampled(printer, text),
    toHost: true,
    ended: () => names?.close(),
  };
}
