// ICMP errors: they are for the socket that sent the packet which they are about.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Capture, cannot, ip, makeTwo, metadataOf, python, runProgram, waitFor } from './world.js';

const PORT = 18099;

const sender = (address: string, isConnected: boolean): string => `
import signal, socket
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
s = socket.socket(socket.AF_INET6 if ':' in '${address}' else socket.AF_INET, socket.SOCK_DGRAM)
s.bind(('${address}', 0))
print('ready', flush=True)
signal.sigwait({signal.SIGUSR1})
${isConnected ? `s.connect(('${address}', ${PORT})); s.send(b'x')` : `s.sendto(b'x', ('${address}', ${PORT}))`}
print('sent', flush=True)
signal.pause()`;

for (const address of ['127.0.0.1', '::1'])
  for (const isConnected of [true, false]) {
    const kind = `${address}, ${isConnected ? 'connected' : 'not connected'}`;
    test(`an unreachable port's error is the sender's at both ends: ${kind}`, { skip: cannot }, async (t) => {
      const python3 = await python(t, null, sender(address, isConnected));
      const filter = address === '::1' ? 'icmp6 && ip6[40] == 1' : 'icmp[icmptype] == icmp-unreach';
      const capture = await Capture.begin(t, ['-tknq', '-i', 'pktap,lo', filter]);
      const sent = waitFor(python3.stdout!, /sent/);
      python3.kill('SIGUSR1');
      await sent;
      const { lines, err, status } = await capture.end();
      assert.equal(status, 0, err);
      const errors = lines.filter((line) => line.includes(`udp port ${PORT}`));
      assert.deepEqual(errors.map((line) => metadataOf(line).dir).sort(), ['in', 'out']);
      for (const line of errors) assert.equal(metadataOf(line).proc, `python3:${python3.pid}`, line);
    });
  }

for (const family of [4, 6])
  test(`an error about a TCP packet is for the process that connects, IPv${family}`, {
    skip: cannot,
  }, async (t) => {
    const { a, b, inB, inB6 } = makeTwo(t);
    const [far, router, kind] =
      family === 4
        ? (['10.99.0.9', inB, 'net.ipv4.ip_forward'] as const)
        : (['fd99::9', inB6, 'net.ipv6.conf.all.forwarding'] as const);
    // A router that refuses: it answers a SYN by an ICMP error.
    await runProgram(b, ['sysctl', '-qw', `${kind}=1`]);
    ip('-n', b, `-${family}`, 'route', 'add', 'prohibit', far);
    ip('-n', a, `-${family}`, 'route', 'add', far, 'via', router);
    const filter = family === 4 ? 'icmp[icmptype] == icmp-unreach' : 'icmp6 && ip6[40] == 1';
    const capture = await Capture.begin(t, ['-tknq', '-i', 'pktap,eth0', '--netns', a, filter]);
    const client = await runProgram(a, [
      'python3',
      '-c',
      `import socket
s = socket.socket(socket.AF_INET${family === 6 ? '6' : ''})
try: s.connect(('${far}', 80))
except OSError as error: print(error.errno)`,
    ]);
    assert.match(client.output, /^\d+\n$/, client.errors);
    while (!capture.text.includes('\n')) await new Promise((done) => setTimeout(done, 20));
    const { lines } = await capture.end();
    for (const line of lines) {
      assert.match(line, /prohibited/);
      assert.deepEqual([metadataOf(line).proc, metadataOf(line).dir], [`python3:${client.pid}`, 'in'], line);
    }
  });
