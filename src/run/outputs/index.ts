// The outputs that a specification can name. A new one is a line here, its specification in spec.ts, and a folder of its own
// that turns the specification into an Output; what only its runs need it loads when it is opened.

import type { Opened, OutputContext } from '../output.js';
import type { OutputSpec, RunSpec } from '../spec.js';
import { openParquetOutput } from './parquet.js';
import { loadRows, openRowsOutput } from './rows.js';
import { openSavefileOutput } from './savefile.js';
import { openSummaryOutput } from './summary.js';
import { loadText, openTextOutput } from './text.js';

/** Makes an output; loads early, beside other work, what it will need. */
interface Kind<S extends OutputSpec> {
  load?(): void;
  open(spec: S, context: OutputContext): Promise<Opened>;
}

const KINDS: { readonly [K in OutputSpec['kind']]: Kind<Extract<OutputSpec, { kind: K }>> } = {
  savefile: { open: openSavefileOutput },
  text: { load: loadText, open: openTextOutput },
  rows: { load: loadRows, open: openRowsOutput },
  summary: { load: loadRows, open: openSummaryOutput },
  parquet: { load: loadRows, open: openParquetOutput },
};

function kindOf(spec: OutputSpec): Kind<OutputSpec> {
  return KINDS[spec.kind] as Kind<OutputSpec>;
}

/** Begins to load what a run's outputs need. */
export function loadOutputs({ outputs }: RunSpec): void {
  for (const spec of outputs) kindOf(spec).load?.();
}

/** Opens an output. */
export function openOutput(spec: OutputSpec, context: OutputContext): Promise<Opened> {
  return kindOf(spec).open(spec, context);
}
