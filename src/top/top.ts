// The view as a whole: what is chosen by keys, and the frame that it comes to. It knows no terminal: keys come by their
// names, frames go as text.

import type { Counts } from '../stats/traffic/index.js';
import type { Cells } from './cells.js';
import { type Detail, details } from './details.js';
import type { Feed } from './feed.js';
import { HELP } from './help.js';
import {
  GROUPS,
  type Line,
  type List,
  type Listing,
  MOST,
  SORTS,
  type Sort,
  VIEWS,
  type View,
} from './listing.js';
import { flowsOf, list } from './lists.js';
import type { Followed, Key, Prompt, TopOptions } from './options.js';
import { draw, listRows } from './screen.js';
import { FlowFilter, forgetVerdicts } from './select.js';
import { type Chosen, Recorder } from './watch.js';

/** Seconds after which a filter is asked again of all flows: more may be known of their processes. */
const ASK_AGAIN = 5;

const NOT_FLOWS = 'these are counted by packets, not by flows';

export class Top {
  private view: View;
  private group: string;
  private sort: Sort;
  private reverse = false;
  private closed = true;
  private names = true;
  private filter: FlowFilter | null = null;
  private followed: Followed[] = [];
  private selected: string | null = null;
  private order: readonly string[] | null = null;
  private from = 0;
  private open = false;
  private help = false;
  private prompt: Prompt | null = null;
  /** What was there when it was paused. */
  private paused: { readonly list: List; readonly total: Counts; readonly now: number } | null = null;
  private message = '';
  private last: List = { lines: [], ids: [], count: 0 };
  private askedAt = 0;
  private rows = 24;

  constructor(
    private readonly feed: Feed,
    private readonly options: TopOptions,
  ) {
    this.view = options.view;
    this.group = options.group ?? GROUPS[options.view][0]!;
    this.sort = options.sort;
  }

  /** Says something until the next key. */
  say(message: string): void {
    this.message = message;
  }

  private listing(order = this.order): Listing {
    const { traffic } = this.feed;
    const { filter, followed } = this;
    const asks: ((place: number) => boolean)[] = followed.map(({ of }) => of);
    if (filter !== null) asks.push((place) => filter.shows(traffic, place));
    return {
      view: this.view,
      group: this.group,
      sort: this.sort,
      reverse: this.reverse,
      shows: asks.length === 0 ? null : (place) => asks.every((ask) => ask(place)),
      closed: this.closed,
      order,
    };
  }

  private current(wanted: number): List {
    const now = this.feed.now();
    if (this.paused !== null) {
      const { lines, ...rest } = this.paused.list;
      return { ...rest, lines: lines.slice(this.from, this.from + wanted) };
    }
    if (this.filter !== null && now - this.askedAt >= ASK_AGAIN) {
      this.askedAt = now;
      forgetVerdicts(this.feed.traffic);
    }
    const order = this.selected === null ? null : this.order;
    const found = list(this.feed.traffic, this.listing(order), now, this.from, wanted);
    if (this.selected !== null) this.order = found.ids;
    return found;
  }

  /** The frame of a screen of so many columns and rows. */
  frame(columns: number, rows: number): Cells {
    this.rows = rows;
    const { feed, paused } = this;
    const wanted = listRows(rows, this.open, feed.axis !== null);
    this.scroll(wanted);
    let found = this.current(wanted);
    if (this.from > 0 && found.lines.length === 0) {
      this.from = Math.max(0, found.ids.length - wanted);
      found = this.current(wanted);
    }
    this.last = found;
    const now = paused?.now ?? feed.now();
    const { axis } = feed;
    return draw(
      {
        view: this.view,
        group: this.group,
        sort: this.sort,
        reverse: this.reverse,
        source: feed.busy ? `${feed.source} (reading)` : feed.source,
        total: paused?.total ?? feed.traffic.total.counts(now),
        list: found,
        top: this.from,
        selected: this.selected,
        details: this.open ? this.details(now) : null,
        packets: this.open ? feed.watch.lines(this.options.services) : [],
        marks: this.marks(),
        message: this.message,
        prompt: this.prompt,
        help: this.help ? HELP : null,
        axis: axis === null ? null : { values: axis.parts(Math.max(1, columns)), at: feed.at },
        now,
        names: this.names,
      },
      columns,
      rows,
      this.options.ascii,
    );
  }

