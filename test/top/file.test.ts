// `pktap top` over files, on a terminal and as reports.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { makePcap } from '../../bench/captures.js';
import { Screen } from './session.js';

const CURL = 'examples/curl.pcapng';
const folder = mkdtempSync(join(tmpdir(), 'pktap-top-'));
after(() => rmSync(folder, { recursive: true }));

function pktap(...words: string[]): { out: string; err: string; status: number | null } {
  const { stdout, stderr, status } = spawnSync('bin/pktap', words, {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8', TZ: 'UTC' },
  });
  return { out: stdout, err: stderr, status };
}

/** Lines of a report, without spaces that make columns. */
function rows(text: string): string[][] {
  return text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/ +/));
}

test('a report: exact numbers in front, names behind, and a total', () => {
  const { out, err, status } = pktap('top', '-b', '-r', CURL);
  assert.equal(status, 0);
  assert.match(err, /^reading from file examples\/curl\.pcapng, [^\n]*\n$/);
  assert.equal(
    out,
    `2026-11-23T22:10:49Z processes
IN/S OUT/S   IN  OUT PACKETS_IN PACKETS_OUT FLOWS RETRANS RESETS DROPS PROCESS PID USER
   0     0 2220 2352         11          13     2       0      0     0 TOTAL - -
   0     0  489 1797          6           6     1       0      0     0 python3 32488 root
   0     0 1731  555          5           7     1       0      0     0 curl 32505 root

`,
  );
});

test('reports agree with --summary and with tshark’s conversations', () => {
  const capture = join(folder, 'traffic.pcap');
  makePcap(capture, 3000);
  const total = rows(pktap('top', '-b', '-r', capture).out)[1]!.map(Number);
  const summary = JSON.parse(pktap('-r', capture, '--summary', 'ip.version', '--json').out.split('\n')[0]!);
  assert.ok(summary.bytes > 0);
  const all = pktap('-r', capture, '--summary', 'frame.link_type', '--json').out;
  const { packets, bytes, retransmissions } = JSON.parse(all);
  assert.deepEqual(
    [total[2]! + total[3]!, total[4]! + total[5]!, total[7]],
    [bytes, packets, retransmissions],
  );
  if (spawnSync('tshark', ['--version']).status !== 0) return;
  const { stdout } = spawnSync('tshark', ['-nr', capture, '-q', '-z', 'conv,tcp'], { encoding: 'utf8' });
  const pattern = /^(\S+):(\d+) +<-> (\S+):(\d+) +(\d+) (\d+) bytes +(\d+) (\d+) bytes +(\d+) (\d+) bytes/;
  const end = (address: string, port: string): string =>
    address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  const flows = new Map(
    rows(pktap('top', '-b', '-r', capture, '--view', 'flows').out)
      .slice(2)
      .filter((row) => row[12] === 'TCP')
      .map((row) => [[row[13], row[14]].sort().join(' '), row] as const),
  );
  let compared = 0;
  for (const line of stdout.split('\n')) {
    const match = pattern.exec(line);
    if (match === null) continue;
    const [, a, ap, b, bp, toA, toABytes, toB, toBBytes] = match as unknown as string[];
    const row = flows.get([end(a!, ap!), end(b!, bp!)].sort().join(' '));
    assert.ok(row !== undefined, line);
    const local = row[13] === end(a!, ap!);
    assert.deepEqual(
      row.slice(2, 6),
      local ? [toABytes, toBBytes, toA, toB] : [toBBytes, toABytes, toB, toA],
      line,
    );
    compared++;
  }
  assert.ok(compared > 20, `${compared}`);
});

test('every view, group and order is taken by name, others are refused', () => {
  for (const [view, group, first] of [
    ['processes', 'name', 'python3'],
    ['processes', 'user', 'root'],
    ['processes', 'container', '<no\\x20container>'],
    ['flows', 'process', 'python3'],
    ['flows', 'service', '127.0.0.1'],
    ['hosts', 'name', '127.0.0.1'],
    ['interfaces', 'interface', 'lo'],
    ['users', 'user', 'root'],
    ['classes', 'class', 'BE'],
    ['containers', 'runtime', '<no\\x20container>'],
  ] as const) {
    const { out } = pktap('top', '-b', '-r', CURL, '--view', view, '--group', group, '--sort', 'out');
    assert.equal(rows(out)[2]![10], first, `${view} by ${group}: ${out}`);
  }
  for (const [words, said] of [
    [['--view', 'x'], /^pktap: --view is one of processes flows /],
    [['--group', 'x'], /^pktap: --group of processes is one of process name user container\n/],
    [['--sort', 'x'], /^pktap: --sort is one of rate /],
    [['-i', 'lo'], /^pktap: -r reads a file: it does not go with -i or --netns\n/],
    [['proc = curl'], /pktap: processes are asked for by a metadata filter: -Q 'proc = curl'\n/],
    [['--interval', '0'], /^pktap: invalid interval 0\n/],
  ] as const) {
    const { err, out, status } = pktap('top', '-b', '-r', CURL, ...words);
    assert.match(err, said);
    assert.equal(out, '');
    assert.equal(status, 1);
  }
  const { out } = pktap('top', '-b', '-r', CURL, '-Q', 'proc = curl', 'src port 8080');
  assert.deepEqual(rows(out)[1], ['0', '0', '1731', '0', '5', '0', '1', '0', '0', '0', 'TOTAL', '-', '-']);
});

