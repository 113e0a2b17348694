// A run's packets as rows of JSON, CSV or TSV.

import type { Field } from '../../decode/facts/index.js';
import type { Packet } from '../../packet/index.js';
import type { Opened, OutputContext } from '../output.js';
import { sampled } from '../packets.js';
import type { RowsSpec } from '../spec.js';

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

async function infoOf(
  print: RowsSpec['print'],
  { host }: OutputContext,
): Promise<(packet: Packet) => string> {
  const { linePrinter, machineServices } = await import('../text.js');
  return linePrinter(
    print,
    machineServices((message) => host.notice({ kind: 'print-warning', message })),
  );
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
