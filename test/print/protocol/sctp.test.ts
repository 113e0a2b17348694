// Texts of 5.0 that the installed tcpdump 4.99 does not have: SCTP's newer chunks.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { be16, be32, bytes, ip4, type Part, Random } from '../generator.js';
import { printPacket } from '../run.js';

const random = new Random(1);
const SCTP = 132;

/** The text of an SCTP packet of these chunks behind `sctp`. */
function sctp(verbose: number, ...chunks: Part[]): string {
  const packet = ip4(random, SCTP, [be16(40001), be16(40002), be32(0), be32(0), chunks]);
  return printPacket(packet, { verbose }).replace(/^.*?: sctp/s, '');
}

/** A chunk, padded. */
function chunk(type: number, flags: number, ...body: Part[]): Uint8Array {
  const content = bytes(...body);
  return bytes([type, flags], be16(content.length + 4), content, Array<number>(-content.length & 3).fill(0));
}

/** Type, length and value, padded like a chunk. */
function parameter(type: number, ...value: Part[]): Uint8Array {
  const content = bytes(...value);
  return bytes(be16(type), be16(content.length + 4), content, Array<number>(-content.length & 3).fill(0));
}

test('I-DATA', () => {
  const first = chunk(64, 0x0f, be32(7), be16(1), be16(0), be32(2), be32(18), 'ab');
  assert.equal(sctp(0, first), ' (1) [I-DATA] (I)(U)(B)(E) [TSN: 7] [SID: 1] [MID: 2] [PPID S1AP] ');
  const dump = `\n\t0x0000:  6162${' '.repeat(37)}ab]`;
  assert.equal(
    sctp(2, first),
    `\n\t1) [I-DATA] (I)(U)(B)(E) [TSN: 7] [SID: 1] [MID: 2] [PPID S1AP] [Payload:${dump}`,
  );
  const second = chunk(64, 0, be32(8), be16(1), be16(0), be32(2), be32(3), 'ab');
  assert.equal(sctp(2, second), `\n\t1) [I-DATA] [TSN: 8] [SID: 1] [MID: 2] [FSN: 3] [Payload: ${dump}`);
  assert.equal(sctp(0, chunk(64, 0, be32(8))), ' (1) [I-DATA]  [chunk length 4 < 16] (invalid)');
  assert.equal(
    sctp(0, chunk(64, 0, be32(8), be32(0), be32(0), be32(0))),
    ' (1) [I-DATA] [TSN: 8] [SID: 0] [MID: 0] [FSN: 0]  [chunk length 0 == 0] (invalid)',
  );
});

test('I-FORWARD-TSN', () => {
  const forward = chunk(194, 0, be32(9), be16(1), be16(1), be32(2), be16(3), be16(0), be32(4));
  assert.equal(sctp(0, forward), ' (1) [I-FORWARD-FSN] [TSN: 9] ');
  assert.equal(sctp(2, forward), '\n\t1) [I-FORWARD-FSN] [TSN: 9] [SID: 1] (U)[MID: 2] [SID: 3] [MID: 4] ');
  assert.equal(sctp(0, chunk(194, 0, 1)), ' (1) [I-FORWARD-FSN]  [chunk length 1 < 4] (invalid)');
});

