// Rows of views: a row as it was counted, a flow, or a sum over flows.

import type { Container, Interface, Process } from '../packet/index.js';
import { serviceClassName } from '../packet/index.js';
import {
  type Counts,
  flowCounts,
  flowRates,
  flowRow,
  type Link,
  type Row,
  type Traffic,
} from '../stats/traffic/index.js';
import type { Line, Listing, Sort, View } from './listing.js';

/** Something that is listed: its line is made when it is shown. */
export interface Item {
  readonly id: string;
  value(sort: Sort, now: number): number;
  name(): string;
  line(now: number): Line;
}

const UNKNOWN = '<unknown>';
/** What rows counted that made room for others, as a key. */
export const OTHERS = 'others';

function processLabels(process: Process | null): Record<string, string | null> {
  if (process === null) return { name: UNKNOWN, pid: null, user: null };
  return {
    name: process.name === '' ? `${process.pid}` : process.name,
    pid: `${process.pid}`,
    user: process.user ?? (process.uid === null ? null : `${process.uid}`),
  };
}

function containerLabels(container: Container | null): Record<string, string | null> {
  if (container === null) return { name: '<no container>', runtime: null, pod: null };
  const { id, name, runtime, pod } = container;
  return { name: name ?? id.slice(0, 12), runtime, pod };
}

/** What a view's row of its own is called. */
function labelsOf(view: View, subject: unknown): Record<string, string | null> {
  switch (view) {
    case 'processes':
      return processLabels(subject as Process | null);
    case 'hosts': {
      const { address, name } = subject as { address: string | null; name: { name: string } | null };
      return { name: name?.name ?? address ?? '<no address>', address };
    }
    case 'containers':
      return containerLabels(subject as Container | null);
    case 'interfaces':
      return { name: (subject as Interface | null)?.name ?? UNKNOWN };
    case 'classes':
      return { name: (subject as number) < 0 ? UNKNOWN : serviceClassName(subject as number) };
    default:
      return { name: (subject as string | null) ?? UNKNOWN };
  }
}

/** A row's key, as `groupOf` has it for its flows. */
function keyOf(view: View, row: Row<unknown>): string {
  if (view === 'containers') return (row.subject as Container | null)?.id ?? '';
  if (view === 'users') return (row.subject as string | null) ?? '';
  return `${row.id}`;
}

export class RowItem implements Item {
  readonly id: string;

  constructor(
    private readonly view: View,
    private readonly row: Row<unknown>,
    private readonly others: boolean,
  ) {
    this.id = `${view} ${others ? OTHERS : keyOf(view, row)}`;
  }

  value(sort: Sort, now: number): number {
    return amountOf(this.row.brief(now), sort);
  }

  name(): string {
    return this.others ? '' : (labelsOf(this.view, this.row.subject)['name'] ?? '');
  }

  line(now: number): Line {
    const { row, others, view } = this;
    const labels = others ? { name: '(others)' } : labelsOf(view, row.subject);
    return {
      id: this.id,
      labels,
      process: view === 'processes' && !others ? (row.subject as Process | null) : null,
      counts: row.counts(now),
      unknown: !others && (labels['name'] ?? '').startsWith('<'),
      over: false,
    };
  }
}

type Brief = Omit<Counts, 'history' | 'first'>;

export function amountOf(counts: Brief, sort: Sort): number {
  switch (sort) {
    case 'rate':
      return counts.rateIn + counts.rateOut;
    case 'in/s':
      return counts.rateIn;
    case 'out/s':
      return counts.rateOut;
    case 'in':
      return counts.bytesIn;
    case 'out':
      return counts.bytesOut;
    case 'packets':
      return counts.packets;
    case 'flows':
      return counts.flows;
    case 'retrans':
      return counts.retransmissions;
    case 'resets':
      return counts.resets;
    case 'drops':
      return counts.drops;
    case 'last':
      return counts.last ?? 0;
    default:
      return counts.bytes;
  }
}

/** Flows put together. */
export class Sum implements Item {
  readonly places: number[] = [];

  constructor(
    readonly id: string,
    private readonly traffic: Traffic,
    private readonly labels: () => Record<string, string | null>,
    private readonly process: () => Process | null,
  ) {}

  private counts(now: number): Counts {
    const parts = this.places.map((place) => flowCounts(this.traffic, place, now));
    const total = (of: (counts: Counts) => number): number => parts.reduce((sum, part) => sum + of(part), 0);
    return {
      packets: total(({ packets }) => packets),
      packetsIn: total(({ packetsIn }) => packetsIn),
      packetsOut: total(({ packetsOut }) => packetsOut),
      bytes: total(({ bytes }) => bytes),
      bytesIn: total(({ bytesIn }) => bytesIn),
      bytesOut: total(({ bytesOut }) => bytesOut),
      rateIn: total(({ rateIn }) => rateIn),
      rateOut: total(({ rateOut }) => rateOut),
      retransmissions: total(({ retransmissions }) => retransmissions),
      resets: total(({ resets }) => resets),
      drops: total(({ drops }) => drops),
      flows: parts.length,
      first: parts.reduce((least, { first }) => Math.min(least, first ?? least), Number.POSITIVE_INFINITY),
      last: parts.reduce((most, { last }) => Math.max(most, last ?? most), 0),
      history: parts[0]!.history.map((_, i) => total(({ history }) => history[i]!)),
    };
  }

