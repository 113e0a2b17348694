// The command's packets as data: each option on a file, what goes with what, and the same counts as tshark's and DuckDB's.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { makePcap } from '../../bench/captures.js';
import { parseArguments } from '../../src/cli/arguments.js';

const folder = mkdtempSync(join(tmpdir(), 'pktap-data-'));
after(() => rmSync(folder, { recursive: true }));
const CURL = 'examples/curl.pcapng';

function pktap(...args: string[]): { out: string; err: string; status: number | null } {
  const { stdout, stderr, status } = spawnSync('bin/pktap', args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  return { out: stdout, err: stderr, status };
}

const READING = `reading from file ${CURL}, link-type EN10MB (Ethernet), snapshot length 262144\n`;
const lines = (text: string): Record<string, unknown>[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

test('--json, --csv and --tsv on a file', () => {
  const json = pktap('-r', CURL, '--json');
  assert.equal(json.err, READING);
  assert.equal(json.status, 0);
  const rows = lines(json.out);
  assert.equal(rows.length, 24);
  assert.deepEqual(
    [rows[0]!['frame.time'], rows[0]!['process.name'], rows[0]!['tcp.flags'], rows[0]!['tcp.dstport']],
    ['2026-11-23T22:10:49.116197151Z', 'curl', ['SYN'], 8080],
  );
  const fields = 'process.pid,ip.dst,tcp.srcport,http.path';
  const { out } = pktap('-r', CURL, '--csv', '--fields', fields, '-Q', "http.path != ''");
  assert.equal(out, `${fields}\n32505,127.0.0.1,34194,/LICENSE\n32488,127.0.0.1,34194,/LICENSE\n`);
  assert.equal(
    pktap('-r', CURL, '--tsv', '--fields', 'frame.time_epoch,info', '-c', '1').out,
    'frame.time_epoch\tinfo\n1795471849.116197151\tIP 127.0.0.1.34194 > 127.0.0.1.8080: Flags [S], seq 1387440993, win 65495, ' +
      'options [mss 65495,sackOK,TS val 3672731443 ecr 0,nop,wscale 10], length 0\n',
  );
  // The packet filter, -c and --skip work as ever.
  assert.equal(lines(pktap('-r', CURL, '--json', '-c', '2', '--skip', '3', 'tcp port 8080').out).length, 2);
});

test('--summary as a table and as data', () => {
  const { out, err } = pktap('-r', CURL, '--summary', 'process.name,tcp.dstport');
  assert.equal(err, READING);
  assert.match(out, /^process\.name {2}tcp\.dstport {2}packets {2}bytes {2}bytes_in {2}bytes_out /);
  assert.equal(out.trimEnd().split('\n').length, 5);
  const rows = lines(pktap('-r', CURL, '--summary', 'process.name', '--json').out);
  assert.deepEqual(
    rows.map((row) => [
      row['process.name'],
      row['packets'],
      row['bytes'],
      row['flows'],
      row['retransmissions'],
    ]),
    [
      ['curl', 12, 2286, 1, 0],
      ['python3', 12, 2286, 1, 0],
    ],
  );
});

test('--fields help lists them', () => {
  const { out, err, status } = pktap('--fields', 'help');
  assert.equal(err, '');
  assert.equal(status, 0);
  assert.match(out, /^frame\.len +whole number, bytes +length on the wire$/m);
  assert.match(out, /^process\.args +list of texts +process: command line$/m);
});

test('--parquet, beside a savefile and alone', async () => {
  const parquet = join(folder, 'a.parquet');
  const pcapng = join(folder, 'a.pcapng');
  const both = pktap('-r', CURL, '--parquet', parquet, '-w', pcapng, '--fields', 'process.name,frame.len');
  assert.equal(both.err, READING);
  assert.equal(both.out, '');
  assert.deepEqual(readFileSync(pcapng), readFileSync(CURL));
  const duckdb = await (await DuckDBInstance.create()).connect();
  const rows = await (
    await duckdb.runAndReadAll(
      `SELECT "process.name", count(*)::INT, sum("frame.len")::INT FROM '${parquet}' GROUP BY ALL ORDER BY ALL`,
    )
  ).getRowsJS();
  assert.deepEqual(rows, [
    ['curl', 12, 2286],
    ['python3', 12, 2286],
  ]);
  // The text comes with --print.
  assert.equal(pktap('-nr', CURL, '--parquet', parquet, '--print').out, pktap('-nr', CURL).out);
  const over = pktap('-r', parquet, '--parquet', parquet);
  assert.equal(over.status, 1);
  assert.match(pktap('-r', CURL, '--parquet', CURL).err, /is read and can't be written at the same time/);
});

test('what goes with what', () => {
  const refusal = (...words: string[]): string => {
    try {
      parseArguments(words);
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };
  for (const [words, said] of [
    ['--json --csv', '--json and --csv are mutually exclusive.'],
    ['-r a --count --json', '--count prints the number alone: it does not go with --json'],
    ['-r a --count --parquet f', '--count prints the number alone: it does not go with --parquet'],
    ['--json --print', '--json is shown in place of the text: it does not go with --print'],
    ['--summary ip.src -w -', '--summary and -w - are both standard output'],
    [
      '--summary ip.src --print-sampling 3',
      '--summary counts every packet: it does not go with --print-sampling',
    ],
    ['--interval 5', '--interval needs --summary'],
    ['--summary ip.src --interval 0', 'invalid interval 0'],
    ['--fields ip.src', '--fields needs --json, --csv, --tsv or --parquet'],
    ['--fields ip.src --summary ip.src --json', '--summary has its keys in place of --fields'],
    ['--summary ,', '--summary takes names of fields, separated by commas'],
    ['--parquet -', '--parquet takes the name of a file'],
    ['-C 5', '-C needs -w: it is about the file that is written'],
    ['--parquet f --comment x', '--comment needs -w: it is about the file that is written'],
    ['--parquet f -C 5', ''],
    ['--json -w f', ''],
    ['--parquet f --json', ''],
    ['--parquet /tmp/f -w /tmp/../tmp/f', '-w and --parquet name the same file'],
    ['--summary a --csv --parquet f', ''],
  ] as const)
    assert.equal(refusal(...words.split(' ')), said, words);
  const told = (...words: string[]): string[] => parseArguments(words).warnings;
  assert.deepEqual(told('-r', 'a', '--summary', 'ip.src', '--interval', '5'), [
    '--interval: of no effect on files: they are counted to their end',
  ]);
  assert.deepEqual(told('--csv', '--fields', 'ip.src,ip.dst,ip.src'), ['--fields: ip.src is taken once']);
  assert.deepEqual(told('--summary', 'ip.src,ip.src'), ['--summary: ip.src is taken once']);
  assert.deepEqual(told('--json', '-x'), ['-x: of no effect: packets are shown as data']);
  assert.deepEqual(told('--parquet', 'f', '-x'), [
    '-x: of no effect: with --parquet packets are printed by --print only',
  ]);
  assert.deepEqual(told('--parquet', 'f', '-G', '5'), [
    '-G: every file has the name f and is written over by the next; %H%M%S makes them differ',
  ]);
});

test('fields that there are not are told before anything is opened', () => {
  for (const [args, said] of [
    [
      ['--json', '--fields', 'ip.scr'],
      "pktap: there is no field 'ip.scr'; did you mean ip.src, ip.dscp, ip.dst?\n",
    ],
    [
      ['--summary', 'proces.name'],
      "pktap: there is no field 'proces.name'; did you mean process.name, eprocess.name?\n",
    ],
    [['--summary', 'info'], 'pktap: --summary: info is another text for each packet: no field to group by\n'],
  ] as const)
    assert.deepEqual(pktap('-r', 'none', ...args), { out: '', err: said, status: 1 });
});

test('a reader of rows that goes away ends the run quietly', () => {
  const { stdout, stderr } = spawnSync('sh', ['-c', `bin/pktap -r ${CURL} --json | head -1`], {
    encoding: 'utf8',
  });
  assert.equal(lines(stdout).length, 1);
  assert.equal(stderr, READING);
});

const isInstalled = spawnSync('tshark', ['--version']).status === 0;

test('counts of flows equal tshark’s conversations, and DuckDB’s over our Parquet', {
  skip: !isInstalled && 'no tshark',
}, async () => {
  const capture = join(folder, 'traffic.pcap');
  makePcap(capture, 5000);
  const { stdout } = spawnSync('tshark', ['-nr', capture, '-q', '-z', 'conv,tcp'], { encoding: 'utf8' });
  /** Both ends of a conversation, in one order, with packets and bytes of each direction. */
  const conversations = new Map<string, [number, number]>();
  const pattern = /^(\S+):(\d+) +<-> (\S+):(\d+) +(\d+) (\d+) bytes +(\d+) (\d+) bytes +(\d+) (\d+) bytes/;
  // tshark shows large counts in kilobytes: only small ones are exact.
  for (const line of stdout.split('\n')) {
    const [, a, ap, b, bp, fromB, fromBBytes, fromA, fromABytes] = pattern.exec(line) ?? [];
    if (a === undefined) continue;
    if (Number(fromA) > 0) conversations.set(`${a} ${ap} ${b} ${bp}`, [Number(fromA), Number(fromABytes)]);
    if (Number(fromB) > 0) conversations.set(`${b} ${bp} ${a} ${ap}`, [Number(fromB), Number(fromBBytes)]);
  }
  assert.ok(conversations.size > 20, `${conversations.size}`);
  const keys = 'ip.src,tcp.srcport,ip.dst,tcp.dstport';
  const rows = lines(pktap('-r', capture, '--summary', keys, '--json', 'tcp').out);
  const ours = new Map(
    rows.map((row) => [
      keys
        .split(',')
        .map((key) => row[key])
        .join(' '),
      [row['packets'], row['bytes']],
    ]),
  );
  let compared = 0;
  for (const [key, counts] of conversations) {
    assert.deepEqual(ours.get(key), counts, key);
    compared++;
  }
  assert.ok(compared > 20);
  const parquet = join(folder, 'traffic.parquet');
  pktap('-r', capture, '--parquet', parquet, 'tcp');
  const duckdb = await (await DuckDBInstance.create()).connect();
  const counted = await (
    await duckdb.runAndReadAll(
      `SELECT "ip.src", "tcp.srcport"::INT, "ip.dst", "tcp.dstport"::INT, count(*)::INT, sum("frame.len")::INT FROM '${parquet}' GROUP BY ALL`,
    )
  ).getRowsJS();
  assert.deepEqual(new Map(counted.map((row) => [row.slice(0, 4).join(' '), row.slice(4)])), ours);
});

test('-C begins a new Parquet file, each whole', async () => {
  const capture = join(folder, 'many.pcap');
  makePcap(capture, 120_000);
  const path = join(folder, 'rotated.parquet');
  assert.equal(pktap('-r', capture, '--parquet', path, '-C', '300K').status, 0);
  const files = readdirSync(folder).filter((name) => name.startsWith('rotated.parquet'));
  assert.ok(files.length >= 2, files.join());
  const duckdb = await (await DuckDBInstance.create()).connect();
  const rows = await (
    await duckdb.runAndReadAll(`SELECT count(*)::INT FROM read_parquet('${path}*')`)
  ).getRowsJS();
  assert.deepEqual(rows, [[120_000]]);
});