test('RE-CONFIG', () => {
  const outgoing = parameter(13, be32(1), be32(2), be32(3), be16(4), be16(5), be16(6));
  const incoming = parameter(14, be32(1), be16(4));
  const both = parameter(15, be32(5));
  const response = parameter(16, be32(1), be32(4));
  const whole = parameter(16, be32(1), be32(1), be32(8), be32(9));
  const add = parameter(17, be32(6), be16(2), be16(0));
  assert.equal(
    sctp(0, chunk(130, 0, outgoing, incoming, both), chunk(14, 0)),
    ' (1) [RE-CONFIG] [OUT SSN RESET][IN SSN RESET][SSN/TSN Reset], (2) [SHUTDOWN COMPLETE] ',
  );
  assert.equal(
    sctp(2, chunk(130, 0, outgoing, incoming, both)),
    '\n\t1) [RE-CONFIG] [OUT SSN RESET: REQ SEQ: 1, RES SEQ: 2, Last TSN: 3, SID 4 5 6]' +
      '[IN SSN RESET: REQ SEQ: 1, SID 4][SSN/TSN Reset: REQ SEQ: 5]',
  );
  assert.equal(
    sctp(2, chunk(130, 0, response, whole, add)),
    '\n\t1) [RE-CONFIG] [RESP: REQ SEQ: 1, REQ: Error - Request already in progress]' +
      "[RESP: REQ SEQ: 1, REQ: Success - Performed, Sender's TSN: 8, Receiver's Next TSN: 9] " +
      '[ADD OUT STREAM: REQ SEQ: 6, No. of new streams: 2] ',
  );
  assert.equal(sctp(2, chunk(130, 0, parameter(99, be32(1)))), '\n\t1) [RE-CONFIG] [#99');
  assert.equal(
    sctp(2, chunk(130, 0, parameter(14, be32(1), 7))),
    '\n\t1) [RE-CONFIG] [IN SSN RESET: REQ SEQ: 1, SID [parameter length 1 < 2] (invalid)',
  );
  assert.equal(
    sctp(0, chunk(130, 0, be16(15), be16(9), be32(0))),
    ' (1) [RE-CONFIG] [SSN/TSN Reset [chunk length 4 < 5] (invalid)',
  );
});

test('ASCONF and its answer', () => {
  const address4 = parameter(5, [192, 0, 2, 1]);
  const address6 = parameter(6, [0x20, 1, 0x0d, 0xb8], Array<number>(11).fill(0), 1);
  const add = parameter(0xc001, be32(7), address6);
  const remove = parameter(0xc002, be32(8), address4);
  assert.equal(
    sctp(0, chunk(193, 0, be32(3), address4, add, remove)),
    ' (1) [ASCONF] [SEQ: 3, ADDR: 192.0.2.1] [ADD ADDR][DEL ADDR]',
  );
  assert.equal(
    sctp(2, chunk(193, 0, be32(3), address6, add, remove, parameter(0xc004, be32(9), be32(0x00630004)))),
    '\n\t1) [ASCONF] [SEQ: 3, ADDR: 2001:db8::1] [ADD ADDR: C-ID: 7, ADDR: 2001:db8::1] ' +
      '[DEL ADDR: C-ID: 8, ADDR: 192.0.2.1] [SET PRIM ADDR: C-ID: 9, ADDR: bogus address type]',
  );
  assert.equal(sctp(0, chunk(193, 0, be32(3))), ' (1) [ASCONF]  [chunk length 4 < 12] (invalid)');
  const error = parameter(0xc003, be32(7), be16(0), be16(8), parameter(4), parameter(13));
  assert.equal(sctp(0, chunk(128, 0, be32(3), error)), ' (1) [ASCONF-ACK] [SEQ: 3] [ERR] ');
  assert.equal(
    sctp(2, chunk(128, 0, be32(3), error, parameter(0xc001, be32(1)), parameter(0xc005, be32(2)))),
    '\n\t1) [ASCONF-ACK] [SEQ: 3] [ERR: C-ID: 7 Out of Resource, Protocol Violation, ] ' +
      '[ADD ADDRUnknown parameter] [SUCCESS: C-ID: 2 ',
  );
  const wrong = parameter(0xc003, be32(7), be16(0), be16(4), be16(1), be16(5));
  assert.equal(
    sctp(2, chunk(128, 0, be32(3), wrong)),
    '\n\t1) [ASCONF-ACK] [SEQ: 3] [ERR: C-ID: 7  [cause length 5 > 4] (invalid)',
  );
});
