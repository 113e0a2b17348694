// UUIDs from ELF build IDs: real programs, and files that lie.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { buildId } from '../../../../src/tap/linux/process/buildid.js';

const shell = realpathSync('/bin/sh');
const noReadelf = spawnSync('readelf', ['--version']).error !== undefined && 'no readelf to compare with';

test('the first 16 bytes of the build ID that readelf shows', { skip: noReadelf }, () => {
  const shown = /Build ID: ([0-9a-f]{32})/.exec(execFileSync('readelf', ['-n', shell], { encoding: 'utf8' }));
  assert.equal(Buffer.from(buildId(shell)!).toString('hex'), shown![1]);
});

/** A 64-bit ELF file with one segment of notes. */
function elf(notes: Buffer): Buffer {
  const file = Buffer.alloc(64 + 56);
  file.writeUInt32BE(0x7f454c46, 0);
  file[4] = 2;
  file[5] = 1;
  file.writeBigUInt64LE(64n, 32);
  file.writeUInt16LE(56, 54);
  file.writeUInt16LE(1, 56);
  file.writeUInt32LE(4, 64);
  file.writeBigUInt64LE(120n, 64 + 8);
  file.writeBigUInt64LE(BigInt(notes.length), 64 + 32);
  return Buffer.concat([file, notes]);
}

function note(name: string, type: number, description: Buffer): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt32LE(name.length, 0);
  header.writeUInt32LE(description.length, 4);
  header.writeUInt32LE(type, 8);
  const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
  return Buffer.concat([header, padded(Buffer.from(name, 'latin1')), padded(description)]);
}

test('notes in front of it, other notes of its number, and files that lie', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'pktap-'));
  t.after(() => rmSync(folder, { recursive: true }));
  let files = 0;
  const idOf = (bytes: Buffer): string | null => {
    const path = join(folder, String(files++));
    writeFileSync(path, bytes);
    const id = buildId(path);
    rmSync(path);
    return id === null ? null : Buffer.from(id).toString('hex');
  };
  const id = Buffer.from('00112233445566778899aabbccddeeff01234567', 'hex');
  const right = note('GNU\0', 3, id);
  assert.equal(idOf(elf(right)), id.toString('hex', 0, 16));
  assert.equal(
    idOf(elf(Buffer.concat([note('GNU\0', 1, Buffer.alloc(13)), right]))),
    id.toString('hex', 0, 16),
  );
  assert.equal(idOf(elf(note('XEN\0', 3, id))), null);
  assert.equal(idOf(elf(note('GNU\0', 3, id.subarray(0, 8)))), null, 'too short for a UUID');
  assert.equal(idOf(Buffer.from('#!/bin/sh\n')), null);
  assert.equal(idOf(Buffer.alloc(0)), null);
  assert.equal(buildId(join(folder, 'nothing')), null);
  assert.equal(buildId(folder), null);
  const good = elf(Buffer.concat([note('GNU\0', 1, Buffer.alloc(16)), right]));
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, value, length) => {
      const bad = Buffer.from(good);
      bad[at] = value;
      const found = idOf(bad.subarray(0, length));
      assert.ok(found === null || found.length === 32);
    }),
    { numRuns: 500 },
  );
  assert.equal(readFileSync(shell).subarray(0, 4).toString('latin1'), '\x7fELF');
});
