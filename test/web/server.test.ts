// The server of `pktap web`: who is let in, what is told, and what it costs.

import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Frame, PacketAnswer, PacketDetail } from '../../src/view/index.js';
import { ask, message, post, type Served, serve } from './served.js';

const CURL = 'examples/curl.pcapng';
const folder = mkdtempSync(join(tmpdir(), 'pktap-web-test-'));
after(() => rmSync(folder, { recursive: true }));

const read = (served: Served): Promise<Frame> => message<Frame>(served, ({ ended }) => ended);

test('who is let in', async (t) => {
  const served = await serve(t, '-r', CURL);
  const { port } = served;
  const own = `127.0.0.1:${port}`;
  const status = async (path: string, headers: Record<string, string>, method = 'GET'): Promise<number> =>
    (await ask(served, path, { headers, method })).status;
  const data = ['/metrics', '/api/recording'];
  // The token: missing, wrong, of another scheme, cut, in the query.
  for (const path of [...data, '/api/stream', '/api/none']) {
    assert.equal(await status(path, { Authorization: '' }), 401, path);
    assert.equal(await status(path, { Authorization: 'Bearer aaaaaaaaaaaaaaaaaaaaaa' }), 401);
    assert.equal(await status(path, { Authorization: `Basic ${served.token}` }), 401);
    assert.equal(await status(path, { Authorization: `Bearer ${served.token.slice(0, -1)}` }), 401);
    assert.equal(
      await status(`${path}?token=${served.token}`, { Authorization: '', Cookie: `token=${served.token}` }),
      401,
    );
  }
  assert.equal(await status('/metrics', {}), 200);
  // The page's own files need none, and have nothing of the capture.
  for (const path of ['/', '/index.html', '/page.js', '/page.css', '/browser/pageworker.js', '/licences.txt'])
    assert.equal(await status(path, { Authorization: '' }), 200, path);
  for (const path of [
    '/../package.json',
    '/..%2fpackage.json',
    '/browser/../../package.json',
    '//etc/passwd',
    '/constructor',
  ])
    assert.equal(await status(path, {}), 404, path);
  // The host, to the letter: names that lead here are others' (DNS rebinding).
  const foreign = [
    'evil.example',
    `evil.example:${port}`,
    '127.0.0.1',
    '127.0.0.1:1',
    `127.0.0.1.evil.example:${port}`,
    `${own}.`,
    `127.0.0.1:0${port}`,
    `LOCALHOST:${port}`,
    `user@${own}`,
    `0.0.0.0:${port}`,
    `[::ffff:127.0.0.1]:${port}`,
  ];
  for (const path of ['/', '/page.js', ...data])
    for (const host of foreign) assert.equal(await status(path, { Host: host }), 421, `${path} ${host}`);
  for (const host of [own, `localhost:${port}`, `[::1]:${port}`])
    assert.equal(await status('/metrics', { Host: host }), 200, host);
  // Pages of other sites.
  for (const path of ['/', ...data]) {
    for (const site of ['cross-site', 'same-site', 'anything'])
      assert.equal(await status(path, { 'Sec-Fetch-Site': site }), 403, `${path} ${site}`);
    for (const origin of ['http://evil.example', 'null', `https://${own}`, `http://localhost:${port}`])
      assert.equal(await status(path, { Origin: origin }), 403, `${path} ${origin}`);
  }
  for (const site of ['same-origin', 'none'])
    assert.equal(await status('/', { 'Sec-Fetch-Site': site }), 200);
  assert.equal(await status('/metrics', { Origin: `http://${own}` }), 200);
  // Methods, and questions that a form could send.
  assert.equal(await status('/', {}, 'POST'), 405);
  assert.equal(await status('/metrics', {}, 'POST'), 404);
  assert.equal(await status('/api/watch', { 'Content-Type': 'text/plain' }, 'POST'), 415);
  const json = { 'Content-Type': 'application/json' };
  const asked = async (path: string, body: string): Promise<number> =>
    (await ask(served, path, { method: 'POST', headers: json, body })).status;
  assert.equal(await asked('/api/packets', '{'), 400);
  assert.equal(await asked('/api/packets', '[1'), 400);
  assert.equal(await asked('/api/packets', 'null'), 400);
  assert.equal(await asked('/api/packets', '{"most":-1}'), 400);
  assert.equal(await asked('/api/packets', `{"most":"${'9'.repeat(70_000)}"}`), 413);
  assert.equal(await asked('/api/recording', '{"on":true}'), 409);
  const page = await ask(served, '/', { headers: { Authorization: '' } });
  assert.match(`${page.headers['content-security-policy']}`, /^default-src 'none'; script-src 'self';/);
  assert.equal(page.headers['x-content-type-options'], 'nosniff');
  assert.equal(page.headers['referrer-policy'], 'no-referrer');
  assert.equal(page.headers['cache-control'], 'no-store');
  assert.equal(page.headers['cross-origin-resource-policy'], 'same-origin');
  assert.equal(page.headers['set-cookie'], undefined);
  assert.equal(page.headers['access-control-allow-origin'], undefined);
  assert.equal(await served.stop(), 0);
});

