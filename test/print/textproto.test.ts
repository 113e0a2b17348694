// Text protocols over TCP as tcpdump 5.0 prints them: what is a message, continuation lines, what is cut, and which port
// of two says what a segment carries.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { be16, be32, type Generator, ip4, type Part, Random } from './generator.js';
import { generators } from './generators/textproto.js';
import { printPacket } from './run.js';

const random = new Random(1);
const RAW_IP = 101;

/** The text behind a segment's length. */
function segment(ports: readonly [number, number], verbose: number, payload: Part, header = 0x50): string {
  const tcp = [be16(ports[0]), be16(ports[1]), be32(1), be32(0), header, 0x08, be16(9), be32(0)];
  return printPacket(ip4(random, 6, [tcp, payload]), { verbose }).replace(/^.*?, length \d+(?=: |$| )/s, '');
}

const ftp = (payload: Part, verbose = 0): string => segment([21, 40000], verbose, payload);
const http = (payload: Part, verbose = 0): string => segment([80, 40000], verbose, payload);
const ssh = (payload: Part): string => segment([22, 40000], 0, payload);

test('FTP: every line of the control connection', () => {
  assert.equal(ftp('220-Welcome\r\n'), ': FTP: 220-Welcome');
  assert.equal(ftp(' MDTM\r\n SIZE\r\n'), ': FTP:  MDTM');
  assert.equal(ftp('FEAT\r\n'), ': FTP: FEAT');
  assert.equal(ftp('230_no_space\r\n'), ': FTP: 230_no_space');
  assert.equal(ftp(' MDTM\r\n SIZE\r\n', 1), ': FTP, length: 14\n\t MDTM\n\t SIZE');
  assert.equal(ftp([0x80, 'x\r\n'], 1), ': FTP, length: 4');
});

test('HTTP: what begins a request or a response', () => {
  assert.equal(
    http('CCM_POST /ccm_system/request HTTP/1.1\r\n'),
    ': HTTP: CCM_POST /ccm_system/request HTTP/1.1',
  );
  assert.equal(http('baseline-control /x\r\n'), ': HTTP: baseline-control /x');
  assert.equal(http('HTTP/1.1  200 ok\r\n'), ': HTTP: HTTP/1.1  200 ok');
  for (const none of [
    ' HTTP/1.1 200 ok\r\n',
    '\r\nHTTP/1.1 200 ok\r\n',
    'HTTP/1.1\t200 ok\r\n',
    'HTTP/1.1 \t200 ok\r\n',
    'HTTP/1.1\r\n 200 ok\r\n',
    'HTTP/1.1 2000 ok\r\n',
    'NOTHING /\r\n',
    'X-MS-ENUMATTS /\r\n',
    'GET\x80 /\r\n',
  ]) {
    assert.equal(http(none, 1), ': HTTP', JSON.stringify(none));
  }
  const long = 'x'.repeat(128);
  assert.equal(http(`${long} 200 ok\r\n`), `: HTTP: ${long} 200 ok`);
  assert.equal(http(`${long}x 200 ok\r\n`), ': HTTP');
});

test('a line of which the end was not captured is not shown', () => {
  /** The text of a request of which so much was captured. */
  const cut = (captured: number, verbose: number): string => {
    const tcp = [be16(40000), be16(80), be32(1), be32(0), 0x50, 0x08, be16(9), be32(0)];
    const packet = ip4(random, 6, [tcp, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'], { checksum: 0 });
    return printPacket(packet.subarray(0, 40 + captured), { verbose }, RAW_IP, packet.length).replace(
      /^.*?, length \d+(?=: )/s,
      '',
    );
  };
  assert.equal(cut(10, 0), ': HTTP [|http]');
  assert.equal(cut(15, 0), ': HTTP [|http]');
  assert.equal(cut(16, 0), ': HTTP: GET / HTTP/1.1');
  assert.equal(cut(20, 1), ': HTTP, length: 27\n\tGET / HTTP/1.1 [|http]');
  // A word that is cut may be any.
  assert.equal(cut(2, 0), ': HTTP');
});

test('SSH: whole identification strings that can be printed', () => {
  assert.equal(ssh('SSH-2.0-OpenSSH_9.6\r\n'), ': SSH: SSH-2.0-OpenSSH_9.6');
  assert.equal(ssh('SSH-2.0-x\nmore'), ': SSH: SSH-2.0-x');
  assert.equal(ssh('SSH-1.99-Cisco\0\0\0\n'), '');
  assert.equal(ssh('SSH-2.0-x\rmore\n'), '');
  assert.equal(ssh('SSH-2.0-x'), '');
});

test('the lower of two well-known ports says what a segment carries, the others in a fixed order', () => {
  assert.equal(segment([80, 53], 0, 'GET / HTTP/1.1\r\n'), ' [prefix length(18245) != length(14)] (invalid)');
  assert.equal(segment([80, 21], 0, 'x\r\n'), ': FTP: x');
  assert.equal(segment([8080, 25], 0, 'x\r\n'), ': SMTP: x');
  assert.equal(segment([6379, 80], 0, 'GET / HTTP/1.1\r\n'), ': HTTP: GET / HTTP/1.1');
  assert.equal(segment([8080, 6379], 0, '+OK\r\n'), ': RESP "OK"');
});

test('a header of a wrong length', () => {
  const text = (header: number): string => segment([1000, 2000], 0, Array<number>(12).fill(0), header);
  assert.match(text(0xf0), /Flags \[P\] \[bad hdr length 60 - too long, > 32\] \(invalid\)$/);
  assert.match(text(0x20), / tcp 24 \[bad hdr length 8 - too short, < 20\] \(invalid\)$/);
});

test('what the generator makes is printed', () => {
  for (const [name, generate] of Object.entries(generators)) {
    const made = (generate as Generator)(random);
    assert.ok(made instanceof Uint8Array, name);
  }
});
