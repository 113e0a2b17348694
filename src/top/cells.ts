// A screen as cells, and the bytes that turn the last frame into the next one. Each run of changed cells is placed by its own
// coordinates, and one with wide characters piece by piece: a terminal that counts columns differently shifts nothing.

import { clusters } from './width.js';

/** Styles are these added up: attributes, and one colour. */
export const Style = {
  PLAIN: 0,
  BOLD: 1,
  DIM: 2,
  REVERSE: 4,
  UNDERLINE: 8,
  RED: 0x10,
  GREEN: 0x20,
  YELLOW: 0x30,
  BLUE: 0x40,
  MAGENTA: 0x50,
  CYAN: 0x60,
} as const;

const ATTRIBUTES: readonly (readonly [number, number])[] = [
  [Style.BOLD, 1],
  [Style.DIM, 2],
  [Style.UNDERLINE, 4],
  [Style.REVERSE, 7],
];
const COLOURS = 0xf0;
const ESC = '\x1b[';
/** Synchronized output: terminals that know it show the frame at once, the others ignore it. */
const BEGIN = `${ESC}?2026h`;
const END = `${ESC}?2026l`;
/** The cell right of a wide character. */
const COVERED = '';

/** Cells of a screen. */
export class Cells {
  readonly text: string[];
  readonly style: Uint8Array;

  constructor(
    readonly columns: number,
    readonly rows: number,
  ) {
    this.text = new Array<string>(columns * rows).fill(' ');
    this.style = new Uint8Array(columns * rows);
  }

  clear(): void {
    this.text.fill(' ');
    this.style.fill(0);
  }

  /**
   * Puts text at a place; what does not fit is left out.
   * @returns the column behind it
   */
  put(row: number, column: number, text: string, style: number = Style.PLAIN): number {
    if (row < 0 || row >= this.rows) return column;
    for (const { text: piece, width } of clusters(text)) {
      if (column + width > this.columns) break;
      if (column >= 0) {
        const at = row * this.columns + column;
        this.text[at] = piece;
        this.style[at] = style;
        if (width === 2) {
          this.text[at + 1] = COVERED;
          this.style[at + 1] = style;
        }
      }
      column += width;
    }
    return column;
  }

  /** Fills a row from a column on. */
  fill(row: number, column: number, style: number): void {
    for (let at = row * this.columns + column; at < (row + 1) * this.columns; at++) {
      this.text[at] = ' ';
      this.style[at] = style;
    }
  }
}

function styleText(style: number, colours: boolean): string {
  const codes = [0];
  for (const [bit, code] of ATTRIBUTES) if ((style & bit) !== 0) codes.push(code);
  const colour = (style & COLOURS) >> 4;
  if (colours && colour > 0) codes.push(30 + colour);
  return `${ESC}${codes.join(';')}m`;
}

/** Draws frames. */
export class Painter {
  private last: Cells | null = null;

  /** @param colours whether colours may be used */
  constructor(private readonly colours: boolean) {}

  /** Nobody knows what the screen shows: the next frame is drawn whole. */
  forget(): void {
    this.last = null;
  }

  /** @returns what is to be written to show the frame; '' when it is shown already */
  paint(next: Cells): string {
    const last = this.last?.columns === next.columns && this.last.rows === next.rows ? this.last : null;
    let out = last === null ? `${ESC}0m${ESC}2J` : '';
    for (let row = 0; row < next.rows; row++) out += this.row(last, next, row);
    this.last = next;
    return out === '' ? '' : `${BEGIN}${out}${ESC}0m${END}`;
  }

  private row(last: Cells | null, next: Cells, row: number): string {
    const { columns } = next;
    const from = row * columns;
    const same = (at: number): boolean =>
      last === null
        ? next.text[at] === ' ' && next.style[at] === 0
        : next.text[at] === last.text[at] && next.style[at] === last.style[at];
    let out = '';
    let style = -1;
    /** Where the terminal's cursor is; -1: it must be placed. */
    let cursor = -1;
    for (let column = 0; column < columns; column++) {
      const at = from + column;
      if (same(at)) continue;
      // The right half of a wide character goes with its left one.
      if (next.text[at] === COVERED && column > 0 && cursor === column) continue;
      const start = next.text[at] === COVERED && column > 0 ? column - 1 : column;
      const text = next.text[from + start]!;
      if (cursor !== start) out += `${ESC}${row + 1};${start + 1}H`;
      if (style !== next.style[at]) {
        style = next.style[at]!;
        out += styleText(style, this.colours);
      }
      out += text;
      const plain = text.length === 1 && text >= ' ' && text <= '~';
      cursor = plain ? start + 1 : -1;
      if (next.text[from + start + 1] === COVERED && start + 1 < columns) column = start + 1;
    }
    return out;
  }
}
