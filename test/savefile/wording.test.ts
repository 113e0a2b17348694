// What is written: of processes no more than was asked for, in the link type that was asked for, to whom it belongs, and
// never over what is read.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { LinkType, makeInterface, makeProcess, Packet, PacketMetadata } from '../../src/packet/index.js';
import { createSavefile } from '../../src/savefile/index.js';
import { block, build, description, enhanced, option, section } from './build.js';
import { fileOf, folder, newPath, readAll, udp } from './helpers.js';
import { command, listOf, pcapOf, pktap } from './program.js';

const LE = 'little';

/** A file with a packet whose process has every fact. */
async function fullFile(): Promise<string> {
  const path = newPath('.pcapng');
  const packet = new Packet();
  packet.buffer = udp();
  packet.capturedLength = packet.length = packet.buffer.length;
  packet.linkType = LinkType.ETHERNET;
  packet.seconds = 1_700_000_000;
  packet.interface = makeInterface({ name: 'en0', linkType: LinkType.ETHERNET });
  packet.metadata = new PacketMetadata();
  packet.metadata.serviceClass = 0;
  packet.metadata.process = makeProcess({
    pid: 4711,
    name: 'curl',
    path: '/usr/bin/curl',
    args: ['curl', '-u', 'me:SECRET'],
    parentPid: 12,
    uid: 1000,
    user: 'alice',
    uuid: Uint8Array.from({ length: 16 }, (_, i) => i + 1),
    startTime: 1_700_000_000_000_000_000n,
    cgroup: '/docker/x',
    container: { id: 'c0ffee', runtime: 'docker', name: 'web', pod: null, namespace: null },
    netns: 4026531840,
    comment: 'noted',
  });
  const writer = await createSavefile(path, { format: 'pcapng', linkType: LinkType.ETHERNET });
  writer.packet(packet);
  writer.close();
  return path;
}

/** The facts of the first packet's process that are known. */
async function factsOf(path: string): Promise<string[]> {
  const { packets, error } = await readAll(path);
  assert.equal(error, null);
  const { process } = packets[0]!.metadata!;
  return Object.entries(process ?? {})
    .filter(([name, value]) => value !== null && value !== '' && name !== 'lineage')
    .map(([name]) => name)
    .sort();
}

const ALL = 'args cgroup comment container name netns parentPid path pid startTime uid user uuid'.split(' ');

test('-k’s letters and --no-cmdline leave facts out of files', async () => {
  const full = await fullFile();
  assert.deepEqual(await factsOf(full), ALL);
  for (const [words, facts] of [
    [[], ALL],
    [['-k'], ALL],
    [['-k', 'NPV'], ALL],
    [['--no-cmdline'], ALL.filter((fact) => fact !== 'args')],
    [['-k', 'NPV', '--no-cmdline'], ALL.filter((fact) => fact !== 'args')],
    [
      ['-k', 'NP'],
      ['name', 'pid'],
    ],
    [['-k', 'S'], ['pid']],
    [
      ['-k', 'AL'],
      ['args', 'comment', 'name', 'pid', 'uuid'],
    ],
    [
      ['-k', 'AL', '--no-cmdline'],
      ['comment', 'name', 'pid', 'uuid'],
    ],
    [
      ['-k', 'NORXTGKW'],
      ['cgroup', 'container', 'name', 'netns', 'parentPid', 'path', 'pid', 'startTime', 'uid', 'user'],
    ],
  ] as [string[], string[]][]) {
    const out = newPath('.pcapng');
    const { status, err } = pktap(['-r', full, '-w', out, ...words]);
    assert.equal(status, 0, err);
    assert.deepEqual(await factsOf(out), facts, words.join(' '));
    assert.equal(readFileSync(out).includes('SECRET'), facts.includes('args'), words.join(' '));
    const less = words[0] === '-k' && words.length > 1 && !words[1]!.includes('V');
    assert.equal(/^pktap: of processes .* holds what -k /m.test(err), less, err);
  }
  // PKTAP headers hold names, process IDs and UUIDs.
  const out = newPath('.pcap');
  pktap(['-r', full, '-w', out, '-y', 'PKTAP', '-k', 'N']);
  assert.deepEqual(await factsOf(out), ['name', 'pid']);
  const again = newPath('.pcap');
  pktap(['-r', out, '-w', again, '-y', 'PKTAP', '-k', 'P']);
  assert.deepEqual(await factsOf(again), ['pid']);
});

