// `npm run bench`: every benchmark, or those that are named, with their peers in the same run.
//   --install  installs the peers' packages first (Debian's, needs root)
//   --small    as little work as shows that each of them runs: its figures mean nothing

import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ALL = ['print', 'savefile', 'comments', 'start', 'threads', 'data', 'live', 'bursts', 'attribution'];
const NEED_ROOT = new Set(['live', 'bursts', 'attribution']);
const PEERS = ['tcpdump', 'tshark', 'wireshark-common', 'iperf3', 'iproute2', 'iputils-ping', 'python3'];
const SMALL = {
  ROUNDS: '1',
  PACKETS: '20000',
  SIZE: '8M',
  SECONDS: '1',
  GIGABYTES: '0.05',
  SCALE: '1',
};

const words = process.argv.slice(2);
const named = words.filter((word) => !word.startsWith('-'));
const unknown = words.find((word) => ![...ALL, '--install', '--small'].includes(word));
if (unknown !== undefined) {
  console.error(`bench: ${unknown}: no such benchmark or option (${ALL.join(', ')}, --install, --small)`);
  process.exit(1);
}
if (words.includes('--install')) {
  execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...PEERS], {
    stdio: 'inherit',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}
for (const name of named.length > 0 ? named : ALL) {
  if (NEED_ROOT.has(name) && process.getuid?.() !== 0) {
    console.log(`${name}: left out, it needs root`);
    continue;
  }
  const script = fileURLToPath(new URL(`./${name}.js`, import.meta.url));
  const { status } = spawnSync(process.execPath, [script], {
    stdio: 'inherit',
    // Without TZ tcpdump's C library looks for the time zone's file at each packet.
    env: { TZ: 'UTC', ...process.env, ...(words.includes('--small') ? SMALL : {}) },
  });
  if (status !== 0) process.exit(status ?? 1);
  console.log('');
}
