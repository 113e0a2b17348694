// Packets as rows of Parquet files: one, or, rotating, one after the other.

import { DEFAULT_FIELDS, Facts, type Field } from '../../decode/facts/index.js';
import type { Output, Packet } from '../../packet/index.js';
import {
  type FileOptions,
  openForWriting,
  postRotate,
  Rotation,
  type RotationOptions,
  SavefileSystemError,
  systemErrorCode,
  systemErrorText,
} from '../../savefile/index.js';
import { type Column, columnOf } from './columns.js';
import { ParquetFile } from './file.js';

/** Rows of a group. */
const ROWS = 50_000;
/** Milliseconds that a live packet waits for the others of its group. */
const PATIENCE = 60_000;
/** Bytes that a row takes in a file, about, before a group says it. */
const ROW = 100;

export interface ParquetOptions extends FileOptions {
  readonly fields?: readonly Field[];
  /** Rows of a row group; default 50,000. */
  readonly groupRows?: number;
  readonly rotation?: RotationOptions;
  /** Text of a packet, for `info`. */
  readonly info?: (packet: Packet) => string;
  /** Who wrote it. */
  readonly createdBy?: string;
  /** Called once when -G has written the last of -W files. */
  readonly onLimit?: () => void;
}

export class ParquetOutput implements Output {
  /** Rows so far, in all files. */
  rows = 0;
  private readonly facts = new Facts();
  private readonly fields: readonly Field[];
  private readonly columns: readonly Column[];
  private readonly most: number;
  private readonly rotation: Rotation;
  private file: ParquetFile | null;
  /** The file at hand. */
  path: string;
  private row = 0;
  /** When the group's first packet came. */
  private began = 0;
  /** What a row takes, by the groups so far. */
  private rowSize = ROW;
  private limited = false;

  /** @throws SavefileSystemError when the file cannot be made; it has to be one that can be written anywhere in it */
  constructor(
    path: string,
    private readonly options: ParquetOptions = {},
  ) {
    this.fields = options.fields ?? DEFAULT_FIELDS;
    this.facts.info = options.info ?? null;
    this.most = options.groupRows ?? ROWS;
    this.columns = this.fields.map((field) => columnOf(field, this.most));
    this.rotation = new Rotation(path, options.rotation ?? {}, Date.now());
    this.path = this.rotation.path();
    this.file = this.open();
  }

  private open(): ParquetFile {
    const descriptor = openForWriting(this.path, this.options);
    return this.guarded(() => new ParquetFile(descriptor, this.fields, this.options.createdBy ?? 'pktap'));
  }

  private guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      this.file?.close();
      this.file = null;
      throw new SavefileSystemError(
        `Unable to write to ${this.path}: ${systemErrorText(error)}`,
        this.path,
        systemErrorCode(error),
      );
    }
  }

  packet(packet: Packet): void {
    if (this.rotation.active) this.rotate();
    if (this.file === null) return;
    if (this.row === 0) this.began = Date.now();
    const { facts, columns, row } = this;
    facts.read(packet);
    for (let i = 0; i < columns.length; i++) columns[i]!.take(facts, row);
    this.rows++;
    if (++this.row === this.most) this.group();
  }

  private rotate(): void {
    if (this.limited) return;
    const { file, rotation } = this;
    const size = (file?.size ?? 0) + this.row * this.rowSize;
    const verdict = rotation.next(rotation.timed ? Date.now() : 0, size);
    if (verdict === 'same') return;
    this.finish();
    if (verdict === 'end') {
      this.limited = true;
      this.options.onLimit?.();
      return;
    }
    this.path = rotation.path();
    this.file = this.open();
  }

  /** Writes a row group of the rows that there are. */
  private group(): void {
    const { file, row } = this;
    this.row = 0;
    if (file === null || row === 0) return;
    const before = file.size;
    this.guarded(() => file.write(this.columns, row));
    this.rowSize = Math.max(1, (file.size - before) / row);
  }

  /** Live packets do not wait for ever: a group ends with the minute. */
  flush(): void {
    if (this.row > 0 && Date.now() - this.began >= PATIENCE) this.group();
  }

  private finish(): void {
    if (this.file === null) return;
    this.group();
    this.file?.close();
    this.file = null;
    postRotate(this.options.rotation?.command ?? null, this.path, this.options.warn);
  }

  close(): void {
    this.finish();
  }
}
