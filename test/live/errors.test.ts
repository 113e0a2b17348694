// ICMP errors: they are for the socket that sent the packet which they are about.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Capture, cannot, metadataOf, python, waitFor } from './world.js';

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
