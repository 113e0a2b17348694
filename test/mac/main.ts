// `npm run test:mac`: what only a Mac can show, one report. As root it captures loopback traffic and judges who is named for it.

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { cpus, release, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startSender } from './sender.js';

const command = resolve('bin/pktap');
/** On Linux the same report is about Linux: so it is known that what it says is right. */
const MAC = process.platform === 'darwin';
const LOOPBACK = MAC ? 'lo0' : 'lo';
const folder = mkdtempSync(join(tmpdir(), 'pktap-mac-'));
/** Milliseconds that a capture may take to be there, and to see what was sent. */
const PATIENCE = 10_000;

interface Result {
  readonly name: string;
  readonly verdict: 'right' | 'wrong' | 'left out';
  readonly detail: string;
}

const results: Result[] = [];

/** Runs a check: what it throws is what is wrong; what it returns is told besides. */
async function check(
  name: string,
  needs: string | null,
  body: () => Promise<string> | string,
): Promise<void> {
  let result: Result;
  if (needs !== null) result = { name, verdict: 'left out', detail: needs };
  else {
    try {
      result = { name, verdict: 'right', detail: await body() };
    } catch (error) {
      result = { name, verdict: 'wrong', detail: (error as Error).message };
    }
  }
  results.push(result);
  console.log(
    `${result.verdict.padEnd(8)}  ${name}${result.detail === '' ? '' : `\n          ${result.detail.replaceAll('\n', '\n          ')}`}`,
  );
}

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

function version(program: string, ...args: string[]): string {
  const { stdout, error } = spawnSync(program, args, { encoding: 'utf8' });
  return error === undefined ? stdout.trim().replaceAll('\n', ', ') : 'not there';
}

/** Captures until `enough`, while `work` sends. @returns the lines and what was said */
async function capture(
  args: readonly string[],
  work: () => Promise<void>,
  enough: (output: string) => boolean,
): Promise<{ output: string; said: string; status: number | null }> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let said = '';
  const ended = new Promise<number | null>((done) => child.on('close', done));
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const listening = new Promise<void>((done) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('listening on')) done();
    });
  });
  const until = async (holds: () => boolean): Promise<void> => {
    for (const end = Date.now() + PATIENCE; !holds() && Date.now() < end; )
      await new Promise((done) => setTimeout(done, 50));
  };
  await Promise.race([listening, ended, new Promise((done) => setTimeout(done, PATIENCE))]);
  if (said.includes('listening on')) {
    await work();
    await until(() => enough(output));
  }
  child.kill('SIGINT');
  return { output, said, status: await ended };
}

/** A server here that answers; @returns its port */
async function server(address: string): Promise<{ port: number; close: () => void }> {
  const sockets = new Set<Socket>();
  const listening = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('data', () => socket.end('answer'));
  });
  await new Promise<void>((done) => listening.listen(0, address, done));
  const close = (): void => {
    listening.close();
    for (const socket of sockets) socket.destroy();
  };
  return { port: (listening.address() as { port: number }).port, close };
}

/** A connection to ourselves: each end must be named for its own process, in each direction. */
async function bothEnds(address: string, device: string): Promise<string> {
  const { port, close } = await server(address);
  let sender = 0;
  try {
    const { output, said } = await capture(
      ['-tlnk', 'NPD', '-i', device, `tcp port ${port}`],
      async () => {
        sender = await startSender(address, port);
      },
      (text) => text.split('\n').length > 12,
    );
    const lines = output.split('\n').filter((line) => line.includes(`.${port}`));
    must(lines.length > 0, `no packet of port ${port}\n${said}`);
    const wrong: string[] = [];
    let named = 0;
    for (const line of lines) {
      const found = /^\((?:proc ([^:,]*):(-?\d+), )?.*?(in|out)\) IP6? \S+\.(\d+) > \S+\.(\d+):/.exec(line);
      if (found === null || found[2] === undefined) continue;
      const outgoing = found[3] === 'out';
      const toServer = found[5] === `${port}`;
      named++;
      const expected = toServer === outgoing ? sender : process.pid;
      if (Number(found[2]) !== expected) wrong.push(`${line} (expected ${expected})`);
    }
    must(wrong.length === 0, `named for another process:\n${wrong.join('\n')}`);
    must(named > 0, `nobody is named:\n${lines.slice(0, 5).join('\n')}`);
    return `${named} of ${lines.length} packets named, all right`;
  } finally {
    close();
  }
}

