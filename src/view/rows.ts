// Counts as lines of a page.

import { visible } from '../packet/index.js';
import {
  flowPlaces,
  flowRow,
  type Host,
  hostRow,
  type ProcessFacts,
  processRow,
  type Row,
  type Rows,
  type Traffic,
  topRows,
} from '../stats/traffic/index.js';
import type { FlowLine, HostLine, Owner, ProcessLine, Rest, Sums } from './messages.js';
import { containerText } from './text.js';

/** Characters of a command line that are shown. */
const COMMAND = 300;

function sums(row: Sums): Sums {
  const { packets, packetsIn, packetsOut, bytes, bytesIn, bytesOut, rateIn, rateOut } = row;
  const { retransmissions, resets, drops, flows, first, last } = row;
  return {
    ...{ packets, packetsIn, packetsOut, bytes, bytesIn, bytesOut, rateIn, rateOut },
    ...{ retransmissions, resets, drops, flows, first, last },
  };
}

function shown(text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : visible(text);
}

function owner(process: { readonly name: string; readonly pid: number } | null): Owner {
  return { process: shown(process?.name), pid: process?.pid ?? null };
}

function userOf({ user, uid }: ProcessFacts): string | null {
  return shown(user) ?? (uid === null ? null : `${uid}`);
}

export function processLines(traffic: Traffic, now: number, most: number): ProcessLine[] {
  return topRows(traffic.processes, most).map((row) => {
    const line = processRow(row, now);
    const { process } = line;
    const command = process?.args?.join(' ').slice(0, COMMAND);
    return {
      id: line.id,
      ...owner(process),
      user: process === null ? null : userOf(process),
      container:
        process === null || process.container === null ? null : visible(containerText(process.container)),
      path: shown(process?.path),
      command: shown(command),
      ...sums(line),
    };
  });
}

function end(address: string | null, port: number): string {
  if (address === null) return '';
  if (port < 0) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

export function flowLines(traffic: Traffic, now: number, most: number): FlowLine[] {
  return flowPlaces(traffic, most).map((place) => {
    const line = flowRow(traffic, place, now);
    return {
      id: line.id,
      ...owner(line.process),
      protocol: line.protocol,
      local: end(line.local, line.localPort),
      remote: end(line.remote, line.remotePort),
      name: shown(line.name?.name),
      state: line.state,
      interface: shown(line.interface),
      ...sums(line),
    };
  });
}

export function hostLines(traffic: Traffic, now: number, most: number): HostLine[] {
  return topRows<Host>(traffic.hosts, most).map((row) => {
    const line = hostRow(row, now);
    return { id: line.id, address: line.address, name: shown(line.name?.name), ...sums(line) };
  });
}

/** What lines leave out of a total, each packet of which is in one of the rows. */
export function restOf(total: Row<unknown>, lines: readonly Sums[], rows: number): Rest {
  let packets = total.packetsIn + total.packetsOut;
  let { bytesIn, bytesOut } = total;
  for (const line of lines) {
    packets -= line.packets;
    bytesIn -= line.bytesIn;
    bytesOut -= line.bytesOut;
  }
  return { rows: packets === 0 ? 0 : rows - lines.length, packets, bytesIn, bytesOut };
}

/** Rows that there are and that there were. */
export function countOf<S>(rows: Rows<S>): number {
  let count = rows.evicted;
  for (const row of rows) if (row.packetsIn + row.packetsOut > 0) count++;
  return count;
}

export function totalSums(traffic: Traffic, now: number): Sums {
  return sums(traffic.total.brief(now));
}
