// What a capture is asked for and what it says: interfaces by name, number and several at once, metadata without being asked,
// filters of packets' flags and threads, interfaces that go, readers that do not read.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readAll } from '../savefile/helpers.js';
import { until } from '../savefile/program.js';
import { Capture, cannot, command, ip, makePair, runProgram } from './world.js';

/** Sends datagrams from a port of its own; its process and thread ID. */
async function send(port: number, address = '127.0.0.1', count = 1, size = 5): Promise<number> {
  const code = `import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for i in range(${count}): s.sendto(b'x' * ${size}, ('${address}', ${port}))`;
  const { pid, status, errors } = await runProgram(null, ['python3', '-c', code]);
  assert.equal(status, 0, errors);
  return pid;
}

function folder(t: { after: (work: () => void) => void }): string {
  const path = mkdtempSync(join(tmpdir(), 'pktap-words-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** What a run that is refused says. */
function refused(...args: string[]): string {
  try {
    execFileSync(command, args, { encoding: 'utf8', stdio: 'pipe', timeout: 60_000 });
  } catch (error) {
    const { status, stderr } = error as { status: number; stderr: string };
    assert.equal(status, 1, stderr);
    return stderr;
  }
  throw new Error(`${args} was not refused`);
}

test('a device asked for its processes is tapped: what was sent is shown, and kept in files', {
  skip: cannot,
}, async (t) => {
  const out = join(folder(t), 'out');
  const args = ['-tnq', '-i', 'lo', '-Q', 'proc = python3', 'udp port 18301'];
  const capture = await Capture.begin(t, args);
  const kept = await Capture.begin(t, ['-i', 'lo', '-k', '-w', out, 'udp port 18301']);
  const pid = await send(18301);
  const { lines, err } = await capture.end();
  assert.match(err, /listening on pktap,lo, link-type PKTAP/);
  assert.equal(lines.length, 1);
  assert.ok(lines[0]!.startsWith(`(lo, proc python3:${pid}, svc BE, out, nf, so) IP 127.0.0.1.`), lines[0]);
  await kept.end();
  const { packets } = await readAll(out);
  assert.deepEqual(
    packets.map(({ metadata }) => [metadata!.direction, metadata!.process?.pid]),
    [
      [2, pid],
      [1, undefined],
    ],
  );
});

test('several -i are one capture, a number is -D’s', { skip: cannot }, async (t) => {
  const pair = makePair(t);
  const listed = execFileSync(command, ['-D'], { encoding: 'utf8' });
  const number = /^(\d+)\.lo /m.exec(listed)![1]!;
  const capture = await Capture.begin(t, ['-tnq', '-i', number, '-i', pair.device, 'udp port 18302']);
  await send(18302);
  await send(18302, pair.there);
  const { lines, err } = await capture.end();
  assert.match(err, new RegExp(`listening on pktap,lo,${pair.device}, link-type PKTAP`));
  const faces = lines.map((line) => /^\((\S+), /.exec(line)?.[1]);
  assert.deepEqual([...new Set(faces)].sort(), ['lo', pair.device].sort());
  assert.match(refused('-i', '4711'), /^pktap: Invalid adapter index 4711: -D lists 1 to \d+\n$/);
  assert.match(
    refused('-i', 'nope0', '-i', 'lo'),
    /^pktap: nope0: No such device exists \(there are .*lo.*\)\n$/,
  );
  assert.match(refused('-i', 'droptap', '-i', 'lo'), /droptap is a capture of its own/);
  assert.equal(
    refused('-i', 'lo', '-y', 'PPP'),
    'pktap: PPP is not one of the DLTs supported by this device\n',
  );
});

test('a prefix that nobody has is told at once', { skip: cannot }, async (t) => {
  const capture = await Capture.begin(t, ['-i', 'pktap,nobodyhas']);
  const { err } = await capture.end();
  assert.match(err, /^pktap: pktap,nobodyhas: no interface's name begins with 'nobodyhas' yet \(there /);
});

for (const attach of ['', 'packet']) {
  const by = attach === '' ? 'eBPF' : 'packet sockets';
  test(`a device that goes away ends its capture, by ${by}`, { skip: cannot }, async (t) => {
    const pair = makePair(t);
    const environment = { PKTAP_ATTACH: attach };
    const plain = await Capture.begin(t, ['-n', '-i', pair.device], environment);
    const tap = await Capture.begin(t, ['-n', '-i', `pktap,${pair.device}`], environment);
    ip('link', 'del', pair.device);
    const { status, err } = await plain.ended();
    assert.equal(status, 1);
    assert.match(err, /\npktap: pcap_loop: The interface disappeared\n\d+ packets? captured\n/);
    const { status: other, err: said } = await tap.end();
    assert.equal(other, 0);
    assert.doesNotMatch(said, /disappeared/);
  });
}

test('a tap’s text has metadata, -i any tcpdump’s column', { skip: cannot }, async (t) => {
  const words = ['-tnq', 'udp port 18303'];
  const bare = await Capture.begin(t, ['-i', 'pktap,lo', ...words]);
  const without = await Capture.begin(t, ['-i', 'pktap,lo', '--no-metadata', ...words]);
  const any = await Capture.begin(t, ['-i', 'any', ...words]);
  const anyWithout = await Capture.begin(t, ['-i', 'any', '--no-metadata', ...words]);
  const letters = await Capture.begin(t, ['-i', 'any', '-k', 'NP', ...words]);
  const pid = await send(18303);
  const texts = await Promise.all([bare, without, any, anyWithout, letters].map((one) => one.end()));
  const packet = / IP 127\.0\.0\.1\.\d+ > 127\.0\.0\.1\.18303: UDP, length 5$/;
  const heads = texts.map(({ lines }) => lines.map((line) => ` ${line}`.replace(packet, '').trimStart()));
  assert.deepEqual(heads, [
    [`(lo, proc python3:${pid}, svc BE, out, nf, so)`, '(lo, svc BE, in)'],
    ['', ''],
    [`lo    Out (proc python3:${pid}, svc BE, nf, so)`, 'lo    In  (svc BE)'],
    ['lo    Out', 'lo    In '],
    [`(proc python3:${pid})`, '()'],
  ]);
});

test('flags and threads are asked in the kernel', { skip: cannot }, async (t) => {
  const port = 18304;
  const program = `import socket, threading
r = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
def one():
    print(threading.get_native_id(), flush=True)
    s.sendto(b'x', ('127.0.0.1', ${port}))
s.sendto(b'yy', ('127.0.0.1', ${port}))
t = threading.Thread(target=one)
t.start(); t.join()`;
  const flags = await Capture.begin(t, ['-tn', '-i', 'lo', '-Q', 'flags = nf', `udp port ${port}`]);
  const plain = await Capture.begin(t, ['-tn', '-i', 'lo', '-k', 'PDFH', `udp port ${port}`]);
  const { output } = await runProgram(null, ['python3', '-c', program]);
  const tid = output.trim();
  const all = (await plain.end()).lines;
  assert.equal(all.filter((line) => line.includes(`thread ${tid})`)).length, 1, all.join('\n'));
  const { lines, err } = await flags.end();
  assert.equal(lines.length, all.filter((line) => /, nf[,)]/.test(line)).length, lines.join('\n'));
  assert.match(err, new RegExp(`^${all.length - lines.length} drops by metadata filter$`, 'm'));
  const self = await Capture.begin(t, ['-tn', '-i', 'lo', '-Q', `thread = ${tid}`, `udp port ${port}`]);
  await send(port);
  const none = await self.end();
  assert.deepEqual(none.lines, []);
  assert.match(none.err, /^\d+ drops by metadata filter$/m);
});

test('-v counts what is written', { skip: cannot }, async (t) => {
  const out = join(folder(t), 'out');
  const capture = await Capture.begin(t, ['-v', '-i', 'pktap,lo', '-w', out, 'udp port 18305']);
  await send(18305);
  await new Promise((done) => setTimeout(done, 1500));
  const { err } = await capture.end();
  assert.match(err, /Got 2\r/);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`a FIFO that nobody reads ends by ${signal}`, { skip: cannot }, async (t) => {
    const fifo = join(folder(t), 'fifo');
    execFileSync('mkfifo', [fifo]);
    // A signal that comes before the command is ready for it ends it at once: then later.
    for (let wait = 2500; ; wait *= 2) {
      const child = spawn(command, ['-i', 'lo', '-w', fifo, 'udp port 1'], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      t.after(() => child.kill('SIGKILL'));
      let err = '';
      child.stderr.on('data', (chunk: Buffer) => {
        err += chunk.toString();
      });
      const ended = once(child, 'close') as Promise<[number | null]>;
      await new Promise((done) => setTimeout(done, wait));
      child.kill(signal);
      const [status] = await ended;
      if (status === null && err === '' && wait < 20_000) continue;
      assert.equal(status, 0, err);
      assert.match(err, /^0 packets captured$/m);
      break;
    }
  });

  test(`output that nobody takes ends by ${signal}, and the file has its packets`, {
    skip: cannot,
  }, async (t) => {
    const place = folder(t);
    const fifo = join(place, 'fifo');
    const out = join(place, 'out');
    execFileSync('mkfifo', [fifo]);
    // A reader that opens the pipe and never reads.
    const reader = spawn('sh', ['-c', `exec 3< ${fifo}; exec sleep 60`]);
    t.after(() => reader.kill('SIGKILL'));
    const args = `-tn -XX -i pktap,lo -w ${out} --print udp port 18306`;
    const child = spawn('sh', ['-c', `exec ${command} ${args} > ${fifo}`], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    t.after(() => child.kill('SIGKILL'));
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    const ended = new Promise<string | number | null>((done) =>
      child.on('exit', (status, by) => done(by ?? status)),
    );
    await until(() => err.includes('listening on'), 'the capture');
    await send(18306, '127.0.0.1', 100, 1400);
    await new Promise((done) => setTimeout(done, 1500));
    child.kill(signal);
    assert.equal(await ended, signal, err);
    const { packets, error } = await readAll(out);
    assert.equal(error, null);
    assert.ok(packets.length > 5, String(packets.length));
  });
}

test('without /sys or /proc it is said what is missing', { skip: cannot }, () => {
  const run = (gone: string, face: string): string => {
    const script = `umount -l ${gone} && exec ${command} -i ${face}`;
    try {
      execFileSync('unshare', ['-m', 'sh', '-c', script], { encoding: 'utf8', stdio: 'pipe' });
    } catch (error) {
      return (error as { stderr: string }).stderr;
    }
    return '';
  };
  assert.match(run('/sys', 'droptap'), /^pktap: .*\/sys is not mounted/);
  assert.match(run('/proc', 'droptap'), /^pktap: \/proc is not mounted/);
  assert.match(run('/proc', 'lo'), /^pktap: \/proc is not mounted/);
});
