// The page of `pktap web` over live traffic of known programs, in headless Chromium. What they moved is read off the counters of the
// namespace's loopback interface, which pktap has no part in.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Direction, openSavefile } from 'pktap';
import type { Page } from 'playwright-core';
import { noBrowser, openPage, rowsOf, startBrowser, until } from '../web/browser.js';
import { sending } from '../web/sending.js';
import { serve } from '../web/served.js';
import { cannot, ip, makeNamespace, runProgram } from './world.js';

interface Moved {
  readonly bytes: number;
  readonly packets: number;
}

/** Bytes of an Ethernet header: loopback has taken it off when it counts. */
const ETHERNET = 14;

/** What a namespace's loopback has sent: the same as it received. */
function sentBy(namespace: string): Moved {
  const [lo] = JSON.parse(ip('-n', namespace, '-j', '-s', 'link', 'show', 'lo')) as {
    stats64: { tx: Moved; rx: Moved };
  }[];
  const { tx, rx } = lo!.stats64;
  assert.deepEqual([tx.bytes, tx.packets], [rx.bytes, rx.packets]);
  return { bytes: tx.bytes + ETHERNET * tx.packets, packets: tx.packets };
}

/** Sends text over TCP to itself, asks over UDP and is answered, under a name of its own. */
const program = (name: string, port: number, bytes: number): string => `${sending(name, port, bytes, name[0])}
a = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); a.bind(('127.0.0.1', ${port}))
b = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for i in range(10):
    b.sendto(b'q' * 30, ('127.0.0.1', ${port})); _, back = a.recvfrom(100); a.sendto(b'r' * 70, back); b.recvfrom(100)`;

/** Runs one. @returns its process ID, and what loopback moved meanwhile */
async function run(
  namespace: string,
  name: string,
  port: number,
  bytes: number,
): Promise<Moved & { pid: number }> {
  const before = sentBy(namespace);
  const { pid, status, errors } = await runProgram(namespace, ['python3', '-c', program(name, port, bytes)]);
  assert.equal(status, 0, errors);
  const after = sentBy(namespace);
  return { pid, bytes: after.bytes - before.bytes, packets: after.packets - before.packets };
}

const whole = (value: number): string => value.toLocaleString('en');

/** The row that a program must have: each packet was sent and received by it. */
function rowOf(name: string, { pid, bytes, packets }: Moved & { pid: number }): string[] {
  return [name, `${pid}`, whole(bytes), whole(bytes), whole(2 * packets)];
}

async function processes(page: Page): Promise<string[][]> {
  const rows = await rowsOf(page, 'processes');
  return rows
    .map((row) => ['process', 'pid', 'bytesIn', 'bytesOut', 'packets'].map((name) => row[name]!))
    .sort((a, b) => (a[0]! < b[0]! ? -1 : 1));
}

/** Waits until the page has counted so many packets. */
function counted(page: Page, packets: number): Promise<void> {
  return until(page, `document.querySelector('[data-total=Packets]').textContent === '${whole(packets)}'`);
}

/** What a file has of each process, and the bytes that one sent to a port over TCP, in their order. */
async function read(
  file: string,
  name: string,
  port: number,
): Promise<{ sums: Map<string, Moved>; sent: string }> {
  const sums = new Map<string, Moved>();
  const parts = new Map<number, string>();
  const source = await openSavefile(file, {});
  await source.run((packet) => {
    const { process } = packet.metadata!;
    const { bytes = 0, packets = 0 } = sums.get(process!.name) ?? {};
    sums.set(process!.name, { bytes: bytes + packet.length, packets: packets + 1 });
    const { tcp, payload } = tcpOf(packet.data);
    if (
      process!.name === name &&
      packet.metadata!.direction === Direction.OUT &&
      tcp?.port === port &&
      payload !== ''
    )
      parts.set(tcp.sequence, payload);
    return true;
  });
  source.close();
  const sent = [...parts].sort(([a], [b]) => (a - b) | 0).map(([, payload]) => payload);
  return { sums, sent: sent.join('') };
}

/** Destination port, sequence number and payload of a TCP segment in IPv4 in Ethernet. */
function tcpOf(data: Uint8Array): { tcp: { port: number; sequence: number } | null; payload: string } {
  const frame = Buffer.from(data);
  if (frame[14 + 9] !== 6) return { tcp: null, payload: '' };
  const ipEnd = 14 + frame.readUInt16BE(14 + 2);
  const tcp = 14 + 4 * (frame[14]! & 15);
  const payload = tcp + 4 * (frame[tcp + 12]! >> 4);
  return {
    tcp: { port: frame.readUInt16BE(tcp + 2), sequence: frame.readUInt32BE(tcp + 4) },
    payload: frame.toString('latin1', payload, ipEnd),
  };
}

/** Runs a filter of the list. */
async function filter(page: Page, metadata: string, expression: string): Promise<void> {
  await page.click('#tab-packets');
  await page.fill('#metadata', metadata);
  await page.fill('#expression', expression);
  await page.keyboard.press('Enter');
}

const shownTexts = (page: Page): Promise<string[]> => page.locator('#packets td.text').allTextContents();
const listed = (page: Page, count: number): Promise<void> =>
  until(page, `document.querySelectorAll('#packets tbody tr').length === ${count}`);

