// Small records that the server keeps, read again: of whom, when, and what.

import type { JetStreamClient } from '@nats-io/jetstream';
import { loadClient } from './client.js';
import { hostOfSubject } from './names.js';

/** Bytes that are asked for at once. */
const PULL = 4 << 20;

export interface KeptRecord {
  readonly host: string;
  /** Milliseconds since 1970, by the server's clock. */
  readonly time: number;
  readonly sequence: number;
  readonly bytes: Uint8Array;
}

/**
 * Reads what a stream has kept.
 * @param since milliseconds since 1970
 * @param follow whether what comes is waited for, until `signal` is aborted
 * @param take gets each; false: enough
 */
export async function readRecords(
  stream: JetStreamClient,
  name: string,
  { since, follow, signal }: { since: number; follow: boolean; signal?: AbortSignal },
  take: (record: KeptRecord) => void | Promise<void>,
): Promise<void> {
  const { DeliverPolicy } = loadClient().jetstream;
  const consumer = await stream.consumers.get(name, {
    deliver_policy: DeliverPolicy.StartTime,
    opt_start_time: new Date(since).toISOString(),
  });
  if (!follow && (await consumer.info()).num_pending === 0) return;
  const messages = await consumer.consume({ max_bytes: PULL, threshold_bytes: PULL / 2 });
  const stop = (): void => messages.stop();
  signal?.addEventListener('abort', stop);
  try {
    for await (const message of messages) {
      const host = hostOfSubject(message.subject);
      if (host !== null)
        await take({
          host,
          time: message.info.timestampNanos / 1e6,
          sequence: message.seq,
          bytes: message.data,
        });
      if ((!follow && message.info.pending === 0) || signal?.aborted === true) break;
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    messages.stop();
  }
}