  private marks(): string[] {
    const marks: string[] = [];
    const { feed, filter, followed, group, view, order } = this;
    if (this.paused !== null) marks.push('PAUSED');
    const { recorder } = feed;
    if (recorder !== null)
      marks.push(
        recorder.error === null
          ? `WRITING ${recorder.packets} packets of ${recorder.what} to ${recorder.path}`
          : recorder.error.message,
      );
    if (feed.lost > 0) marks.push(`${feed.lost} packets LOST`);
    for (const { name } of followed) marks.push(`of ${name}`);
    if (filter !== null) marks.push(`/${filter.text}`);
    if (filter !== null && view === 'classes')
      marks.push('service classes are counted by packets, not by flows');
    if (group !== GROUPS[view][0]) marks.push(`by ${group}`);
    if (!this.closed && view === 'flows') marks.push('without closed');
    if ((filter !== null || followed.length > 0) && feed.traffic.flows.evicted > 0)
      marks.push(`without ${feed.traffic.flows.evicted} flows that made room`);
    marks.push(
      `sort ${this.sort}${this.reverse ? ' reversed' : ''}${order === null || this.selected === null ? '' : ' (kept)'}`,
    );
    return marks;
  }

  /** The line that is selected; null: none, or it is not there. */
  private line(): Line | null {
    const id = this.selected;
    if (id === null) return null;
    const shown = this.last.lines.find((line) => line.id === id);
    if (shown !== undefined || this.paused !== null)
      return shown ?? this.paused!.list.lines.find((line) => line.id === id) ?? null;
    const at = this.last.ids.indexOf(id);
    if (at < 0) return null;
    const found = list(this.feed.traffic, this.listing(this.last.ids), this.feed.now(), at, 1).lines[0];
    return found?.id === id ? found : null;
  }

  private details(now: number): Detail[] {
    const line = this.line();
    return line === null ? [['', 'nothing is selected, or it is gone']] : details(line, now);
  }

  /** Keeps the selected line in sight. */
  private scroll(wanted: number): void {
    if (this.selected === null || this.paused !== null) return;
    const at = this.last.ids.indexOf(this.selected);
    if (at < 0) return;
    if (at < this.from) this.from = at;
    if (at >= this.from + wanted) this.from = at - wanted + 1;
  }

  /** Takes a key. */
  key(key: Key): void {
    this.message = '';
    if (this.prompt !== null) this.type(key, this.prompt);
    else if (this.help) this.help = false;
    else this.command(key);
  }

  /** What keys do, by their names or what they type. */
  private readonly commands: Readonly<Record<string, () => void>> = {
    q: () => this.options.quit(),
    h: () => this.toggleHelp(),
    '?': () => this.toggleHelp(),
    s: () => this.nextSort(1),
    S: () => this.nextSort(-1),
    R: () => {
      this.reverse = !this.reverse;
      this.reorder();
    },
    g: () => this.nextGroup(),
    '/': () => {
      this.prompt = { kind: 'filter', name: 'filter (as -Q):', text: this.filter?.text ?? '' };
    },
    p: () => this.pause(),
    ' ': () => this.pause(),
    d: () => this.toggleDetails(),
    c: () => {
      this.closed = !this.closed;
      this.reorder();
    },
    n: () => {
      this.names = !this.names;
    },
    w: () => this.askFile(),
    return: () => this.follow(),
    enter: () => this.follow(),
    escape: () => this.back(),
    backspace: () => this.back(),
    left: () => this.time(-1 / 80),
    right: () => this.time(1 / 80),
    '[': () => this.time(-1 / 8),
    ']': () => this.time(1 / 8),
  };

