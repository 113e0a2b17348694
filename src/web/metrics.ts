// Counts in the text form of Prometheus (version 0.0.4). A series is a program's, by name: process IDs come and go. Names have a series
// of their own in the order in which they come, as many as there may be, and keep it; what is left of the total is `other`. So no
// counter ever goes back, whatever rows make room for others meanwhile.

import { visible } from '../packet/index.js';
import type { Row, Traffic } from '../stats/traffic/index.js';

const NAMES = 200;
const COUNTS = [
  'packetsIn',
  'packetsOut',
  'bytesIn',
  'bytesOut',
  'retransmissions',
  'resets',
  'drops',
] as const;
type Counted = Record<(typeof COUNTS)[number], number>;

/** Counters: name, help, and which counts they have, by direction or all together. */
const FAMILIES = [
  ['bytes', 'Bytes on the wire.', { in: 'bytesIn', out: 'bytesOut' }],
  ['packets', 'Packets.', { in: 'packetsIn', out: 'packetsOut' }],
  ['retransmissions', 'TCP segments that hold nothing new.', { '': 'retransmissions' }],
  ['resets', 'TCP segments with RST.', { '': 'resets' }],
  ['drops', 'Packets that the kernel dropped, as droptap tells.', { '': 'drops' }],
] as const satisfies readonly (readonly [string, string, Readonly<Record<string, keyof Counted>>])[];

function nothing(): Counted {
  return { packetsIn: 0, packetsOut: 0, bytesIn: 0, bytesOut: 0, retransmissions: 0, resets: 0, drops: 0 };
}

function quoted(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

export interface CaptureCounts {
  readonly lost: number;
}

export class Metrics {
  /** What each row had when it was asked last. */
  private readonly seen = new WeakMap<Row<unknown>, Counted>();
  /** By name; null: packets that nobody is known for. */
  private readonly byName = new Map<string | null, Counted>([[null, nothing()]]);

  constructor(private readonly traffic: Traffic) {}

  private collect(): Counted {
    const other = nothing();
    for (const name of COUNTS) other[name] = this.traffic.total[name];
    for (const row of this.traffic.processes) {
      const name = row.subject === null ? null : visible(row.subject.name);
      let counts = this.byName.get(name);
      if (counts === undefined) {
        // The first is no name.
        if (this.byName.size > NAMES) continue;
        counts = nothing();
        this.byName.set(name, counts);
      }
      const before = this.seen.get(row) ?? nothing();
      for (const count of COUNTS) {
        counts[count] += row[count] - before[count];
        before[count] = row[count];
      }
      this.seen.set(row, before);
    }
    for (const counts of this.byName.values()) for (const count of COUNTS) other[count] -= counts[count];
    return other;
  }

  /** @returns the text */
  text({ lost }: CaptureCounts): string {
    const other = this.collect();
    const series: [labels: string, counts: Counted][] = [...this.byName].map(([name, counts]) => [
      name === null ? 'kind="unknown",process=""' : `kind="process",process="${quoted(name)}"`,
      counts,
    ]);
    series.push(['kind="other",process=""', other]);
    const lines: string[] = [];
    for (const [family, help, by] of FAMILIES) {
      lines.push(`# HELP pktap_${family}_total ${help}`, `# TYPE pktap_${family}_total counter`);
      for (const [labels, counts] of series)
        for (const [direction, count] of Object.entries(by)) {
          const more = direction === '' ? '' : `,direction="${direction}"`;
          lines.push(`pktap_${family}_total{${labels}${more}} ${counts[count]}`);
        }
    }
    lines.push(
      '# HELP pktap_lost_packets_total Packets that were lost for want of room, and are not counted.',
      '# TYPE pktap_lost_packets_total counter',
      `pktap_lost_packets_total ${lost}`,
      '# HELP pktap_flows Flows that are kept.',
      '# TYPE pktap_flows gauge',
      `pktap_flows ${this.traffic.flows.count}`,
    );
    return `${lines.join('\n')}\n`;
  }
}
