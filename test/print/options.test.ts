// Options that change text, against the installed tcpdump: dumps, time stamps, -T, -E, -M, -S, -K, --print-sampling.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createCipheriv, createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { parseArguments } from '../../src/cli/arguments.js';
import { allGenerators, bothTexts, tcpdumpInstalled } from './differential.js';
import {
  be16,
  be32,
  bytes,
  ethernet,
  type Generated,
  ip4,
  ip6,
  type Part,
  type PcapRecord,
  Random,
  udp,
  writePcap,
} from './generator.js';
import { printFile } from './run.js';

const skip = !tcpdumpInstalled() && 'no tcpdump 4.99 here';
const folder = mkdtempSync(join(tmpdir(), 'pktap-options-'));
after(() => rmSync(folder, { recursive: true }));

/** Writes packets to a savefile of Ethernet frames. */
function savefile(name: string, packets: readonly Uint8Array[], linkType = 1): string {
  const file = join(folder, `${name}.pcap`);
  const records: PcapRecord[] = packets.map((packet) => ({
    bytes: packet,
    captured: packet.length,
    length: packet.length,
  }));
  writePcap(file, linkType, records);
  return file;
}

async function same(file: string, options: readonly string[]): Promise<void> {
  const { theirs, ours } = await bothTexts(file, options);
  assert.ok(theirs.size > 0);
  assert.deepEqual([...ours], [...theirs], options.join(' '));
}

/** Packets of every generator of these files, all files when none is named, whole, by link type. */
async function everything(count: number, ...files: string[]): Promise<Map<number, Uint8Array[]>> {
  const byLink = new Map<number, Uint8Array[]>();
  for (const [file, generators] of await allGenerators()) {
    if (files.length > 0 && !files.includes(file)) continue;
    for (const generate of Object.values(generators)) {
      const random = new Random(77);
      for (let i = 0; i < count; i++) {
        const made = generate(random);
        const packet: Generated = made instanceof Uint8Array ? { linkType: 1, bytes: made } : made;
        if (packet.length !== undefined) continue;
        byLink.set(packet.linkType, [...(byLink.get(packet.linkType) ?? []), packet.bytes]);
      }
    }
  }
  return byLink;
}

/** Every way that a packet comes to be dumped: by link type, transport, tunnel, and printers that dump by themselves. */
const DUMPED = [
  'ip',
  'tcp',
  'udp',
  'link',
  'ppp',
  'tunnels',
  'services',
  'time',
  'bridging',
  'apps',
  'igp',
  'frames',
  'wpan',
];

