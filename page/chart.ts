// Throughput over time, stacked by program. A stretch is picked with the pointer or the keys, and zoomed into.

import uPlot from 'uplot';
import type { TimelineData } from '../src/view/messages.js';
import * as format from './format.js';
import { type Stretch, state } from './state.js';

/** Programs with a colour; what is left has one of its own. */
const COLOURS = 8;
const HEIGHT = 220;

export interface Layer {
  readonly name: string;
  /** Number of its colour; -1: those that have none. */
  readonly colour: number;
  readonly values: readonly number[];
}

export const UNKNOWN = 'unknown';

/** Colours stay with their programs as long as those are shown. */
const colours = new Map<string, number>();

function colourOf(name: string, shown: ReadonlySet<string>): number {
  const known = colours.get(name);
  if (known !== undefined) return known;
  for (const other of colours.keys()) if (!shown.has(other)) colours.delete(other);
  const taken = new Set(colours.values());
  let free = 0;
  while (taken.has(free)) free++;
  colours.set(name, free);
  return free;
}

/** Key of a program: one may be called as what is not known is. */
export function keyOf(process: string | null): string {
  return process === null ? UNKNOWN : ` ${process}`;
}

/** The programs with the most bytes, and all others together: bytes of each stretch. */
export function layersOf({ series, all, count }: TimelineData): Layer[] {
  const top = series.slice(0, COLOURS);
  const shown = new Set(top.map(({ process }) => keyOf(process)));
  const rest = Array.from({ length: count }, (_, i) => all.bytesIn[i]! + all.bytesOut[i]!);
  const layers = top.map(({ process, bytesIn, bytesOut }): Layer => {
    const values = bytesIn.map((bytes, i) => bytes + bytesOut[i]!);
    for (const [i, value] of values.entries()) rest[i]! -= value;
    return { name: process ?? UNKNOWN, colour: colourOf(keyOf(process), shown), values };
  });
  layers.sort((a, b) => a.colour - b.colour);
  if (rest.some((value) => value > 0)) layers.push({ name: 'others', colour: -1, values: rest });
  return layers;
}

/** The stretch of time whose parts are whole stretches of the timeline. */
export function snapped({ from, to }: Stretch, { begin, width, count }: TimelineData): Stretch {
  const first = Math.max(0, Math.floor((from - begin) / width + 1e-6));
  const last = Math.min(count, Math.max(first + 1, Math.ceil((to - begin) / width - 1e-6)));
  return { from: begin + first * width, to: begin + last * width };
}

function css(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function colour(number: number): string {
  return css(number < 0 ? '--rest' : `--c${number}`);
}

export class Chart {
  private plot: uPlot | null = null;
  private shape = '';
  private timeline: TimelineData | null = null;
  /** Whether we set the selection ourselves. */
  private setting = false;

  constructor(
    private readonly target: HTMLElement,
    private readonly picked: (stretch: Stretch | null) => void,
  ) {
    new ResizeObserver(() => this.plot?.setSize({ width: this.width, height: HEIGHT })).observe(target);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      this.shape = '';
      if (this.timeline !== null) this.show(this.timeline, false);
    });
    target.addEventListener('keydown', (event) => this.key(event));
  }

  private get width(): number {
    return Math.max(200, this.target.clientWidth);
  }

  /** @param live whether the last stretch goes on: it is not shown yet */
  show(timeline: TimelineData, live: boolean): void {
    this.timeline = timeline;
    const { begin, width } = timeline;
    const count = live ? Math.max(0, timeline.count - 1) : timeline.count;
    const layers = layersOf(timeline);
    // A step ends where the next begins: the last needs an end too.
    const times = Array.from({ length: count + 1 }, (_, i) => begin + i * width);
    const sums = new Float64Array(count + 1);
    const stacked = layers.map(({ values }) => {
      for (let i = 0; i < count; i++) sums[i]! += values[i]! / width;
      sums[count] = count === 0 ? 0 : sums[count - 1]!;
      return Array.from(sums);
    });
    // The highest is drawn first, and the others over it.
    const shape = layers.map(({ name, colour: number }) => `${number} ${name}`).join('\n');
    const data: uPlot.AlignedData = [times, ...stacked.reverse()];
    if (this.plot === null || shape !== this.shape) this.make([...layers].reverse(), data);
    else this.plot.setData(data);
    this.shape = shape;
    this.mark();
  }

  private make(layers: readonly Layer[], data: uPlot.AlignedData): void {
    this.plot?.destroy();
    const axis = {
      stroke: css('--quiet'),
      grid: { stroke: css('--line'), width: 1 },
      ticks: { show: false },
    };
    const options: uPlot.Options = {
      width: this.width,
      height: HEIGHT,
      legend: { show: false },
      cursor: { drag: { x: true, y: false, setScale: false }, points: { show: false }, y: false },
      scales: {
        x: { range: (_, min, max) => (state.zoom === null ? [min, max] : [state.zoom.from, state.zoom.to]) },
        y: { range: (_, _min, max) => [0, max > 0 ? max * 1.05 : 1] },
      },
      axes: [
        axis,
        {
          ...axis,
          size: 76,
          values: (_, ticks) => ticks.map((tick) => (tick === 0 ? '0' : `${format.bytes(tick)}/s`)),
        },
      ],
      series: [
        {},
        ...layers.map(({ name, colour: number }) => ({
          label: name,
          stroke: colour(number),
          fill: colour(number),
          width: 0.5,
          points: { show: false },
          paths: uPlot.paths.stepped!({ align: 1 }),
        })),
      ],
      hooks: { setSelect: [(plot) => this.select(plot)] },
    };
    this.plot = new uPlot(options, data, this.target);
    this.plot.over.addEventListener('dblclick', () => this.picked(null));
  }

  private select(plot: uPlot): void {
    if (this.setting) return;
    const { left, width } = plot.select;
    if (width < 2) {
      this.picked(null);
      return;
    }
    this.picked({ from: plot.posToVal(left, 'x'), to: plot.posToVal(left + width, 'x') });
  }

  /** Shows the stretch that is picked, wherever it is by now. */
  private mark(): void {
    const { plot } = this;
    if (plot === null) return;
    const { stretch } = state;
    const dragging =
      (plot.cursor as { drag?: { _x?: boolean } }).drag?._x === true &&
      document.querySelector('.u-over:active') !== null;
    if (dragging) return;
    this.setting = true;
    const left = stretch === null ? 0 : plot.valToPos(stretch.from, 'x');
    const right = stretch === null ? 0 : plot.valToPos(stretch.to, 'x');
    plot.setSelect(
      { left, width: right - left, top: 0, height: stretch === null ? 0 : plot.over.clientHeight },
      false,
    );
    this.setting = false;
  }

  /** Arrows move the stretch, with the shift key its end. */
  private key(event: KeyboardEvent): void {
    const { timeline } = this;
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (by === 0 || timeline === null || timeline.count === 0) return;
    event.preventDefault();
    const { begin, width, count } = timeline;
    const end = begin + count * width;
    const step = width * by;
    const old = state.stretch ?? { from: end - width, to: end };
    const from = event.shiftKey ? old.from : Math.min(Math.max(begin, old.from + step), end - width);
    const to = Math.min(end, Math.max(from + width, old.to + step));
    this.picked({ from, to });
  }
}
