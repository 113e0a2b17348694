// Runs the same work by several programs, in turns, and prints what each took beside ours.

import { type Cost, measure, median } from './measure.js';

/** Work for several programs, ours (whose names begin with pktap) first. */
export interface Task {
  readonly name: string;
  readonly commands: { readonly [program: string]: readonly string[] };
  /** What there is to do, for the speed: bytes, packets. */
  readonly amount: number;
  /** How many times as fast as its peers each of ours should be, by its name. */
  readonly goals?: { readonly [program: string]: number };
  /** Rounds of slow work. */
  readonly rounds?: number;
  /** Done before each run. */
  readonly prepare?: () => void;
}

export interface Result {
  readonly task: Task;
  readonly costs: { readonly [program: string]: readonly Cost[] };
}

const isOurs = (program: string): boolean => program.startsWith('pktap');
const time = (costs: readonly Cost[]): number => median(costs.map(({ seconds }) => seconds));

/**
 * Runs a task.
 * @throws Error when the programs' answers have different numbers in them
 */
export function compare(task: Task, rounds: number): Result {
  const costs: { [program: string]: Cost[] } = {};
  for (const program of Object.keys(task.commands)) costs[program] = [];
  for (let round = 0; round < (task.rounds ?? rounds); round++) {
    for (const [program, [name, ...args]] of Object.entries(task.commands)) {
      task.prepare?.();
      costs[program]!.push(measure(name!, ...args));
    }
  }
  const said = new Set(Object.values(costs).flatMap((list) => list.map(({ out }) => out.replace(/\D/g, ''))));
  if (said.size > 1) throw new Error(`${task.name}: the answers differ: ${[...said].join(', ')}`);
  return { task, costs };
}

export const HEADING = `| work | program | time | speed | memory | ours is … times as fast | goal |
| --- | --- | --- | --- | --- | --- | --- |`;

/**
 * A table's lines about a result: ours with its cost, each peer with how many times as fast ours is.
 * @param speed says how fast so much in a second is
 */
export function report({ task, costs }: Result, speed: (perSecond: number) => string): string {
  const ours = Object.keys(costs).filter(isOurs);
  return Object.entries(costs)
    .map(([program, list]) => {
      const seconds = time(list);
      const memory = Math.max(...list.map((cost) => cost.memory));
      const times = isOurs(program)
        ? ''
        : ours.map((name) => (seconds / time(costs[name]!)).toFixed(2)).join(', ');
      const goal = isOurs(program) ? '' : ours.map((name) => task.goals?.[name] ?? '').join(', ');
      return `| ${task.name} | ${program} | ${seconds.toFixed(2)} s | ${speed(task.amount / seconds)} | ${memory.toFixed(0)} MiB | ${times} | ${goal} |`;
    })
    .join('\n');
}

/** A command whose output goes nowhere. */
export function silent(...words: readonly string[]): string[] {
  return ['sh', '-c', 'exec "$0" "$@" >/dev/null', ...words];
}
