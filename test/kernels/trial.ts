// A kernel's trial: its cases on a machine that is booted for them; those that were not right, or not over, once more on another one.
// What a machine that does not boot would have shown, and what there was no time for, is not judged, and told.

import { MARK, PLAN, type Report, type Result, type Tried } from './result.js';

/** What a machine runs. */
export interface Guest {
  /** A shell script. */
  readonly script: string;
  /** It is ended then, in the clock's milliseconds. */
  readonly until: number;
  /** Takes what it says. */
  readonly line: (line: string) => void;
}

export interface Ended {
  /** Why it was ended before its time; null: it was over by itself. */
  readonly why: string | null;
  /** Seconds of processor time that it took. */
  readonly processor: number;
}

export interface Trial {
  /** The kernel's name in what is said meanwhile. */
  readonly name: string;
  /** Boots it. */
  readonly boot: (guest: Guest) => Promise<Ended>;
  /** Node.js on the machine. */
  readonly node: string;
  /** Share of packets that must be named. */
  readonly least: number;
  /** What the names of cases must match. */
  readonly only: string;
  /** How much the ground truth sends; null: as much as it does there. */
  readonly scale: number | null;
  readonly verbose: boolean;
  /** Ends the trial, in the clock's milliseconds. */
  readonly until: number;
}

/** What one machine said. */
interface Try {
  readonly results: ReadonlyMap<string, Result>;
  /** Names of the cases; null: it did not come so far. */
  readonly plan: readonly string[] | null;
  /** Why it ended before its time; null: it did not. */
  readonly why: string | null;
  /** Its last words. */
  readonly last: string;
  readonly version: string | null;
  readonly processor: number;
}

const LAST_LINES = 20;
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

async function once(trial: Trial, only: string): Promise<Try> {
  const results = new Map<string, Result>();
  const others: string[] = [];
  let plan: string[] | null = null;
  let version: string | null = null;
  const line = (text: string): void => {
    const planned = text.indexOf(PLAN);
    const mark = text.indexOf(MARK);
    if (planned >= 0) {
      plan = JSON.parse(text.slice(planned + PLAN.length)) as string[];
      return;
    }
    if (mark < 0) {
      if (trial.verbose) console.log(`${trial.name}: ${text}`);
      version ??= /^kernel (\S+)$/.exec(text)?.[1] ?? null;
      others.push(text);
      return;
    }
    const result = JSON.parse(text.slice(mark + MARK.length)) as Result;
    results.set(result.name, result);
    const came = result.right ? 'right' : 'NOT RIGHT';
    console.log(`${trial.name}: ${result.name}: ${came} (${result.seconds} s): ${result.note}`);
  };
  const words = [quoted(String(trial.least)), quoted(only)];
  if (trial.scale !== null) words.push(String(trial.scale));
  const script = `echo kernel $(uname -r)\n${quoted(trial.node)} dist/test/kernels/guest.js ${words.join(' ')}\necho guest ended $?`;
  let ended: Ended;
  try {
    ended = await trial.boot({ script, until: trial.until, line });
  } catch (error) {
    ended = { why: (error as Error).message, processor: 0 };
  }
  const whole = others.some((text) => text.includes('guest ended 0'));
  const why = ended.why ?? (whole ? null : 'it ended before its time');
  const last = others.slice(-LAST_LINES).join('\n');
  return { results, plan, version, why, last, processor: ended.processor };
}

/** Names of the cases that one machine did not show to be right; null: it did not come to say which cases there are. */
function notRight({ plan, results }: Try): string[] | null {
  return plan?.filter((name) => results.get(name)?.right !== true) ?? null;
}

/** Runs a kernel's cases. */
export async function attempt(trial: Trial): Promise<Report> {
  const start = performance.now();
  const tell = (text: string): void => console.log(`${trial.name}: ${text}`);
  const isOver = (): boolean => performance.now() >= trial.until;
  const tries = [await once(trial, trial.only)];
  const [first] = tries as [Try];
  if (first.why !== null) tell(endOf(first));
  const missing = notRight(first);
  let second: Try | null = null;
  if ((missing === null || missing.length > 0) && !isOver()) {
    tell(`once more: ${missing === null ? 'all' : missing.join(', ')}`);
    second = await once(trial, missing === null ? trial.only : patternOf(missing));
    tries.push(second);
    if (second.why !== null) tell(endOf(second));
  }
  const version = tries.map((each) => each.version).find((found) => found !== null) ?? trial.name;
  const { results, open } = judged(first, second, version, isOver());
  return {
    ...{ version, results, open },
    seconds: Math.round((performance.now() - start) / 1000),
    processor: tries.reduce((sum, { processor }) => sum + processor, 0),
  };
}

function endOf({ why, last }: Try): string {
  return `${why ?? 'it said nothing of it'}${last === '' ? '' : `; it said last:\n${last}`}`;
}

function patternOf(names: readonly string[]): string {
  return `^(?:${names.map((name) => name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|')})$`;
}

/** What the tries come to. @param over the time was */
function judged(
  first: Try,
  second: Try | null,
  version: string,
  over: boolean,
): { results: Tried[]; open: string[] } {
  const booted = first.version !== null || (second !== null && second.version !== null);
  const plan = first.plan ?? second?.plan ?? (booted ? ['all of them'] : []);
  const results: Tried[] = [];
  const open: string[] = [];
  const last = second ?? first;
  if (!booted) open.push(`${version}: ${over ? 'there was no time' : `it does not boot: ${last.why}`}`);
  for (const name of plan) {
    const before = first.results.get(name);
    const after = second?.results.get(name);
    const begin = before === undefined ? 'not over' : `not right (${before.note.split('\n')[0]})`;
    if (before?.right === true) results.push({ ...before, again: false });
    else if (after !== undefined) results.push({ ...after, again: true });
    else if (over) open.push(`${version}: ${name}: ${begin}, and there was no time`);
    else if (second !== null && second.version === null)
      open.push(`${version}: ${name}: ${begin}, and it did not boot again`);
    else results.push({ name, right: false, note: endOf(last), seconds: 0, again: second !== null });
  }
  return { results, open };
}