test('command lines in packets’ comments are not copied either', async () => {
  const noted = fileOf(
    Buffer.concat([
      section(LE),
      description(LE, 1, 0),
      enhanced(LE, {}, udp(), option(LE, 1, 'PID: 7\nCmd: /bin/x\nArgs: SECRET'), option(LE, 1, 'kept')),
    ]),
    '.pcapng',
  );
  const out = newPath('.pcapng');
  pktap(['-r', noted, '-w', out, '--no-cmdline']);
  assert.ok(!readFileSync(out).includes('SECRET'));
  assert.deepEqual(await factsOf(out), ['name', 'path', 'pid']);
  assert.deepEqual((await readAll(out)).packets[0]!.comments, ['kept']);
  assert.ok(readFileSync(noted).includes('SECRET'));
});

test('-y does in pcapng what it does in pcap', async () => {
  const full = await fullFile();
  const out = (...words: string[]): string => {
    const path = newPath('.pcapng');
    const { status, err } = pktap(['-r', full, '-P', '-w', path, ...words]);
    assert.equal(status, 0, err);
    assert.equal(readFileSync(path).readUInt32LE(0), 0x0a0d0d0a);
    return path;
  };
  const wrapped = out('-y', 'PKTAP');
  const kept = (await readAll(wrapped, { keepPktapHeader: true })).packets[0]!;
  assert.equal(kept.linkType, LinkType.PKTAP);
  assert.equal(kept.data.length / 2, 156 + udp().length);
  const [unwrapped] = (await readAll(wrapped)).packets;
  assert.equal(unwrapped!.linkType, LinkType.ETHERNET);
  assert.equal(unwrapped!.metadata!.process!.name, 'curl');
  const [raw] = (await readAll(out('-y', 'RAW'))).packets;
  assert.equal(raw!.linkType, LinkType.RAW);
  assert.equal(raw!.data, Buffer.from(udp().subarray(14)).toString('hex'));
  assert.equal(raw!.metadata!.process!.name, 'curl');
  const [same] = (await readAll(out('-y', 'EN10MB'))).packets;
  assert.equal(same!.data, Buffer.from(udp()).toString('hex'));
  const none = newPath('.pcapng');
  assert.match(pktap(['-r', full, '-P', '-w', none, '-y', 'PPP']).err, /1 packet left out of .*: not PPP/);
  assert.deepEqual((await readAll(none)).packets, []);
});

test('a Simple Packet Block stays one, an empty name stays', () => {
  const bytes = Buffer.concat([
    section(LE),
    block(LE, 1, build(LE).u16(1, 0).u32(64), option(LE, 2, ''), option(LE, 3, ''), build(LE).u32(0)),
    block(LE, 3, build(LE).u32(udp().length), udp(), Buffer.alloc(-udp().length & 3)),
  ]);
  const out = newPath('.pcapng');
  assert.equal(pktap(['-r', fileOf(bytes, '.pcapng'), '-w', out]).status, 0);
  assert.deepEqual(readFileSync(out), bytes);
  // Cut to its headers it says another length than it has.
  pktap(['-r', out, '-w', `${out}2`, '--apple-truncate']);
  const at = bytes.length - 16 - ((udp().length + 3) & ~3);
  assert.equal(bytes.readUInt32LE(at), 3);
  assert.equal(readFileSync(`${out}2`).readUInt32LE(at), 6);
});

