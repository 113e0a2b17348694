// Reports of multicast memberships: the kernel sends them for the process that has joined or left the group.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Capture, cannot, makeTwo, metadataOf, runProgram } from './world.js';

/** Joins a group in some way, waits for the report, and leaves. */
const JOINER = (family: 4 | 6, how: 'old' | 'new', group: string): string => `
import socket, struct, time
u = socket.socket(socket.AF_INET${family === 6 ? '6' : ''}, socket.SOCK_DGRAM)
index = socket.if_nametoindex('eth0')
address = socket.inet_pton(u.family, '${group}')
sockaddr = struct.pack('=HH', u.family, 0) + ${family === 6 ? "b'\\0' * 4 + address" : 'address'}
value = ${
  how === 'old'
    ? family === 4
      ? "address + b'\\0' * 4 + struct.pack('=I', index)"
      : "address + struct.pack('=I', index)"
    : "(struct.pack('=II', index, 0) + sockaddr).ljust(136, b'\\0')"
}
level = ${family === 6 ? 41 : 0}
u.setsockopt(level, ${how === 'new' ? 42 : family === 4 ? 35 : 20}, value); time.sleep(1.5)
u.setsockopt(level, ${how === 'new' ? 45 : family === 4 ? 36 : 21}, value); time.sleep(.7)`;

for (const [family, name] of [
  [4, '239.9.9'],
  [6, 'ff05::9'],
] as const)
  for (const [number, how] of [
    [1, 'old'],
    [2, 'new'],
  ] as const) {
    const group = family === 4 ? `${name}.${number}` : `${name}:${number}`;
    test(`reports of ${group} are the process’s that joins and leaves`, { skip: cannot }, async (t) => {
      const { a } = makeTwo(t);
      const filter = family === 4 ? 'igmp' : 'ip6';
      const capture = await Capture.begin(t, ['-tknv', '-i', 'pktap,eth0', '--netns', a, filter]);
      const joiner = await runProgram(a, ['python3', '-c', JOINER(family, how, group)]);
      assert.equal(joiner.errors, '');
      const { out, err } = await capture.end();
      const reports = out.split(/\n(?=\()/).filter((text) => text.includes(group));
      assert.ok(reports.length >= 2, out + err);
      assert.ok(reports.some((text) => /to_in|to_ex|\[gaddr .* to_ex|is_ex|report/.test(text)));
      // The kernel may report groups of its own in the same packet: that is nobody's.
      const alone = reports.filter((text) => (text.match(/\bgaddr /g) ?? []).length < 2);
      assert.ok(alone.length > 0, out);
      for (const text of reports) {
        const wanted = alone.includes(text) ? `python3:${joiner.pid}` : null;
        assert.equal(metadataOf(text).proc, wanted, text);
      }
    });
  }

test('two processes join one group at once: the report is nobody’s', { skip: cannot }, async (t) => {
  const { a } = makeTwo(t);
  const capture = await Capture.begin(t, ['-tknv', '-i', 'pktap,eth0', '--netns', a, 'igmp']);
  const both = await Promise.all(
    [1, 2].map(() => runProgram(a, ['python3', '-c', JOINER(4, 'old', '239.9.9.3')])),
  );
  const { out } = await capture.end();
  const reports = out.split(/\n(?=\()/).filter((text) => text.includes('239.9.9.3'));
  assert.ok(reports.length >= 2, out);
  // Those in between one's call and the other's are the one's; the last, when both have called, nobody's.
  const names = reports.map((text) => metadataOf(text).proc);
  for (const name of names)
    assert.ok(name === null || both.some(({ pid }) => name === `python3:${pid}`), out);
  assert.equal(names.at(-1), null, out);
});

test('long socket options pass as if nobody looked', { skip: cannot }, async (t) => {
  const { a } = makeTwo(t);
  await Capture.begin(t, ['-tkn', '-i', 'pktap,eth0', '--netns', a]);
  // IP_OPTIONS refuses more than 40 bytes by itself, TCP_CONGESTION cuts: what they say is the kernel's own answer.
  const code = `
import socket
s = socket.socket()
s.setsockopt(6, 13, b'reno'.ljust(9000, b'\\0')); print(s.getsockopt(6, 13, 16).rstrip(b'\\0').decode())
try: s.setsockopt(0, 4, b'\\1' * 9000)
except OSError as e: print(e.errno)`;
  const { output, errors } = await runProgram(a, ['python3', '-c', code]);
  assert.equal(errors, '');
  assert.equal(output, 'reno\n22\n');
});
