// What `pktap fleet` asks of a fleet: who is there, what runs, who asked for what; and what it changes.

import { performance } from 'node:perf_hooks';
import {
  auditOf,
  type Client,
  ClockEstimate,
  connect,
  controlBytes,
  type HostStatus,
  hostOfSubject,
  isCaptureId,
  makeStreams,
  matchesAny,
  readRecords,
  readSecret,
  reasonOf,
  Stream,
  Subject,
  statusOf,
  USUAL_KEEPING,
} from '../../fleet/index.js';
import { visible } from '../../packet/index.js';
import { say, tell } from '../messages.js';
import { ArgumentError } from '../parsed.js';
import { operatorName } from '../spec.js';
import type { FleetArguments } from './words.js';

/** Milliseconds that hosts have to answer; those that answer late make it longer, up to four times as long. */
const ANSWERED_IN = 1000;
const LATE = 300;

/** Connects. @returns also by which name */
export async function reach(to: FleetArguments): Promise<{ client: Client; name: string }> {
  const secret = to.key === null ? null : readSecret(to.key);
  const name = secret?.name ?? operatorName();
  const client = await connect(
    { url: to.url!, secret, ca: to.ca, name, waits: false },
    { connected: () => {}, lost: () => {}, error: (reason) => tell(`pktap: ${reason}`) },
  );
  return { client, name };
}

interface Answer {
  readonly status: HostStatus;
  readonly clock: ClockEstimate;
}

/** Hears all hosts once. */
async function answers(client: Client, name: string, hosts: readonly string[]): Promise<Map<string, Answer>> {
  const found = new Map<string, Answer>();
  let last = performance.now();
  client.connection.subscribe(Subject.statusOfAll, {
    callback: (error, { subject, data }) => {
      const host = error === null ? hostOfSubject(subject) : null;
      const status = host === null ? null : statusOf(data);
      if (error !== null) tell(`pktap: hosts are not heard: ${reasonOf(error)}`);
      if (status === null || !matchesAny(host!, hosts)) return;
      last = performance.now();
      const clock = found.get(host!)?.clock ?? new ClockEstimate();
      const wall = Date.now() - last;
      if (status.echo !== null)
        clock.add(status.echo.sent + wall, last + wall, status.time, status.echo.held);
      found.set(host!, { status, clock });
    },
  });
  const began = performance.now();
  client.connection.publish(
    Subject.control(name, 'ping'),
    controlBytes({ kind: 'ping', hosts, sent: began }),
  );
  await client.connection.flush();
  for (;;) {
    await new Promise((done) => setTimeout(done, 50));
    const now = performance.now();
    if (now - began > 4 * ANSWERED_IN || (now - began > ANSWERED_IN && now - last > LATE)) return found;
  }
}

function table(rows: readonly (readonly string[])[]): string {
  const wide = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, i) => cell.padEnd(wide[i]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  for (; bytes >= 1000 && unit < units.length - 1; unit++) bytes /= 1000;
  return `${unit === 0 ? bytes : bytes.toFixed(1)} ${units[unit]}`;
}

function clockText({ clock }: Answer): string {
  const { best } = clock;
  if (best === null) return '?';
  return `${best.offset < 0 ? '-' : '+'}${Math.abs(best.offset).toFixed(1)} ± ${best.error.toFixed(1)} ms`;
}

/** The hosts, and what runs on them. */
export async function list(to: FleetArguments): Promise<number> {
  const { client, name } = await reach(to);
  let found: [string, Answer][];
  try {
    found = [...(await answers(client, name, to.hosts))].sort(([a], [b]) => (a < b ? -1 : 1));
  } finally {
    await client.close();
  }
  if (to.json) {
    for (const [host, { status, clock }] of found)
      say(`${JSON.stringify({ host, clock: clock.best, ...status, echo: undefined })}\n`);
    return 0;
  }
  if (found.length === 0) {
    tell('pktap: no host answers');
    return 1;
  }
  say(
    table([
      ['HOST', 'VERSION', 'KERNEL', 'RIGHTS', 'CLOCK', 'UP', 'INTERFACES'],
      ...found.map(([host, answer]) => {
        const { version, kernel, rights, uptime, interfaces } = answer.status;
        return [host, version, kernel, rights, clockText(answer), `${uptime} s`, interfaces.join(',')].map(
          visible,
        );
      }),
    ]),
  );
  const captures = found.flatMap(([host, { status }]) => status.captures.map((one) => ({ host, ...one })));
  if (captures.length === 0) return 0;
  say('\n');
  say(
    table([
      ['CAPTURE', 'OPERATOR', 'HOST', 'STATE', 'LEFT', 'PACKETS', 'SENT', 'WAITING', 'LAG', 'DROPPED', ''],
      ...captures.map((one) =>
        [
          one.id,
          one.operator,
          one.host,
          one.state,
          `${one.left} s`,
          String(one.packets),
          bytesText(one.bytes),
          bytesText(one.waiting),
          `${one.lag} ms`,
          String(one.droppedByKernel + one.droppedByNetwork + one.droppedByRate + one.droppedByBudget),
          one.words,
        ].map(visible),
      ),
    ]),
  );
  return 0;
}

/** Ends a capture. */
export async function cancel(id: string, to: FleetArguments): Promise<number> {
  if (!isCaptureId(id)) throw new ArgumentError(`invalid capture ID ${id}`);
  const { client, name } = await reach(to);
  client.connection.publish(Subject.control(name, id), controlBytes({ kind: 'cancel' }));
  await client.close();
  return 0;
}

/** Who asked for what. */
export async function audit(to: FleetArguments): Promise<number> {
  const { client } = await reach(to);
  const since = to.since === null ? 0 : Date.now() - to.since * 1000;
  try {
    await readRecords(client.stream, Stream.AUDIT, { since, follow: false }, ({ host, time, bytes }) => {
      const record = auditOf(bytes);
      if (record === null || !matchesAny(host, to.hosts)) return;
      if (to.json) say(`${JSON.stringify({ host, kept: new Date(time).toISOString(), ...record })}\n`);
      else {
        const { operator, capture, what, words, request, packets } = record;
        const sent = packets === undefined ? '' : ` ${packets} packets`;
        say(
          `${new Date(time).toISOString()} ${visible(`${host} ${operator} ${capture} ${what}${sent} ${words}`).trim()} ${visible(JSON.stringify(request))}\n`,
        );
      }
    });
  } catch (error) {
    throw new Error(`the stream ${Stream.AUDIT}: ${reasonOf(error)}`);
  } finally {
    await client.close();
  }
  return 0;
}

/** How much the server keeps. */
export async function setup(to: FleetArguments): Promise<number> {
  const { client } = await reach(to);
  const keeping = { age: to.age ?? USUAL_KEEPING.age, bytes: to.bytes ?? USUAL_KEEPING.bytes };
  try {
    await makeStreams(await client.manager(), keeping);
  } finally {
    await client.close();
  }
  say(`packets are kept for ${keeping.age} s, ${keeping.bytes} bytes of them at most\n`);
  return 0;
}
