// The tables: processes, flows, hosts, drops, and what programs moved in a stretch of time.

import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type {
  DropLine,
  FlowLine,
  Frame,
  HostLine,
  ProcessLine,
  Rest,
  Sums,
  TimelineData,
} from '../src/view/messages.js';
import * as format from './format.js';
import { type Stretch, state, type Tab } from './state.js';

interface Column<Line> {
  readonly name: string;
  readonly title: string;
  readonly value: (line: Line) => string | number | null;
  readonly text?: (value: number) => string;
  /** Left out where there is little room. */
  readonly wide?: true;
}

interface Table<Line> {
  readonly tab: Tab;
  readonly columns: readonly Column<Line>[];
  readonly key: (line: Line) => unknown;
  readonly open?: (line: Line) => void;
}

const process_ = <Line extends { process: string | null }>(): Column<Line> => ({
  name: 'process',
  title: 'Process',
  value: ({ process }) => process ?? '<unknown>',
});
const pid = <Line extends { pid: number | null }>(): Column<Line> => ({
  name: 'pid',
  title: 'PID',
  value: (line) => line.pid,
});

/** Columns of counts. */
function counts<Line extends Sums>(): Column<Line>[] {
  const { whole, count, rate } = format;
  return [
    { name: 'rateIn', title: 'In/s', value: (line) => line.rateIn, text: rate },
    { name: 'rateOut', title: 'Out/s', value: (line) => line.rateOut, text: rate },
    { name: 'bytesIn', title: 'Bytes in', value: (line) => line.bytesIn, text: whole },
    { name: 'bytesOut', title: 'Bytes out', value: (line) => line.bytesOut, text: whole },
    { name: 'packets', title: 'Packets', value: (line) => line.packets, text: whole, wide: true },
    {
      name: 'retransmissions',
      title: 'Retrans.',
      value: (line) => line.retransmissions,
      text: count,
      wide: true,
    },
    { name: 'resets', title: 'Resets', value: (line) => line.resets, text: count, wide: true },
    { name: 'drops', title: 'Drops', value: (line) => line.drops, text: count, wide: true },
  ];
}

const PROCESSES: Table<ProcessLine> = {
  tab: 'processes',
  key: ({ id }) => id,
  columns: [
    process_(),
    pid(),
    { name: 'user', title: 'User', value: ({ user }) => user, wide: true },
    { name: 'container', title: 'Container', value: ({ container }) => container, wide: true },
    ...counts<ProcessLine>(),
    { name: 'flows', title: 'Flows', value: ({ flows }) => flows, text: format.count, wide: true },
    { name: 'command', title: 'Command', value: ({ command, path }) => command ?? path, wide: true },
  ],
  open: ({ process, pid: id }) => {
    state.owner = { process, pid: id };
    state.tab = 'flows';
  },
};

const FLOWS: Table<FlowLine> = {
  tab: 'flows',
  key: ({ id }) => id,
  columns: [
    process_(),
    pid(),
    { name: 'protocol', title: 'Protocol', value: ({ protocol }) => protocol, wide: true },
    { name: 'local', title: 'Local', value: ({ local }) => local, wide: true },
    { name: 'remote', title: 'Remote', value: ({ remote }) => remote },
    { name: 'name', title: 'Name', value: ({ name }) => name, wide: true },
    {
      name: 'state',
      title: 'State',
      value: (line) => (line.state === 'none' ? null : line.state),
      wide: true,
    },
    ...counts<FlowLine>(),
  ],
};

const HOSTS: Table<HostLine> = {
  tab: 'hosts',
  key: ({ id }) => id,
  columns: [
    { name: 'address', title: 'Address', value: ({ address }) => address ?? '<none>' },
    { name: 'name', title: 'Name', value: ({ name }) => name },
    ...counts<HostLine>(),
    { name: 'flows', title: 'Flows', value: ({ flows }) => flows, text: format.count, wide: true },
  ],
};

const DROPS: Table<DropLine> = {
  tab: 'drops',
  key: ({ process, pid: id, reason, place }) => JSON.stringify([process, id, reason, place]),
  columns: [
    process_(),
    pid(),
    { name: 'reason', title: 'Reason', value: ({ reason }) => reason },
    { name: 'place', title: 'Function', value: ({ place }) => place, wide: true },
    { name: 'packets', title: 'Packets', value: ({ packets }) => packets, text: format.whole },
    { name: 'bytes', title: 'Bytes', value: (line) => line.bytes, text: format.whole },
  ],
};

function compare(a: string | number | null, b: string | number | null): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return `${a}` < `${b}` ? -1 : 1;
}

function sorted<Line>({ tab, columns }: Table<Line>, lines: readonly Line[]): readonly Line[] {
  const sort = state.sort[tab];
  const column = columns.find(({ name }) => name === sort?.column);
  if (sort === undefined || column === undefined) return lines;
  const sign = sort.up ? 1 : -1;
  return [...lines].sort((a, b) => sign * compare(column.value(a), column.value(b)));
}

