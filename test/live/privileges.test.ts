// What the threads of a capture may do, once it runs.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Capture, cannot, start } from './world.js';

interface Rights {
  readonly newPrivileges: boolean;
  readonly uid: string;
  readonly capabilities: string;
}

function threadsOf(pid: number): Rights[] {
  return readdirSync(`/proc/${pid}/task`).map((tid) => {
    const status = readFileSync(`/proc/${pid}/task/${tid}/status`, 'latin1');
    const of = (name: string): string => new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(status)![1]!;
    return {
      newPrivileges: of('NoNewPrivs') === '0',
      uid: of('Uid'),
      capabilities: `${of('CapPrm')} ${of('CapEff')} ${of('CapAmb')}`,
    };
  });
}

const NONE = '0'.repeat(16);
const NOTHING = `${NONE} ${NONE} ${NONE}`;

/** Whether all that is to be given up is: none may get new privileges, and at most `most` have capabilities. */
function hasSettled(threads: readonly Rights[], most: number): boolean {
  return (
    threads.every(({ newPrivileges }) => !newPrivileges) &&
    threads.filter(({ capabilities }) => capabilities !== NOTHING).length <= most
  );
}

/** Its threads once they have given up what they do: one that begins gives it up before it reads anything. */
async function settled(pid: number, most: number): Promise<Rights[]> {
  for (let i = 0; i < 200 && !hasSettled(threadsOf(pid), most); i++)
    await new Promise((done) => setTimeout(done, 50));
  return threadsOf(pid);
}

for (const [name, words] of [
  ['plain', []],
  ['-Z', ['-Z', 'nobody']],
  ['a command', ['-i', 'pktap,lo', '--', 'sleep', '20']],
  ['-Z and a command', ['-Z', 'nobody', '-i', 'pktap,lo', '--', 'sleep', '20']],
  ['names of addresses', ['-Z', 'nobody', '-i', 'lo', 'udp']],
] as const) {
  for (const attach of ['', 'packet']) {
    test(`no new privileges: ${name}${attach === '' ? '' : ', best effort'}`, { skip: cannot }, async (t) => {
      const hasInterface = (words as readonly string[]).includes('-i');
      const capture = await Capture.begin(t, [...(hasInterface ? [] : ['-i', 'lo', '-n']), ...words], {
        PKTAP_ATTACH: attach,
      });
      // With names, a thread that asks for them begins with the first packet.
      if (name === 'names of addresses') {
        start(t, 'bash', '-c', 'while echo x > /dev/udp/127.0.0.7/9; do sleep 0.05; done');
        for (let i = 0; i < 200 && capture.text === ''; i++)
          await new Promise((done) => setTimeout(done, 50));
        assert.notEqual(capture.text, '');
      }
      const threads = await settled(
        capture.child.pid!,
        (words as readonly string[]).includes('-Z') ? 1 : Number.POSITIVE_INFINITY,
      );
      assert.ok(threads.length > 4);
      assert.deepEqual(
        threads.filter(({ newPrivileges }) => newPrivileges),
        [],
      );
      if ((words as readonly string[]).includes('-Z')) {
        assert.deepEqual(new Set(threads.map(({ uid }) => uid)), new Set(['65534']));
        assert.ok(threads.filter(({ capabilities }) => capabilities !== NOTHING).length <= 1);
      }
      await capture.end();
    });
  }
}

test('no new privileges: a file that is read as another user', { skip: cannot }, async (t) => {
  const fifo = join(tmpdir(), `pktap-fifo-${process.pid}`);
  t.after(() => rmSync(fifo, { force: true }));
  const script = `mkfifo "$1"; exec 3<>"$1"; head -c 24 "$2" >&3; exec bin/pktap -n -Z nobody -r "$1"`;
  const header = join(tmpdir(), `pktap-header-${process.pid}`);
  t.after(() => rmSync(header, { force: true }));
  const bytes = Buffer.from('d4c3b2a10200040000000000000000000000040001000000', 'hex');
  writeFileSync(header, bytes);
  const child = start(t, 'bash', '-c', script, '-', fifo, header);
  const threads = await new Promise<Rights[]>((done, fail) => {
    const deadline = setTimeout(() => fail(new Error('it never refused new privileges')), 15000);
    const look = (): void => {
      const all = threadsOf(child.pid!);
      if (all.some(({ newPrivileges }) => !newPrivileges)) {
        clearTimeout(deadline);
        done(all);
      } else {
        setTimeout(look, 50);
      }
    };
    look();
  });
  assert.deepEqual(
    threads.filter(({ newPrivileges }) => newPrivileges),
    [],
  );
});
