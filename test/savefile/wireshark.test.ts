// Files as Wireshark shows them: as many rows as packets, the first at time 0, whatever is written; and the comments that say
// whose packets are, which are no comments to us.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { Direction, LinkType, makeInterface, makeProcess, type Packet } from '../../src/packet/index.js';
import { type CreateOptions, createSavefile, openSavefile } from '../../src/savefile/index.js';
import { description, enhanced, option, processBlock, section } from './build.js';
import { factsOf, fileOf, has, newPath, packetOf, readAll, run, udp } from './helpers.js';

const PKTAP = resolve('bin/pktap');
const LE = 'little';
const noTshark = { skip: !has('tshark') && 'no tshark' };

const lo = makeInterface({ name: 'lo', linkType: LinkType.ETHERNET, snapshotLength: 262_144 });
const curl = makeProcess({
  pid: 4711,
  name: 'curl',
  path: '/usr/bin/curl',
  args: ['curl', '-s', 'http://example.org/'],
  uid: 1000,
  user: 'jane',
  parentPid: 4000,
  startTime: 1_699_999_999_000_000_000n,
  cgroup: '/user.slice',
  netns: 4026531840,
  container: { id: 'c0ffee', runtime: 'podman', name: 'web', pod: null, namespace: null },
});
const sshd = makeProcess({ pid: 93, name: 'sshd' });

/** Two flows of curl and one of sshd, four packets of each, and a packet of nobody's. */
function traffic(): Packet[] {
  return Array.from({ length: 13 }, (_, i) => {
    const process = i === 12 ? null : i % 3 === 2 ? sshd : curl;
    return packetOf({
      data: udp(),
      seconds: 1_700_000_000 + i,
      linkType: LinkType.ETHERNET,
      interface: lo,
      metadata: {
        process,
        threadId: process?.pid ?? 0,
        direction: i % 2 === 0 ? Direction.OUT : Direction.IN,
        flowId: 1 + (i % 3),
      },
    });
  });
}

async function write(options: Partial<CreateOptions> = {}, packets = traffic()): Promise<string> {
  const path = newPath();
  const writer = await createSavefile(path, {
    format: 'pcapng',
    linkType: LinkType.ETHERNET,
    section: { application: 'pktap 0.1.0' },
    interfaces: [lo],
    ...options,
  });
  for (const packet of packets) writer.packet(packet);
  writer.close();
  return path;
}

async function copy(
  path: string,
  options: Partial<CreateOptions> = {},
  keep = (_: number) => true,
): Promise<string> {
  const out = newPath();
  const source = await openSavefile(path);
  const { format, linkType } = source;
  const writer = await createSavefile(out, { format, linkType, copyOf: source, ...options });
  let i = 0;
  await source.run((packet) => {
    if (keep(i++)) writer.packet(packet);
    return true;
  });
  writer.close();
  source.close();
  return out;
}

/** The comments that lie in a file's packets, by the order of the packets. */
function comments(path: string): string[][] {
  const bytes = readFileSync(path);
  const found: string[][] = [];
  for (let at = 0; at < bytes.length; at += bytes.readUInt32LE(at + 4)) {
    if (bytes.readUInt32LE(at) !== 6) continue;
    const texts: string[] = [];
    let place = at + 28 + ((bytes.readUInt32LE(at + 20) + 3) & ~3);
    for (; bytes.readUInt16LE(place) !== 0; place += 4 + ((bytes.readUInt16LE(place + 2) + 3) & ~3)) {
      const length = bytes.readUInt16LE(place + 2);
      if (bytes.readUInt16LE(place) === 1) texts.push(bytes.toString('utf8', place + 4, place + 4 + length));
    }
    found.push(texts);
  }
  return found;
}

const OUT = 'curl:4711, /usr/bin/curl, out';
const IN = 'curl:4711, /usr/bin/curl, in';

test('a comment on the first packet of each flow of a process, on all, on none', async () => {
  const none = Array.from({ length: 10 }, () => []);
  const path = await write();
  assert.deepEqual(comments(path), [[OUT], [IN], ['sshd:93, out'], ...none]);
  assert.deepEqual(comments(await write({ ownerComments: 'none' })), [[], [], [], ...none]);
  const all = comments(await write({ ownerComments: 'all' }));
  assert.deepEqual(
    all,
    traffic().map(({ metadata }) => {
      const way = metadata!.direction === Direction.OUT ? 'out' : 'in';
      if (metadata!.process === null) return [];
      return [metadata!.process === curl ? `curl:4711, /usr/bin/curl, ${way}` : `sshd:93, ${way}`];
    }),
  );
});