function heading<Line>(
  table: Table<Line>,
  { name, title, text, wide }: Column<Line>,
  changed: () => void,
): TemplateResult {
  const sort = state.sort[table.tab];
  const is = sort?.column === name;
  const order = is ? (sort.up ? 'ascending' : 'descending') : 'none';
  const choose = (): void => {
    // Numbers begin with the largest.
    state.sort[table.tab] = { column: name, up: is ? !sort.up : text === undefined };
    changed();
  };
  return html`<th scope="col" class=${classes(text, wide)} aria-sort=${order}>
    <button @click=${choose}>${title}${is ? (sort.up ? ' ▲' : ' ▼') : ''}</button>
  </th>`;
}

function classes(text: unknown, wide: true | undefined): string {
  return `${text === undefined ? '' : 'number'} ${wide === true ? 'wide' : ''}`;
}

function cell<Line>({ name, value, text, wide }: Column<Line>, line: Line): TemplateResult {
  const shown = value(line);
  const words = shown === null ? '' : text === undefined ? `${shown}` : text(shown as number);
  return html`<td class=${classes(text, wide)} data-column=${name} title=${words}>${words}</td>`;
}

/** What the lines leave out of the total. */
function restLine<Line>({ columns }: Table<Line>, rest: Rest | null): TemplateResult | typeof nothing {
  if (rest === null || (rest.packets === 0 && rest.rows === 0)) return nothing;
  const words: Readonly<Record<string, string>> = {
    [columns[0]!.name]: `${format.whole(rest.rows)} others`,
    packets: format.whole(rest.packets),
    bytesIn: format.whole(rest.bytesIn),
    bytesOut: format.whole(rest.bytesOut),
  };
  return html`<tr class="rest">
    ${columns.map(({ name, text, wide }) => html`<td class=${classes(text, wide)}>${words[name] ?? ''}</td>`)}
  </tr>`;
}

function view<Line>(
  table: Table<Line>,
  lines: readonly Line[],
  rest: Rest | null,
  changed: () => void,
): TemplateResult {
  const { open, columns } = table;
  const act = (line: Line) => (event: Event) => {
    if (event instanceof KeyboardEvent && event.key !== 'Enter') return;
    open?.(line);
    changed();
  };
  return html`
    <div class="scroll" id="table" data-table=${table.tab}>
      <table>
        <thead>
          <tr>
            ${columns.map((column) => heading(table, column, changed))}
          </tr>
        </thead>
        <tbody>
          ${repeat(
            sorted(table, lines),
            table.key,
            (line) =>
              html`<tr tabindex="0" class=${open === undefined ? '' : 'opens'} @click=${act(line)} @keydown=${act(line)}>
                ${columns.map((column) => cell(column, line))}
              </tr>`,
          )}
          ${restLine(table, rest)}
        </tbody>
      </table>
      ${lines.length === 0 ? html`<p class="none">Nothing yet.</p>` : nothing}
    </div>
  `;
}

/** The table of a tab. */
export function tableView(tab: Exclude<Tab, 'packets'>, frame: Frame, changed: () => void): TemplateResult {
  if (tab === 'processes') return view(PROCESSES, frame.processes, frame.rest.processes, changed);
  if (tab === 'hosts') return view(HOSTS, frame.hosts, frame.rest.hosts, changed);
  if (tab === 'drops')
    return html`${frame.drops.length === 0 ? html`<p class="hint">What the kernel drops is told by <code>pktap web -i droptap</code>.</p>` : nothing}
    ${view(DROPS, frame.drops, null, changed)}`;
  const { owner } = state;
  if (owner === null) return view(FLOWS, frame.flows, frame.rest.flows, changed);
  const flows = frame.flows.filter(({ process, pid: id }) => process === owner.process && id === owner.pid);
  const clear = (): void => {
    state.owner = null;
    changed();
  };
  return html`<p class="hint">
      Flows of ${owner.process ?? '<unknown>'} ${owner.pid ?? ''} <button @click=${clear}>all flows</button>
    </p>
    ${view(FLOWS, flows, null, changed)}`;
}

/** What each program moved in a stretch of time. */
export function stretchView(
  { series, all, begin, width }: TimelineData,
  { from, to }: Stretch,
): TemplateResult {
  const first = Math.round((from - begin) / width);
  const last = Math.round((to - begin) / width);
  const sum = (values: readonly number[]): number =>
    values.slice(Math.max(0, first), last).reduce((a, b) => a + b, 0);
  const rows = series
    .map(({ process, bytesIn, bytesOut }) => [process ?? '<unknown>', sum(bytesIn), sum(bytesOut)] as const)
    .filter(([, bytesIn, bytesOut]) => bytesIn + bytesOut > 0)
    .sort((a, b) => b[1] + b[2] - a[1] - a[2]);
  const totals = [sum(all.bytesIn), sum(all.bytesOut)] as const;
  const others = [0, 1].map(
    (i) => totals[i]! - rows.reduce((before, row) => before + (row[i + 1] as number), 0),
  );
  if (others[0]! + others[1]! > 0) rows.push(['others', others[0]!, others[1]!]);
  rows.push(['all', ...totals]);
  return html`<table id="stretch">
    <thead>
      <tr><th scope="col">Program</th><th scope="col" class="number">Bytes in</th><th scope="col" class="number">Bytes out</th></tr>
    </thead>
    <tbody>
      ${rows.map(
        ([name, bytesIn, bytesOut]) =>
          html`<tr><td>${name}</td><td class="number">${format.whole(bytesIn)}</td><td class="number">${format.whole(bytesOut)}</td></tr>`,
      )}
    </tbody>
  </table>`;
}
