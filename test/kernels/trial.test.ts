// What a kernel's trial comes to: machines that boot or do not, cases that are right at the second try, and time that is over. No QEMU.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { comesTrue, Watch } from './limits.js';
import { MARK, PLAN, type Report } from './result.js';
import { verdict } from './table.js';
import { attempt, type Ended, type Guest, type Trial } from './trial.js';
import { wordsOf } from './words.js';

/** A machine that says lines, and ends. */
type Machine = readonly [lines: readonly string[], why?: string];

const BOOTED = 'kernel 6.1.0-test';
const ENDED = 'guest ended 0';
const plan = (...names: string[]): string => `${PLAN}${JSON.stringify(names)}`;
const came = (name: string, right: boolean, note = 'as it should be'): string =>
  `${MARK}${JSON.stringify({ name, right, note, seconds: 1 })}`;

/** Runs a trial whose boots are these machines. @returns also the cases that each was asked for */
async function tried(
  machines: readonly Machine[],
  more: Partial<Trial> = {},
): Promise<{ report: Report; asked: string[] }> {
  const asked: string[] = [];
  const boot = async ({ script, line }: Guest): Promise<Ended> => {
    asked.push(/guest\.js '1' '(.*)'/.exec(script)![1]!);
    const [lines, why = null] = machines[asked.length - 1]!;
    lines.forEach(line);
    if (lines.length === 0 && why === null) throw new Error('spawn qemu ENOENT');
    return { why, processor: 7 };
  };
  const trial = { name: 'test', boot, node: 'node', least: 1, only: '', scale: null, verbose: false };
  const report = await attempt({ ...trial, until: Number.POSITIVE_INFINITY, ...more });
  assert.equal(asked.length, machines.length);
  return { report, asked };
}

const outcome = ({ results, open }: Report): unknown => ({
  results: results.map(({ name, right, again }) => `${name} ${right} ${again ? 2 : 1}`),
  open,
});

test('all is right: one boot', async () => {
  const { report } = await tried([[[BOOTED, plan('a', 'b'), came('a', true), came('b', true), ENDED]]]);
  assert.deepEqual(outcome(report), { results: ['a true 1', 'b true 1'], open: [] });
  assert.equal(report.version, '6.1.0-test');
  assert.equal(verdict([report], []).status, 0);
});

test('what is not right is tried once more, and that alone, by its name', async () => {
  const first = [BOOTED, plan('a', '-- b (c)'), came('a', true), came('-- b (c)', false), ENDED];
  const { report, asked } = await tried([
    [first],
    [[BOOTED, plan('-- b (c)'), came('-- b (c)', true), ENDED]],
  ]);
  assert.deepEqual(asked, ['', '^(?:-- b \\(c\\))$']);
  assert.deepEqual(outcome(report), { results: ['a true 1', '-- b (c) true 2'], open: [] });
  const { text, status } = verdict([report], []);
  assert.equal(status, 0);
  assert.match(text, /\| -- b \(c\) +\| as it should be \(second try\) \|/);
  assert.match(text, /\| seconds, of a processor \| \d+, 14 +\|/);
});

test('twice not right is not right', async () => {
  const lines = [BOOTED, plan('a'), came('a', false, '3 wrong'), ENDED];
  const { report } = await tried([[lines], [lines]]);
  assert.deepEqual(outcome(report), { results: ['a false 2'], open: [] });
  const { text, status } = verdict([report], ['kernel 5.10 cannot be had']);
  assert.equal(status, 1);
  assert.match(text, /not judged:\nkernel 5\.10 cannot be had\n\nnot right:\n6\.1\.0-test: a$/);
});

test('a machine that ends before its time: what it did not come to is tried on another', async () => {
  const first: Machine = [[BOOTED, plan('a', 'b', 'c'), came('a', true)], 'it hangs'];
  const again = await tried([first, [[BOOTED, plan('b', 'c'), came('b', true), came('c', true), ENDED]]]);
  assert.deepEqual(outcome(again.report), { results: ['a true 1', 'b true 2', 'c true 2'], open: [] });
  // It does so again: a kernel that panics, say.
  const twice = await tried([first, [[BOOTED, plan('b', 'c'), 'Kernel panic']]]);
  assert.deepEqual(outcome(twice.report), { results: ['a true 1', 'b false 2', 'c false 2'], open: [] });
  assert.match(
    twice.report.results[1]!.note,
    /it ended before its time; it said last:\nkernel 6.1.0-test\nKernel panic/,
  );
  // It does not boot again.
  const not = await tried([first, [[], 'it hangs']]);
  assert.deepEqual(outcome(not.report), {
    results: ['a true 1'],
    open: ['b', 'c'].map((name) => `6.1.0-test: ${name}: not over, and it did not boot again`),
  });
  assert.equal(verdict([not.report], []).status, 3);
});