  value(sort: Sort, now: number): number {
    if (sort === 'flows') return this.places.length;
    let sum = 0;
    for (const place of this.places) {
      const value = flowValue(this.traffic, place, sort, now);
      sum = sort === 'last' ? Math.max(sum, value) : sum + value;
    }
    return sum;
  }

  name(): string {
    return this.labels()['name'] ?? '';
  }

  line(now: number): Line {
    const labels = this.labels();
    return {
      id: this.id,
      labels,
      process: this.process(),
      counts: this.counts(now),
      unknown: (labels['name'] ?? '').startsWith('<'),
      over: false,
    };
  }
}

/** What a flow is put in order by; nothing is made for it. */
export function flowValue(traffic: Traffic, place: number, sort: Sort, now: number): number {
  const c = traffic.flows.columns;
  switch (sort) {
    case 'rate':
    case 'in/s':
    case 'out/s': {
      const [rateIn, rateOut] = flowRates(traffic, place, now);
      return sort === 'rate' ? rateIn + rateOut : sort === 'in/s' ? rateIn : rateOut;
    }
    case 'in':
      return c.bytesIn[place]!;
    case 'out':
      return c.bytesOut[place]!;
    case 'packets':
      return c.packetsIn[place]! + c.packetsOut[place]!;
    case 'flows':
      return 1;
    case 'retrans':
      return c.retransmissions[place]!;
    case 'resets':
      return c.resets[place]!;
    case 'drops':
      return c.drops[place]!;
    case 'last':
      return c.last[place]!;
    default:
      return c.bytesIn[place]! + c.bytesOut[place]!;
  }
}

export class FlowItem implements Item {
  readonly id: string;

  constructor(
    private readonly traffic: Traffic,
    private readonly place: number,
  ) {
    this.id = flowItemId(traffic, place);
  }

  value(sort: Sort, now: number): number {
    return flowValue(this.traffic, this.place, sort, now);
  }

  name(): string {
    return processLabels(this.traffic.flows.links[this.place]!.process.subject)['name'] ?? '';
  }

  line(now: number): Line {
    const flow = flowRow(this.traffic, this.place, now);
    const { process } = this.traffic.flows.links[this.place]!;
    const end = (address: string | null, port: number): string | null =>
      address === null
        ? null
        : port < 0
          ? address
          : address.includes(':')
            ? `[${address}]:${port}`
            : `${address}:${port}`;
    const { name, local, localPort, remote, remotePort } = flow;
    return {
      id: this.id,
      labels: {
        ...processLabels(process.subject),
        protocol: flow.protocol,
        local: end(local, localPort),
        remote: end(remote, remotePort),
        host: name === null ? null : remotePort < 0 ? name.name : `${name.name}:${remotePort}`,
        state: flow.state === 'none' ? null : flow.state,
        interface: flow.interface,
      },
      process: process.subject,
      counts: flow,
      unknown: process.subject === null,
      over: flow.state === 'closed' || flow.state === 'reset',
    };
  }
}

export function flowItemId(traffic: Traffic, place: number): string {
  return `flows ${traffic.flows.columns.id[place]}`;
}

/** What a flow is put together with others by: a key, and the labels of the sum. */
export function groupOf(
  { view, group }: Pick<Listing, 'view' | 'group'>,
  traffic: Traffic,
  place: number,
  link: Link,
): readonly [key: string, labels: () => Record<string, string | null>] {
  const process = link.process.subject;
  const user = process?.user ?? (process?.uid ?? null)?.toString() ?? null;
  switch (`${view} ${group}`) {
    case 'processes process':
    case 'flows process':
      return [`${link.process.id}`, () => processLabels(process)];
    case 'processes name':
      return [process === null ? '' : `n${process.name}`, () => ({ name: processLabels(process)['name']! })];
    case 'processes user':
    case 'users user':
      return [user ?? '', () => ({ name: user ?? UNKNOWN })];
    case 'processes container':
    case 'containers container': {
      const container = process?.container ?? null;
      return [container === null ? '' : container.id, () => containerLabels(container)];
    }
    case 'containers runtime': {
      const runtime = process?.container?.runtime ?? null;
      return [runtime ?? '', () => ({ name: runtime ?? '<no container>' })];
    }
    case 'flows service': {
      const { remote, remotePort, name, protocol } = flowRow(traffic, place, 0);
      const host = name?.name ?? remote ?? '<no address>';
      return [`${protocol} ${host} ${remotePort}`, () => ({ name: host, protocol, port: `${remotePort}` })];
    }
    case 'hosts name': {
      const labels = labelsOf('hosts', link.host.subject);
      return [labels['name']!, () => ({ name: labels['name']! })];
    }
    case 'interfaces interface':
      return [`${link.face.id}`, () => labelsOf('interfaces', link.face.subject)];
    default:
      return [`${link.host.id}`, () => labelsOf('hosts', link.host.subject)];
  }
}