test('nobody is served by root, and nobody elsewhere', async (t) => {
  const served = await serve(t, '-r', CURL);
  const status = readFileSync(`/proc/${served.process.pid}/status`, 'latin1');
  const uids = /^Uid:\s+(.*)$/m.exec(status)![1]!.split('\t');
  assert.equal(uids.length, 4);
  if (process.getuid!() === 0) {
    assert.ok(!uids.includes('0'), uids.join());
    assert.match(served.said(), /^pktap: showing examples\/curl\.pcapng, as \w+$/m);
  }
  // Every socket that listens at that port does so on 127.0.0.1.
  const hex = served.port.toString(16).toUpperCase().padStart(4, '0');
  for (const file of ['tcp', 'tcp6'])
    for (const line of readFileSync(`/proc/net/${file}`, 'latin1').split('\n')) {
      const [, local, , state] = line.trim().split(/\s+/);
      if (state === '0A' && local?.endsWith(`:${hex}`) === true) assert.equal(local, `0100007F:${hex}`);
    }
});

test("a file: its counts, its packets, one of them, and other filters' packets", async (t) => {
  const served = await serve(t, '-r', CURL);
  const frame = await read(served);
  assert.deepEqual(
    frame.processes.map(({ process, pid, bytesIn, bytesOut, packets }) => [
      process,
      pid,
      bytesIn,
      bytesOut,
      packets,
    ]),
    [
      ['curl', 32505, 1731, 555, 12],
      ['python3', 32488, 489, 1797, 12],
    ],
  );
  assert.deepEqual(frame.rest.processes, { rows: 0, packets: 0, bytesIn: 0, bytesOut: 0 });
  assert.equal(frame.total.bytes, 4572);
  const { all } = frame.timeline;
  assert.equal(
    [...all.bytesIn, ...all.bytesOut].reduce((a, b) => a + b),
    4572,
  );
  const { lines, edition } = await post<PacketAnswer>(served, '/api/packets', { most: 500 });
  assert.equal(edition, 1);
  assert.deepEqual(
    lines.map(({ number }) => number),
    Array.from({ length: 24 }, (_, i) => i + 1),
  );
  assert.match(lines[0]!.text, /^IP 127\.0\.0\.1\.34194 > 127\.0\.0\.1\.8080: Flags \[S\]/);
  const detail = await post<PacketDetail>(served, '/api/packet', { number: 1 });
  assert.deepEqual(new Map(detail.facts).get('process'), 'curl');
  assert.match(detail.text, /Flags \[S\], cksum/);
  assert.match(detail.bytes, /^00000 {2}[0-9a-f]{2} /);
  assert.equal(await post(served, '/api/packet', { number: 99 }), null);
  // -Q, a packet filter, both, a stretch of time; a wrong one changes nothing.
  const watched = async (
    metadata: string,
    expression: string,
    from: number | null = null,
  ): Promise<number[]> => {
    const before = (await read(served)).packets.edition;
    await post(served, '/api/watch', { metadata, expression, from, to: null });
    await message<Frame>(served, ({ packets }) => packets.edition > before);
    await new Promise((done) => setTimeout(done, 500));
    return (await post<PacketAnswer>(served, '/api/packets', { most: 500 })).lines.map(
      ({ number }) => number,
    );
  };
  assert.equal((await watched('proc = curl', '')).length, 12);
  assert.deepEqual(
    await watched("http.path ~ 'LICENSE'", ''),
    await watched("http.path ~ 'LICENSE'", 'tcp dst port 8080'),
  );
  assert.deepEqual(await watched('proc = curl', 'tcp[tcpflags] & tcp-syn != 0 and src port 34194'), [1]);
  const all24 = await watched('', '', lines[0]!.time - 1);
  assert.equal(all24.length, 24);
  assert.deepEqual(
    await watched('', '', lines[20]!.time),
    lines.filter(({ time }) => time >= lines[20]!.time).map(({ number }) => number),
  );
  await assert.rejects(watched('proc =', ''), /400 .*metadata filter/);
  await assert.rejects(watched('', 'tcp port http port'), /400 .*syntax error/);
  await assert.rejects(watched('x'.repeat(5000), ''), /400 /);
  assert.equal((await watched('', '')).length, 24);
});

