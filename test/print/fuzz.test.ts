// Mutated packets of every capture at hand, as every link type: no throw, no control bytes, bounded text.
// FUZZ=1000000 runs that many; the default is short.

import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Packet } from '../../src/packet/index.js';
import { defaultPrintOptions, TextOutput } from '../../src/print/index.js';
import { openSavefile } from '../../src/savefile/index.js';

const RUNS = Number(process.env['FUZZ'] ?? 20_000);
const SEED = Number(process.env['SEED'] ?? 1);
const folder = join(process.env['PKTAP_CONFORMANCE'] ?? '../shared/conformance', 'captures');
const LINK_TYPES = [0, 1, 9, 12, 50, 51, 101, 104, 108, 113, 204, 228, 229, 239, 258, 271, 276, 9999];
/** A packet of 64 KiB makes at most this much text: every byte dumped twice over, at many nestings. */
const MOST = 8 * 1024 * 1024;

async function samples(): Promise<Uint8Array[]> {
  const found: Uint8Array[] = [];
  const files = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => /\.(pcap|pcapng)$/.test(name))
        .map((name) => join(folder, name))
    : ['examples/curl.pcapng'];
  for (const file of files) {
    const source = await openSavefile(file);
    let count = 0;
    await source.run((packet) => {
      found.push(packet.data.slice(0, 2048));
      return ++count < 20;
    });
    source.close();
  }
  return found;
}

test(`${RUNS} mutated packets`, async () => {
  const inputs = await samples();
  assert.ok(inputs.length > 10);
  let state = SEED;
  const pick = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  let text = 0;
  let bad = '';
  const sink = (bytes: Uint8Array): void => {
    text += bytes.length;
    for (const byte of bytes) if (byte < 32 && byte !== 10 && byte !== 9) bad = `control byte ${byte}`;
  };
  const outputs = [0, 1, 3].map(
    (verbose) =>
      new TextOutput({ ...defaultPrintOptions(), numeric: true, verbose, linkHeader: verbose === 3 }, sink),
  );
  const packet = new Packet();
  for (let i = 0; i < RUNS; i++) {
    const bytes = inputs[pick(inputs.length)]!.slice();
    for (let changes = pick(6); changes > 0; changes--) {
      bytes[pick(bytes.length)] = [0, 255, pick(256), 0x80, 1][pick(5)]!;
    }
    packet.buffer = bytes;
    packet.capturedLength = pick(3) === 0 ? pick(bytes.length + 1) : bytes.length;
    packet.length = pick(4) === 0 ? pick(70000) : bytes.length;
    packet.linkType = pick(3) === 0 ? LINK_TYPES[pick(LINK_TYPES.length)]! : 1;
    packet.seconds = i;
    for (const output of outputs) {
      text = 0;
      try {
        output.packet(packet);
        output.flush();
      } catch (error) {
        const hex = Buffer.from(bytes).toString('hex');
        assert.fail(
          `${(error as Error).stack}\nlink type ${packet.linkType}, ${packet.capturedLength} of ${hex}`,
        );
      }
      assert.equal(bad, '', Buffer.from(bytes).toString('hex'));
      assert.ok(text < MOST, `${text} bytes of text for ${Buffer.from(bytes).toString('hex')}`);
    }
  }
});
