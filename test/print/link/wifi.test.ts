// Texts of 802.11 that the installed tcpdump 4.99 does not have, and what hostile frames do.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PrintOptions } from '../../../src/print/index.js';
import { bytes, le16, le32, type Part } from '../generator.js';
import { printPacket } from '../run.js';

const LINK = { WIFI: 105, RADIOTAP: 127, PPI: 192, PKTAP: 258 } as const;
const FIRST = [0x02, 0, 0, 0, 0, 1];
const SECOND = [0x02, 0, 0, 0, 0, 2];
const THIRD = [0x02, 0, 0, 0, 0, 3];
const FIRST_TEXT = '02:00:00:00:00:01';
const SECOND_TEXT = '02:00:00:00:00:02';
const THIRD_TEXT = '02:00:00:00:00:03';

const print = (options: Partial<PrintOptions>, ...parts: Part[]): string =>
  printPacket(bytes(...parts), options, LINK.WIFI);

/** A management frame. */
const management = (subtype: number, ...body: Part[]): Part => [
  [subtype << 4, 0],
  [le16(314), FIRST, SECOND, THIRD, le16(0)],
  body,
];
/** A beacon with elements. */
const beacon = (...elements: Part[]): Part =>
  management(8, Array<number>(8).fill(0), le16(100), le16(0x11), elements);

test('a block acknowledgement with its transmitter', () => {
  const frame: Part = [[0x94, 0], le16(44), FIRST, SECOND, [5, 0, 0, 0]];
  assert.equal(print({}, frame), `BA RA:${FIRST_TEXT} `);
  assert.equal(print({ linkHeader: true, verbose: 1 }, frame), `44us RA:${FIRST_TEXT} TA:${SECOND_TEXT} BA`);
});

test('a block acknowledgement without its transmitter is cut', () => {
  assert.equal(print({}, [0x94, 0], le16(44), FIRST, [1, 2, 3, 4, 5]), ' [|802.11]');
});

test('the name of a mesh', () => {
  const mesh = [114, 4, 'mesh'];
  const frame = beacon([0, 0], [1, 2, 0x82, 12], [3, 1, 11], mesh, [114, 2, 'no']);
  assert.equal(print({}, frame), 'Beacon () [1.0* 6.0 Mbit] ESS CH: 11, PRIVACY (MESHID: mesh)');
  const answer = management(5, Array<number>(10).fill(0), le16(0), mesh);
  assert.equal(print({}, answer), 'Probe Response (MESHID: mesh)');
  // What else has elements does not show it.
  assert.equal(print({}, management(4, mesh)), 'Probe Request');
});

test('a name of a mesh that is too long ends the elements', () => {
  assert.equal(print({}, beacon([114, 33, 'm'.repeat(33)], [3, 1, 11])), 'Beacon ESS, PRIVACY [|802.11]');
  assert.equal(
    print({}, beacon([114, 32, 'm'.repeat(32)])),
    `Beacon ESS, PRIVACY (MESHID: ${'m'.repeat(32)})`,
  );
});

test('actions by their category', () => {
  const action = (category: number, number: number): string =>
    print({ linkHeader: true }, management(13, category, number)).replace(/^.* Action: /, '');
  assert.equal(action(14, 0), 'MultihopAction Proxy Update');
  assert.equal(action(14, 7), 'MultihopAction Act#7');
  assert.equal(action(15, 3), 'SelfprotectAction Peering Close');
  assert.equal(action(4, 1), 'Reserved(4) Act#1');
  assert.equal(action(127, 9), 'Vendor Act#9');
});

test('a mesh header with -H', () => {
  const mesh = [[0x01, 31], le32(7), THIRD];
  const frame: Part = [[0x88, 0], le16(0), FIRST, SECOND, THIRD, le16(0), le16(0), mesh, [0x42, 0x42, 0x03]];
  assert.match(
    print({ mesh: true, linkHeader: true }, frame),
    new RegExp(`^MeshData \\(AE 1 TTL 31 seq 7 A4:${THIRD_TEXT}\\) CF \\+QoS DA:${FIRST_TEXT} `),
  );
  assert.doesNotMatch(print({ linkHeader: true }, frame), /MeshData/);
});

test('names print no control characters', () => {
  assert.equal(print({}, beacon([0, 4, 0x1b, 0x5b, 0x0a, 0xff])), 'Beacon (^[[^JM-^?) ESS, PRIVACY');
});

test('elements that are longer than the frame', () => {
  assert.equal(print({}, beacon([0, 3, 'abc'], [3, 200, 1])), 'Beacon (abc) ESS, PRIVACY [|802.11]');
  assert.equal(print({}, beacon([0, 3, 'abc'], 3)), 'Beacon (abc) ESS, PRIVACY [|802.11]');
});

test('a radiotap header of vendors alone', () => {
  const words = 16000;
  const length = 8 + 4 * words;
  const frame = bytes(
    [0, 0],
    le16(length),
    Array.from({ length: words }, () => le32(0xc0000000)),
    le32(0),
    [0xd4, 0],
    le16(0),
    FIRST,
  );
  const text = printPacket(frame, {}, LINK.RADIOTAP);
  assert.ok(text.endsWith(` [|802.11_radio]Acknowledgment RA:${FIRST_TEXT} `), text.slice(-80));
  assert.ok(text.length < 300_000, String(text.length));
});

test('per-packet information in per-packet information ends', () => {
  const layers = (count: number, ...layer: Part[]): Uint8Array =>
    bytes(Array.from({ length: count }, () => layer));
  const header = [0, 0, le16(8)];
  assert.equal(printPacket(layers(32_000, header, le32(LINK.PPI)), {}, LINK.PPI), ' [|ppi]');
  const tap = [le32(108), le32(1), le32(LINK.PPI), Array<number>(96).fill(0)];
  const text = printPacket(layers(2200, tap, header, le32(LINK.PKTAP)), {}, LINK.PKTAP);
  assert.equal(text, '[nesting too deep] (invalid)');
});

test('the link in per-packet information has the number of a DLT_', () => {
  const heading = (dlt: number): string =>
    printPacket(bytes([0, 0], le16(8), le32(dlt)), { linkHeader: true }, LINK.PPI).replace(
      /, length 8: .*$/s,
      '',
    );
  assert.equal(heading(12), 'V.0 DLT RAW (12) len 8');
  assert.equal(heading(101), 'V.0 DLT UNKNOWN (101) len 8');
  assert.equal(heading(19), 'V.0 DLT ATM_CLIP (19) len 8');
});
