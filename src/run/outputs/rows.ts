// A run's packets as rows of JSON, CSV or TSV.

import type { Field } from '../../decode/facts/index.js';
import type { Packet } from '../../packet/index.js';
import type { Opened, OutputContext } from '../output.js';
import { sampled } from '../packets.js';
import type { RowsSpec } from '../spec.js';

/** -t1. */
const NO_TIMESTAMP = 1;

const load = (): Promise<typeof import('../../export/index.js')> => import('../../export/index.js');

/** Begins to load what rows are made by. */
export function loadRows(): void {
  void load();
}

/** What a run's fields are by their names, and what gives their texts. */
export interface Chosen {
  readonly fields?: readonly Field[];
  readonly info?: (packet: Packet) => string;
}

/** @throws UnknownFieldError */
export async function chosen(
  names: readonly string[] | null,
  print: RowsSpec['print'],
  context: OutputContext,
): Promise<Chosen> {
  if (names === null) return {};
  const { chooseFields } = await import('../../decode/facts/index.js');
  const fields = chooseFields(names.join(','));
  if (!fields.some(({ name }) => name === 'info')) return { fields };
  return { fields, info: await infoOf(print, context) };
}

/** The line that the text output has of a packet, without time, metadata and names of addresses. */
async function infoOf(
  print: RowsSpec['print'],
  { host }: OutputContext,
): Promise<(packet: Packet) => string> {
  const { machineServices, TextOutput } = await import('../text.js');
  let line = '';
  const output = new TextOutput(
    {
      ...print,
      timestamp: NO_TIMESTAMP,
      metadata: '',
      interfaceColumn: false,
      number: false,
      lengths: false,
      numeric: true,
    },
    (bytes) => {
      line = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
    },
    machineServices((message) => host.notice({ kind: 'print-warning', message })),
  );
  output.lineBuffered = true;
  return (packet) => {
    output.packet(packet);
    return line.trimEnd();
  };
}

/** Opens the output. */
export async function openRowsOutput(rows: RowsSpec, context: OutputContext): Promise<Opened> {
  const { RowOutput } = await load();
  const { format, terminal, lineBuffered } = rows;
  const output = new RowOutput(
    { format, terminal, ...(await chosen(rows.fields, rows.print, context)) },
    context.host.write,
  );
  output.lineBuffered = lineBuffered;
  return { output: sampled(output, rows), toHost: true };
}
