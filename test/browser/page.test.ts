// The example page in headless Chromium: a dropped file's processes and packets. Debian's `chromium` is not among what ./setup installs, as
// it takes 350 MB; PKTAP_CHROMIUM=PATH names another. Skipped where there is none.

import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  accessSync,
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { chooseFields, openSavefile, Summary, visible } from 'pktap';
import type { Browser, Page } from 'playwright-core';

const CURL = resolve('examples/curl.pcapng');
/** A start of Chromium on a busy machine takes a while. */
const PATIENCE = 120_000;

function findChromium(): string | null {
  const folders = (process.env['PATH'] ?? '').split(':');
  const places = folders.flatMap((folder) =>
    ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)),
  );
  for (const path of [process.env['PKTAP_CHROMIUM'] ?? '', ...places]) {
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {}
  }
  return null;
}

const chromium = findChromium();
const skip = chromium === null ? 'no chromium here (PKTAP_CHROMIUM=PATH)' : false;
const folder = mkdtempSync(join(tmpdir(), 'pktap-page-'));
let server: ChildProcess | null = null;
let browser: Browser | null = null;
let url = '';

before(async () => {
  if (chromium === null) return;
  server = spawn(process.execPath, ['examples/browser/serve.js'], { stdio: ['ignore', 'pipe', 'inherit'] });
  url = await new Promise((done) => {
    server!.stdout!.once('data', (line: Buffer) => done(line.toString().trim()));
  });
  const { chromium: driver } = await import('playwright-core');
  browser = await driver.launch({ executablePath: chromium, args: ['--no-sandbox'], timeout: PATIENCE });
});

after(async () => {
  await browser?.close();
  server?.kill();
  rmSync(folder, { recursive: true });
});

/** The page, and what it complains of. */
async function openPage(): Promise<{ page: Page; faults: string[] }> {
  const page = await browser!.newPage();
  page.setDefaultTimeout(PATIENCE);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
  });
  await page.goto(url);
  return { page, faults };
}

interface Shown {
  readonly says: string;
  readonly rows: string[][];
  readonly text: string;
}

/** What the page shows when it has read a file. */
async function shown(page: Page, path: string): Promise<Shown> {
  await page.locator('#says').evaluate((says) => {
    (says as unknown as { dataset: Record<string, string> }).dataset['ended'] = 'no';
  });
  await page.setInputFiles('#file', path);
  return ended(page);
}

async function ended(page: Page): Promise<Shown> {
  await page.waitForSelector('#says[data-ended=true]');
  const rows = await page.locator('#processes tr').all();
  return {
    says: (await page.locator('#says').textContent())!,
    rows: await Promise.all(rows.map((row) => row.locator('td').allTextContents())),
    text: (await page.locator('#packets').textContent())!,
  };
}

/** The same from the library under Node. */
async function wanted(
  path: string,
  filter: string | null = null,
): Promise<{ rows: string[][]; packets: number }> {
  const summary = new Summary(chooseFields('process.name,process.pid'), { groups: 10_000 });
  const file = await openSavefile(path, { metadataFilter: filter });
  let packets = 0;
  await file.run((packet) => {
    packets++;
    summary.packet(packet);
    return true;
  });
  file.close();
  const rows = summary.sorted().map((group) => {
    const [name, pid] = group.values;
    const { bytes, bytesIn, bytesOut, flows } = group;
    const process = name === null ? 'unknown' : visible(name as string);
    return [process, `${pid ?? ''}`, ...[group.packets, bytes, bytesIn, bytesOut, flows].map(String)];
  });
  return { rows, packets };
}

function text(path: string, ...args: string[]): string {
  return execFileSync('bin/pktap', ['-n', '-k', 'INPSDCF', ...args, '-r', path], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env },
  });
}

