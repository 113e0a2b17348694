// Rights and kernels with less: one line says what is missing and what works without it, and packets are shown.

import assert from 'node:assert/strict';
import {
  capture,
  command,
  curl,
  type Ended,
  knows,
  lessAnyway,
  PORT,
  partsOf,
  run,
  said,
  shell,
  webServer,
} from './capture.js';
import type { Case } from './cases.js';

const ONLY = `tcp port ${PORT}`;

/** Words that run pktap with root's rights but these. */
const without = (...rights: string[]): string[] => [
  'setpriv',
  `--bounding-set=${rights.map((right) => `-${right}`).join(',')}`,
];

interface Seen extends Ended {
  /** curl's process ID. */
  readonly pid: number;
}

/** curl beside a capture. */
async function beside(before: readonly string[], ...filter: string[]): Promise<Seen> {
  const server = await webServer();
  try {
    const running = await capture(['-tkn', '-i', 'pktap,lo', ...filter, ONLY], before);
    const { pid } = await curl();
    return { ...(await running.end()), pid };
  } finally {
    server.kill('SIGKILL');
  }
}

/** -Q shows curl's packets, at both of their ends. @param pattern of the one line that is said, null: nothing is */
async function named(before: readonly string[], pattern: RegExp | null): Promise<string> {
  const seen = await beside(before, '-Q', 'proc = curl');
  assert.ok(seen.lines.length >= 8, `${seen.lines.length} packets\n${seen.err}`);
  for (const line of seen.lines) {
    assert.equal(partsOf(line).proc, `curl:${seen.pid}`, line);
    assert.equal(partsOf(line).toServer, partsOf(line).out, line);
  }
  return assertSaid(seen, pattern);
}

/** All packets are there, whoever they are said to belong to. */
async function shown(before: readonly string[], pattern: RegExp): Promise<string> {
  const seen = await beside(before);
  assert.ok(seen.lines.length >= 16, `${seen.lines.length} packets\n${seen.err}`);
  return assertSaid(seen, pattern);
}

function assertSaid(seen: Ended, pattern: RegExp | null): string {
  const lines = said(seen);
  assert.equal(lines.length, pattern === null ? 0 : 1, seen.err);
  if (pattern === null) return 'named, nothing is less';
  assert.match(lines[0]!, pattern);
  return `${seen.err.includes('no eBPF') ? 'shown' : 'named'}, and said`;
}

const LESS_HERE = (): RegExp | null => {
  const line = lessAnyway();
  return line === null ? null : new RegExp(`^${line.replace(/[().]/g, '\\$&')}$`);
};

function noBtf(): Promise<string> {
  const hide = 'mount -t tmpfs t /sys/kernel/btf && exec "$@"';
  return named(
    ['unshare', '-m', 'sh', '-c', hide, 'sh'],
    /^pktap: less exact: no BTF: names are those of threads; /,
  );
}

/** Kernels since 5.11 count eBPF to the cgroup instead: by this function. */
const countsMemory = (): boolean => !knows('bpf_map_kmalloc_node');

/** Only kernels before 5.11 count eBPF there. */
function fullMemoryLock(): Promise<string> {
  const before = ['prlimit', '--memlock=65536:65536', ...without('sys_resource')];
  if (!countsMemory()) return named(before, LESS_HERE());
  return shown(
    before,
    /^pktap: no eBPF \(this kernel counts eBPF as locked memory, of which 64 KiB are allowed: ulimit -l unlimited, or CAP_SYS_RESOURCE\): packets by AF_PACKET, /,
  );
}

function noCapability(): Promise<string> {
  return shown(
    without('bpf', 'perfmon', 'sys_admin'),
    /^pktap: no eBPF \(CAP_BPF, CAP_PERFMON missing: a container gets them by --cap-add\): packets by AF_PACKET, /,
  );
}

/** A user with CAP_NET_RAW alone, as a copy of Node.js with that capability gives it. */
const USER = [
  ...['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'],
  ...['inh-caps', 'ambient-caps', 'bounding-set'].map((set) => `--${set}=-all,+net_raw`),
];
const LESS_THAN_ROOT =
  /^pktap: no eBPF \(CAP_NET_ADMIN, CAP_BPF, CAP_PERFMON missing: root has them\): packets by AF_PACKET, /;

function ordinaryUser(): Promise<string> {
  return shown(USER, LESS_THAN_ROOT);
}

