// What a capture costs the sender, and whether it loses packets: 64-byte UDP between namespaces as fast as iperf3 sends,
// with no capture, with tcpdump and with pktap, in turns, in one run. Needs root.

import { execFileSync, spawn } from 'node:child_process';
import { resolve } from 'node:path';

const ROUNDS = Number(process.env['ROUNDS'] ?? 3);
const SECONDS = Number(process.env['SECONDS'] ?? 4);
const NAMESPACE = `pktap-bench-${process.pid}`;
const DEVICE = `pkb${process.pid % 100000}`;

const CAPTURES: { readonly [name: string]: readonly string[] | null } = {
  'no capture': null,
  'tcpdump -w /dev/null': ['tcpdump', '-i', DEVICE, '-w', '/dev/null', '-Z', 'root'],
  'pktap -w /dev/null': [resolve('bin/pktap'), '-i', DEVICE, '-w', '/dev/null'],
  'pktap -i pktap -w /dev/null': [resolve('bin/pktap'), '-i', `pktap,${DEVICE}`, '-w', '/dev/null'],
  'pktap -Q "proc =nobody"': [
    resolve('bin/pktap'),
    '-i',
    `pktap,${DEVICE}`,
    '-Q',
    'proc =nobody',
    '-w',
    '/dev/null',
  ],
};

interface Result {
  readonly sent: number;
  readonly captured: number | null;
  readonly dropped: number | null;
}

const ip = (...args: string[]): void => {
  execFileSync('ip', args);
};

async function once(words: readonly string[] | null): Promise<Result> {
  let err = '';
  const capture =
    words === null ? null : spawn(words[0]!, words.slice(1), { stdio: ['ignore', 'ignore', 'pipe'] });
  if (capture !== null) {
    await new Promise<void>((done) => {
      capture.stderr.on('data', (chunk: Buffer) => {
        err += chunk.toString();
        if (/listening on/.test(err)) done();
      });
    });
  }
  const client = spawn('iperf3', [
    '-c',
    '10.79.0.2',
    '-u',
    '-b',
    '0',
    '-l',
    '64',
    '-t',
    String(SECONDS),
    '-J',
  ]);
  let out = '';
  client.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  await new Promise((done) => client.on('close', done));
  const report = JSON.parse(out) as { end: { sum: { packets: number } } };
  if (capture === null) return { sent: report.end.sum.packets, captured: null, dropped: null };
  const closed = new Promise((done) => capture.on('close', done));
  capture.kill('SIGINT');
  await closed;
  return {
    sent: report.end.sum.packets,
    captured: Number(/(\d+) packets? captured/.exec(err)?.[1]),
    dropped: Number(/(\d+) packets? dropped by kernel/.exec(err)?.[1]),
  };
}

const median = (numbers: number[]): number => numbers.sort((a, b) => a - b)[numbers.length >> 1]!;

ip('netns', 'add', NAMESPACE);
const server = spawn('ip', ['netns', 'exec', NAMESPACE, 'iperf3', '-s'], { stdio: 'ignore' });
try {
  ip('link', 'add', DEVICE, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', NAMESPACE);
  ip('addr', 'add', '10.79.0.1/24', 'dev', DEVICE);
  ip('link', 'set', DEVICE, 'up');
  ip('-n', NAMESPACE, 'addr', 'add', '10.79.0.2/24', 'dev', 'eth0');
  ip('-n', NAMESPACE, 'link', 'set', 'eth0', 'up');
  await new Promise((done) => setTimeout(done, 500));
  const results = new Map<string, Result[]>(Object.keys(CAPTURES).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, words] of Object.entries(CAPTURES)) results.get(name)!.push(await once(words));
  }
  const base = median(results.get('no capture')!.map((result) => result.sent));
  console.log('| capture | packets/s sent | of no capture | captured / sent | dropped |');
  console.log('| --- | --- | --- | --- | --- |');
  for (const [name, all] of results) {
    const sent = median(all.map((result) => result.sent));
    const share = all[0]!.captured === null ? '' : median(all.map((r) => r.captured! / r.sent)).toFixed(3);
    const dropped = all[0]!.dropped === null ? '' : String(median(all.map((r) => r.dropped!)));
    console.log(
      `| ${name} | ${Math.round(sent / SECONDS)} | ${(sent / base).toFixed(2)} | ${share} | ${dropped} |`,
    );
  }
} finally {
  server.kill();
  ip('netns', 'del', NAMESPACE);
}
