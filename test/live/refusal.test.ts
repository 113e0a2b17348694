// Where eBPF is refused: one line says by whom, and packets are shown all the same.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { SYSCALL } from '../../src/system/libc.js';
import { Capture, cannot, metadataOf, runProgram } from './world.js';

const PORT = 40000 + (process.pid % 10000);

/** A program that stays a while behind its one datagram. */
const SENDER = `import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.sendto(b'x', ('127.0.0.1', ${PORT})); time.sleep(1)`;

/** Words that run others below a seccomp filter which answers bpf(2) with that error. Source: seccomp(2), linux/filter.h. */
const filtered = (errno: number): string[] => [
  'python3',
  '-c',
  `import ctypes, os, struct, sys
code = [(0x20, 0, 0, 0), (0x15, 0, 1, ${SYSCALL.bpf}), (0x06, 0, 0, 0x50000 | ${errno}), (0x06, 0, 0, 0x7fff0000)]
filter = ctypes.create_string_buffer(b''.join(struct.pack('=HBBI', *each) for each in code))
program = struct.pack('@HP', len(code), ctypes.addressof(filter))
assert ctypes.CDLL(None).prctl(22, 2, program, 0, 0) == 0
os.execvp(sys.argv[1], sys.argv[1:])`,
];

const IN_USER_NAMESPACE = ['unshare', '-Urn', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];
const noUserNamespaces = spawnSync('unshare', ['-Urn', 'true']).status !== 0 && 'no user namespaces here';

/** What refuses; words in front of the command, its environment, the cause that is told. */
const CASES: readonly (readonly [string, readonly string[], NodeJS.ProcessEnv, string, string | false])[] = [
  [
    'a user namespace',
    IN_USER_NAMESPACE,
    {},
    'not allowed in a user namespace: CAP_BPF of the host’s is needed',
    noUserNamespaces,
  ],
  [
    'a seccomp filter, with EPERM',
    filtered(1),
    {},
    'not allowed here: this container’s seccomp profile forbids bpf(2)',
    false,
  ],
  [
    'a seccomp filter, with ENOSYS',
    filtered(38),
    {},
    'not allowed here: this container’s seccomp profile forbids bpf(2)',
    false,
  ],
  [
    'a seccomp filter in a user namespace',
    [...IN_USER_NAMESPACE, ...filtered(1)],
    {},
    'not allowed here: this container’s seccomp profile forbids bpf(2)',
    noUserNamespaces,
  ],
  [
    'a kernel with neither tcx nor clsact',
    [],
    { PKTAP_WITHOUT: 'tcx,clsact' },
    'this kernel attaches no eBPF to interfaces: it has neither tcx (6.6 has it) nor the modules sch_ingress and cls_bpf',
    false,
  ],
];

for (const [who, before, environment, cause, skip] of CASES) {
  test(`eBPF is refused by ${who}`, { skip: cannot || skip }, async (t) => {
    const capture = await Capture.begin(
      t,
      ['-tkn', '-i', 'pktap,lo', `udp port ${PORT}`],
      environment,
      before,
    );
    const inside = before.includes('-Urn')
      ? ['nsenter', '-U', '-n', '--preserve-credentials', '-t', String(capture.child.pid)]
      : [];
    const sender = await runProgram(null, [...inside, 'python3', '-c', SENDER]);
    assert.equal(sender.status, 0, sender.errors);
    const { status, lines, err } = await capture.end();
    assert.equal(status, 0, err);
    assert.deepEqual(
      err.split('\n').filter((line) => /^pktap: (no|less|done) /.test(line)),
      [
        `pktap: no eBPF (${cause}): packets by AF_PACKET, processes by sock_diag and /proc, best effort (TCP and UDP only; short-lived programs are missed)`,
      ],
    );
    assert.deepEqual(
      lines.map((line) => metadataOf(line).dir),
      ['out', 'in'],
      lines.join('\n'),
    );
    // Right, or unnamed.
    const { proc } = metadataOf(lines[0]!);
    if (proc !== null) assert.equal(proc, `python3:${sender.pid}`, lines.join('\n'));
    assert.equal(metadataOf(lines[1]!).proc, null, lines.join('\n'));
  });
}