test('without a terminal it is a report, which is said', () => {
  const { out, err } = pktap('top', '-r', CURL);
  assert.match(err, /^pktap: standard output is no terminal: reports as with -b\n/);
  assert.match(out, /^2026-11-23T22:10:49Z processes\n/);
});

test('on a terminal: views, selection, details, following, filter, groups, help', async (t) => {
  const screen = Screen.top(t, ['-r', CURL], { env: { TZ: 'UTC' } });
  await screen.until(/^curl +32505 +root/m);
  assert.deepEqual(screen.lines.slice(0, 2), [
    'pktap top  examples/curl.pcapng                              2026-11-23 22:10:49',
    'in 0B/s out 0B/s  total 2.22kB in 2.35kB out  24 packets  2 flows  0 retr  0 rs…',
  ]);
  assert.match(screen.lines[4]!, /^python3 +32488 +root +█ +0 +0 +489 1\.80k +12 +1 +0$/);
  assert.ok(screen.alternate && screen.coloured);
  screen.keys('down', 'down');
  await screen.until((s) => s.reversed(5));
  screen.keys('enter');
  await screen.until(/^curl +TCP +127\.0\.0\.1:8080 +closed/m);
  assert.match(screen.text, /of curl \(32505\)/);
  assert.doesNotMatch(screen.text, /python3/);
  screen.keys('down', 'enter');
  await screen.until(
    /DETAILS[\s\S]*^22:10:49\.119624 IP 127\.0\.0\.1\.34194 > 127\.0\.0\.1\.8080: Flags \[\.\]/m,
  );
  assert.match(
    screen.text,
    /^process curl \(32505\), user root \(0\), parent 32483, started 2026-11-23 22:10:49/m,
  );
  assert.match(screen.text, /^flow TCP 127\.0\.0\.1:34194 to 127\.0\.0\.1:8080, closed, lo$/m);
  screen.keys('backspace');
  await screen.until((s) => !/DETAILS/.test(s.text));
  screen.keys('backspace');
  await screen.until(/^python3 +32488/m);
  screen.keys('/', 'pid = 32488', 'enter');
  await screen.until((s) => /\/pid = 32488/.test(s.text) && !/^curl/m.test(s.text));
  screen.keys('/');
  await screen.until(/^filter \(as -Q\): pid = 32488/m);
  for (let i = 0; i < 11; i++) screen.keys('backspace');
  screen.keys('frame.len > 5', 'enter');
  await screen.until(/^frame\.len is another for each packet of a flow/m);
  screen.keys('/', '\x15', 'nonsense', 'enter');
  await screen.until(/^can't parse metadata filter/m);
  screen.keys('/', '\x15', 'enter', 'g');
  await screen.until(/by name[\s\S]*^curl /m);
  screen.keys('3');
  await screen.until(/^127\.0\.0\.1 .*2\.22k 2\.35k/m);
  screen.keys('h');
  await screen.until(/^1 processes +2 flows +3 hosts/m);
  screen.keys('x', '7');
  await screen.until(/^BE /m);
  screen.keys('q');
  assert.deepEqual(await screen.end(), { status: 0, restored: true });
  assert.equal(screen.alternate, false);
  assert.equal(screen.text.trim(), '');
});

test('a file’s time: back, and forth again', async (t) => {
  const screen = Screen.top(t, ['-r', CURL]);
  await screen.until(/ 24 packets /);
  screen.keys('[', '[', '[', '[', '[', '[', '[', '[', '[');
  await screen.until(/ 1 packets /);
  screen.keys(']', ']', ']', ']', ']', ']', ']', ']', ']');
  await screen.until(/ 24 packets /);
  screen.keys('ctrl-c');
  assert.deepEqual(await screen.end(), { status: 0, restored: true });
});

test('w writes the packets of what is selected', async (t) => {
  const path = join(folder, 'selected.pcapng');
  const screen = Screen.top(t, ['-r', CURL, '--sort', 'in']);
  await screen.until(/^curl +32505/m);
  screen.keys('down', 'w');
  await screen.until(/^write to: pktap-curl-32505/m);
  screen.keys('\x15', path, 'enter');
  await screen.until(/^12 packets written to /m);
  screen.keys('w', '\x15', CURL, 'enter');
  await screen.until(/is read and can't be written/);
  screen.keys('q');
  await screen.end();
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const { out } = pktap('-r', path, '--summary', 'process.name,process.pid', '--csv');
  assert.match(out, /\ncurl,32505,12,2286,1731,555,/);
  assert.equal(out.trimEnd().split('\n').length, 2);
});

/** A pcapng in Apple's form, whose process has a name that would move the cursor. */
function hostile(name: string): string {
  const path = join(folder, 'hostile.pcapng');
  const bytes = readFileSync(CURL);
  const from = Buffer.from('python3\0');
  for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 8))
    Buffer.from(name).copy(bytes, at, 0, 7);
  writeFileSync(path, bytes);
  return path;
}

