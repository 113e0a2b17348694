// Text in a browser: as the command prints it. Printers are half of the bundle, and loaded when there is to be text.

import type { Packet } from '../packet/index.js';
import type { PrintServices, Sink, TextOutput } from '../print/index.js';
import { defaultPrintOptions, type PrintOptions } from '../print/options.js';

/** The print room, with its printers. */
export async function loadPrinting(): Promise<typeof import('../print/index.js')> {
  const [print] = await Promise.all([import('../print/index.js'), import('./printers.js')]);
  return print;
}

/** Numbers unless there are services with names; times are the browser's local ones. */
function all(options: Partial<PrintOptions>): PrintOptions {
  return { ...defaultPrintOptions(), numeric: true, ...options };
}

/**
 * @param options those that are not as `pktap -n` has them
 * @param sink takes blocks of text as UTF-8; they are valid during the call only
 * @param services names, secrets; without them the text is what the bytes say
 * @throws TypeError for an option that does not exist or cannot be what it is
 */
export async function openText(
  options: Partial<PrintOptions>,
  sink: Sink,
  services?: PrintServices,
): Promise<TextOutput> {
  const { TextOutput } = await loadPrinting();
  return new TextOutput(all(options), sink, services);
}

/**
 * @param options as `openText` takes them
 * @returns what gives the line of a packet, without time and metadata: the field `info`, and `info` of RowOutput's options
 */
export async function openLines(options: Partial<PrintOptions> = {}): Promise<(packet: Packet) => string> {
  const { linePrinter } = await loadPrinting();
  return linePrinter(all(options));
}
