// A run's packets as Parquet files.

import type { Opened, OutputContext } from '../output.js';
import type { ParquetSpec } from '../spec.js';
import { chosen } from './rows.js';
import { inputsOf } from './savefile.js';

/** Opens the output. */
export async function openParquetOutput(spec: ParquetSpec, context: OutputContext): Promise<Opened> {
  const { ParquetOutput } = await import('../../export/parquet/index.js');
  const { host, source, stop } = context;
  const { path, owner, rotation, application } = spec;
  const output = new ParquetOutput(path, {
    ...(await chosen(spec.fields, spec.print, context)),
    owner,
    inputs: inputsOf(spec, source.files),
    rotation,
    createdBy: application,
    warn: (message) => host.notice({ kind: 'warning', message }),
    onLimit: () => {
      host.notice({ kind: 'file-limit', files: rotation.files! });
      stop();
    },
  });
  return { output, toHost: false };
}
