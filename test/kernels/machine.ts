// A machine in QEMU, without KVM: a kernel over this machine's files, which it cannot change.

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Kernel } from './fetch.js';
import { Watch } from './limits.js';
import type { Ended, Guest } from './trial.js';

/** What the first file system needs; the others are loaded when they are asked for. */
const MODULES = ['virtio_pci', '9pnet_virtio', '9p', 'overlay'];

/**
 * The first program: mounts what is below read-only and a file system in memory over it, and becomes the second.
 * Words of the kernel's command line: second= (a file), modules= (the kernel's modules).
 */
const FIRST = `#!/bin/busybox sh
b=/bin/busybox
$b mount -t proc p /proc; $b mount -t sysfs s /sys; $b mount -t devtmpfs d /dev
for m in $($b cat /mods/order); do $b insmod /mods/$m; done
word() { $b tr ' ' '\\n' </proc/cmdline | $b sed -n "s/^$1=//p"; }
$b mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144,ro,cache=loose host /lower
$b mount -t tmpfs t /upper; $b mkdir /upper/u /upper/w
$b mount -t overlay -o lowerdir=/lower,upperdir=/upper/u,workdir=/upper/w o /new
v=$($b uname -r); $b mkdir -p /new/lib/modules/$v; $b mount --bind /lower$(word modules) /new/lib/modules/$v
for d in proc sys dev; do $b mount --move /$d /new/$d; done
$b mkdir -p /new/dev/shm /new/dev/pts
$b mount -t devpts d /new/dev/pts; for d in dev/shm run; do $b mount -t tmpfs t /new/$d; done
$b mount -t cgroup2 c /new/sys/fs/cgroup; $b mount -t tracefs t /new/sys/kernel/tracing
second=$($b sed -n 's/.* second=\\([^ ]*\\).*/\\1/p' /new/proc/cmdline)
exec $b switch_root /new /bin/bash $second
`;

/** The archive that the kernel begins with. */
function initialFiles(kernel: Kernel, to: string): string {
  const root = join(to, 'initial');
  for (const folder of ['bin', 'proc', 'sys', 'dev', 'lower', 'upper', 'new', 'mods'])
    mkdirSync(join(root, folder), { recursive: true });
  cpSync('/bin/busybox', join(root, 'bin/busybox'));
  const order: string[] = [];
  for (const module of MODULES) {
    const shown = spawnSync(
      '/sbin/modprobe',
      ['-d', kernel.folder, '-S', kernel.version, '--show-depends', module],
      {
        encoding: 'utf8',
      },
    );
    for (const [, file] of shown.stdout.matchAll(/^insmod (\S+)/gm)) {
      const packed = basename(file!);
      const name = packed.replace(/\.(xz|zst)$/, '');
      if (order.includes(name)) continue;
      order.push(name);
      const target = join(root, 'mods', packed);
      cpSync(file!, target);
      if (packed.endsWith('.xz')) execFileSync('unxz', [target]);
      else if (packed.endsWith('.zst')) execFileSync('zstd', ['-qd', '--rm', target]);
    }
  }
  if (order.length === 0)
    throw new Error(`${kernel.version}: none of the modules ${MODULES.join(', ')} is there`);
  writeFileSync(join(root, 'mods/order'), `${order.join('\n')}\n`);
  writeFileSync(join(root, 'init'), FIRST);
  chmodSync(join(root, 'init'), 0o755);
  const archive = join(to, 'initrd');
  execFileSync('/bin/bash', [
    '-c',
    `cd "$1" && find . | cpio -o -H newc --quiet >"$2"`,
    'bash',
    root,
    archive,
  ]);
  return archive;
}

function kernelFile(kernel: Kernel): string {
  for (const folder of [join(kernel.folder, 'boot'), join(kernel.folder, 'lib/modules', kernel.version)]) {
    const found = existsSync(folder) && readdirSync(folder).find((name) => name.startsWith('vmlinuz'));
    if (found) return join(folder, found);
  }
  throw new Error(`no kernel in ${kernel.folder}`);
}

/** Three times what a machine takes; more than one case does; more than any waits. */
const LIMITS = { seconds: 1800, silentSeconds: 900, idleSeconds: 600 };

/**
 * Boots a kernel and runs a shell script on it as root, in the present folder: with 2 processors, cgroup2 and lo up. It is gone when
 * the script is over.
 */
export async function boot(kernel: Kernel, guest: Guest): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), 'pktap-machine-'));
  // Not below /run, where the machine has a file system of its own.
  const second = `/var/tmp/${basename(folder)}.sh`;
  writeFileSync(
    second,
    `export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
cd '${process.cwd()}'
ip link set lo up
modprobe tun
${guest.script}
echo o >/proc/sysrq-trigger
sleep 60
`,
  );
  try {
    const words = [
      // A processor that is emulated beside others' work may miss the ticks that the kernel tries its timer by.
      ...[
        'no_timer_check',
        'console=ttyS0',
        'quiet',
        'loglevel=3',
        'panic=-1',
        'rdinit=/init',
        `second=${second}`,
      ],
      `modules=${join(kernel.folder, 'lib/modules', kernel.version)}`,
    ];
    const machine = spawn(
      'qemu-system-x86_64',
      [
        // Page tables of four levels are walked faster than of five.
        ...'-cpu max,la57=off -m 3072 -smp 2 -display none -serial stdio -no-reboot -nic none'.split(' '),
        ...['-kernel', kernelFile(kernel), '-initrd', initialFiles(kernel, folder)],
        ...['-append', words.join(' ')],
        ...['-virtfs', 'local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap'],
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const kill = (): void => {
      machine.kill('SIGKILL');
    };
    process.once('exit', kill);
    let rest = '';
    const watch = new Watch(machine.pid ?? 0, LIMITS);
    const take = (chunk: Buffer): void => {
      watch.heard();
      const lines = (rest + chunk.toString()).split(/\r?\n/);
      rest = lines.pop()!;
      for (const line of lines) guest.line(line);
    };
    machine.stdout.on('data', take);
    machine.stderr.on('data', take);
    let why: string | null = null;
    const timer = setInterval(() => {
      why ??= guest.until < performance.now() ? 'the time is over' : watch.look();
      if (why !== null) kill();
    }, 2000);
    try {
      await new Promise((done, fail) => {
        machine.on('error', fail);
        machine.on('close', done);
      });
    } finally {
      clearInterval(timer);
      process.off('exit', kill);
    }
    if (rest !== '') guest.line(rest);
    return { why, processor: Math.round(watch.used) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(second, { force: true });
  }
}
