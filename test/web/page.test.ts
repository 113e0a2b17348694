// The page of `pktap web` over a file, and over files that are dropped on it.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { drop, noBrowser, openPage, rowsOf, startBrowser, until } from './browser.js';
import { serve } from './served.js';

const CURL = 'examples/curl.pcapng';
const skip = noBrowser;
const folder = mkdtempSync(join(tmpdir(), 'pktap-web-page-'));
let browser: Browser;

before(async () => {
  if (!skip) browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

const SUMS = [
  ['curl', '32505', '1,731', '555', '12'],
  ['python3', '32488', '489', '1,797', '12'],
];
const sums = (rows: readonly Record<string, string>[]): string[][] =>
  rows.map((row) => ['process', 'pid', 'bytesIn', 'bytesOut', 'packets'].map((name) => row[name]!));

test('a file: sums, flows, packets, a packet, filters, a stretch of time', { skip }, async (t) => {
  const served = await serve(t, '-r', CURL);
  const { page, faults, requests } = await openPage(t, browser, served.url);
  assert.deepEqual(sums(await rowsOf(page, 'processes')), SUMS);
  // The token is not left in the address, and stays when the page is loaded again.
  assert.equal(page.url(), `http://127.0.0.1:${served.port}/`);
  await page.reload();
  assert.deepEqual(sums(await rowsOf(page, 'processes')), SUMS);
  assert.deepEqual(
    (await rowsOf(page, 'flows')).map(({ local, remote, state }) => [local, remote, state]),
    [
      ['127.0.0.1:34194', '127.0.0.1:8080', 'closed'],
      ['127.0.0.1:8080', '127.0.0.1:34194', 'closed'],
    ],
  );
  assert.equal((await rowsOf(page, 'hosts'))[0]!['address'], '127.0.0.1');
  // Keys: the packets, and the filter; a row, its text, its bytes.
  await page.keyboard.press('1');
  await page.waitForSelector('[data-table=processes]');
  await page.keyboard.press('/');
  await page.waitForSelector('#packets tr[data-number="24"]');
  await page.keyboard.type("http.path ~ 'LICENSE'");
  await page.keyboard.press('Enter');
  await until(page, 'document.querySelectorAll("#packets tbody tr").length === 2');
  assert.match((await page.locator('#packets tbody td.text').first().textContent())!, /GET \/LICENSE/);
  await page.keyboard.press('Escape');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#detail');
  assert.match(
    (await page.locator('#text').textContent())!,
    /HTTP, length: \d+\n\s+GET \/LICENSE HTTP\/1\.1\n/,
  );
  assert.match((await page.locator('#bytes').textContent())!, /^00000 {2}([0-9a-f]{2} ){8}/);
  assert.ok((await page.locator('#detail dd').allTextContents()).includes('curl'));
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('#detail').count(), 0);
  await page.fill('#metadata', 'proc =');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#filtererror');
  assert.match((await page.locator('#filtererror').textContent())!, /can't parse metadata filter/);
  await page.fill('#metadata', '');
  await page.fill('#expression', 'src port 34194 and tcp[tcpflags] & tcp-syn != 0');
  await page.keyboard.press('Enter');
  await until(page, 'document.querySelectorAll("#packets tbody tr").length === 2');
  // The whole plot, dragged over, is all there is.
  const plot = (await page.locator('.u-over').boundingBox())!;
  await page.mouse.move(plot.x + 1, plot.y + 50);
  await page.mouse.down();
  await page.mouse.move(plot.x + plot.width - 1, plot.y + 60, { steps: 5 });
  await page.mouse.up();
  await page.waitForSelector('#stretch');
  const stretch = async (): Promise<string[][]> =>
    Promise.all(
      (await page.locator('#stretch tbody tr').all()).map((row) => row.locator('td').allTextContents()),
    );
  assert.deepEqual(await stretch(), [
    ['curl', '1,731', '555'],
    ['python3', '489', '1,797'],
    ['all', '2,220', '2,352'],
  ]);
  await page.click('#clear');
  assert.equal(await page.locator('#stretch').count(), 0);
  // By keys: the last stretch of 1/1024 s, which the list then has.
  await page.fill('#expression', '');
  await page.focus('#chart');
  await page.keyboard.press('ArrowRight');
  await page.waitForSelector('#stretch');
  const all = (await stretch()).at(-1)!;
  await page.click('#list');
  const bytes = (text: string): number => Number(text.replaceAll(',', ''));
  const listed = `[...document.querySelectorAll("#packets tbody tr td:nth-child(6)")].reduce((sum, cell) => sum + Number(cell.textContent), 0)`;
  await until(page, `${listed} === ${bytes(all[1]!) + bytes(all[2]!)}`);
  assert.ok(requests.every((url) => url.startsWith(`http://127.0.0.1:${served.port}/`)));
  assert.ok(requests.every((url) => !url.includes(served.token) || url === served.url));
  // A wrong filter is a status of 400, which Chromium says.
  assert.deepEqual(faults, [
    'Failed to load resource: the server responded with a status of 400 (Bad Request)',
  ]);
});

test('no token, or a wrong one: the page says so, and has nothing', { skip }, async (t) => {
  const served = await serve(t, '-r', CURL);
  for (const end of ['', '#aaaaaaaaaaaaaaaaaaaaaa']) {
    const context = await browser.newContext();
    t.after(() => context.close());
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${served.port}/${end}`);
    await page.waitForSelector('#messages p');
    assert.match((await page.locator('#messages').textContent())!, /no token, or an old one/);
    assert.equal(await page.locator('table').count(), 0);
  }
});

test("another site's page gets nothing, by any way that it has", { skip }, async (t) => {
  const served = await serve(t, '-r', CURL);
  const other = await serve(t, '-r', CURL);
  const { page } = await openPage(t, browser, `http://localhost:${other.port}/`);
  // Without a policy of its own, as a hostile page would have none.
  const target = `http://127.0.0.1:${served.port}`;
  const context = await browser.newContext({ bypassCSP: true });
  t.after(() => context.close());
  const hostile = await context.newPage();
  await hostile.goto(`http://localhost:${other.port}/`);
  const results = (await hostile.evaluate(`(async () => {
    const tried = [];
    const attempt = async (url, options) => { try { tried.push((await fetch(url, options)).status); } catch (error) { tried.push('refused'); } };
    await attempt('${target}/metrics', { headers: { Authorization: 'Bearer ${served.token}' } });
    await attempt('${target}/metrics');
    await attempt('${target}/api/watch', { method: 'POST', body: '{}' });
    // Without leave, the answer has no content for us, and the request no effect.
    await attempt('${target}/', { mode: 'no-cors' });
    tried.push(await new Promise((done) => {
      const image = new Image();
      image.src = '${target}/page.css';
      image.onload = () => done('loaded');
      image.onerror = () => done('refused');
    }));
    tried.push(await new Promise((done) => {
      const frame = document.createElement('iframe');
      frame.src = '${target}/';
      frame.onload = () => { let text = 'refused'; try { text = frame.contentDocument?.body.textContent ?? text; } catch {} done(text); };
      document.body.append(frame);
    }));
    tried.push(await new Promise((done) => {
      const script = document.createElement('script');
      script.src = '${target}/page.js';
      script.onload = () => done('loaded');
      script.onerror = () => done('refused');
      document.head.append(script);
    }));
    return tried;
  })()`)) as unknown[];
  assert.deepEqual(results.slice(0, 3), ['refused', 'refused', 'refused']);
  // An opaque answer tells no status.
  assert.ok(results[3] === 0 || results[3] === 'refused');
  assert.deepEqual(results.slice(4), ['refused', 'refused', 'refused']);
  // A form of another site is sent, and refused.
  const form = await context.newPage();
  await form.goto(`http://localhost:${other.port}/`);
  const answered = form.waitForResponse((response) => response.url() === `${target}/api/recording`);
  await form.evaluate(
    `(() => { const form = document.createElement('form'); form.method = 'post'; form.enctype = 'text/plain'; form.action = '${target}/api/recording'; document.body.append(form); form.submit(); })()`,
  );
  assert.equal((await answered).status(), 403);
  assert.equal(await page.locator('table').count(), 0);
});

test('a name of others that leads here is refused, also for who has the token', { skip }, async (t) => {
  const rebound = await startBrowser('--host-resolver-rules=MAP evil.test 127.0.0.1');
  t.after(() => rebound.close());
  const served = await serve(t, '-r', CURL);
  const context = await rebound.newContext({ bypassCSP: true });
  const page = await context.newPage();
  const own = `http://evil.test:${served.port}`;
  const answer = await page.goto(`${own}/#${served.token}`);
  assert.equal(answer!.status(), 421);
  // The page is its own to script, and all that it can ask for is refused.
  assert.deepEqual(
    await page.evaluate(`(async () => {
      const headers = { Authorization: 'Bearer ${served.token}', 'Content-Type': 'application/json' };
      const all = [];
      for (const [path, options] of [['/', {}], ['/metrics', { headers }], ['/api/packets', { method: 'POST', headers, body: '{"most":1}' }]])
        all.push([(await fetch(path, options)).status, (await (await fetch(path, options)).text())]);
      return all;
    })()`),
    Array.from({ length: 3 }, () => [421, '{"error":"this is no host of ours"}']),
  );
});

test('a dropped file: the same as from the server, and nothing is sent', { skip }, async (t) => {
  const empty = join(folder, 'one.pcapng');
  writeFileSync(
    empty,
    execFileSync('bin/pktap', ['-r', CURL, '-c', '1', '-w', '-'], { stdio: ['ignore', 'pipe', 'ignore'] }),
  );
  const served = await serve(t, '-r', empty);
  const { page, faults, requests } = await openPage(t, browser, served.url);
  assert.equal((await rowsOf(page, 'processes')).length, 1);
  const before = requests.length;
  await drop(page, 'curl.pcapng', readFileSync(CURL));
  await page.waitForSelector('#closefile');
  await page.waitForSelector('#state.read');
  await until(page, 'document.querySelectorAll("#table tbody tr").length === 2');
  assert.deepEqual(sums(await rowsOf(page, 'processes')), SUMS);
  await page.click('#tab-packets');
  await page.waitForSelector('#packets tr[data-number="24"]');
  const lines = await page.locator('#packets td.text').allTextContents();
  const wanted = execFileSync('bin/pktap', ['-r', CURL, '-n', '-t', '-S', '--no-metadata'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  assert.deepEqual(lines, wanted.trimEnd().split(/\n(?!\t)/));
  assert.equal(await page.locator('#expression').count(), 0);
  await page.fill('#metadata', 'proc = curl and tcp.flags = SYN');
  await page.keyboard.press('Enter');
  await until(page, 'document.querySelectorAll("#packets tbody tr").length === 2');
  await page.click('#packets tbody tr');
  await page.waitForSelector('#detail');
  assert.match((await page.locator('#text').textContent())!, /cksum/);
  // Nothing but the page's own files was asked for: what was read went nowhere.
  assert.deepEqual(
    requests.slice(before).filter((url) => !url.startsWith(`http://127.0.0.1:${served.port}/browser/`)),
    [],
  );
  await drop(page, 'junk', Buffer.alloc(1000, 'junk'));
  await until(page, '/unknown file format/.test(document.getElementById("messages").textContent)');
  await drop(page, 'cut.pcapng', readFileSync(CURL).subarray(0, -20));
  await until(page, '/cut.pcapng, byte/.test(document.getElementById("messages").textContent)');
  await page.click('#closefile');
  await until(page, 'document.getElementById("source").textContent.endsWith("one.pcapng")');
  assert.equal((await rowsOf(page, 'processes')).length, 1);
  assert.deepEqual(faults, []);
});

test('hostile names are text', { skip }, async (t) => {
  const bytes = Buffer.from(readFileSync(CURL));
  const name = Buffer.from('<i>x\u202e');
  for (let at = bytes.indexOf('python3'); at >= 0; at = bytes.indexOf('python3', at + 1))
    name.copy(bytes, at);
  const path = join(folder, 'hostile.pcapng');
  writeFileSync(path, bytes);
  const served = await serve(t, '-r', path);
  const { page, faults } = await openPage(t, browser, served.url);
  const names = (await rowsOf(page, 'processes')).map(({ process }) => process);
  assert.deepEqual(names, ['curl', '<i>x\\u202e']);
  assert.equal(await page.locator('td i').count(), 0);
  await page.click('#tab-packets');
  await page.waitForSelector('#packets tr[data-number="24"]');
  assert.equal(await page.locator('#packets i').count(), 0);
  assert.deepEqual(faults, []);
});

test('a phone: nothing is wider than the screen, in light and dark', { skip }, async (t) => {
  const served = await serve(t, '-r', CURL);
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page, faults } = await openPage(t, browser, served.url, {
      colorScheme,
      viewport: { width: 390, height: 800 },
    });
    await rowsOf(page, 'processes');
    for (const tab of ['processes', 'flows', 'packets']) {
      await page.click(`#tab-${tab}`);
      assert.ok(((await page.evaluate('document.documentElement.scrollWidth')) as number) <= 390, tab);
    }
    const back = (await page.evaluate('getComputedStyle(document.body).backgroundColor')) as string;
    const light = Number(/\d+/.exec(back)![0]) > 128;
    assert.equal(light, colorScheme === 'light');
    assert.deepEqual(faults, []);
  }
});