test('nothing that is read is written over, whatever it is called', () => {
  const place = mkdtempSync(join(folder, 'over-'));
  const large = readFileSync(
    pcapOf(
      Array.from({ length: 400 }, (_, i) => i),
      'x'.repeat(1000),
    ),
  );
  const put = (name: string): string => {
    writeFileSync(join(place, name), large);
    return join(place, name);
  };
  const input = put('cap1');
  const { status, err } = pktap(['-r', input, '-w', join(place, 'cap'), '-C', '100k']);
  assert.equal(status, 1);
  assert.match(err, /cap1: is read and can't be written at the same time/);
  assert.deepEqual(readFileSync(input), large);
  linkSync(input, join(place, 'link'));
  symlinkSync(input, join(place, 'symlink'));
  for (const path of ['link', 'symlink', 'cap1']) {
    assert.equal(pktap(['-r', input, '-w', join(place, path)]).status, 1);
    assert.deepEqual(readFileSync(input), large);
  }
  const second = put('second');
  assert.equal(pktap(['-V', listOf(pcapOf([1]), second), '-w', second]).status, 1);
  assert.deepEqual(readFileSync(second), large);
  const list = listOf(second);
  assert.equal(pktap(['-V', list, '-w', list]).status, 1);
  assert.equal(readFileSync(list, 'utf8'), `${second}\n`);
  const from = spawnSync('sh', ['-c', `${command} -r - -w ${second} < ${second}`], { encoding: 'utf8' });
  assert.equal(from.status, 1, from.stderr);
  assert.deepEqual(readFileSync(second), large);
});

test('names that promise something else are told of', async () => {
  const full = await fullFile();
  const err = (name: string, ...words: string[]): string =>
    pktap(['-r', full, '-w', join(folder, name), ...words]).err;
  assert.match(err('a.pcap'), /^pktap: .*a\.pcap is pcapng, for all that is copied; /m);
  assert.match(err('a.pcapng.gz'), /^pktap: .*a\.pcapng\.gz is not compressed; /m);
  assert.match(err('a.pcapng', '-y', 'RAW'), /^pktap: .*a\.pcapng is pcap; -P writes pcapng$/m);
  assert.doesNotMatch(err('b.pcapng'), /^pktap: /m);
  assert.doesNotMatch(err('b.pcap', '-y', 'RAW'), /^pktap: /m);
});

test('files behind bad ones are read, each bad one has one line', () => {
  const good = pcapOf([1000]);
  const missing = join(folder, 'nosuch');
  const bad = fileOf(Buffer.from('no savefile'));
  for (const sort of [[], ['--sort']]) {
    const { status, out, err } = pktap(['-nttV', listOf(missing, good, bad, missing, good), ...sort]);
    assert.equal(status, 1);
    assert.equal(out.trim().split('\n').length, 2);
    const lines = err.split('\n').filter((line) => line.startsWith('pktap: '));
    assert.deepEqual(lines, [
      `pktap: ${missing}: No such file or directory`,
      `pktap: unknown file format (${bad}, byte 0)`,
      `pktap: ${missing}: No such file or directory`,
    ]);
    const none = pktap(['-nV', listOf(missing, bad), ...sort]);
    assert.equal(none.status, 1);
    assert.match(none.err, /\npktap: none of 2 files can be read\n$/);
  }
});

const root = process.getuid?.() === 0 ? false : 'needs root';

test('under sudo files are the user’s, but for those that are there', { skip: root }, () => {
  const place = mkdtempSync(join(tmpdir(), 'pktap-sudo-'));
  chmodSync(place, 0o755);
  const input = pcapOf(
    Array.from({ length: 200 }, (_, i) => i),
    'x'.repeat(1000),
  );
  const sudo = { ...process.env, SUDO_UID: '65534', SUDO_GID: '65533' };
  const run = (args: string[], env: NodeJS.ProcessEnv = sudo): void => {
    const { status, stderr } = spawnSync(command, ['-r', input, ...args], { encoding: 'utf8', env });
    assert.equal(status, 0, stderr);
  };
  const owner = (name: string): [number, number, string] => {
    const { uid, gid, mode } = lstatSync(join(place, name));
    return [uid, gid, (mode & 0o7777).toString(8)];
  };
  run(['-w', join(place, 'out'), '-C', '100k']);
  for (const name of ['out', 'out1']) assert.deepEqual(owner(name), [65534, 65533, '600'], name);
  // What is there keeps its owner: a link could lead anywhere.
  writeFileSync(join(place, 'there'), 'x', { mode: 0o640 });
  symlinkSync(join(place, 'there'), join(place, 'link'));
  run(['-w', join(place, 'link')]);
  assert.deepEqual(owner('there'), [0, 0, '640']);
  assert.ok(statSync(join(place, 'there')).size > 1);
  run(['-w', join(place, 'root')], { ...sudo, SUDO_UID: '0' });
  assert.deepEqual(owner('root'), [0, 0, '600']);
  for (const wrong of ['', 'x', '-1', '4294967295', '1e3']) {
    run(['-w', join(place, `wrong${wrong}`)], { ...sudo, SUDO_UID: wrong });
    assert.deepEqual(owner(`wrong${wrong}`), [0, 0, '600'], wrong);
  }
  // -Z names whose it is.
  chmodSync(place, 0o777);
  run(['-w', join(place, 'daemon'), '-Z', 'daemon']);
  assert.equal(owner('daemon')[0], 1);
});

test('what a packet filter may have meant is told', () => {
  const file = pcapOf([1000]);
  const told = (...words: string[]): string => {
    const { status, err } = pktap(['-nr', file, ...words]);
    assert.equal(status, 1);
    return err.split('\n').slice(-2)[0]!;
  };
  assert.equal(
    told('proc', '=', 'curl'),
    "pktap: processes are asked for by a metadata filter: -Q 'proc = curl'",
  );
  assert.equal(
    told("pid != 5 and cmd ~ 'x'"),
    `pktap: processes are asked for by a metadata filter: -Q 'pid != 5 and cmd ~ "x"'`,
  );
  assert.match(told('tcp and proc = curl'), /^pktap: 'proc =' is asked by a metadata filter, -Q; /);
  assert.match(told('--', 'ls', '-l'), /^pktap: of a file, the words after -- are the packet filter: /);
  assert.match(told('foo', 'bar'), /syntax error/);
});
