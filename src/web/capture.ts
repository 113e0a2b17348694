// What the page shows: a live capture, or a file.

import { compileMetadataFilter, Expressions } from '../filter/index.js';
import { MAXIMUM_SNAPSHOT_LENGTH, type Output, type Packet, type PacketFilter } from '../packet/index.js';
import { againSpec, type Host, openSession, type RunSpec, type Session } from '../run/index.js';
import { keeping, View, type Watch } from '../view/index.js';
import { Recording, RecordingFile } from './recording.js';

/** @throws Error that says what is wrong with a filter */
function filtersOf({ metadata, expression }: Watch): PacketFilter[] {
  const filters: PacketFilter[] = [];
  if (metadata !== '') filters.push(compileMetadataFilter(metadata).matches);
  if (expression !== '') {
    const expressions = new Expressions(expression, {
      snapshotLength: MAXIMUM_SNAPSHOT_LENGTH,
      optimize: true,
    });
    expressions.check();
    filters.push(expressions.matches);
  }
  return filters;
}

function recordingFile(): RecordingFile | Error {
  try {
    return RecordingFile.make();
  } catch (error) {
    return error as Error;
  }
}

interface Shown {
  readonly view: View;
  /** What is captured on or read, for eyes. */
  readonly source: string;
  readonly live: boolean;
  readonly ended: boolean;
  readonly error: string | null;
  /** What is less exact. */
  readonly notes: readonly string[];
  /** Packets that were lost before they could be counted. */
  readonly lost: number;
  readonly recording: Recording | null;
  /** The second that is going on. */
  now(): number;
  /** Lists other packets. @throws Error for a wrong filter */
  watch(watch: Watch): void;
  /** @throws Error where there is none to be had */
  record(on: boolean): Promise<void>;
  stop(): void;
  /** When it has ended. */
  close(): void;
}

export type Capture = LiveCapture | FileCapture;

/** A live capture, or one that has ended. */
export class LiveCapture implements Shown {
  readonly view = new View(true);
  readonly live = true;
  ended = false;
  error: string | null = null;
  recording: Recording | null = null;
  /** Or why there is none. */
  private readonly file: RecordingFile | Error;
  private lostBefore = 0;

  private constructor(
    readonly session: Session,
    outputs: { to: LiveCapture | null },
    private readonly application: string,
  ) {
    outputs.to = this;
    this.file = recordingFile();
  }

  /** @throws Error when the capture cannot be opened */
  static async open(spec: RunSpec, host: Host, application: string): Promise<LiveCapture> {
    const outputs: { to: LiveCapture | null } = { to: null };
    const fan: Output = {
      packet: (packet) => outputs.to!.packet(packet),
      flush: () => outputs.to!.recording?.flush(),
      close: () => outputs.to!.recording?.close(),
    };
    return new LiveCapture(await openSession(spec, host, [fan]), outputs, application);
  }

  private packet(packet: Packet): void {
    this.view.packet(packet);
    if (this.recording !== null) this.recording.packet(packet);
  }

  /** @param begin called when the first packet may come */
  async run(begin: () => Promise<void>): Promise<boolean> {
    const { failed } = await this.session.run(begin);
    this.ended = true;
    if (failed) this.error ??= 'the capture broke off';
    return failed;
  }

  get source(): string {
    return this.session.source.name;
  }

  /** A capture that has ended has no more to say. */
  get lost(): number {
    if (!this.ended) this.lostBefore = this.session.counts().droppedByKernel;
    return this.lostBefore;
  }

  get notes(): string[] {
    const { lost } = this;
    return lost === 0
      ? []
      : [`${lost} packets were lost for want of room and are not counted: -B makes more`];
  }

  now(): number {
    return Date.now() / 1000;
  }

  watch(watch: Watch): void {
    this.view.choose(watch, keeping(watch, filtersOf(watch)), false);
  }

  async record(on: boolean): Promise<void> {
    if (!on) {
      this.recording?.close();
      return;
    }
    if (this.recording?.line.state === 'recording') throw new Error('a recording goes on');
    const { file } = this;
    if (file instanceof Error) throw new Error(`there is no room for a recording: ${file.message}`);
    this.recording = Recording.start(file, this.session.source.tap?.interfaces ?? [], this.application);
  }

  stop(): void {
    this.session.stop();
  }

  close(): void {
    this.recording?.close();
    if (this.file instanceof RecordingFile) this.file.close();
  }
}

/** A file: read once for its counts, and again for each filter of the list, if that can be. */
export class FileCapture implements Shown {
  readonly view = new View(false);
  readonly live = false;
  readonly lost = 0;
  readonly recording = null;
  readonly notes: string[] = [];
  ended = false;
  error: string | null = null;
  private session: Session;
  /** Readings that were asked for. */
  private asked = 0;

  private constructor(
    private readonly spec: RunSpec,
    private readonly host: Host,
    readonly source: string,
    first: { handle: Output },
    session: Session,
  ) {
    first.handle = this.view;
    this.session = session;
  }

  /** @throws Error when the file cannot be opened */
  static async open(spec: RunSpec, host: Host, source: string): Promise<FileCapture> {
    const first: { handle: Output | null } = { handle: null };
    const output: Output = {
      packet: (packet) => first.handle!.packet(packet),
      flush: () => {},
      close: () => {},
    };
    const session = await openSession(spec, host, [output]);
    return new FileCapture(spec, host, source, first as { handle: Output }, session);
  }

  /** Reads it. @returns whether it broke off */
  async run(): Promise<boolean> {
    const { failed, broken } = await this.session.run();
    this.ended = true;
    return failed || broken;
  }

  now(): number {
    return this.view.last;
  }

  watch(watch: Watch): void {
    const keep = keeping(watch, filtersOf(watch));
    const again = this.ended && this.source !== '-';
    if (!this.ended) throw new Error('the file is being read: filter it then');
    this.view.choose(watch, keep, again);
    if (again) void this.read(++this.asked);
    else this.noteOnce('standard input cannot be read again: a filter asks the packets that are listed');
  }

  private noteOnce(note: string): void {
    if (!this.notes.includes(note)) this.notes.push(note);
  }

  /** Reads it for the list alone; a later reading breaks an earlier one off. */
  private async read(number: number): Promise<void> {
    this.session.stop();
    const { view } = this;
    const output: Output = {
      packet: (packet) => {
        if (number === this.asked) view.again(packet);
      },
      flush: () => {},
      close: () => {},
    };
    try {
      this.session = await openSession(againSpec(this.spec), { ...this.host, notice: () => {} }, [output]);
      if (number !== this.asked) this.session.stop();
      await this.session.run();
    } catch (error) {
      this.error = (error as Error).message;
    }
  }

  async record(): Promise<void> {
    throw new Error('a file is a recording already');
  }

  stop(): void {
    this.asked++;
    this.session.stop();
  }

  close(): void {}
}