async function opened(t: TestContext, namespace: string) {
  const browser = await startBrowser();
  t.after(() => browser.close());
  const served = await serve(t, '-i', 'pktap,all', '--netns', namespace);
  const page = await openPage(t, browser, served.url, { acceptDownloads: true });
  await page.page.waitForSelector('#state.live');
  return { served, ...page };
}

test('names, sums, list, pause and recording of known programs, exact', {
  skip: cannot || noBrowser,
  timeout: 300_000,
}, async (t) => {
  const namespace = makeNamespace(t);
  // What is sent as one packet is received as one: larger ones would be cut in between.
  ip('-n', namespace, 'link', 'set', 'lo', 'gso_max_segs', '1');
  const folder = mkdtempSync(join(tmpdir(), 'pktap-live-page-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const { served, page, faults, requests } = await opened(t, namespace);
  await page.click('#record');
  await page.waitForSelector('#stop');
  await filter(page, 'proc = alpha', 'tcp[tcpflags] & tcp-syn != 0');

  const alpha = await run(namespace, 'alpha', 9301, 300_000);
  const bravo = await run(namespace, '<b>bravo', 9302, 50_000);
  await counted(page, 2 * (alpha.packets + bravo.packets));
  const both = [rowOf('<b>bravo', bravo), rowOf('alpha', alpha)];
  assert.deepEqual(await processes(page), both);
  // Each flow is there twice: as who begins it has it, and as who is asked. Both ends are one process, and one flow's sums its own.
  const flows = await rowsOf(page, 'flows');
  assert.deepEqual(
    [...new Set(flows.map(({ process, protocol, state }) => `${process} ${protocol} ${state}`))].sort(),
    ['<b>bravo TCP closed', '<b>bravo UDP ', 'alpha TCP closed', 'alpha UDP '],
  );
  const sum = (rows: Record<string, string>[], column: string): number =>
    rows.reduce((all, row) => all + Number(row[column]!.replaceAll(',', '')), 0);
  assert.equal(sum(flows, 'bytesIn'), alpha.bytes + bravo.bytes);
  assert.equal(sum(flows, 'bytesOut'), alpha.bytes + bravo.bytes);
  assert.equal(sum(await rowsOf(page, 'hosts'), 'bytesIn'), alpha.bytes + bravo.bytes);

  // The list: SYN and SYN+ACK of the one program, sent and received; then by one filter alone, and none.
  await page.click('#tab-packets');
  await listed(page, 4);
  assert.ok((await shownTexts(page)).every((text) => /^IP 127\.0\.0\.1.*Flags \[S\.?\]/.test(text)));
  await filter(page, 'proc = alpha and dir = out and udp.dstport = 9301', '');
  await listed(page, 10);
  assert.ok((await shownTexts(page)).every((text) => /> 127\.0\.0\.1\.9301: UDP, length 30$/.test(text)));
  await filter(page, '', 'udp and greater 112');
  await listed(page, 40);
  assert.ok((await shownTexts(page)).every((text) => /UDP, length 70$/.test(text)));
  await page.click('#packets tbody tr');
  await page.waitForSelector('#detail');
  assert.match((await page.locator('#bytes').textContent())!, /72 72 72 72/);
  await filter(page, '', '');

  // What comes while it is paused is not shown, and not lost.
  await page.click('#pause');
  await page.waitForSelector('#state.paused');
  const charlie = await run(namespace, 'charlie', 9303, 20_000);
  await new Promise((done) => setTimeout(done, 1500));
  assert.deepEqual(await processes(page), both);
  await page.click('#pause');
  const all = alpha.packets + bravo.packets + charlie.packets;
  await counted(page, 2 * all);
  assert.deepEqual(await processes(page), [...both, rowOf('charlie', charlie)]);

  await page.click('#stop');
  await page.waitForSelector('#download');
  const downloading = page.waitForEvent('download');
  await page.click('#download');
  const download = await downloading;
  assert.equal(download.suggestedFilename(), 'recording.pcapng');
  const file = join(folder, 'recording.pcapng');
  await download.saveAs(file);
  const { sums, sent } = await read(file, 'alpha', 9301);
  const twice = ({ bytes, packets }: Moved): Moved => ({ bytes: 2 * bytes, packets: 2 * packets });
  assert.deepEqual(
    sums,
    new Map([
      ['alpha', twice(alpha)],
      ['<b>bravo', twice(bravo)],
      ['charlie', twice(charlie)],
    ]),
  );
  assert.equal(sent, 'a'.repeat(300_000));

  assert.ok(requests.every((url) => new RegExp(`^(blob:)?http://127\\.0\\.0\\.1:${served.port}/`).test(url)));
  assert.deepEqual(faults, []);
  // What is against the policy would have been told.
  await page.evaluate(
    `(() => { const s = document.createElement('script'); s.textContent = 'window.hostile = 1'; document.body.append(s); })()`,
  );
  assert.equal(await page.evaluate('window.hostile === undefined'), true);
  assert.equal(faults.length, 1);
  assert.match(faults[0]!, /Content Security Policy/);
  assert.equal(await served.stop(), 0);
  await until(
    page,
    `/pktap has ended|No word from pktap/.test(document.getElementById('messages').textContent)`,
  );
  assert.ok(readFileSync(file).length > 300_000);
});