test('they are read as what they are, and every fact of a process with them', async () => {
  for (const ownerComments of ['all', 'first', 'none'] as const)
    for (const dialect of ['apple', 'wireshark'] as const) {
      const { packets, error } = await readAll(await write({ ownerComments, dialect }));
      assert.equal(error, null);
      assert.ok(packets.every((packet) => packet.comments === null));
      assert.deepEqual(
        packets.map(({ metadata }) => factsOf(metadata!.process)),
        traffic().map(({ metadata }) => factsOf(metadata!.process)),
      );
    }
});

test('copies have them once: where the first packet of a flow is now, and as they are asked for', async () => {
  const path = await write();
  const whole = await copy(path);
  assert.ok(readFileSync(path).includes(readFileSync(whole)), 'a copy of all says the same');
  const later = await copy(path, {}, (i) => i >= 4);
  assert.deepEqual(comments(later).slice(0, 4), [[OUT], ['sshd:93, in'], [OUT], []]);
  assert.deepEqual(comments(await copy(path, { ownerComments: 'none' })).flat(), []);
  assert.deepEqual(
    comments(await copy(path, { ownerComments: 'all' })),
    comments(await write({ ownerComments: 'all' })),
  );
  assert.deepEqual(comments(await copy(await write({ ownerComments: 'all' }))), comments(path));
  // With fewer facts, they hold no more than the rest.
  assert.deepEqual(comments(await copy(path, { letters: 'NP' }))[0], ['curl:4711, out']);
  assert.deepEqual(comments(await copy(path, { letters: 'O' })).flat(), []);
});

test('what a user says stays a comment, whatever it looks like', async () => {
  const packet = (...texts: string[]): Buffer =>
    enhanced(LE, {}, udp(), option(LE, 0x8001, Buffer.alloc(4)), ...texts.map((text) => option(LE, 1, text)));
  const file = (application: string, named: boolean, ...texts: string[]): string =>
    fileOf(
      Buffer.concat([
        section(LE, option(LE, 4, application)),
        description(LE, 1, 0),
        ...(named ? [processBlock(LE, 4711, option(LE, 2, 'curl'), option(LE, 3, '/usr/bin/curl'))] : []),
        packet(...texts),
      ]),
    );
  const read = async (path: string): Promise<unknown[]> => {
    const { comments: texts, metadata } = (await readAll(path)).packets[0]!;
    return [texts, metadata!.process?.pid ?? null];
  };
  // The block says whose it is: only what we would write is ours. It has no direction.
  const others = ['curl:4711, /usr/bin/curl, out', 'curl:4712, /usr/bin/curl', 'look here', 'curl:4711'];
  assert.deepEqual(await read(file('pktap 0.1.0', true, ...others)), [others, 4711]);
  assert.deepEqual(await read(file('other', true, 'x', 'curl:4711, /usr/bin/curl')), [['x'], 4711]);
  // Another program left out the blocks: in a section of ours the comment is all that there is.
  assert.deepEqual(await read(file('pktap 0.1.0', false, 'mine', OUT)), [['mine'], 4711]);
  assert.deepEqual(await read(file('Dumpcap', false, OUT)), [[OUT], null]);
  for (const text of [
    'curl:4711, /usr/bin/curl',
    'a:1, /x, in:2, /y, out',
    'a:1, /b:2, /c, in',
    'curl:04711, out',
    'curl:99999999999, out',
    'curl:4711, relative, out',
    'x^A:1, out',
    'x\ny:1, out',
    ':1, out',
    'curl:4711, /usr/bin/curl, inout',
    'curl:4711, /usr/bin/curl, out ',
  ])
    assert.deepEqual(await read(file('pktap 0.1.0', false, text)), [[text], null], text);
});

test('names that are none are shown as such', async () => {
  const process = makeProcess({ pid: 5, name: '\x1b[1m\udcff', path: '/a\n\u202eb' });
  const one = packetOf({
    data: udp(),
    linkType: 1,
    interface: lo,
    metadata: { process, direction: Direction.IN },
  });
  const path = await write({}, [one]);
  assert.deepEqual(comments(path), [['^[[1m\\udcff:5, /a^J\\u202eb, in']]);
  const { packets } = await readAll(path);
  assert.deepEqual([packets[0]!.comments, factsOf(packets[0]!.metadata!.process)], [null, factsOf(process)]);
});

