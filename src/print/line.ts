// The line that the text output has of a packet, without its time and its metadata: the field `info`.

import type { Packet } from '../packet/index.js';
import { type PrintOptions, TimestampStyle } from './options.js';
import type { PrintServices } from './services.js';
import { TextOutput } from './text.js';

/** @returns what gives the text of one packet after the other; names of addresses are not asked for */
export function linePrinter(options: PrintOptions, services?: PrintServices): (packet: Packet) => string {
  const decoder = new TextDecoder();
  let line = '';
  const output = new TextOutput(
    {
      ...options,
      timestamp: TimestampStyle.NONE,
      metadata: '',
      interfaceColumn: false,
      number: false,
      lengths: false,
      numeric: true,
    },
    (bytes) => {
      line = decoder.decode(bytes);
    },
    services,
  );
  output.lineBuffered = true;
  return (packet) => {
    output.packet(packet);
    return line.trimEnd();
  };
}
