// What a capture costs the sender, and whether it loses packets: as many datagrams as iperf3 can send, a TCP connection at
// full speed, and a steady rate that is printed; without a capture, with tcpdump, dumpcap and pktap, in turns, in one run.
// Needs root. ROUNDS, SECONDS, GIGABYTES: less work.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { machine, median } from './measure.js';
import { makeWorld, SERVER, sleep, type World } from './world.js';

const ROUNDS = Number(process.env['ROUNDS'] ?? 5);
const SECONDS = Number(process.env['SECONDS'] ?? 4);
const GIGABYTES = Number(process.env['GIGABYTES'] ?? 2);
const GB = 1e9;
const RATE = 100_000;
const DATAGRAM = 64;
const TICKS = 100;
/** Port of a program that reads nothing. */
const SINK = '9999';
const command = resolve('bin/pktap');

/** A capture program's words; null: no capture. */
type Words = readonly string[] | null;
type Captures = { readonly [name: string]: Words };

/** What a run of a capture told. */
interface Captured {
  readonly packets: number;
  readonly dropped: number;
  /** Processor seconds while it captured, and most MiB of memory. */
  readonly processor: number;
  readonly memory: number;
}

/** Captures of one kind of traffic. */
class Running {
  private said = '';
  lines = 0;

  /** Processor seconds when it began to capture. */
  private begun = 0;

  private constructor(private readonly child: ChildProcess) {}

