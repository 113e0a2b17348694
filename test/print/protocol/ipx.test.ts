// Texts of IPX in tcpdump 5.0 that the installed 4.99 does not have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { be16, be32, bytes, type Part } from '../generator.js';
import { printPacket } from '../run.js';

const zeros = (count: number): number[] => Array<number>(count).fill(0);

test('IPX routes and services', () => {
  const ipx = (socket: number, ...payload: Part[]): string => {
    const body = bytes(...payload);
    const header = [be16(0xffff), be16(body.length + 30), zeros(12), be16(socket), zeros(12)];
    return printPacket(bytes(zeros(12), be16(0x8137), header, body), {}, 1).replace(/^.*?: /s, '');
  };
  assert.equal(ipx(0x453, be16(2), be32(0x10), be16(1), be16(2)), 'ipx-rip-resp 00000010/1.2');
  assert.equal(ipx(0x453, be16(2), be32(0x10)), 'ipx-rip-resp [length 4 < 8] (invalid)');
  assert.equal(
    ipx(0x452, be16(4), be16(4), 'SERVER', zeros(42), zeros(3)),
    "ipx-sap-nearest-resp 0004 'SERVER' [length 3 < 10] (invalid)",
  );
});