async function main(): Promise<void> {
  const here = MAC || process.platform === 'linux' ? null : 'neither a Mac nor Linux';
  const root = here ?? (process.getuid!() === 0 ? null : 'needs root: sudo npm run test:mac');
  console.log(
    `pktap on ${process.platform} ${release()}, ${process.arch}, ${cpus().length} processors, Node.js ${process.version}`,
  );
  if (MAC) console.log(`macOS ${version('sw_vers')}\ntcpdump: ${version('tcpdump', '--version')}`);
  await check('the command starts', null, () =>
    execFileSync(command, ['--version'], { encoding: 'utf8' }).trim(),
  );
  await check('tests that need no Linux', null, () => {
    const ran = spawnSync(
      process.execPath,
      [
        '--test',
        '--test-reporter=tap',
        'dist/test/tap/darwin/records.test.js',
        'dist/test/tap/darwin/names.test.js',
        'dist/test/tap/darwin/system.test.js',
        'dist/test/decode/pktap.test.js',
      ],
      { encoding: 'utf8' },
    );
    const failed = ran.stdout.split('\n').filter((line) => /^\s*not ok/.test(line));
    must(ran.status === 0, failed.join('\n') || ran.stderr);
    return `${/^# pass \d+/m.exec(ran.stdout)?.[0].slice(2)}, ${/^# skipped \d+/m.exec(ran.stdout)?.[0].slice(2)}`;
  });
  await check('interfaces are listed (-D)', here, () => {
    const list = execFileSync(command, ['-D'], { encoding: 'utf8' });
    must(/^1\.pktap /.test(list) && list.includes(`.${LOOPBACK} `), list);
    return list.trim();
  });
  await check('a packet filter compiles', here, () =>
    execFileSync(command, ['-d', '-y', 'EN10MB', 'tcp port 80'], { encoding: 'utf8' }).split('\n').length > 5
      ? ''
      : 'short',
  );
  await check('loopback, IPv4: both ends are named', root, () => bothEnds('127.0.0.1', `pktap,${LOOPBACK}`));
  await check('loopback, IPv6: both ends are named', root, () => bothEnds('::1', `pktap,${LOOPBACK}`));
  await check('every interface (pktap,all)', root, () => bothEnds('127.0.0.1', 'pktap,all'));
  await check('a plain device: loopback', root, async () => {
    const { port, close } = await server('127.0.0.1');
    const { output, said } = await capture(
      ['-tln', '-i', LOOPBACK, `tcp port ${port}`],
      async () => void (await startSender('127.0.0.1', port)),
      (text) => text.includes('Flags [F'),
    );
    close();
    must(output.includes('Flags [S]'), `${said}${output}`);
    return `${output.split('\n').length - 1} packets`;
  });
  await check('a file with processes, read back', root, async () => {
    const file = join(folder, 'lo0.pcapng');
    const { port, close } = await server('127.0.0.1');
    const { said } = await capture(
      ['-U', '-i', `pktap,${LOOPBACK}`, '-w', file, `tcp port ${port}`],
      async () => {
        await startSender('127.0.0.1', port);
        await new Promise((done) => setTimeout(done, 1000));
      },
      () => true,
    );
    close();
    must(
      existsSync(file) && (statSync(file).mode & 0o777) === 0o600,
      `${said}: no file that is its owner's alone`,
    );
    const text = execFileSync(command, ['-tnk', 'NPU', '-r', file], { encoding: 'utf8', stdio: 'pipe' });
    must(text.includes(`:${process.pid}`), text || said);
    return text.split('\n')[0]!;
  });
  await check('facts of a process: path, arguments, user, start', root, async () => {
    const { port, close } = await server('127.0.0.1');
    const fields = 'process.pid,process.path,process.args,process.user,process.start';
    const { output, said } = await capture(
      [
        '-l',
        '--csv',
        '--fields',
        fields,
        '-i',
        `pktap,${LOOPBACK}`,
        '-Q',
        `pid=${process.pid}`,
        `tcp port ${port}`,
      ],
      async () => void (await startSender('127.0.0.1', port)),
      (text) => text.split('\n').length > 3,
    );
    close();
    const row = output.split(/\r?\n/).find((line) => line.startsWith(`${process.pid},`));
    must(row?.includes(process.execPath) === true, row ?? said);
    return row!;
  });
  await check('no tap is left behind', MAC ? root : 'Linux makes none', () => {
    const left = version('ifconfig', '-l')
      .split(/\s+/)
      .filter((name) => name.startsWith('pktap'));
    return left.length === 0 ? '' : `still there: ${left.join(' ')} (macOS keeps one for the next)`;
  });
  rmSync(folder, { recursive: true, force: true });
  const count = (verdict: Result['verdict']): number =>
    results.filter((one) => one.verdict === verdict).length;
  console.log(`\n${count('right')} right, ${count('wrong')} wrong, ${count('left out')} left out`);
  process.exitCode = count('wrong') > 0 ? 1 : 0;
}

await main();