/** What root of a container has by default, with the host's network. */
const CONTAINER_HAS = [
  ...['chown', 'dac_override', 'fowner', 'fsetid', 'kill', 'setgid', 'setuid', 'setpcap', 'net_bind_service'],
  ...['net_raw', 'sys_chroot', 'mknod', 'audit_write', 'setfcap'],
];

/** A container: mounts and process IDs of its own, and no right to eBPF. Signals do not get in: it ends by itself. */
async function container(): Promise<string> {
  const rights = `--bounding-set=-all,${CONTAINER_HAS.map((right) => `+${right}`).join(',')}`;
  const before = ['unshare', '-m', '-p', '-f', '--mount-proc', 'setpriv', rights];
  const server = await webServer();
  try {
    const running = await capture(['-tkn', '-i', 'pktap,lo', '-c', '16', ONLY], before);
    await curl();
    const seen = await running.ended();
    assert.equal(seen.status, 0, seen.err);
    assert.equal(seen.lines.length, 16, seen.err);
    return assertSaid(
      seen,
      /^pktap: no eBPF \(CAP_NET_ADMIN, CAP_BPF, CAP_PERFMON missing: a container gets them by --cap-add\): packets by AF_PACKET, /,
    );
  } finally {
    server.kill('SIGKILL');
  }
}

/** For root it forbids nothing; to others it says so with the rest that they lack. */
async function unprivilegedDisabled(): Promise<string> {
  shell('echo 1 >/proc/sys/kernel/unprivileged_bpf_disabled');
  assert.equal(shell('cat /proc/sys/kernel/unprivileged_bpf_disabled').trim(), '1');
  const asUser = await shown(USER, LESS_THAN_ROOT);
  return `${await named([], LESS_HERE())}; a user: ${asUser}`;
}

async function cgroupOne(): Promise<string> {
  shell('umount /sys/fs/cgroup && mount -t cgroup -o none,name=other c /sys/fs/cgroup');
  try {
    assert.equal(shell('grep -c cgroup2 /proc/self/mounts').trim(), '0');
    return await named([], LESS_HERE());
  } finally {
    shell('umount /sys/fs/cgroup; mount -t cgroup2 c /sys/fs/cgroup');
  }
}

const NO_HOOKS =
  /^pktap: no eBPF \(this kernel attaches no eBPF to interfaces: it has neither tcx \(6\.6 has it\) nor the modules sch_ingress and cls_bpf\): packets by AF_PACKET, /;

/** No eBPF on interfaces: without the filter of traffic control, and without its qdisc; and no tcx, as on kernels before 6.6. */
async function noHooks(): Promise<string> {
  const helper = shell('cat /proc/sys/kernel/modprobe').trim();
  shell('tc qdisc del dev lo clsact 2>/dev/null; modprobe sch_ingress; busybox rmmod cls_bpf');
  shell('echo /bin/false >/proc/sys/kernel/modprobe');
  try {
    const before = ['env', 'PKTAP_WITHOUT=tcx'];
    assert.equal(shell('grep -c "^cls_bpf " /proc/modules').trim(), '0');
    await shown(before, NO_HOOKS);
    assert.equal(shell('tc qdisc show dev lo').includes('clsact'), false);
    shell('busybox rmmod sch_ingress');
    assert.equal(shell('grep -c "^sch_ingress " /proc/modules').trim(), '0');
    return await shown(before, NO_HOOKS);
  } finally {
    shell(`echo ${helper} >/proc/sys/kernel/modprobe`);
  }
}

/** For good: the machine stays locked. */
async function lockedDown(): Promise<string> {
  shell('mount -t securityfs s /sys/kernel/security; echo confidentiality >/sys/kernel/security/lockdown');
  assert.match(shell('cat /sys/kernel/security/lockdown'), /\[confidentiality\]/);
  const note = await named(
    [],
    /^pktap: less exact: this kernel is locked down \(confidentiality\): names are those of threads; /,
  );
  const drops = await run([command, '-i', 'droptap']);
  assert.equal(drops.status, 1);
  assert.match(
    drops.err,
    /^pktap: .*dropped packets cannot be seen: this kernel is locked down \(confidentiality\)$/m,
  );
  return note;
}

export const WITH_LESS: { readonly [name: string]: Case } = {
  'no CAP_BPF': noCapability,
  'CAP_NET_RAW alone': ordinaryUser,
  container,
  'no BTF': noBtf,
  unprivileged_bpf_disabled: unprivilegedDisabled,
  'cgroup v1 only': cgroupOne,
  'memory lock full': fullMemoryLock,
  'neither tcx nor clsact': noHooks,
  lockdown: lockedDown,
};