test('dumps of every kind of packet: -x -xx -X -XX -A, with and without -e, -q and -v', {
  skip,
}, async () => {
  let compared = 0;
  for (const [linkType, packets] of await everything(8, ...DUMPED)) {
    const file = savefile(`dump-${linkType}`, packets, linkType);
    for (const text of [[], ['-e'], ['-q'], ['-v']]) {
      for (const dump of ['-x', '-xx', '-X', '-XX', '-A']) {
        // What is in front of the dump is the text without it; -x and -X leave unknown payloads to it as -q does.
        const options = ['-n', ...text];
        const { theirs, ours } = await bothTexts(file, [...options, dump]);
        for (let number = 1; number <= packets.length; number++) {
          const a = theirs.get(number) ?? '';
          const b = ours.get(number) ?? '';
          // 5.0 shows all of a packet that it could not read to its end (tcpdump(1), -x).
          if (/ \[\|/.test(a) || / \[\|/.test(b)) continue;
          // Dumps of RIP's own differ, and are left out of both texts with all that is behind them.
          if (/RIPv\d/.test(a)) continue;
          const at = dump === '-A' ? -1 : a.lastIndexOf('\n\t0x0000:');
          const length = at < 0 ? packets[number - 1]!.length : a.length - at;
          if (a.length < length || b.length < length) continue;
          const tail = dump === '-A' ? Math.min(20, length) : length;
          assert.equal(b.slice(-tail), a.slice(-tail), `${options.join(' ')} ${dump}, packet ${number}`);
          compared++;
        }
      }
    }
  }
  assert.ok(compared > 5000, `${compared} dumps compared`);
});

/** A pcap file of small packets with these times. */
function timed(name: string, times: readonly (readonly [number, number])[], nanoseconds: boolean): string {
  const random = new Random(1);
  const file = join(folder, `${name}.pcap`);
  const parts: Part[] = [
    be32(nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4),
    be16(2),
    be16(4),
    be32(0),
    be32(0),
    be32(262144),
    be32(1),
  ];
  for (const [seconds, fraction] of times) {
    const packet = udp(random, 40001, 40002, 'x');
    parts.push(be32(seconds), be32(fraction), be32(packet.length), be32(packet.length), packet);
  }
  writeFileSync(file, bytes(parts));
  return file;
}

test('time stamps: -t to -ttttt in both precisions', { skip }, async () => {
  const seconds = [
    0, 1, 1_700_000_000, 1_700_000_000, 1_700_000_000, 1_699_999_999, 1_700_086_400, 1_709_164_800,
    2_147_483_647,
  ];
  const random = new Random(5);
  for (const nanoseconds of [false, true]) {
    const unit = nanoseconds ? 1_000_000_000 : 1_000_000;
    const times = seconds.flatMap((second) => [
      [second, 0] as const,
      [second, random.int(unit)] as const,
      [second, unit - 1] as const,
    ]);
    const file = timed(`times-${nanoseconds}`, times, nanoseconds);
    for (const style of [
      [],
      ['-t'],
      ['-tt'],
      ['-ttt'],
      ['-tttt'],
      ['-ttttt'],
      ['-t', '-t'],
      ['-t', '-t', '-t'],
    ])
      for (const precision of ['--micro', '--nano', '--time-stamp-precision=nano'])
        await same(file, ['-n', ...style, precision]);
  }
});

test('-T takes payloads for what it says', { skip }, async () => {
  const packets: Uint8Array[] = [];
  const random = new Random(9);
  for (const [file, generators] of await allGenerators()) {
    if (!['udp', 'internet', 'security'].includes(file)) continue;
    for (const generate of Object.values(generators)) {
      for (let i = 0; i < 8; i++) {
        const made = generate(random);
        if (made instanceof Uint8Array) packets.push(made);
      }
    }
  }
  for (let i = 0; i < 60; i++) packets.push(udp(random, 40001, 40002, random.bytes(random.int(64))));
  const file = savefile('types', packets);
  for (const type of ['domain', 'rtp', 'rtcp', 'cnfp', 'vat', 'DOMAIN', 'Rtp'])
    for (const verbose of [[], ['-v'], ['-vv']]) await same(file, ['-n', '-T', type, ...verbose]);
});

test('-T knows the types of tcpdump and no others', () => {
  const types =
    'aodv carp cnfp domain geneve lmp pgm pgm_zmtp1 ptp quic radius resp rpc rtcp rtp snmp someip tftp vat vxlan wb zmtp1'.split(
      ' ',
    );
  for (const type of types)
    assert.equal(parseArguments(['-T', type.toUpperCase()]).printOptions.packetType, type);
  assert.throws(() => parseArguments(['-T', 'bfd']), /^Error: unknown packet type 'bfd'$/);
});

/** A payload of IPsec: the inner packet, its padding and what it is, encrypted. */
function esp(
  random: Random,
  cipher: string,
  key: Buffer,
  next: number,
  inner: Uint8Array,
  spi: number,
): Uint8Array {
  const block = cipher.startsWith('aes') ? 16 : 8;
  const iv = Buffer.from(random.bytes(block));
  const padding = (block - ((inner.length + 2) % block)) % block;
  const plain = bytes(
    inner,
    Array.from({ length: padding }, (_, i) => i + 1),
    padding,
    next,
  );
  const encryption = createCipheriv(cipher, key, iv).setAutoPadding(false);
  return bytes(be32(spi), be32(random.u32()), iv, encryption.update(plain), encryption.final());
}

const SPI = 0x01020304;
const TO = [192, 168, 1, 9];
const TO6 = [0x20, 1, 0x0d, 0xb8, ...Array<number>(11).fill(0), 9];

/** ESP packets to two addresses, transport and tunnel mode, some damaged. */
function espPackets(cipher: string, key: Buffer, tag: number): Uint8Array[] {
  const random = new Random(3);
  return Array.from({ length: 24 }, (_, i) => {
    const datagram = bytes(
      be16(40001),
      be16(i % 3 === 0 ? 53 : 40002),
      be16(8 + 12),
      be16(0),
      random.bytes(12),
    );
    const tunnel = i % 2 === 0;
    const inner = tunnel ? ip4(random, 17, datagram) : datagram;
    const spi = i % 5 === 4 ? SPI + 1 : SPI;
    const payload = bytes(esp(random, cipher, key, tunnel ? 4 : 17, inner, spi), random.bytes(tag));
    if (i % 7 === 6) payload[24]! ^= 0x55;
    return i % 4 === 3
      ? ethernet(random, 0x86dd, ip6(random, 50, payload, { destination: TO6 }))
      : ethernet(random, 0x0800, ip4(random, 50, payload, { destination: TO }));
  });
}

test('-E decrypts ESP where Node has the cipher', { skip }, async () => {
  const ciphers: readonly (readonly [named: string, cipher: string, key: number])[] = [
    ['3des-cbc', 'des-ede3-cbc', 24],
    ['aes128-cbc', 'aes-128-cbc', 16],
    ['aes192-cbc', 'aes-192-cbc', 24],
    ['aes256-cbc', 'aes-256-cbc', 32],
  ];
  const where = (spi: number, to = '192.168.1.9'): string => `0x${spi.toString(16)}@${to}`;
  for (const [named, cipher, size] of ciphers) {
    const key = Buffer.from(new Random(8).bytes(size));
    const secret = `0x${key.toString('hex')}`;
    const plainText = savefile(`esp-${named}`, espPackets(cipher, key, 0));
    const authenticated = savefile(`esp-${named}-hmac`, espPackets(cipher, key, 12));
    for (const verbose of [[], ['-v'], ['-vv', '-e']]) {
      await same(plainText, ['-n', ...verbose, '-E', `${where(SPI)} ${named}:${secret}`]);
      await same(plainText, ['-n', ...verbose, '-E', `${where(SPI, '2001:db8::9')} ${named}:${secret}`]);
      await same(plainText, ['-n', ...verbose, '-E', `${named}:${secret}`]);
      const both = `${where(SPI)} ${named}:${secret},${where(SPI + 1)} ${named}:${secret}`;
      await same(plainText, ['-n', ...verbose, '-E', both]);
      await same(authenticated, ['-n', ...verbose, '-E', `${where(SPI)} ${named}-hmac96:${secret}`]);
    }
    const list = join(folder, 'secrets');
    writeFileSync(
      list,
      `# a comment\n${where(SPI)} ${named}:${secret}\n${where(SPI + 1)} ${named}:${secret}\n`,
    );
    // tcpdump has given its rights up when it opens the file: here, what it prints of the same secrets is compared.
    const both = `${where(SPI)} ${named}:${secret},${where(SPI + 1)} ${named}:${secret}`;
    const listed = await printFile(plainText, ['-n', '-E', `file ${list}`]);
    assert.equal(listed, await printFile(plainText, ['-n', '-E', both]));
    // OpenSSL's own names of AES too, which tcpdump does not find.
    const openssl = cipher.startsWith('aes') ? cipher : named;
    const text = await printFile(plainText, ['-n', '-E', `${where(SPI)} ${openssl}:${secret}`]);
    assert.match(text, /ESP\(spi=0x01020304,seq=0x\w+\), length \d+: IP .*\.40001 > .*\.53: /);
  }
});

/** A segment with an MD5 signature made with `secret`. */
function signed(random: Random, secret: string, version6: boolean): Uint8Array {
  const source = version6 ? [...TO6.slice(0, 15), 1] : [10, 1, 1, 1];
  const destination = version6 ? TO6 : TO;
  const payload = random.bytes(random.int(40));
  const header = (digest: readonly number[]): Uint8Array =>
    bytes(
      be16(40001),
      be16(40003),
      be32(7),
      be32(9),
      0xa0,
      0x18,
      be16(500),
      be16(0),
      be16(0),
      [19, 18],
      digest,
      [1, 1],
    );
  const length = header(Array<number>(16).fill(0)).length + payload.length;
  const pseudo = version6
    ? bytes(source, destination, be32(length), [0, 0, 0, 6])
    : bytes(source, destination, [0, 6], be16(length));
  const hash = createHash('md5')
    .update(pseudo)
    .update(header(Array<number>(16).fill(0)).subarray(0, 20))
    .update(Uint8Array.from(payload))
    .update(secret, 'latin1');
  const segment = bytes(header([...hash.digest()]), payload);
  return version6
    ? ethernet(random, 0x86dd, ip6(random, 6, segment, { source, destination }))
    : ethernet(random, 0x0800, ip4(random, 6, segment, { source, destination }));
}

test('-M says whether TCP’s MD5 signatures are right', { skip }, async () => {
  const random = new Random(4);
  const packets = Array.from({ length: 20 }, (_, i) =>
    signed(random, i % 3 === 0 ? 'other' : 'secret', i % 2 === 0),
  );
  const file = savefile('md5', packets);
  for (const options of [[], ['-M', 'secret'], ['-M', 'other'], ['-M', ''], ['-M', 'secret', '-v']])
    await same(file, ['-n', ...options]);
  const text = await printFile(file, ['-n', '-M', 'secret']);
  assert.equal(text.match(/md5 valid/g)?.length, 13);
  assert.equal(text.match(/md5 \(invalid\)|md5 {2}\(invalid\)/g)?.length, 7);
});

test('-S, -K, -q, -e, -l, -U and -H in combinations', { skip }, async () => {
  const packets = (await everything(3, 'ip', 'tcp', 'udp', 'internet', 'tunnels'))
    .get(1)!
    .filter((_, i) => i % 2 === 0);
  const file = savefile('combined', packets);
  for (const options of [
    '-S',
    '-S -v',
    '-K -v',
    '-K -vv -e',
    '-q -e',
    '-q -v',
    '-l -q',
    '-U -S',
    '-H',
    '-b -v',
    '-u -v',
  ]) {
    const { theirs, ours } = await bothTexts(file, ['-n', ...options.split(' ')]);
    for (const [number, text] of theirs) {
      // 5.0 may end a cut text elsewhere.
      if (/ \[\|/.test(text)) continue;
      assert.equal(ours.get(number), text, `${options}, packet ${number}`);
    }
  }
});

test('-b writes large AS numbers with a dot, -u shows NFS handles as they are', { skip }, async () => {
  for (const [option, family] of [
    ['-b', 'bgp'],
    ['-u', 'nfs'],
  ] as const) {
    const file = savefile(family, (await everything(12, family)).get(1)!);
    const [plain, changed] = [await bothTexts(file, ['-nv']), await bothTexts(file, ['-nv', option])];
    assert.deepEqual([...changed.ours], [...changed.theirs], option);
    const other = [...changed.ours].filter(([number, text]) => text !== plain.ours.get(number));
    assert.ok(other.length > 5, `${option} changes ${other.length} packets`);
  }
});

test('--print-sampling prints every so many packets, with their numbers', async () => {
  const random = new Random(2);
  const file = savefile(
    'sampling',
    Array.from({ length: 10 }, () => udp(random, 40001, 40002, 'x')),
  );
  const numbers = async (...options: string[]): Promise<number[]> =>
    (await printFile(file, ['-n', '-#', '-t', ...options])).match(/^ *\d+(?= {2})/gm)!.map(Number);
  assert.deepEqual(await numbers('--print-sampling', '3'), [3, 6, 9]);
  assert.deepEqual(await numbers('--print-sampling=1'), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assert.deepEqual(await numbers('--skip', '4'), [5, 6, 7, 8, 9, 10]);
  assert.deepEqual(await numbers('-c', '4,3'), [5, 6, 7]);
  assert.equal(parseArguments(['--print-sampling', '5']).printOptions.absoluteSequence, true);
  assert.throws(() => parseArguments(['--print-sampling', '0']), /invalid print sampling 0/);
});

test('-m and -f with a file are refused with a reason', () => {
  assert.throws(() => parseArguments(['-m', 'mib']), /^Error: SMI MIB modules are not supported: /);
  assert.throws(() => parseArguments(['-f', '-r', 'x']), /^Error: -f can not be used with -V or -r$/);
});

/** A few datagrams. */
function datagrams(): Uint8Array[] {
  const random = new Random(3);
  return [1, 2, 3, 4, 5].map((port) => udp(random, port, 9, 'abc'));
}

/** What the installed tcpdump and the command do of the same words, under one name; `file` stands for a savefile's path. */
function commands(
  words: string,
  file: string,
): Record<'theirs' | 'ours', readonly [number | null, string, string]> {
  const run = (program: string): readonly [number | null, string, string] => {
    const { status, stdout, stderr } = spawnSync(program, words.replace('FILE', file).split(' '), {
      encoding: 'latin1',
      env: { ...process.env, TZ: 'GMT0' },
    });
    // What does nothing is told by us alone; 4.99 has other quotes in front.
    const told = stderr.replace(/^pktap: .* of no effect\b.*$\n/gm, '');
    return [status, stdout, told.replace(/^(?:pktap|tcpdump): /gm, 'tcpdump: ').replaceAll('`', "'")];
  };
  return { theirs: run('tcpdump'), ours: run(resolve('bin/pktap')) };
}

test('what is said of options, and the status: as tcpdump', { skip }, () => {
  const file = savefile('said', datagrams());
  const words = [
    ...['-n', '-nI', '-nJ', '-nL', '-n -i lo', '-n --interface nosuch', '-n --monitor-mode'],
    ...['-n -Q in', '-n --direction OUT', '-n -Q inout', '-n -p', '-n -B 100', '-n -j host', '-n -s 0x40'],
    ...[
      '-n -y EN10MB',
      '-n -y RAW',
      '-n -y BOGUS',
      '-n -s 262145',
      '-n -s -1',
      '-n -s x',
      '-n -c 0',
      '-n -c x',
    ],
    ...[
      '-n -B 0',
      '-n -W 0 -w /dev/null',
      '-n -C x -w /dev/null',
      '-n -T bogus',
      '-n -tttttt',
      '-n -f',
      '-n -j bogus',
    ],
    ...['-n --time-stamp-precision bogus', '-n -Z nobody', '-n -V /dev/null', '-d tcp', '-dd', '-n -b'],
    ...[
      '-n -u',
      '-n -H',
      '-n -O',
      '-n -E x',
      '-n --count',
      '-n -F /dev/null',
      '-n host 1.2.3.',
      '-n icmp and',
    ],
    ...['-n -w /nosuch/x', '-n --immediate-mode', '-n --print', '-N -n', '-n -ttttt -U'],
  ];
  for (const options of words) {
    const { theirs, ours } = commands(`${options} -r FILE`, file);
    assert.deepEqual(ours, theirs, options);
  }
  const { theirs, ours } = commands('-d tcp', file);
  assert.deepEqual(ours, theirs);
});

test('a user that there is not is told before a byte of the file is read', { skip }, () => {
  const file = savefile('nobody', datagrams());
  const { theirs, ours } = commands('-n -Z no-such-user -r FILE', file);
  assert.deepEqual(ours, [theirs[0], theirs[1], theirs[2].replace(/^reading from .*\n/, '')]);
});

test('of two ways to dump a packet one is too many', () => {
  const file = savefile('dumps', datagrams().slice(0, 1));
  for (const [options, both] of [
    ['-A -x', '-A and -x[x]'],
    ['-AX', '-A and -X[X]'],
    ['-xx -X', '-x[x] and -X[X]'],
  ] as const)
    assert.deepEqual(commands(`-n ${options} -r FILE`, file).ours, [
      1,
      '',
      `tcpdump: ${both} are mutually exclusive.\n`,
    ]);
});