test('names cannot move the cursor, nor shift what is beside them', async (t) => {
  for (const [name, shown] of [
    ['\x1b[2J\x1b[H', /^\^\[\[2J\^\[\[…|^\^\[\[2J/m],
    ['a\u202eb\u200b', /^a\\u202eb…|^a\\u202eb/m],
    ['日本x', /^日本x +32488 +root/m],
    ['\u0301\u0301\u0301z', /^◌\u0301\u0301z +32488|^◌/m],
  ] as const) {
    const screen = Screen.top(t, ['-r', hostile(name)]);
    const text = await screen.until(/32488/);
    assert.match(text, shown);
    const line = screen.lines.find((one) => one.includes('32488'))!;
    const curl = screen.lines.find((one) => one.includes('32505'))!;
    assert.match(line, / 489 1\.80k /, text);
    assert.match(curl, / 1\.73k +555 /, text);
    assert.doesNotMatch(screen.raw.replaceAll(/\x1b\[[\d;?]*[hlmHJ]/g, ''), /[\x00-\x1f\x7f]/);
    screen.keys('q');
    await screen.end();
  }
});

test('sizes: 80 × 24, small, large, and while it runs', async (t) => {
  const screen = Screen.top(t, ['-r', CURL], { columns: 160, rows: 50 });
  await screen.until(/IDLE/);
  assert.match(screen.text, /7 classes/);
  for (const [columns, rows] of [
    [80, 24],
    [40, 10],
    [30, 8],
    [200, 60],
  ] as const) {
    screen.resize(columns, rows);
    await screen.until((s) => /q quit/.test(s.lines[rows - 1]!) && /^curl /m.test(s.text));
    assert.ok(screen.lines.every((line) => line.length <= columns));
  }
  screen.resize(10, 3);
  await screen.until(/^pktap top:/);
  screen.resize(80, 24);
  await screen.until(/^curl +32505/m);
  screen.keys('q');
  await screen.end();
});

test('NO_COLOR has no colours, a locale without UTF-8 no other characters than ASCII', async (t) => {
  const screen = Screen.top(t, ['-r', hostile('日本x')], { env: { NO_COLOR: '1', LC_ALL: 'C' } });
  await screen.until(/^\\u65e5\\u672cx|^\\u65e5/m);
  assert.equal(screen.coloured, false);
  assert.doesNotMatch(screen.raw, /[^\x00-\x7f]/);
  assert.match(screen.text, /IN\/s/);
  screen.keys('q');
  await screen.end();
});

test('signals and a closed terminal end it, and leave the terminal as it was', async (t) => {
  for (const signal of [2, 15, 1]) {
    const screen = Screen.top(t, ['-r', CURL]);
    await screen.until(/^curl /m);
    screen.control(`signal ${signal}`);
    assert.deepEqual(await screen.end(), { status: 0, restored: true });
    assert.equal(screen.alternate, false);
  }
  const closed = Screen.top(t, ['-r', CURL]);
  await closed.until(/^curl /m);
  closed.hangUp();
  assert.equal((await closed.end()).status, 0);
});

test('a file from standard input is shown, and has no way back', async (t) => {
  const screen = Screen.top(t, ['-r', '-'], { env: { STDIN_FILE: CURL } });
  await screen.until(/^curl +32505/m);
  screen.keys('left');
  await screen.until(/^standard input cannot be read again/m);
  screen.keys('q');
  assert.deepEqual(await screen.end(), { status: 0, restored: true });
});

test('a file that is not there, and one that breaks off, are said behind the screen', async (t) => {
  const missing = Screen.top(t, ['-r', join(folder, 'nothing')]);
  assert.equal((await missing.end()).status, 1);
  assert.match(missing.text, /^pktap: .*nothing: No such file or directory/m);
  const path = join(folder, 'broken.pcapng');
  writeFileSync(path, readFileSync(CURL).subarray(0, 3000));
  const broken = Screen.top(t, ['-r', path]);
  await broken.until(/truncated|broken|cut/i);
  broken.keys('q');
  assert.equal((await broken.end()).status, 1);
  assert.match(broken.text, /^pktap: /m);
  assert.ok(existsSync(path));
});
