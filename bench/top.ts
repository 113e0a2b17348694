// `pktap top`: what it costs at 50,000 packets a second of 5,000 flows, what a datagram costs its sender while the kernel counts and
// while packets are captured, and how soon the first frame is there. Run with `node dist/bench/top.js`.

import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { machine, median } from './measure.js';

const SECONDS = 10;
const RATE = 50_000;
const FLOWS = 5000;
const ROUNDS = 3;
const COMMAND = resolve('bin/pktap');

const folder = mkdtempSync(join(tmpdir(), 'pktap-bench-top-'));
const namespace = `bench-top-${process.pid}`;
const within = (words: readonly string[]): string[] => ['netns', 'exec', namespace, ...words];

function compiled(name: string): string {
  const out = join(folder, name);
  execFileSync('clang', ['-O2', '-o', out, `bench/${name}.c`]);
  return out;
}

/** Runs pktap in the namespace until `done` resolves. */
async function beside<T>(
  words: readonly string[],
  ready: RegExp,
  work: (pid: number) => Promise<T> | T,
): Promise<T> {
  const child: ChildProcess = spawn('ip', within([COMMAND, ...words]), { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((done) => child.on('close', () => done()));
  child.stdout!.resume();
  await new Promise<void>((done, fail) => {
    let text = '';
    child.stderr!.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (ready.test(text)) done();
    });
    child.on('close', () => fail(new Error(text)));
  });
  try {
    return await work(child.pid!);
  } finally {
    child.kill('SIGINT');
    await ended;
  }
}

/** Share of a processor that a view takes on a terminal while the flows go on. */
function onTerminal(flows: string, words: readonly string[]): number {
  const script = `
import fcntl, os, pty, re, select, struct, subprocess, sys, termios, threading, time
pid, master = pty.fork()
if pid == 0: os.execvp('ip', ['ip', 'netns', 'exec', '${namespace}', '${COMMAND}', 'top'] + sys.argv[1:])
fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack('HHHH', 40, 120, 0, 0))
begin = time.monotonic()
first = threading.Event()
def read():
    try:
        while True:
            data = os.read(master, 65536)
            if b'PROCESS' in data: first.set()
    except OSError: pass
threading.Thread(target=read, daemon=True).start()
first.wait(30)
shown = time.monotonic() - begin
def used():
    fields = open('/proc/%d/stat' % pid).read().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100
child = subprocess.Popen(['ip', 'netns', 'exec', '${namespace}', '${flows}', '10.99.0.2', '9', '${FLOWS}', '${RATE}', '${SECONDS + 2}'], stdout=subprocess.PIPE)
time.sleep(1)
before, start = used(), time.monotonic()
time.sleep(${SECONDS})
share = (used() - before) / (time.monotonic() - start)
sent = child.stdout.read().decode()
child.wait()
os.kill(pid, 2)
os.waitpid(pid, 0)
print(share, shown, sent.strip())
`;
  const { stdout, stderr } = spawnSync('python3', ['-c', script, ...words], { encoding: 'utf8' });
  const [share, shown, sent] = stdout.trim().split(' ').map(Number);
  if (share === undefined || Number.isNaN(share)) throw new Error(stderr);
  console.log(
    `top ${words.join(' ')}: ${(share * 100).toFixed(1)} % of a processor at ${Math.round(sent! / (SECONDS + 2))} packets/s; first frame after ${(shown! * 1000).toFixed(0)} ms`,
  );
  return share;
}

/** Nanoseconds of a send, in turns with and without what runs beside it. */
async function senders(sendcost: string): Promise<void> {
  const send = (): number =>
    Number(execFileSync('ip', within([sendcost, '10.99.0.2', '9']), { encoding: 'utf8' }));
  const kinds: readonly (readonly [string, readonly string[] | null, RegExp])[] = [
    ['nothing', null, /x/],
    ['top -b, counted in the kernel', ['top', '-b', '-i', 'd0'], /counting on/],
    ['top -b --packets', ['top', '-b', '--packets', '-i', 'd0'], /counting on/],
    ['-i d0 -k -w /dev/null', ['-i', 'd0', '-k', '-w', '/dev/null'], /listening on/],
  ];
  const costs = kinds.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++)
    for (const [i, [, words, ready]] of kinds.entries())
      costs[i]!.push(words === null ? send() : await beside(words, ready, send));
  const [nothing = 0] = costs.map(median);
  kinds.forEach(([name], i) => {
    const cost = median(costs[i]!);
    console.log(`a datagram beside ${name}: ${cost} ns, ${cost - nothing} ns more`);
  });
}

try {
  console.log(machine());
  execFileSync('ip', ['netns', 'add', namespace]);
  const ip = (...words: string[]): Buffer => execFileSync('ip', ['-n', namespace, ...words]);
  // What arrives at the other end is for nobody, and is dropped there.
  ip('link', 'add', 'd0', 'type', 'veth', 'peer', 'name', 'd1');
  ip('link', 'set', 'd1', 'up');
  ip('addr', 'add', '10.99.0.1/24', 'dev', 'd0');
  ip('link', 'set', 'd0', 'up');
  ip('link', 'set', 'lo', 'up');
  ip('neigh', 'add', '10.99.0.2', 'lladdr', '02:00:00:00:00:02', 'dev', 'd0');
  const flows = compiled('flows');
  for (const words of [
    ['-i', 'd0'],
    ['-i', 'd0', '--view', 'flows'],
    ['-i', 'd0', '--packets'],
  ])
    onTerminal(flows, words);
  await senders(compiled('sendcost'));
} finally {
  spawnSync('ip', ['netns', 'del', namespace]);
  rmSync(folder, { recursive: true });
}
