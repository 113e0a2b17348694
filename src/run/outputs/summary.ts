// A run's packets counted in groups.

import type { Packet } from '../../packet/index.js';
import type { Opened, OutputContext } from '../output.js';
import type { SummarySpec } from '../spec.js';

const MILLISECOND = 1_000_000n;

/** Opens the output. Its reports come with the flushes of a live capture, when their time has come. */
export async function openSummaryOutput(spec: SummarySpec, context: OutputContext): Promise<Opened> {
  const { SummaryOutput } = await import('../../stats/index.js');
  const { chooseFields } = await import('../../decode/facts/index.js');
  const { format, terminal } = spec;
  const intervalMs = context.source.live ? spec.intervalMs : null;
  const summary = new SummaryOutput(
    { fields: chooseFields(spec.keys.join(',')), format, terminal, repeated: intervalMs !== null },
    context.host.write,
  );
  let next = Date.now() + (intervalMs ?? 0);
  return {
    output: {
      packet: (packet: Packet) => summary.packet(packet),
      flush: () => {
        const now = Date.now();
        if (intervalMs === null || now < next) return;
        while (next <= now) next += intervalMs;
        summary.report(BigInt(now) * MILLISECOND);
      },
      close: () => summary.close(),
    },
    toHost: true,
    remarks: () => summary.summary.limits().map((message) => ({ kind: 'warning', message })),
  };
}
