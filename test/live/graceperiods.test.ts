// The kernel is asked to hurry while many programs are attached: its setting is put back, whatever ends the process.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { cannot } from './world.js';

const SWITCH = '/sys/kernel/rcu_expedited';
const read = (): string => readFileSync(SWITCH, 'latin1').trim();
const skip = cannot || (!existsSync(SWITCH) && 'this kernel has no such setting');

/** Runs `during` for a hundred interfaces in a process of its own, which says the setting meanwhile and then does `then`. */
function child(then: string): { said: string; signal: string | null } {
  const program = `
    import { readFileSync, writeSync } from 'node:fs';
    import { GracePeriods } from ${JSON.stringify(resolve('dist/src/tap/linux/network/graceperiods.js'))};
    const periods = new GracePeriods();
    periods.during(100, () => { writeSync(1, readFileSync('${SWITCH}', 'latin1')); ${then} });
    writeSync(1, readFileSync('${SWITCH}', 'latin1'));
    periods.close();`;
  const { stdout, signal } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  return { said: stdout, signal };
}

/** Off for the test, as on most machines. */
function switchedOff(t: TestContext): void {
  const before = read();
  writeFileSync(SWITCH, '0');
  t.after(() => writeFileSync(SWITCH, before));
}

async function putBack(): Promise<boolean> {
  for (let i = 0; i < 500 && read() !== '0'; i++) await sleep(10);
  return read() === '0';
}

test('the setting is put back at once, also when the work fails', { skip }, (t) => {
  switchedOff(t);
  assert.deepEqual(child(''), { said: '1\n0\n', signal: null });
  assert.equal(child("throw new Error('no');").said, '1\n');
  assert.equal(read(), '0');
});

test('the setting is put back after a kill -9', { skip }, async (t) => {
  switchedOff(t);
  assert.deepEqual(child("process.kill(process.pid, 'SIGKILL');"), { said: '1\n', signal: 'SIGKILL' });
  assert.ok(await putBack());
});
