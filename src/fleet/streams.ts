// What the server keeps: packets, flow records, and the record of who asked for what.

import type { JetStreamManager, StreamConfig } from '@nats-io/jetstream';
import { reasonOf } from './client.js';
import { Subject } from './names.js';

export const Stream = { PACKETS: 'PKTAP', FLOWS: 'PKTAP_FLOW', AUDIT: 'PKTAP_AUDIT' } as const;

/** How much is kept. */
export interface Keeping {
  /** Seconds, and bytes, of packets. */
  readonly age: number;
  readonly bytes: number;
}

export const USUAL_KEEPING: Keeping = { age: 24 * 3600, bytes: 1 << 30 };

const DAY = 24 * 3600;
const BILLION = 1e9;
/** Within which the same batch, sent again, is kept once. */
const AGAIN = 120;

type Config = Partial<StreamConfig> & Pick<StreamConfig, 'name'>;

/** A stream that keeps what comes on a subject for so many seconds, so many bytes of it at most. */
function stream(name: string, subject: string, seconds: number, bytes: number): Config {
  return {
    storage: 'file',
    retention: 'limits',
    discard: 'old',
    num_replicas: 1,
    name,
    subjects: [subject],
    max_age: seconds * BILLION,
    max_bytes: bytes,
    duplicate_window: Math.min(AGAIN, seconds) * BILLION,
  };
}

function streams({ age, bytes }: Keeping): Config[] {
  const part = (of: number): number => Math.max(1 << 20, Math.ceil(bytes / of));
  return [
    stream(Stream.PACKETS, Subject.packetsOfAll(), age, bytes),
    stream(Stream.FLOWS, Subject.flowsOfAll, 7 * DAY, part(8)),
    { ...stream(Stream.AUDIT, Subject.auditOfAll, 365 * DAY, part(16)), deny_delete: true, deny_purge: true },
  ];
}

function isMissing(error: unknown): boolean {
  return /stream not found/i.test((error as Error).message);
}

/**
 * Makes the streams that are not there.
 * @param keeping how much they keep, those that are there too; null: those that are there stay as they are
 * @returns those that were made
 * @throws Error that says in one line why one is not there
 */
export async function makeStreams(manager: JetStreamManager, keeping: Keeping | null): Promise<string[]> {
  const made: string[] = [];
  for (const config of streams(keeping ?? USUAL_KEEPING)) {
    const { name } = config;
    try {
      const { config: present } = await manager.streams.info(name);
      if (keeping === null) continue;
      // Replicas are the administrator's matter.
      await manager.streams.update(name, { ...present, ...config, num_replicas: present.num_replicas });
    } catch (error) {
      if (!isMissing(error)) throw new Error(`the stream ${name}: ${reasonOf(error)}`);
      try {
        await manager.streams.add(config);
      } catch (failure) {
        throw new Error(`the stream ${name} is not there and cannot be made: ${reasonOf(failure)}`);
      }
      made.push(name);
    }
  }
  return made;
}
