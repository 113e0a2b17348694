// Keys, TLS and permissions as `pktap fleet keys` makes them, with a real server: tried from the wrong side.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Client, connect } from '../../src/fleet/client.js';
import { Subject } from '../../src/fleet/names.js';
import { controlBytes } from '../../src/fleet/request.js';
import { readSecret } from '../../src/fleet/secrets.js';
import { makeStreams, Stream } from '../../src/fleet/streams.js';
import { REQUEST } from './made.js';
import { noServer, type Server, startServer } from './server.js';

const skip = noServer;
const pktap = resolve('bin/pktap');

function run(...words: string[]) {
  return spawnSync(pktap, words, { encoding: 'utf8', timeout: 60_000 });
}

interface Keys {
  readonly folder: string;
  readonly file: (name: string) => string;
}

function makeKeys(t: TestContext): Keys {
  const folder = mkdtempSync(join(tmpdir(), 'pktap-keys-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const words = [
    '--server',
    'fleet.example,127.0.0.1',
    '--hosts',
    'web1,web2.eu',
    '--operators',
    'alice,bob',
  ];
  const { stderr, status } = run('fleet', 'keys', folder, ...words);
  assert.equal(status, 0, stderr);
  return { folder, file: (name) => join(folder, name) };
}

/** A connection, and what the server refused it. */
async function as(
  t: TestContext,
  server: Server,
  { file }: Keys,
  key: string,
): Promise<{ client: Client; refused: string[] }> {
  const refused: string[] = [];
  const secret = readSecret(file(`${key}.key`));
  const client = await connect(
    {
      url: `tls://127.0.0.1:${server.port}`,
      secret,
      ca: file('ca.pem'),
      name: secret.name!,
      waits: false,
    },
    { connected: () => {}, lost: () => {}, error: (reason) => refused.push(reason) },
  );
  t.after(() => client.connection.close());
  return { client, refused };
}

async function settled(client: Client): Promise<void> {
  await client.connection.flush();
  await new Promise((done) => setTimeout(done, 150));
}

test('keys are their owner’s alone, are made once, and others come later', { skip }, (t) => {
  const { folder, file } = makeKeys(t);
  for (const name of [
    'host-web1.key',
    'host-web2.eu.key',
    'operator-alice.key',
    'admin-admin.key',
    'server.key',
  ])
    assert.equal(statSync(file(name)).mode & 0o777, 0o600, name);
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  const before = readFileSync(file('host-web1.key'), 'utf8');
  const again = run('fleet', 'keys', folder, '--hosts', 'web3');
  assert.match(again.stdout, /^1 keys made, 6 in all/, again.stderr);
  assert.equal(readFileSync(file('host-web1.key'), 'utf8'), before);
  assert.match(readFileSync(file('nats-server.conf'), 'utf8'), /# host web3\n/);
  assert.deepEqual(readSecret(file('host-web2.eu.key')).name, 'web2.eu');
  chmodSync(file('host-web1.key'), 0o640);
  assert.throws(() => readSecret(file('host-web1.key')), /others may use it: chmod 600 keeps them off/);
  writeFileSync(file('none.key'), 'no key\n', { mode: 0o600 });
  assert.throws(() => readSecret(file('none.key')), /has no seed/);
});

test('permissions hold from the wrong side', { skip, timeout: 120_000 }, async (t) => {
  const keys = makeKeys(t);
  const server = await startServer(t, keys.file('nats-server.conf'));
  const admin = await as(t, server, keys, 'admin-admin');
  await makeStreams(await admin.client.manager(), null);
  const stored = async (stream: string): Promise<number> =>
    (await (await admin.client.manager()).streams.info(stream)).state.messages;
  const web1 = await as(t, server, keys, 'host-web1');
  const { connection, stream } = web1.client;
  await stream.publish(Subject.packets('web1', 'abcdefgh'), 'own');
  await stream.publish(Subject.audit('web1'), '{}');
  assert.equal(await stored(Stream.PACKETS), 1);
  // As another host, as an operator, about streams, and to others' replies.
  const forbidden = [
    Subject.packets('web2.eu', 'abcdefgh'),
    Subject.status('web2.eu'),
    Subject.audit('web2.eu'),
    Subject.control('alice', 'abcdefgh'),
    Subject.control('web1', 'abcdefgh'),
    '$JS.API.STREAM.PURGE.PKTAP',
    '$JS.API.STREAM.DELETE.PKTAP_AUDIT',
    '$JS.API.STREAM.INFO.PKTAP',
    '$JS.API.CONSUMER.CREATE.PKTAP',
    '_INBOX_alice.x',
    '$SYS.REQ.SERVER.PING',
  ];
  for (const subject of forbidden) {
    const before: number = web1.refused.length;
    connection.publish(subject, '{}');
    await settled(web1.client);
    assert.equal(web1.refused.length, before + 1, subject);
    assert.match(web1.refused.at(-1)!, /^the server does not permit to publish /);
  }
  for (const subject of ['pktap.h.web2~eu.pkt.*', 'pktap.h.*.stat', '_INBOX_alice.>', '>']) {
    const before: number = web1.refused.length;
    const subscription = connection.subscribe(subject, {
      callback: (error) => assert.notEqual(error, null, 'heard'),
    });
    await settled(web1.client);
    assert.equal(web1.refused.length, before + 1, subject);
    subscription.unsubscribe();
  }
  // The server's acknowledgement goes where a host says: it must not become a request that the host may not make.
  connection.publish(Subject.packets('web1', 'abcdefgh'), 'x', { reply: '$JS.API.STREAM.PURGE.PKTAP' });
  connection.publish(Subject.audit('web1'), 'x', { reply: '$JS.API.STREAM.PURGE.PKTAP_AUDIT' });
  await settled(web1.client);
  await new Promise((done) => setTimeout(done, 500));
  assert.ok((await stored(Stream.PACKETS)) >= 1, 'packets were purged');
  assert.ok((await stored(Stream.AUDIT)) >= 1, 'the record was purged');

  const alice = await as(t, server, keys, 'operator-alice');
  const mine = alice.client.connection;
  mine.publish(
    Subject.control('alice', 'abcdefgh'),
    controlBytes({ kind: 'capture', request: REQUEST, sent: 1 }),
  );
  await settled(alice.client);
  assert.deepEqual(alice.refused, []);
  for (const subject of [
    Subject.control('bob', 'abcdefgh'),
    Subject.packets('web1', 'abcdefgh'),
    Subject.audit('web1'),
    '$JS.API.STREAM.PURGE.PKTAP_AUDIT',
    '$JS.API.STREAM.UPDATE.PKTAP_AUDIT',
    '$JS.API.STREAM.DELETE.PKTAP',
    '$JS.API.STREAM.MSG.DELETE.PKTAP_AUDIT',
    '$JS.API.STREAM.CREATE.OTHER',
  ]) {
    const before: number = alice.refused.length;
    mine.publish(subject, '{}');
    await settled(alice.client);
    assert.equal(alice.refused.length, before + 1, subject);
  }
  assert.ok((await stored(Stream.AUDIT)) >= 1);
});

test('a wrong key, no key, another authority, and no TLS: one line each', {
  skip,
  timeout: 120_000,
}, async (t) => {
  const keys = makeKeys(t);
  const others = makeKeys(t);
  const server = await startServer(t, keys.file('nats-server.conf'));
  const url = `tls://127.0.0.1:${server.port}`;
  const refusal = (...words: string[]): string => {
    const { status, stderr } = run('fleet', '--fleet', ...words);
    assert.equal(status, 1);
    const lines = stderr.trim().split('\n');
    assert.equal(lines.length, 1, stderr);
    return lines[0]!;
  };
  const key = keys.file('operator-alice.key');
  const ca = keys.file('ca.pem');
  assert.match(
    refusal(url, '--key', others.file('operator-alice.key'), '--ca', ca),
    /the server does not take the key$/,
  );
  assert.match(refusal(url, '--ca', ca), /the server does not take the key$/);
  assert.match(refusal(url, '--key', key, '--ca', others.file('ca.pem')), /certificate/);
  assert.match(refusal(url, '--key', key), /certificate/);
  chmodSync(key, 0o644);
  assert.match(refusal(url, '--key', key, '--ca', ca), /others may use it/);
  assert.ok(existsSync(keys.file('server.pem')));
  chmodSync(key, 0o600);
  // The certificate is for 127.0.0.1, and no other name that the server may go by.
  assert.match(
    refusal(url.replace('127.0.0.1', 'localhost'), '--key', key, '--ca', ca),
    /does not match certificate's altnames/,
  );
});
