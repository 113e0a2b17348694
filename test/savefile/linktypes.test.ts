// Link types of files: numbers of memory, and those that libpcap does not know.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { dltOf, linkTypeOf } from '../../src/packet/index.js';
import { pcapHeader, pcapRecord } from './build.js';
import { fileOf, newPath } from './helpers.js';
import { pktap } from './program.js';

const IP = Buffer.from('4500001c000000004011000001020304050607080001000200080000', 'hex');

const fileWith = (linkType: number): string =>
  fileOf(Buffer.concat([pcapHeader('little', 0xa1b2c3d4, linkType), pcapRecord('little', 1, 0, IP)]));

test('a number of memory in a file is taken for the file’s, and written so', () => {
  for (const [file, dlt] of [
    [100, 11],
    [101, 12],
    [102, 15],
    [103, 16],
    [106, 19],
    [1, 1],
    [113, 113],
  ] as const) {
    assert.equal(dltOf(file), dlt);
    assert.equal(linkTypeOf(dlt), file);
  }
  const out = newPath();
  const { status, err } = pktap(['-r', fileWith(12), '-w', out, 'udp port 2']);
  assert.equal(status, 0, err);
  assert.match(err, /link-type RAW \(Raw IP\)/);
  assert.equal(readFileSync(out).readUInt32LE(20), 101);
  assert.equal(pktap(['-tnr', fileWith(12)]).out, 'IP 1.2.3.4.1 > 5.6.7.8.2: UDP, length 0\n');
});

test('a link type that libpcap does not know ends the run', () => {
  for (const args of [[], ['--count'], ['-w', newPath()]]) {
    const { status, out, err } = pktap(['-r', fileWith(999), ...args]);
    assert.equal(status, 1);
    assert.equal(out, '');
    assert.match(err, /link-type 999, .*\npktap: unknown data link type 999/);
  }
  assert.match(pktap(['-tnr', fileWith(147)]).out, /^UNSUPPORTED\n/);
});

test('link types that are younger than the installed libpcap are read', () => {
  for (const [number, name] of [
    [290, 'ETW (Event Tracing for Windows messages)'],
    [295, 'USB_2_0_HIGH_SPEED (High-Speed USB 2.0 as transmitted over the cable)'],
    [301, 'DECT_NR (DECT-2020 New Radio (NR) MAC layer)'],
  ] as const) {
    const { status, out, err } = pktap(['-tnr', fileWith(number)]);
    assert.equal(status, 0, err);
    assert.match(out, /^UNSUPPORTED\n/);
    assert.ok(err.includes(`link-type ${name}, `), err);
  }
});

test('what is read is said, of cooked capture that names of interfaces are this machine’s', () => {
  const path = fileWith(276);
  const said = `reading from file ${path}, link-type LINUX_SLL2 (Linux cooked v2), snapshot length 65535\n`;
  for (const args of [[], ['--count'], ['-d']]) {
    assert.equal(pktap(['-r', path, ...args]).err, `${said}Warning: interface names might be incorrect\n`);
  }
  assert.equal(pktap(['-d', '-r', fileWith(113)]).err.split('\n').length, 2);
});