test('all cases are right, and the machine does not end: right', async () => {
  const { report } = await tried([[[BOOTED, plan('a'), came('a', true)], 'it hangs']]);
  assert.deepEqual(outcome(report), { results: ['a true 1'], open: [] });
});

test('a machine that boots and cannot run the cases is not right; one that never boots is not judged', async () => {
  const broken = await tried([[[BOOTED, 'Cannot find module']], [[BOOTED, 'Cannot find module']]]);
  assert.deepEqual(outcome(broken.report), { results: ['all of them false 2'], open: [] });
  const none = await tried([[[]], [[]]]);
  assert.deepEqual(outcome(none.report), {
    results: [],
    open: ['test: it does not boot: spawn qemu ENOENT'],
  });
  assert.equal(verdict([none.report], []).status, 3);
  const late = await tried([[['SeaBIOS']], [[BOOTED, plan('a'), came('a', true), ENDED]]]);
  assert.deepEqual(outcome(late.report), { results: ['a true 2'], open: [] });
});

test('no second try when the time is over: not judged, and told', async () => {
  const { report } = await tried(
    [[[BOOTED, plan('a', 'b', 'c'), came('a', true), came('b', false, '2 missing')], 'the time is over']],
    { until: performance.now() },
  );
  assert.deepEqual(outcome(report), {
    results: ['a true 1'],
    open: [
      '6.1.0-test: b: not right (2 missing), and there was no time',
      '6.1.0-test: c: not over, and there was no time',
    ],
  });
  assert.equal(verdict([report], []).status, 3);
});

test('nothing could be had: said, and not judged', () => {
  assert.deepEqual(verdict([], ['no QEMU']), { text: 'not judged:\nno QEMU', status: 3 });
});

test('the words of the command line', () => {
  const words = wordsOf(['6.1', '--only', 'kill -9', '--minutes', '2', '5.10', '--verbose']);
  const { asked, only, verbose, scale, until } = words;
  assert.deepEqual(
    { asked, only, verbose, scale },
    {
      asked: ['6.1', '5.10'],
      only: 'kill -9',
      verbose: true,
      scale: null,
    },
  );
  assert.ok(until > performance.now() + 110_000 && until <= performance.now() + 120_000);
  assert.equal(wordsOf(['--scale', '0.02']).scale, 0.02);
  assert.throws(() => wordsOf(['--only']), /^Error: --only needs a value$/);
  assert.throws(() => wordsOf(['--minutes', 'x']), /^Error: --minutes: not a number above 0: x$/);
  assert.throws(() => wordsOf(['--minute']), /^Error: no option --minute$/);
});

/** Looks at a program until it is to be ended. */
async function ends(
  program: readonly string[],
  limits: ConstructorParameters<typeof Watch>[1],
): Promise<string> {
  const child = spawn(program[0]!, program.slice(1), { stdio: 'ignore' });
  try {
    const watch = new Watch(child.pid!, limits);
    let why: string | null = null;
    await comesTrue(() => {
      why = watch.look();
      return why !== null;
    }, 60);
    return why ?? '';
  } finally {
    child.kill('SIGKILL');
  }
}

const NEVER = { seconds: 1000, silentSeconds: 1000, idleSeconds: 1000 };
const BUSY = ['sh', '-c', 'while :; do :; done'];

test('a machine is given up by its work, not by the clock', {
  skip: process.platform !== 'linux',
}, async () => {
  assert.equal(
    await ends(BUSY, { ...NEVER, seconds: 0.5, idleSeconds: 1.5 }),
    'not over after 0.5 s of processor time',
  );
  assert.equal(
    await ends(BUSY, { ...NEVER, silentSeconds: 0.5, idleSeconds: 1.5 }),
    'silent for 0.5 s of processor time',
  );
  assert.equal(
    await ends(['sleep', '100'], { ...NEVER, seconds: 0.5, idleSeconds: 1.5 }),
    'it hangs: nothing was done for 1.5 s',
  );
});
