// `pktap fleet flows`: flow records as Parquet files, a folder for each day and host, as DuckDB, ClickHouse and Spark read them.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { FlowFiles, matchesAny, readRecords, reasonOf, Stream } from '../../fleet/index.js';
import { say, tell } from '../messages.js';
import { application } from '../usage.js';
import { reach } from './asking.js';
import type { FleetArguments } from './words.js';

/** Milliseconds that records wait for others of their file while they are followed. */
const FILE = 60_000;

/** Writes what the server has kept, and with --follow what comes. */
export async function flows(folder: string, to: FleetArguments): Promise<number> {
  const { client } = await reach(to);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const files = new FlowFiles((day, host) => {
    const path = join(folder, `date=${day}`, `host=${host}`);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  }, application());
  const ending = new AbortController();
  const stop = (): void => ending.abort();
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const since = to.since === null ? 0 : Date.now() - to.since * 1000;
  const { follow } = to;
  const timer = setInterval(() => files.write(), FILE);
  try {
    await readRecords(client.stream, Stream.FLOWS, { since, follow, signal: ending.signal }, (record) => {
      if (matchesAny(record.host, to.hosts)) files.add(record);
    });
    files.write();
  } catch (error) {
    throw new Error(`the stream ${Stream.FLOWS}: ${reasonOf(error)}`);
  } finally {
    clearInterval(timer);
    await client.close();
  }
  if (files.broken > 0) tell(`pktap: ${files.broken} records made no sense and were left out`);
  if (files.others > 0)
    tell(`pktap: ${files.others} packets were of flows that had no room in their records`);
  say(`${files.rows} flow records in ${files.files} files\n`);
  return 0;
}
