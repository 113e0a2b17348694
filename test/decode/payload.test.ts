// What payloads say: right values of real messages, null for what is something else, and no read beyond what was captured.

import assert from 'node:assert/strict';
import { createCipheriv, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { connect } from 'node:tls';
import { ipv6Text, readArp, readDns, readHttp, readQuic, readTls } from '../../src/decode/facts/index.js';
import { bytes, type Part, Random } from '../print/generator.js';

const name = (text: string): Part => [
  ...text.split('.').flatMap((label): Part[] => [label.length, label]),
  0,
];

const ANSWER: Part = [
  ...[0x12, 0x34, 0x81, 0x80, 0, 1, 0, 3, 0, 0, 0, 0],
  ...[name('www.example.org'), 0, 1, 0, 1],
  ...[0xc0, 12, 0, 5, 0, 1, 0, 0, 1, 0, 0, 4, 1, 'x', 0xc0, 16],
  ...[0xc0, 45, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7],
  ...[0xc0, 45, 0, 28, 0, 1, 0, 0, 0, 60, 0, 16, 0x20, 1, 0xd, 0xb8, Array(11).fill(0), 1],
];

test('DNS: question, code, answers', () => {
  const message = bytes(ANSWER);
  assert.deepEqual(readDns(message, 0, message.length), {
    id: 0x1234,
    response: true,
    opcode: 0,
    code: 0,
    question: 'www.example.org',
    questionType: 'A',
    answers: [
      { name: 'www.example.org', type: 'CNAME', value: 'x.example.org', ttl: 256 },
      { name: 'x.example.org', type: 'A', value: '192.0.2.7', ttl: 60 },
      { name: 'x.example.org', type: 'AAAA', value: '2001:db8::1', ttl: 60 },
    ],
  });
  const query = bytes([0, 1, 1, 3, 0, 1, 0, 0, 0, 0, 0, 0, 3, 'a.b', 2, 0, 0xff, 0, 0, 65, 0, 1]);
  const read = readDns(query, 0, query.length)!;
  assert.deepEqual([read.question, read.questionType, read.code], ['a\\.b.\\000\\255', 'HTTPS', 3]);
});

test('DNS: names that turn in circles, and messages cut anywhere', () => {
  const circle = bytes([0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 12, 0, 1, 0, 1]);
  assert.equal(readDns(circle, 0, circle.length)!.question, null);
  const message = bytes(ANSWER);
  for (let cut = 0; cut < message.length; cut++) {
    const dns = readDns(message, 0, cut);
    assert.equal(dns === null, cut < 12);
    assert.equal(dns?.question ?? null, cut < 33 ? null : 'www.example.org');
    assert.ok((dns?.answers.length ?? 0) < 3);
  }
});

/** What a real client says first to a server that only listens. */
async function realHello(servername: string, protocols: string[]): Promise<Buffer> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const client = connect({ port, host: '127.0.0.1', servername, ALPNProtocols: protocols });
  client.on('error', () => {});
  const [socket] = (await once(server, 'connection')) as [Socket];
  const [hello] = (await once(socket, 'data')) as [Buffer];
  client.destroy();
  socket.destroy();
  server.close();
  return hello;
}

test('TLS: the server’s name and the protocols of a real client', async () => {
  const hello = await realHello('www.example.org', ['h2', 'http/1.1']);
  const expected = { serverName: 'www.example.org', protocols: ['h2', 'http/1.1'] };
  assert.deepEqual(readTls(hello, 0, hello.length), expected);
  const moved = Buffer.concat([Buffer.from('before'), hello, Buffer.from('after')]);
  assert.deepEqual(readTls(moved, 6, moved.length), expected);
  for (let cut = 0; cut < hello.length; cut++) {
    const read = readTls(hello, 0, cut);
    assert.ok(read === null || read.serverName === null || read.serverName === 'www.example.org');
  }
  assert.equal(readTls(Buffer.from('GET / HTTP/1.1\r\n'), 0, 16), null);
});

// RFC 9001, A.2: the frames that a client sends, its keys' secret, and how the packet begins then.
const RFC9001_CRYPTO =
  '060040f1010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e86804fe3a47f06a2b69484c000004130113' +
  '02010000c000000010000e00000b6578616d706c652e636f6dff01000100000a00080006001d00170018001000070005' +
  '04616c706e000500050100000000003300260024001d00209370b2c9caa47fbabaf4559fedba753de171fa71f50f1ce1' +
  '5d43e994ec74d748002b0003020304000d0010000e0403050306030203080408050806002d00020101001c0002400100' +
  '3900320408ffffffffffffffff05048000ffff07048000ffff0801100104800075300901100f088394c8f03e51570806' +
  '048000ffff';
const RFC9001_BEGINS = 'c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11d242b123dc9b';

const hmac = (key: Buffer, data: Buffer): Buffer => createHmac('sha256', key).update(data).digest();