test('facts longer than an option go on in the next', async () => {
  const process = makeProcess({
    pid: 5,
    name: 'java',
    args: ['java', 'x'.repeat(65_000)],
    cgroup: `/${'y'.repeat(60_000)}`,
  });
  const one = packetOf({ data: udp(), linkType: 1, interface: lo, metadata: { process } });
  const { packets } = await readAll(await copy(await write({}, [one])));
  assert.deepEqual(factsOf(packets[0]!.metadata!.process), factsOf(process));
});

test('each file of a rotation has processes and comments of its own', async () => {
  const name = newPath();
  const writer = await createSavefile(name, {
    format: 'pcapng',
    linkType: 1,
    interfaces: [lo],
    rotation: { size: 1500 },
  });
  for (const packet of traffic()) writer.packet(packet);
  writer.close();
  assert.deepEqual(comments(`${name}1`)[0]!.length, 1);
  const { packets } = await readAll(`${name}1`);
  const first = 13 - packets.length;
  assert.ok(first > 0 && packets.length > 1, 'two files');
  assert.deepEqual(
    packets.map(({ metadata }) => factsOf(metadata!.process)),
    traffic()
      .slice(first)
      .map(({ metadata }) => factsOf(metadata!.process)),
  );
});

/** Rows as tshark shows them: number, time since the first, and a field. */
function rows(path: string, field = 'frame.comment'): string[][] {
  const fields = ['frame.number', 'frame.time_relative', field].flatMap((name) => ['-e', name]);
  return run('tshark', '-nr', path, '-T', 'fields', ...fields)
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));
}

test('tshark: rows are packets and the first is at 0, in every kind of file', noTshark, async () => {
  const path = await write();
  const list = newPath();
  writeFileSync(list, `${path}\n${await write({ ownerComments: 'all' })}\n`);
  const command = (...args: string[]): string => {
    const out = newPath();
    const { status, stderr } = spawnSync(PKTAP, [...args, '-w', out], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    return out;
  };
  const streamed = newPath();
  writeFileSync(streamed, spawnSync(PKTAP, ['-r', path, '-w', '-']).stdout);
  const old = await write({ dialect: 'wireshark' });
  const files: [string, string, number][] = [
    ['as usual', path, 13],
    ['comments on all', await write({ ownerComments: 'all' }), 13],
    ['a copy of what has entries', command('-r', old), 13],
    ['PKTAP in pcapng', command('-r', path, '-P', '-y', 'PKTAP'), 13],
    ['PKTAP in pcap', command('-r', path, '-y', 'PKTAP'), 13],
    ['RAW', command('-r', path, '-y', 'RAW'), 13],
    ['a stream', streamed, 13],
    ['two files as one', command('-V', list), 26],
    ['two files merged', command('-V', list, '--sort'), 26],
    ['one of a filter', command('-r', path, '-Q', 'proc = sshd'), 4],
    ['the example', resolve('examples/curl.pcapng'), 24],
  ];
  for (const [name, file, count] of files) {
    const shown = rows(file);
    assert.equal(shown.length, count, name);
    assert.deepEqual(shown[0]!.slice(0, 2), ['1', '0.000000000'], name);
    assert.ok(
      shown.every((row) => row[1] !== ''),
      name,
    );
  }
  assert.equal(rows(old).length, 15, 'with entries there is a row for each');
  assert.deepEqual(
    rows(path)
      .map((row) => row[2])
      .slice(0, 4),
    [OUT, IN, 'sshd:93, out', ''],
  );
  assert.deepEqual(
    rows(files[3]![1], 'pktap.cmdname')
      .map((row) => row[2])
      .slice(0, 3),
    ['curl', 'curl', 'sshd'],
  );
  const { packets } = await readAll(files[3]![1]);
  assert.deepEqual(
    factsOf(packets[0]!.metadata!.process),
    factsOf(curl),
    'and the block knows what the header has no room for',
  );
});

test('editcap leaves blocks out: what comments say stays', {
  skip: !has('editcap') && 'no editcap',
}, async () => {
  const out = newPath();
  run('editcap', await write(), out);
  const { packets } = await readAll(out);
  assert.deepEqual(packets.map(({ metadata }) => metadata!.process?.name ?? null).slice(0, 4), [
    'curl',
    'curl',
    'sshd',
    null,
  ]);
  assert.ok(packets.every((packet) => packet.comments === null));
});
