// Texts of 5.0's IP, TCP and UDP that the installed tcpdump 4.99 does not have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { be16, be32, ip4, type Part, Random } from '../generator.js';
import { printPacket } from '../run.js';

const random = new Random(1);
const RST = 0x04;
const SYN = 0x02;
const ACK = 0x10;
const URG = 0x20;

interface Segment {
  readonly ack?: number;
  readonly urgent?: number;
  /** Padded to four bytes with end-of-list. */
  readonly options?: readonly number[];
  readonly payload?: readonly number[];
}

/** The text of a TCP segment behind its flags, up to its length. */
function segment(flags: number, o: Segment = {}, verbose = 0): string {
  const options = [...(o.options ?? [])];
  while (options.length % 4 !== 0) options.push(0);
  const header: Part = [
    be16(40001),
    be16(40002),
    be32(1000),
    be32(o.ack ?? 0),
    ((20 + options.length) / 4) << 4,
    flags,
    be16(512),
    be16(0),
    be16(o.urgent ?? 0),
    options,
  ];
  const text = printPacket(ip4(random, 6, [header, [...(o.payload ?? [])]]), { verbose, noChecksums: true });
  const match = /Flags \[[^\]]*\](?:, seq [\d:]+)?(.*)$/s.exec(text);
  assert.ok(match !== null, text);
  return match[1]!;
}

test('numbers of TCP whose flags are not set: noted with -vv', () => {
  assert.equal(segment(SYN, { ack: 7, urgent: 9 }), ', win 512, length 0');
  assert.equal(segment(SYN, { ack: 7, urgent: 9 }, 1), ', win 512, length 0');
  assert.equal(
    segment(SYN, { ack: 7, urgent: 9 }, 2),
    ', [ack 7 != 0 while ACK flag not set], win 512, [urg 9 != 0 while URG flag not set], length 0',
  );
  assert.equal(segment(SYN, {}, 2), ', win 512, length 0');
  assert.equal(segment(URG, { urgent: 9 }, 2), ', win 512, urg 9, length 0');
});

test('Multipath TCP: the length of data with a key exchange, reasons of a reset', () => {
  const keys = Array.from({ length: 16 }, (_, i) => i);
  const capable = (length: number, flags: number, ...rest: number[]): string =>
    segment(ACK, { ack: 1, options: [30, length, 1, flags, ...keys, ...rest] }).replace(
      /^.*\{(.*)\}.*$/,
      '$1',
    );
  const both = '0x1020304050607,0x8090a0b0c0d0e0f';
  assert.equal(capable(20, 1), both);
  assert.equal(capable(22, 1, 1, 2), `${both},data_len=258`);
  // Checksums were agreed on: these two bytes are one.
  assert.equal(capable(22, 0x81, 1, 2), both);
  assert.equal(capable(24, 0x81, 1, 2, 3, 4), `${both},data_len=258`);
  const reset = (flags: number, reason: number): string =>
    segment(RST, { options: [30, 4, 0x80 | flags, reason] }).replace(/^.*tcprst (.*)\], length 0$/, '$1');
  assert.equal(reset(0, 0), 'flags [none] reason Unspecified error');
  assert.equal(reset(1, 6), 'flags [T] reason Middlebox interference');
  assert.equal(reset(15, 2), 'flags [UVWT] reason Lack of resources');
  assert.equal(reset(0, 7), 'flags [none] reason unknown (0x07)');
});

test('what a reset says of itself', () => {
  const reset = (payload: readonly number[], verbose: number): string =>
    segment(RST, { payload }, verbose).replace(/^.*length \d+/, '');
  const diagnosis = (code: number, enterprise: number): number[] => [
    ...be16(0x33aa),
    ...be16(code),
    ...be32(enterprise),
  ];
  assert.equal(reset(diagnosis(9, 0), 0), '');
  assert.equal(reset(diagnosis(9, 0), 1), ' [RST: code 9, pen 0]');
  assert.equal(reset(diagnosis(9, 0), 2), ' [RST: Not authorized]');
  assert.equal(reset(diagnosis(4, 0), 2), ' [RST: ABORT process]');
  assert.equal(reset(diagnosis(9, 4711), 2), ' [RST: code 9, pen 4711]');
  assert.equal(reset([0x62, 0x79, 0x65], 1), ' [RST bye]');
  assert.equal(reset([...diagnosis(9, 0), 0], 2), ' [RST 3M-*^@^I^@^@^@^@^@]');
});

test('a reset whose payload was cut is marked as cut, with and without -v', () => {
  const whole = ip4(random, 6, [be16(1), be16(2), be32(0), be32(0), 0x50, RST, be16(0), be32(0), 'no more']);
  const cut = (verbose: number): string =>
    printPacket(whole.subarray(0, whole.length - 3), { verbose }, 101, whole.length).replace(
      /^[\s\S]*length \d+/,
      '',
    );
  assert.equal(cut(0), ' [|tcp]');
  assert.equal(cut(1), ' [RST no m] [|tcp]');
});

test('lengths that cannot be: each says which', () => {
  const datagram = (length: number, claimed: number): string =>
    printPacket(
      ip4(random, 17, [be16(40001), be16(40002), be16(claimed), be16(0)].slice(0, Math.ceil(length / 2))),
    ).replace(/^.*: /, '');
  assert.equal(datagram(4, 4), ' [undersized-udp 4 < 8] (invalid)');
  assert.equal(datagram(8, 7), ' [undersized-udplength 7 < 8] (invalid)');
  assert.equal(datagram(8, 20), 'UDP, bad length 12 > 0');
});
