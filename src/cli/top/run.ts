// `pktap top`: what the words behind it say becomes a view over a capture or a file, on a terminal or as reports.

import { statSync } from 'node:fs';
import { LinkType, type Output } from '../../packet/index.js';
import { type Host, machineServices, type Notice, type RunSpec } from '../../run/index.js';
import { createSavefile } from '../../savefile/index.js';
import {
  FileFeed,
  GROUPS,
  type Listing,
  LiveFeed,
  Painter,
  report,
  SORTS,
  type Sort,
  Top,
  VIEWS,
  type View,
} from '../../top/index.js';
import { waitForRoom } from '../blocked.js';
import { prepareOutput, say, tell, waitWith } from '../messages.js';
import { ArgumentError } from '../parsed.js';
import { sudoUser } from '../sudouser.js';
import { application, version } from '../usage.js';
import { hinted, viewSpec } from '../viewspec.js';
import { lineOf } from '../words.js';
import { parseTopArguments, TOP, type TopArguments } from './arguments.js';
import { hasTerminal, localeIsAscii, Terminal, wantsColours } from './terminal.js';

/** Milliseconds between two frames at least; keys are answered at once. */
const FRAME = 250;
/** What a frame may take of the time: one that takes long comes less often. */
const SHARE = 20;

function oneOf<T extends string>(what: string, text: string, all: readonly T[]): T {
  const found = all.find((one) => one === text);
  if (found === undefined) throw new ArgumentError(`${what} is one of ${all.join(' ')}`);
  return found;
}

function reportsOnly({ batch }: TopArguments): boolean {
  return batch || !hasTerminal();
}

function specOf(parsed: TopArguments): Promise<RunSpec> {
  const { user, verbose } = parsed;
  const told = verbose > 0;
  const behind = parsed.keepRoot || user !== null ? null : sudoUser();
  return viewSpec(
    parsed,
    {
      user,
      // On a terminal a file is read again for each time that is asked for.
      yieldsTo: behind === null ? null : { ...behind, told, rereads: !reportsOnly(parsed) },
      // Who looks at a screen has packets written wherever he says.
      sandbox: parsed.noSandbox
        ? null
        : { told, writes: reportsOnly(parsed) ? 'outputs' : 'anywhere', serves: false },
    },
    { counts: !parsed.packets },
  );
}

/** Runs `pktap top`. @returns the exit status */
export async function top(args: readonly string[]): Promise<number> {
  const parsed = parseTopArguments(args);
  if (parsed.action === 'version') say(version());
  if (parsed.action === 'help') say(version() + (await import('../reference/help.js')).viewHelp(TOP));
  if (parsed.action !== 'run') return 0;
  const view = oneOf('--view', parsed.view, VIEWS);
  const group = parsed.group === null ? null : oneOf(`--group of ${view}`, parsed.group, GROUPS[view]);
  // Of a file the sums are asked for, not what its last second had.
  const sort = oneOf('--sort', parsed.sort ?? (parsed.read === null ? 'rate' : 'total'), SORTS);
  const spec = await specOf(parsed);
  prepareOutput();
  const ascii = parsed.ascii || localeIsAscii();
  const shape = { view, group, sort, ascii };
  if (reportsOnly(parsed)) {
    if (!parsed.batch) tell('pktap: standard output is no terminal: reports as with -b');
    return reports(parsed, spec, shape);
  }
  return screen(parsed, spec, shape);
}

interface Shape {
  readonly view: View;
  readonly group: string | null;
  readonly sort: Sort;
  readonly ascii: boolean;
}

function tellLost(feed: LiveFeed): void {
  const lost = feed.lost;
  if (lost > 0) tell(`pktap: ${lost} packets were lost for want of room and are not counted: -B makes more`);
}

