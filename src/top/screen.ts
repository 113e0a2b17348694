// A frame: what the view shows as cells. Everything that comes from packets or processes is escaped here, by `shown`.

import type { Counts } from '../stats/traffic/index.js';
import { Cells, Style } from './cells.js';
import type { How, Placed } from './columns.js';
import { layOut } from './columns.js';
import type { Detail } from './details.js';
import { clock, short, sparkline } from './format.js';
import { type Line, type List, VIEWS, type View } from './listing.js';
import { fit, shown, textWidth } from './width.js';

/** Rows above the list, and below it. */
const HEAD = 4;
const FOOT = 1;
const LEAST_COLUMNS = 30;
const LEAST_ROWS = 8;

/** What there is to show. */
export interface Scene {
  readonly view: View;
  readonly group: string;
  readonly sort: string;
  readonly reverse: boolean;
  /** In front of all else: what is captured on, or read. */
  readonly source: string;
  readonly total: Counts;
  readonly list: List;
  /** Number of the first line of the list. */
  readonly top: number;
  readonly selected: string | null;
  readonly details: readonly Detail[] | null;
  /** The last packets' text. */
  readonly packets: readonly string[];
  /** PAUSED, a filter, what is followed, a recording: what is not as ever. */
  readonly marks: readonly string[];
  /** What there is to say; '' : the keys. */
  readonly message: string;
  /** What is typed in, behind its name. */
  readonly prompt: { readonly name: string; readonly text: string } | null;
  /** Lines of help in place of the list. */
  readonly help: readonly string[] | null;
  /** Of a file: its bytes over time, and where in it we are, 0 to 1. */
  readonly axis: { readonly values: readonly number[]; readonly at: number } | null;
  readonly now: number;
  readonly names: boolean;
}

/** Lines of the list that a screen of so many rows has room for. */
export function listRows(rows: number, open: boolean, axis: boolean): number {
  const room = rows - HEAD - FOOT - (axis ? 1 : 0);
  return Math.max(1, open ? Math.floor(room / 3) : room);
}

function totals({ total }: Scene): string {
  const { rateIn, rateOut, bytesIn, bytesOut, packets, flows, retransmissions, resets, drops } = total;
  const rates = `in ${short(rateIn)}B/s out ${short(rateOut)}B/s`;
  const sums = `total ${short(bytesIn)}B in ${short(bytesOut)}B out`;
  return `${rates}  ${sums}  ${short(packets)} packets  ${short(flows)} flows  ${short(retransmissions)} retr  ${short(resets)} rst  ${short(drops)} drop`;
}

/** Keys, for the last row. */
const KEYS = 'q quit  h help  s sort  / filter  p pause  Enter follow  d details  w write';

class Frame {
  private readonly ellipsis: string;

  constructor(
    private readonly cells: Cells,
    private readonly scene: Scene,
    private readonly ascii: boolean,
  ) {
    this.ellipsis = ascii ? '~' : '…';
  }

  private cut(text: string, columns: number, right = false): string {
    return fit(text, columns, right, this.ellipsis);
  }

  draw(): void {
    const cells = this.cells;
    const scene = this.scene;
    const { columns, rows } = cells;
    if (columns < LEAST_COLUMNS || rows < LEAST_ROWS) {
      cells.put(0, 0, `pktap top: ${LEAST_COLUMNS} x ${LEAST_ROWS} needed`);
      return;
    }
    const time = clock(scene.now);
    const room = columns - time.length - 1;
    cells.put(0, 0, this.cut(`pktap top  ${shown(scene.source, this.ascii)}`, room), Style.BOLD);
    cells.put(0, room + 1, time);
    cells.put(1, 0, this.cut(totals(scene), columns));
    this.tabs();
    if (scene.help === null) this.body();
    else
      scene.help.slice(0, rows - HEAD).forEach((line, i) => {
        cells.put(HEAD - 1 + i, 0, this.cut(line, columns));
      });
    if (scene.axis !== null) this.axis(rows - 2);
    this.foot(rows - 1);
  }

  private tabs(): void {
    const { cells, scene } = this;
    let at = 0;
    VIEWS.forEach((view, i) => {
      const style = view === scene.view ? Style.BOLD | Style.UNDERLINE : Style.DIM;
      // The first four have keys in every width.
      const name = cells.columns < 100 && i > 3 && view !== scene.view ? `${i + 1}` : `${i + 1} ${view}`;
      at = cells.put(2, at, name, style) + 2;
    });
    const marks = scene.marks.map((mark) => shown(mark, this.ascii)).join('  ');
    const room = cells.columns - at;
    if (marks !== '' && room > 3)
      cells.put(2, at, this.cut(marks, room).trimEnd(), Style.YELLOW | Style.BOLD);
  }