  /** Starts one and waits until it captures. */
  static async start(words: readonly string[]): Promise<Running> {
    const child = spawn(words[0]!, words.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
    const running = new Running(child);
    child.stdout.on('data', (chunk: Buffer) => {
      for (const byte of chunk) if (byte === 10) running.lines++;
    });
    await new Promise<void>((done, fail) => {
      child.on('exit', () => fail(new Error(`${words.join(' ')}: ${running.said}`)));
      child.stderr.on('data', (chunk: Buffer) => {
        running.said += chunk.toString();
        if (/listening on|^File: /m.test(running.said)) done();
      });
    });
    child.removeAllListeners('exit');
    running.begun = running.processor();
    return running;
  }

  /** Processor seconds so far. */
  private processor(): number {
    const stat = readFileSync(`/proc/${this.child.pid}/stat`, 'latin1').split(') ')[1]!.split(' ');
    return (Number(stat[11]) + Number(stat[12])) / TICKS;
  }

  async stop(): Promise<Captured> {
    // What is under way arrives.
    await sleep(300);
    const processor = this.processor() - this.begun;
    const high = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${this.child.pid}/status`, 'latin1'))![1];
    const closed = new Promise((done) => this.child.on('close', done));
    this.child.kill('SIGINT');
    await closed;
    const number = (...patterns: RegExp[]): number =>
      Number(patterns.map((pattern) => pattern.exec(this.said)?.[1]).find((match) => match !== undefined));
    return {
      packets: number(/(\d+) packets? captured/, /Packets captured: (\d+)/),
      dropped: number(/(\d+) packets? dropped by kernel/, /received\/dropped on interface.*: \d+\/(\d+)/),
      processor,
      memory: Number(high) / 1024,
    };
  }
}

interface Sent {
  readonly packets: number;
  readonly bytes: number;
  readonly seconds: number;
}

/** What iperf3 says of what it sent; asks again while its server is busy with the run before. */
async function iperf3(...args: string[]): Promise<Sent> {
  for (let tries = 5; ; tries--) {
    const client = spawn('iperf3', ['-c', SERVER, '-J', ...args]);
    let out = '';
    client.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    await new Promise((done) => client.on('close', done));
    const { end, error } = JSON.parse(out) as {
      end: { sum?: Sent; sum_sent?: Omit<Sent, 'packets'> };
      error?: string;
    };
    if (end.sum !== undefined) return end.sum;
    if (end.sum_sent !== undefined) return { ...end.sum_sent, packets: 0 };
    if (tries === 0) throw new Error(`iperf3 ${args.join(' ')}: ${error ?? 'sent nothing'}`);
    await sleep(500);
  }
}

interface Run {
  readonly sent: Sent;
  readonly captured: Captured | null;
  /** Lines printed, for captures that print. */
  readonly lines: number;
}

async function once(words: Words, traffic: () => Promise<Sent>): Promise<Run> {
  if (words === null) return { sent: await traffic(), captured: null, lines: 0 };
  const running = await Running.start(words);
  const sent = await traffic();
  const captured = await running.stop();
  return { sent, captured, lines: running.lines };
}

/** Runs all captures in turns. @param prepare done before each */
async function turns(
  captures: Captures,
  traffic: () => Promise<Sent>,
  prepare = (): void => {},
): Promise<Map<string, Run[]>> {
  const runs = new Map<string, Run[]>(Object.keys(captures).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, words] of Object.entries(captures)) {
      prepare();
      runs.get(name)!.push(await once(words, traffic));
    }
  }
  return runs;
}

const of = (runs: readonly Run[], what: (run: Run) => number): number => median(runs.map(what));
const share = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;

/** Speed kept, of what there is without a capture, and what was lost. */
function report(
  runs: Map<string, Run[]>,
  speed: (run: Run) => number,
  unit: (speed: number) => string,
): void {
  const base = of(runs.get('no capture')!, speed);
  console.log(
    '| capture | speed | kept | lost | captured | processor seconds per GB sent | per GB captured | memory |',
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const [name, list] of runs) {
    const own = of(list, speed);
    const cells = [name, unit(own), share(own, base)];
    if (list[0]!.captured !== null) {
      const dropped = list.reduce((sum, { captured }) => sum + captured!.dropped, 0);
      const packets = list.reduce((sum, { captured }) => sum + captured!.packets, 0);
      cells.push(dropped === 0 ? '0' : `${dropped} (${share(dropped, dropped + packets)})`);
      const cost = ({ sent, captured }: Run): number => captured!.processor / (sent.bytes / GB);
      const part = ({ captured }: Run): number =>
        captured!.packets / (captured!.packets + captured!.dropped || 1);
      cells.push(packets === 0 ? '' : unit(of(list, (run) => speed(run) * part(run))));
      cells.push(of(list, cost).toFixed(2));
      cells.push(packets === 0 ? '' : of(list, (run) => cost(run) / part(run)).toFixed(2));
      cells.push(`${Math.max(...list.map(({ captured }) => captured!.memory)).toFixed(0)} MiB`);
    }
    console.log(`| ${cells.join(' | ')} |`);
  }
}

function peers(device: string, file: string, packets: string): Captures {
  const pktap = (...args: string[]): string[] => [command, ...args, '-w', file];
  return {
    'no capture': null,
    [`tcpdump -i ${packets}`]: ['tcpdump', '-i', device, '-w', file, '-Z', 'root'],
    [`dumpcap -i ${packets}`]: ['dumpcap', '-q', '-i', device, '-w', file],
    [`pktap -i ${packets}`]: pktap('-i', device),
    [`pktap -i pktap,${packets}`]: pktap('-i', `pktap,${device}`),
    [`pktap -i pktap,${packets} -Q "proc =nobody"`]: pktap('-i', `pktap,${device}`, '-Q', 'proc =nobody'),
  };
}

/** Datagrams as fast as they can be sent. */
async function datagrams({ device }: World): Promise<void> {
  console.log(`\n## ${DATAGRAM}-byte datagrams as fast as they can be sent, -w /dev/null\n`);
  const traffic = (): Promise<Sent> => iperf3('-u', '-b', '0', '-l', String(DATAGRAM), '-t', String(SECONDS));
  const runs = await turns(peers(device, '/dev/null', 'DEV'), traffic);
  report(
    runs,
    ({ sent }) => sent.packets / sent.seconds,
    (speed) => `${Math.round(speed)}/s`,
  );
}

/** A connection at full speed, in whole to a file. */
async function connection({ device }: World, folder: string): Promise<void> {
  console.log(`\n## TCP at full speed with segmentation offload, ${GIGABYTES} GB, whole packets to a file\n`);
  const file = join(folder, 'out');
  const traffic = (): Promise<Sent> => iperf3('-n', String(GIGABYTES * GB));
  // The disk is not busy with the file of the run before.
  const prepare = (): void => {
    rmSync(file, { force: true });
    execFileSync('sync');
  };
  const runs = await turns(peers(device, file, 'DEV'), traffic, prepare);
  report(
    runs,
    ({ sent }) => (8 * sent.bytes) / sent.seconds,
    (speed) => `${(speed / 1e9).toFixed(1)} Gbit/s`,
  );
}

/** A steady rate, printed to a pipe. */
async function printed({ device }: World): Promise<void> {
  console.log(`\n## ${RATE} datagrams a second, printed to a pipe\n`);
  const captures: Captures = {
    'tcpdump -nq -i DEV': ['tcpdump', '-nq', '-i', device, '-Z', 'root'],
    'pktap -nq -i DEV': [command, '-nq', '-i', device],
    'pktap -knq -i pktap,DEV': [command, '-knq', '-i', `pktap,${device}`],
  };
  const traffic = (): Promise<Sent> =>
    iperf3('-u', '-b', String(RATE * DATAGRAM * 8), '-l', String(DATAGRAM), '-t', String(SECONDS));
  const runs = await turns(captures, traffic);
  console.log('| capture | sent | lines printed | lost | memory |');
  console.log('| --- | --- | --- | --- | --- |');
  for (const [name, list] of runs) {
    const sum = (what: (run: Run) => number): number => list.reduce((total, run) => total + what(run), 0);
    const lines = sum((run) => run.lines);
    if (lines < sum((run) => run.captured!.packets)) throw new Error(`${name}: captured and not printed`);
    console.log(
      `| ${name} | ${sum((run) => run.sent.packets)} | ${lines} | ${sum((run) => run.captured!.dropped)} | ${Math.max(...list.map((run) => run.captured!.memory)).toFixed(0)} MiB |`,
    );
  }
}

/** What a capture that takes nothing costs those who send. */
async function sendCost({ device, namespace }: World, folder: string): Promise<void> {
  console.log(`\n## What a ${DATAGRAM}-byte datagram costs its sender, to a port that nobody captures\n`);
  const program = join(folder, 'sendcost');
  execFileSync('clang', ['-O2', '-o', program, 'bench/sendcost.c']);
  // It takes no datagram out of its socket: the receiver's work is the same at any speed.
  const sink = spawn('ip', ['netns', 'exec', namespace, 'nc', '-u', '-l', SINK], { stdio: 'ignore' });
  await sleep(300);
  process.kill(sink.pid!, 'SIGSTOP');
  const all = peers(device, '/dev/null', 'DEV');
  const nothing = ['udp', 'and', 'port', '7'];
  const captures: Captures = {
    'no capture': null,
    'tcpdump -i DEV udp and port 7': [...all['tcpdump -i DEV']!, ...nothing],
    'pktap -i DEV udp and port 7': [...all['pktap -i DEV']!, ...nothing],
    'pktap -i pktap,DEV -Q "proc =nobody"': all['pktap -i pktap,DEV -Q "proc =nobody"']!,
  };
  const traffic = async (): Promise<Sent> => {
    const { stdout } = spawn(program, [SERVER, SINK], { stdio: ['ignore', 'pipe', 'inherit'] });
    return { packets: 1, bytes: DATAGRAM, seconds: Number(await text(stdout)) / 1e9 };
  };
  const cost = (runs: readonly Run[]): number => of(runs, ({ sent }) => sent.seconds * 1e9);
  let costs: Map<string, Run[]>;
  try {
    costs = await turns(captures, traffic);
  } finally {
    sink.kill('SIGKILL');
  }
  const base = cost(costs.get('no capture')!);
  console.log('| capture | nanoseconds | more |');
  console.log('| --- | --- | --- |');
  for (const [name, list] of costs) {
    const own = cost(list);
    console.log(`| ${name} | ${own.toFixed(0)} | ${share(own - base, base)} |`);
  }
}

const folder = mkdtempSync(join(tmpdir(), 'pktap-bench-'));
const world = await makeWorld();
try {
  console.log(`# Live\n\n${machine()}`);
  await datagrams(world);
  await connection(world, folder);
  await sendCost(world, folder);
  await printed(world);
} finally {
  world.close();
  rmSync(folder, { recursive: true });
}