test('a reader that takes nothing: no message waits behind another', async (t) => {
  const served = await serve(t, '-r', CURL);
  const socket = connect(served.port, '127.0.0.1');
  t.after(() => socket.destroy());
  socket.on('error', () => {});
  socket.pause();
  socket.write(
    `GET /api/stream HTTP/1.1\r\nHost: 127.0.0.1:${served.port}\r\nAuthorization: Bearer ${served.token}\r\n\r\n`,
  );
  await read(served);
  // Each is another message.
  for (let i = 0; i < 20; i++)
    await post(served, '/api/watch', { metadata: '', expression: '', from: i, to: null });
  assert.equal((await read(served)).packets.watch.from, 19);
  // More pages than may look on are told so; the others go on.
  const open = await Promise.all(
    Array.from(
      { length: 9 },
      () =>
        new Promise<number>((done, fail) => {
          const sent = request(
            {
              host: '127.0.0.1',
              port: served.port,
              path: '/api/stream',
              headers: { Authorization: `Bearer ${served.token}` },
            },
            (response) => {
              t.after(() => sent.destroy());
              response.on('error', () => {});
              done(response.statusCode!);
            },
          );
          sent.on('error', fail);
          sent.end();
        }),
    ),
  );
  assert.deepEqual(open.sort(), [200, 200, 200, 200, 200, 200, 200, 503, 503]);
  assert.equal((await ask(served, '/metrics')).status, 200);
});

test('counts for Prometheus: hostile names are labels', async (t) => {
  const bytes = Buffer.from(readFileSync(CURL));
  const name = Buffer.from('a"\n\\b\0\0');
  for (let at = bytes.indexOf('python3'); at >= 0; at = bytes.indexOf('python3', at + 1))
    name.copy(bytes, at);
  const path = join(folder, 'hostile.pcapng');
  writeFileSync(path, bytes);
  chmodSync(folder, 0o755);
  const served = await serve(t, '-r', path);
  await read(served);
  const { body, headers } = await ask(served, '/metrics');
  assert.equal(headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
  for (const line of body.trimEnd().split('\n'))
    assert.match(line, /^(# (HELP|TYPE) pktap_\w+ .*|pktap_\w+(\{(\w+="([^"\\\n]|\\["\\n])*",?)+\})? \d+)$/);
  assert.ok(
    body.includes('pktap_bytes_total{kind="process",process="a\\"^J\\\\b",direction="out"} 1797\n'),
    body,
  );
  const labels = body.split('\n').map((line) => line.replace(/ \S+$/, ''));
  const series = labels.filter((line) => line.startsWith('pktap_'));
  assert.equal(new Set(series).size, series.length);
});

test('--token-file and --port', async (t) => {
  const path = join(folder, 'token');
  writeFileSync(path, 'abcdefghijklmnopqrstuv\n', { mode: 0o600 });
  const first = await serve(t, '--token-file', path, '-r', CURL);
  assert.equal(first.token, 'abcdefghijklmnopqrstuv');
  await assert.rejects(
    serve(t, '--port', `${first.port}`, '-r', CURL),
    /^Error: pktap: port \d+ is in use\n$/,
  );
  chmodSync(path, 0o644);
  await assert.rejects(serve(t, '--token-file', path, '-r', CURL), /everybody may use it/);
  chmodSync(path, 0o600);
  writeFileSync(path, 'short\n');
  await assert.rejects(serve(t, '--token-file', path, '-r', CURL), /a token is 22/);
  await assert.rejects(serve(t, '-r', join(folder, 'none')), /none: No such file or directory/);
  await assert.rejects(serve(t, '--port', '70000', '-r', CURL), /invalid port 70000/);
});
