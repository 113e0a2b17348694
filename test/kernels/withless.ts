// Rights and kernels with less: one line says what is missing and what works without it, and packets are shown.

import assert from 'node:assert/strict';
import { capture, curl, type Ended, PORT, partsOf, shell, webServer } from './capture.js';
import type { Case } from './cases.js';

const ONLY = `tcp port ${PORT}`;

/** Words that run pktap with root's rights but these. */
const without = (...rights: string[]): string[] => [
  'setpriv',
  `--bounding-set=${rights.map((right) => `-${right}`).join(',')}`,
];

/** Lines that say what is missing: the first words of each. */
const said = ({ err }: Ended): string[] =>
  err.split('\n').filter((line) => /^pktap: (no |less |done )/.test(line));

/** curl beside two captures: of all, and of curl by -Q. */
async function beside(before: readonly string[]): Promise<{ all: Ended; byName: Ended; pid: number }> {
  const server = await webServer();
  try {
    const all = await capture(['-tkn', '-i', 'pktap,lo', ONLY], before);
    const byName = await capture(['-tkn', '-i', 'pktap,lo', '-Q', 'proc = curl', ONLY], before);
    const { pid } = await curl();
    return { all: await all.end(), byName: await byName.end(), pid };
  } finally {
    server.kill('SIGKILL');
  }
}

/** curl's packets are named at both of their ends, and -Q shows them. */
function assertNamed({ all, byName, pid }: Awaited<ReturnType<typeof beside>>): void {
  const own = all.lines.filter((line) => partsOf(line).toServer === partsOf(line).out);
  assert.ok(own.length >= 8, all.err);
  for (const line of own) assert.equal(partsOf(line).proc, `curl:${pid}`, line);
  assert.deepEqual(byName.lines, own, byName.err);
}

/** All packets are there, whoever they are said to belong to. */
function assertShown({ all }: Awaited<ReturnType<typeof beside>>): void {
  assert.ok(all.lines.length >= 16, `${all.lines.length} packets\n${all.err}`);
}

function assertSaid(captures: readonly Ended[], pattern: RegExp | null): string {
  for (const ended of captures) {
    const lines = said(ended);
    assert.equal(lines.length, pattern === null ? 0 : 1, ended.err);
    if (pattern !== null) assert.match(lines[0]!, pattern);
  }
  return pattern === null
    ? 'nothing is less'
    : said(captures[0]!)[0]!
        .slice('pktap: '.length)
        .split(/[:;,] /)[0]!;
}

/** What this kernel has less than the newest, said whatever else is missing. */
const old = (): boolean => !shell('cat /proc/kallsyms').includes('__tracepoint_sock_send_length');
const LESS_ANYWAY = /^pktap: less exact: no socket tracepoints \(6\.5 has them\): /;

async function noBtf(): Promise<string> {
  const hide = 'mount -t tmpfs t /sys/kernel/btf && exec "$@"';
  const result = await beside(['unshare', '-m', 'sh', '-c', hide, 'sh']);
  assertNamed(result);
  return assertSaid([result.all, result.byName], /^pktap: less exact: no BTF: names are those of threads; /);
}

async function fullMemoryLock(): Promise<string> {
  const result = await beside(['prlimit', '--memlock=65536:65536', ...without('sys_resource')]);
  assertShown(result);
  if (said(result.all)[0]?.startsWith('pktap: no eBPF') !== true) {
    assertNamed(result);
    return assertSaid([result.all, result.byName], old() ? LESS_ANYWAY : null);
  }
  return assertSaid(
    [result.all, result.byName],
    /^pktap: no eBPF \(this kernel counts eBPF as locked memory, of which 64 KiB are allowed: ulimit -l unlimited, or CAP_SYS_RESOURCE\): packets by AF_PACKET, /,
  );
}

async function noCapability(): Promise<string> {
  const result = await beside(without('bpf', 'perfmon', 'sys_admin'));
  assertShown(result);
  return assertSaid(
    [result.all, result.byName],
    /^pktap: no eBPF \(CAP_BPF, CAP_PERFMON missing: root has them\): packets by AF_PACKET, /,
  );
}

async function unprivilegedDisabled(): Promise<string> {
  shell('echo 1 >/proc/sys/kernel/unprivileged_bpf_disabled');
  assert.equal(shell('cat /proc/sys/kernel/unprivileged_bpf_disabled').trim(), '1');
  const result = await beside([]);
  assertNamed(result);
  return assertSaid([result.all, result.byName], old() ? LESS_ANYWAY : null);
}

async function cgroupOne(): Promise<string> {
  shell('umount /sys/fs/cgroup && mount -t cgroup -o none,name=other c /sys/fs/cgroup');
  try {
    assert.equal(shell('grep -c cgroup2 /proc/self/mounts').trim(), '0');
    const result = await beside([]);
    assertNamed(result);
    return assertSaid([result.all, result.byName], old() ? LESS_ANYWAY : null);
  } finally {
    shell('umount /sys/fs/cgroup; mount -t cgroup2 c /sys/fs/cgroup');
  }
}

/** For good: the machine stays locked. */
async function lockedDown(): Promise<string> {
  shell('mount -t securityfs s /sys/kernel/security; echo confidentiality >/sys/kernel/security/lockdown');
  assert.match(shell('cat /sys/kernel/security/lockdown'), /\[confidentiality\]/);
  const result = await beside([]);
  assertNamed(result);
  return assertSaid(
    [result.all, result.byName],
    /^pktap: less exact: this kernel is locked down \(confidentiality\): names are those of threads; /,
  );
}

export const WITH_LESS: { readonly [name: string]: Case } = {
  'no CAP_BPF': noCapability,
  'no BTF': noBtf,
  unprivileged_bpf_disabled: unprivilegedDisabled,
  'cgroup v1 only': cgroupOne,
  'memory lock full': fullMemoryLock,
  lockdown: lockedDown,
};