  private command({ name, text }: Key): void {
    const key = name === '' ? text : name;
    const view = /^[1-7]$/.test(text) ? VIEWS[Number(text) - 1] : undefined;
    const move = this.moves(key);
    if (view !== undefined) this.show(view);
    else if (move !== 0) this.select(move);
    else if (Object.hasOwn(this.commands, key)) this.commands[key]!();
  }

  private toggleHelp(): void {
    this.help = !this.help;
  }

  /** Lines that a key moves the selection by. */
  private moves(key: string): number {
    const page = Math.max(1, listRows(this.rows, this.open, this.feed.axis !== null) - 1);
    const keys: Readonly<Record<string, number>> = {
      up: -1,
      k: -1,
      down: 1,
      j: 1,
      pageup: -page,
      pagedown: page,
      home: -MOST,
      end: MOST,
    };
    return Object.hasOwn(keys, key) ? keys[key]! : 0;
  }

  private show(view: View): void {
    this.view = view;
    this.group = GROUPS[view][0]!;
    this.unselect();
    if (this.paused !== null) this.pauseAnew();
  }

  private unselect(): void {
    this.selected = null;
    this.order = null;
    this.from = 0;
    if (this.open) this.toggleDetails();
  }

  /** Another order is wanted: the one that was kept is none any more. */
  private reorder(): void {
    this.order = null;
    this.last = { lines: [], ids: [], count: 0 };
    this.from = 0;
    if (this.paused !== null) this.pauseAnew();
  }

  private nextSort(by: number): void {
    const at = SORTS.indexOf(this.sort);
    this.sort = SORTS[(at + by + SORTS.length) % SORTS.length]!;
    this.reorder();
  }

  private nextGroup(): void {
    const groups = GROUPS[this.view];
    this.group = groups[(groups.indexOf(this.group) + 1) % groups.length]!;
    this.unselect();
    this.reorder();
  }

  private select(by: number): void {
    // Keys may come faster than frames, and the order be another since the last one.
    if (this.paused === null && this.last.ids.length === 0) this.last = this.current(1);
    const ids = this.paused?.list.ids ?? this.last.ids;
    if (ids.length === 0) return;
    const at = this.selected === null ? -1 : ids.indexOf(this.selected);
    const next = at < 0 ? (by > 0 && by < MOST ? 0 : by > 0 ? ids.length - 1 : 0) : at + by;
    const place = Math.min(ids.length - 1, Math.max(0, next));
    this.selected = ids[place]!;
    if (this.order === null) this.order = ids;
    const wanted = listRows(this.rows, this.open, this.feed.axis !== null);
    if (place < this.from) this.from = place;
    if (place >= this.from + wanted) this.from = place - wanted + 1;
    if (this.open) this.feed.look(this.chosen());
  }

  private pause(): void {
    if (this.paused === null) this.pauseAnew();
    else this.paused = null;
  }

  private pauseAnew(): void {
    this.paused = null;
    const now = this.feed.now();
    const found = list(this.feed.traffic, this.listing(), now, 0, MOST);
    this.paused = { list: found, total: this.feed.traffic.total.counts(now), now };
  }

  private toggleDetails(): void {
    this.open = !this.open;
    if (this.open && this.selected === null) this.select(1);
    this.feed.look(this.open ? this.chosen() : null);
  }

  /** Whose packets are looked at or written: of what is selected, else of all that is listed. */
  private chosen(): Chosen | null {
    if (this.selected !== null) {
      const of = flowsOf(this.view, this.group, this.selected);
      return of === null ? null : (traffic) => of(traffic, traffic.flow);
    }
    const { filter } = this;
    const followed = this.followed.map(({ view, group, selected }) => flowsOf(view, group, selected)!);
    return (traffic) =>
      followed.every((of) => of(traffic, traffic.flow)) &&
      (filter === null || filter.asks(traffic, traffic.flow));
  }