  private body(): void {
    const { cells, scene } = this;
    const { rows, columns } = cells;
    const { list, details, axis } = scene;
    const placed = layOut(scene.view, scene.group, columns);
    const wanted = listRows(rows, details !== null, axis !== null);
    cells.fill(HEAD - 1, 0, Style.REVERSE);
    for (const { column, at, width } of placed) {
      const sorted = column.sort === scene.sort || (scene.sort === 'total' && column.title === 'IN');
      const arrow = !sorted ? '' : scene.reverse ? (this.ascii ? '^' : '▲') : this.ascii ? 'v' : '▼';
      const title = column.right ? arrow + column.title : column.title + arrow;
      cells.put(
        HEAD - 1,
        at,
        this.cut(title, width, column.right),
        Style.REVERSE | (sorted ? Style.BOLD : 0),
      );
    }
    list.lines.slice(0, wanted).forEach((line, i) => {
      this.line(HEAD + i, line, placed);
    });
    if (details !== null) this.pane(HEAD + wanted, rows - FOOT - (axis === null ? 0 : 1));
  }

  private line(row: number, line: Line, placed: readonly Placed[]): void {
    const { cells, scene, ascii } = this;
    const selected = line.id === scene.selected;
    const style = selected ? Style.REVERSE : line.over ? Style.DIM : Style.PLAIN;
    if (selected) cells.fill(row, 0, Style.REVERSE);
    for (const { column, at, width } of placed) {
      const how: How = { ascii, names: scene.names, now: scene.now, width };
      cells.put(
        row,
        at,
        this.cut(column.text(line, how), width, column.right),
        style | colour(line, column.title),
      );
    }
  }

  private pane(from: number, end: number): void {
    const { cells, scene, ascii } = this;
    const { columns } = cells;
    cells.fill(from, 0, Style.REVERSE);
    cells.put(from, 0, this.cut('DETAILS', columns), Style.REVERSE);
    let row = from + 1;
    const lines = end - row;
    // The text of packets has a third of the room at least.
    const texts = Math.min(
      scene.packets.length,
      Math.max(Math.floor(lines / 3), lines - scene.details!.length),
    );
    for (const [name, text] of scene.details!.slice(0, lines - texts)) {
      const at = cells.put(row, 0, `${name} `, Style.DIM);
      cells.put(row++, at, this.cut(shown(text, ascii), columns - at).trimEnd());
    }
    if (texts <= 0) return;
    for (const text of scene.packets.slice(-texts))
      cells.put(row++, 0, this.cut(shown(text, ascii), columns).trimEnd(), Style.CYAN);
  }

  private axis(row: number): void {
    const { cells, scene, ascii } = this;
    const { columns } = cells;
    const { values, at } = scene.axis!;
    const line = sparkline(values, columns, ascii);
    const cursor = Math.min(columns - 1, Math.floor(at * columns));
    cells.put(row, 0, line.slice(0, cursor), Style.GREEN);
    cells.put(row, cursor, line[cursor] ?? ' ', Style.REVERSE);
    cells.put(row, cursor + 1, line.slice(cursor + 1), Style.DIM);
  }

  private foot(row: number): void {
    const { cells, scene, ascii } = this;
    const { columns } = cells;
    if (scene.prompt !== null) {
      const { name, text } = scene.prompt;
      const typed = shown(text, ascii);
      // The end of what is typed is seen.
      let visible = typed;
      while (textWidth(visible) > columns - name.length - 3 && visible !== '') visible = visible.slice(1);
      const at = cells.put(row, 0, `${name} `, Style.BOLD);
      const end = cells.put(row, at, visible);
      cells.put(row, end, ' ', Style.REVERSE);
      return;
    }
    const { list, top } = scene;
    // At the end of what can be reached it is said how much is left out.
    const cut = list.count > list.ids.length && top + list.lines.length >= list.ids.length;
    const rest = cut ? `${list.count - list.ids.length} more come later in this order` : KEYS;
    const text = scene.message === '' ? rest : shown(scene.message, ascii);
    cells.put(row, 0, this.cut(text, columns).trimEnd(), scene.message === '' ? Style.DIM : Style.YELLOW);
  }
}

function colour({ counts, unknown }: Line, title: string): number {
  if (title === 'RETR' && counts.retransmissions > 0) return Style.YELLOW;
  if ((title === 'DROP' && counts.drops > 0) || (title === 'RST' && counts.resets > 0)) return Style.RED;
  if (title === 'LAST MIN' || title === 'IN/s' || title === 'OUT/s')
    return counts.rateIn + counts.rateOut > 0 ? Style.GREEN : Style.PLAIN;
  return unknown && title === 'PROCESS' ? Style.MAGENTA : Style.PLAIN;
}

/** Draws a frame. */
export function draw(scene: Scene, columns: number, rows: number, ascii: boolean): Cells {
  const cells = new Cells(Math.max(1, columns), Math.max(1, rows));
  new Frame(cells, scene, ascii).draw();
  return cells;
}