/** Reports as text. */
async function reports(parsed: TopArguments, spec: RunSpec, shape: Shape): Promise<number> {
  const { view, sort, ascii } = shape;
  const listing: Listing = {
    view,
    group: shape.group ?? GROUPS[view][0]!,
    sort,
    reverse: false,
    shows: null,
    closed: true,
    order: null,
  };
  const host: Host = { notice: (notice: Notice) => tell(lineOf(notice)), write: () => {} };
  if (parsed.read !== null) {
    const file = new FileFeed(spec, host, parsed.read, false, () => {});
    process.once('SIGINT', () => file.stop()).once('SIGTERM', () => file.stop());
    await hinted(parsed, spec, () => file.first());
    say(report(file.traffic, listing, file.now(), parsed.rows, ascii));
    return file.failed ? 1 : 0;
  }
  const feed = await hinted(parsed, spec, () => LiveFeed.open(spec, host));
  const { session } = feed;
  waitWith((descriptor) => waitForRoom(descriptor));
  let rounds = 0;
  let failure: Error | null = null;
  const tick = (): void => {
    try {
      say(report(feed.traffic, listing, feed.now(), parsed.rows, ascii));
      rounds++;
    } catch (error) {
      failure = error as Error;
      stop();
    }
    if (rounds === parsed.rounds) stop();
  };
  const stop = (): void => void feed.stop();
  process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop);
  let timer: NodeJS.Timeout | null = null;
  const { failed } = await session.run(() => {
    feed.begin();
    tell(`pktap: counting on ${feed.source}`);
    timer = setInterval(tick, parsed.interval * 1000);
  });
  if (timer !== null) clearInterval(timer);
  // What came since the last report is told too.
  if (failure === null && (parsed.rounds === 0 || rounds < parsed.rounds)) tick();
  tellLost(feed);
  if (failure !== null && (failure as { code?: unknown }).code !== 'EPIPE') throw failure;
  return failed ? 1 : 0;
}

/** On a terminal. */
async function screen(parsed: TopArguments, spec: RunSpec, shape: Shape): Promise<number> {
  /** What there is to say while the screen is ours is said on it, and again behind it. */
  const said: string[] = [];
  let view: Top | null = null;
  const notice = (one: Notice): void => {
    const line = lineOf(one);
    if (one.kind === 'reading') return;
    if (view === null) tell(line);
    else {
      if (!said.includes(line)) said.push(line);
      view.say(line);
    }
  };
  const host: Host = { notice, write: () => {} };
  const { read } = parsed;
  let redraw = (): void => {};
  const live = read === null ? await hinted(parsed, spec, () => LiveFeed.open(spec, host)) : null;
  const file = read === null ? null : new FileFeed(spec, host, read, read !== '-', () => redraw());
  const feed = live ?? file!;
  let quit: () => void = () => {};
  const ended = new Promise<void>((done) => {
    quit = done;
  });
  const own = new Top(feed, {
    ...shape,
    services: machineServices(),
    quit: () => quit(),
    create: (path) => create(path, read),
  });
  const painter = new Painter(wantsColours());
  let drawn = 0;
  let took = 0;
  const terminal = new Terminal({
    key: (key) => {
      own.key(key);
      frame(true);
    },
    redraw: () => {
      painter.forget();
      frame(true);
    },
    quit: () => quit(),
  });
  const frame = (now: boolean): void => {
    const begin = Date.now();
    if (!terminal.ready || (!now && begin - drawn < Math.max(FRAME, SHARE * took))) return;
    terminal.send(painter.paint(own.frame(terminal.columns, terminal.rows)));
    drawn = begin;
    took = Date.now() - begin;
  };
  redraw = () => frame(true);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => quit());
  let timer: NodeJS.Timeout | null = null;
  const begin = (): void => {
    view = own;
    live?.begin();
    terminal.enter();
    frame(true);
    timer = setInterval(() => frame(false), FRAME / 2);
  };
  let failure: Error | null = null;
  let failed = false;
  const running = (live === null ? file!.first() : live.session.run(() => begin())).then(
    (ending) => {
      failed = ending?.failed ?? file!.failed;
      if (live !== null) quit();
    },
    (error: Error) => {
      failure = error;
      quit();
    },
  );
  try {
    if (file !== null) begin();
    await ended;
  } finally {
    if (timer !== null) clearInterval(timer);
    view = null;
    terminal.close();
    await live?.stop();
    file?.stop();
    await running;
    feed.recorder?.close();
  }
  for (const line of said) tell(line);
  if (live !== null) tellLost(live);
  if (failure !== null) throw failure;
  return failed ? 1 : 0;
}

/** A file for what is selected, as -w makes one. */
async function create(path: string, read: string | null): Promise<Output> {
  const input = read === null || read === '-' ? undefined : statSync(read, { throwIfNoEntry: false });
  return createSavefile(path, {
    format: 'pcapng',
    linkType: LinkType.PKTAP,
    owner: sudoUser(),
    inputs: input === undefined ? [] : [{ dev: input.dev, ino: input.ino }],
    section: { application: application() },
  });
}
