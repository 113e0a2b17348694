// Everything that is known of what is selected, as lines of text.

import type { Process } from '../packet/index.js';
import { clock, duration, short } from './format.js';
import type { Line } from './listing.js';

/** A name and what is said of it; the text may come from anywhere. */
export type Detail = readonly [name: string, text: string];

function processDetails(process: Process, now: number): Detail[] {
  const { pid, path, args, parentPid, uid, user, uuid, startTime, cgroup, container, netns } = process;
  const who = [`${process.name} (${pid})`];
  if (user !== null || uid !== null) who.push(user === null ? `user ${uid}` : `user ${user} (${uid ?? '-'})`);
  if (parentPid !== null) who.push(`parent ${parentPid}`);
  if (startTime !== null) {
    const started = Number(startTime) / 1e9;
    who.push(`started ${clock(started)}, ${duration(now - started)} ago`);
  }
  const details: Detail[] = [['process', who.join(', ')]];
  const add = (name: string, text: string | null | undefined): void => {
    if (text !== null && text !== undefined && text !== '') details.push([name, text]);
  };
  add('executable', path);
  add('command', args?.join(' '));
  if (container !== null) {
    const { id, runtime, name, pod, namespace } = container;
    const of = pod === null ? '' : `, pod ${namespace === null ? pod : `${namespace}/${pod}`}`;
    add('container', `${name ?? id.slice(0, 12)} (${runtime} ${id})${of}`);
  }
  add('cgroup', cgroup);
  add('network namespace', netns === null ? null : `${netns}`);
  add('UUID', uuid === null ? null : Buffer.from(uuid).toString('hex'));
  add('comment', process.comment);
  return details;
}

/** What is said of a flow or a host, in a line; null: it is neither. */
function endsDetail({ labels }: Line): Detail | null {
  const { protocol, local, remote, host, state, interface: face, address } = labels;
  const known = (text: string | null | undefined): text is string => text !== null && text !== undefined;
  if (known(local) || known(remote)) {
    const name = known(host) ? ` (${host})` : '';
    const rest = [state, face].filter(known).map((text) => `, ${text}`);
    return ['flow', `${protocol} ${local ?? '-'} to ${remote ?? '-'}${name}${rest.join('')}`];
  }
  return known(address) ? ['address', address] : null;
}

/** @param now the second that is going on */
export function details(line: Line, now: number): Detail[] {
  const { labels, counts, process } = line;
  const found: Detail[] = [];
  const ends = endsDetail(line);
  if (ends !== null) found.push(ends);
  if (process !== null) found.unshift(...processDetails(process, now));
  else found.unshift(['name', labels['name'] ?? '-']);
  const { packetsIn, packetsOut, bytesIn, bytesOut, first, last, retransmissions, resets, drops, flows } =
    counts;
  found.push([
    'counts',
    `in ${short(packetsIn)} packets ${short(bytesIn)}B, out ${short(packetsOut)} packets ${short(bytesOut)}B, ` +
      `${flows} flows, ${retransmissions} retransmissions, ${resets} resets, ${drops} drops`,
  ]);
  if (first !== null && last !== null) found.push(['seen', `${clock(first)} to ${clock(last)}`]);
  return found;
}