/** A client's Initial packet, as RFC 9001 5 makes one. */
function initial(connectionId: Buffer, number: number, frames: Buffer): Buffer {
  const label = (secret: Buffer, text: string, size: number): Buffer => {
    const info = bytes(0, size, 6 + text.length, 'tls13 ', text, 0, 1);
    return hmac(secret, Buffer.from(info)).subarray(0, size);
  };
  const salt = Buffer.from('38762cf7f55934b34d179ae6a4c80cadccbb7f0a', 'hex');
  const secret = label(hmac(salt, connectionId), 'client in', 32);
  const plain = Buffer.concat([frames, Buffer.alloc(1162 - frames.length)]);
  const size = plain.length + 16 + 4;
  const header = Buffer.concat([
    Buffer.from([0xc3, 0, 0, 0, 1, connectionId.length]),
    connectionId,
    Buffer.from([0, 0, 0x40 | (size >> 8), size & 255, 0, 0, 0, number]),
  ]);
  const nonce = label(secret, 'quic iv', 12);
  nonce[11]! ^= number;
  const cipher = createCipheriv('aes-128-gcm', label(secret, 'quic key', 16), nonce);
  cipher.setAAD(header);
  const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  const mask = createCipheriv('aes-128-ecb', label(secret, 'quic hp', 16), null).update(
    sealed.subarray(0, 16),
  );
  header[0]! ^= mask[0]! & 15;
  for (let i = 0; i < 4; i++) header[header.length - 4 + i]! ^= mask[1 + i]!;
  return Buffer.concat([header, sealed]);
}

test('QUIC: the example of RFC 9001, whole, in pieces out of order, cut and damaged', () => {
  const id = Buffer.from('8394c8f03e515708', 'hex');
  const crypto = Buffer.from(RFC9001_CRYPTO, 'hex');
  const packet = initial(id, 2, crypto);
  assert.equal(packet.subarray(0, 38).toString('hex'), RFC9001_BEGINS);
  const expected = { serverName: 'example.com', protocols: ['alpn'] };
  assert.deepEqual(readQuic(packet, 0, packet.length), expected);

  const hello = crypto.subarray(4);
  const piece = (from: number, to: number): Buffer =>
    Buffer.concat([
      Buffer.from([1, 6, 0x40 | (from >> 8), from & 255, 0x40 | ((to - from) >> 8), (to - from) & 255]),
      hello.subarray(from, to),
    ]);
  const frames = Buffer.concat([
    piece(100, hello.length),
    Buffer.from([2, 1, 0, 1, 0, 1, 0]),
    piece(50, 110),
    piece(0, 60),
  ]);
  const pieces = initial(id, 0, frames);
  assert.deepEqual(readQuic(pieces, 0, pieces.length), expected);

  assert.equal(readQuic(packet, 0, packet.length - 1), null);
  for (let at = 0; at < packet.length; at += 7) {
    const damaged = Buffer.from(packet);
    damaged[at]! ^= 0x10;
    assert.equal(readQuic(damaged, 0, damaged.length), null, String(at));
  }
});

test('HTTP: requests and answers', () => {
  const read = (text: string) => readHttp(Buffer.from(text, 'latin1'), 0, text.length);
  assert.deepEqual(read('GET /a?b=c HTTP/1.1\r\nAccept: */*\r\nhost:  example.org:8080 \r\n\r\n'), {
    method: 'GET',
    path: '/a?b=c',
    host: 'example.org:8080',
    status: null,
  });
  assert.deepEqual(read('HTTP/1.1 404 Not Found\r\n'), { method: null, path: null, host: null, status: 404 });
  assert.equal(read('POST /\xff\x01 HTTP/1.0\n\n')!.path, '/%FF%01');
  for (const text of ['GET / HTTP/1.1', 'GET /\r\n', 'GET / HTTP/2\r\n', '\0GET', 'SSH-2.0-x\r\n', '']) {
    assert.equal(read(text), null, text);
  }
  assert.equal(read('GET / HTTP/1.1\r\n\r\nHost: body\r\n')!.host, null);
});

test('ARP', () => {
  const part: Part = [0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 10, 0, 0, 1, Array(6).fill(0), 10, 0, 0, 2];
  const request = bytes(part);
  assert.deepEqual(readArp(request, 0, request.length), {
    operation: 'request',
    senderMac: '02:00:00:00:00:01',
    senderAddress: '10.0.0.1',
    targetMac: '00:00:00:00:00:00',
    targetAddress: '10.0.0.2',
  });
  assert.equal(readArp(request, 0, request.length - 1), null);
});

test('IPv6 addresses as the system writes them', () => {
  const cases: readonly [string, string][] = [
    ['20010db8000000000000000000000001', '2001:db8::1'],
    ['00000000000000000000000000000000', '::'],
    ['00000000000000000000000000000001', '::1'],
    ['fe800000000000000000000000000000', 'fe80::'],
    ['20010db8000000010001000100010001', '2001:db8:0:1:1:1:1:1'],
    ['20010000000000010000000000000001', '2001:0:0:1::1'],
    ['00000000000000000000ffffc0000201', '::ffff:192.0.2.1'],
  ];
  for (const [hex, text] of cases) assert.equal(ipv6Text(Buffer.from(hex, 'hex'), 0), text);
});

test('random bytes: no throw, no name with a control character', () => {
  const random = new Random(20);
  for (let i = 0; i < 20_000; i++) {
    const length = random.int(200);
    const b = Uint8Array.from(random.bytes(length));
    if (random.once(2)) b.set(Uint8Array.from([22, 3, 1, 0, 180, 1, 0, 0, 176, 3, 3]).subarray(0, length));
    if (random.once(2)) b.set(Uint8Array.from([0xc0, 0, 0, 0, 1, 8]).subarray(0, length));
    const hello = readTls(b, 0, length) ?? readQuic(b, 0, length);
    const words = [readDns(b, 0, length)?.question, readHttp(b, 0, length)?.path, hello?.serverName];
    for (const word of words) assert.doesNotMatch(word ?? '', /[^\x21-\x7e]/);
  }
});