test('a capture: its processes, their sums, its packets; then filtered', { skip }, async () => {
  const { page, faults } = await openPage();
  const got = await shown(page, CURL);
  const { rows, packets } = await wanted(CURL);
  assert.deepEqual(got.rows, rows);
  assert.deepEqual(got.rows.map(([name]) => name).sort(), ['curl', 'python3']);
  assert.equal(got.text, text(CURL));
  assert.equal(
    got.says,
    `${packets} packets, 4572 bytes of curl.pcapng, ${readFileSync(CURL).length} bytes: read to its end`,
  );
  await page.locator('#says').evaluate((says) => {
    (says as unknown as { dataset: Record<string, string> }).dataset['ended'] = 'no';
  });
  await page.fill('#filter', "proc = curl and http.path ~ 'LICENSE'");
  await page.locator('#filter').blur();
  const filtered = await ended(page);
  assert.deepEqual(filtered.rows, (await wanted(CURL, "proc = curl and http.path ~ 'LICENSE'")).rows);
  assert.equal(filtered.text, text(CURL, '-Q', "proc = curl and http.path ~ 'LICENSE'"));
  assert.ok(filtered.text.includes('GET /LICENSE'));
  await page.locator('#says').evaluate((says) => {
    (says as unknown as { dataset: Record<string, string> }).dataset['ended'] = 'no';
  });
  await page.fill('#filter', 'proc =');
  await page.locator('#filter').blur();
  assert.match((await ended(page)).says, /can't parse metadata filter/);
  assert.deepEqual(faults, []);
  await page.close();
});

test('hostile files: text stays text, broken ones say where', { skip }, async () => {
  const { page, faults } = await openPage();
  const bytes = readFileSync(CURL);
  // A name of the same length that would be markup, were it taken as such.
  const name = Buffer.from('<b>pyt\0');
  const hostile = Buffer.from(bytes);
  for (let at = hostile.indexOf('python3'); at >= 0; at = hostile.indexOf('python3', at + 1))
    name.copy(hostile, at);
  const path = join(folder, 'hostile.pcapng');
  writeFileSync(path, hostile);
  const got = await shown(page, path);
  assert.ok(
    got.rows.some(([first]) => first === '<b>pyt'),
    JSON.stringify(got.rows),
  );
  assert.equal(await page.locator('#processes b').count(), 0);
  const cut = join(folder, 'cut.pcapng');
  writeFileSync(cut, bytes.subarray(0, -20));
  assert.match((await shown(page, cut)).says, /^2\d packets, .*\(cut\.pcapng, byte \d+\)$/);
  const junk = join(folder, 'junk');
  writeFileSync(junk, Buffer.alloc(1000, 'junk'));
  assert.match((await shown(page, junk)).says, /^0 packets, .*unknown file format \(junk, byte 0\)$/);
  const empty = join(folder, 'empty');
  writeFileSync(empty, '');
  assert.match((await shown(page, empty)).says, /^0 packets, .*truncated dump file/);
  assert.deepEqual(faults, []);
  await page.close();
});

/** Processes that a process started, and those that they did. */
function descendants(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  return children.flatMap((child) => [child, ...descendants(child)]);
}

/** The most memory that a process had, in MiB. */
function peak(pid: number): number {
  return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}

test('a large file: all of it counted, a window of it in memory', { skip }, async () => {
  const path = join(folder, 'large.pcap');
  // 306 MB of packets of 1,500 bytes, each a datagram.
  const packet = Buffer.alloc(16 + 1514);
  packet.writeUInt32LE(1514, 8);
  packet.writeUInt32LE(1514, 12);
  Buffer.from('0200000000010200000000020800450005dc000000004011', 'hex').copy(packet, 16);
  const block = Buffer.concat(Array.from({ length: 1000 }, () => packet));
  const header = Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex');
  const file = openSync(path, 'w', 0o600);
  writeSync(file, header);
  for (let i = 0; i < 200; i++) writeSync(file, block);
  closeSync(file);
  const { page, faults } = await openPage();
  const got = await shown(page, path);
  assert.ok(got.says.startsWith(`200000 packets, ${200_000 * 1514} bytes of large.pcap`), got.says);
  assert.deepEqual(got.rows, [['unknown', '', '200000', `${200_000 * 1514}`, '0', '0', '1']]);
  assert.equal(got.text.trimEnd().split('\n').length, 200);
  const most = Math.max(...descendants(process.pid).map(peak));
  assert.ok(most > 30 && most < 260, `${most} MiB`);
  assert.deepEqual(faults, []);
  await page.close();
});