  private name(): string {
    const labels = this.line()?.labels;
    if (labels === undefined) return this.filter === null ? 'all' : 'filtered';
    const { name = null, pid = null, remote = null } = labels;
    return remote === null ? `${name}${pid === null ? '' : ` (${pid})`}` : `${name} ${remote}`;
  }

  private follow(): void {
    const { view, group, selected, feed } = this;
    if (selected === null) this.select(1);
    else if (view === 'flows' && group === 'flow') this.toggleDetails();
    else this.followInto(view, group, selected, feed);
  }

  private followInto(view: View, group: string, selected: string, feed: Feed): void {
    const of = flowsOf(view, group, selected);
    if (of === null) {
      this.say(NOT_FLOWS);
      return;
    }
    const name = this.name();
    this.followed.push({ view, group, selected, name, of: (place) => of(feed.traffic, place) });
    this.show('flows');
    this.reorder();
  }

  private back(): void {
    if (this.open) {
      this.toggleDetails();
      return;
    }
    const before = this.selected === null || this.view === 'flows' ? this.followed.pop() : undefined;
    if (before === undefined) {
      this.unselect();
      if (this.paused !== null) this.pauseAnew();
      return;
    }
    this.show(before.view);
    this.group = before.group;
    this.selected = before.selected;
  }

  private time(step: number): void {
    const { axis, at } = this.feed;
    if (axis === null) return;
    try {
      this.feed.moveTo(at + step);
    } catch (error) {
      this.say((error as Error).message);
    }
  }

  /** A key of somebody who types. */
  private type({ name, text }: Key, prompt: Prompt): void {
    if (name === 'escape') this.prompt = null;
    else if (name === 'return' || name === 'enter') this.enter(prompt);
    else if (name === 'backspace') prompt.text = Array.from(prompt.text).slice(0, -1).join('');
    else if (name === 'clear') prompt.text = '';
    else if (text !== '') prompt.text += text;
  }

  private enter(prompt: Prompt): void {
    const text = prompt.text.trim();
    if (prompt.kind === 'write') {
      this.prompt = null;
      if (text !== '') void this.write(text);
      return;
    }
    try {
      this.filter = text === '' ? null : new FlowFilter(text);
      this.prompt = null;
      forgetVerdicts(this.feed.traffic);
      this.reorder();
    } catch (error) {
      // The first line says what is wrong; those behind it show where.
      this.say((error as Error).message.split('\n')[0]!);
      this.prompt = null;
    }
  }

  private askFile(): void {
    const { feed } = this;
    if (feed.recorder !== null) {
      const { path, packets } = feed.recorder;
      feed.recorder.close();
      feed.recorder = null;
      this.say(`${packets} packets written to ${path}`);
      return;
    }
    if (this.chosen() === null) {
      this.say(NOT_FLOWS);
      return;
    }
    const name = this.name()
      .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
      .replaceAll(/^[-.]+|-+$/g, '')
      .slice(0, 60);
    const time = new Date().toISOString().replaceAll(/[-:]|\..*/g, '');
    this.prompt = {
      kind: 'write',
      name: 'write to:',
      text: `pktap-${name === '' ? 'all' : name}-${time}.pcapng`,
    };
  }

  private async write(path: string): Promise<void> {
    const { feed } = this;
    const chosen = this.chosen();
    if (chosen === null) return;
    try {
      const what = this.name();
      const recorder = new Recorder(await this.options.create(path), path, what, chosen, () => feed.watched);
      await feed.write(recorder);
      if (feed.axis !== null)
        this.say(recorder.error?.message ?? `${recorder.packets} packets written to ${path}`);
    } catch (error) {
      this.say((error as Error).message);
    }
  }
}
