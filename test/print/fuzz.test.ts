// Mutated packets of every capture at hand and every generator, as every link type: no throw, no control bytes, bounded text.
// FUZZ=1000000 runs that many; the default is short.

import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { LinkType, makeInterface, makeProcess, Packet, PacketMetadata } from '../../src/packet/index.js';
import { defaultPrintOptions, METADATA_LETTERS, TextOutput, TimestampStyle } from '../../src/print/index.js';
import { printedLinkTypes } from '../../src/print/link/table.js';
import { openSavefile } from '../../src/savefile/index.js';
import { allGenerators } from './differential.js';
import { Random } from './generator.js';

const RUNS = Number(process.env['FUZZ'] ?? 20_000);
const SEED = Number(process.env['SEED'] ?? 1);
const folder = join(process.env['PKTAP_CONFORMANCE'] ?? '../shared/conformance', 'captures');
/** Numbers without a printer: one that is registered, one that is not. */
const LINK_TYPES = [...printedLinkTypes(), LinkType.USER0, 9999];
/** A packet of 64 KiB makes at most this much text: every byte dumped twice over, at many nestings. */
const MOST = 8 * 1024 * 1024;
/** Milliseconds after which a packet is one that hangs, however busy the machine is. */
const PATIENCE = 10_000;
/** Packets of each generator. */
const GENERATED = 4;

interface Sample {
  readonly bytes: Uint8Array;
  readonly linkType: number;
}

/** Packets of the captures at hand, and of every protocol's generator. */
async function samples(): Promise<Sample[]> {
  const found: Sample[] = [];
  const files = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => /\.(pcap|pcapng)$/.test(name))
        .map((name) => join(folder, name))
    : ['examples/curl.pcapng'];
  for (const file of files) {
    const source = await openSavefile(file);
    let count = 0;
    await source.run((packet) => {
      found.push({ bytes: packet.data.slice(0, 2048), linkType: packet.linkType });
      return ++count < 20;
    });
    source.close();
  }
  const random = new Random(SEED);
  for (const generators of (await allGenerators()).values()) {
    for (const generate of Object.values(generators)) {
      for (let i = 0; i < GENERATED; i++) {
        const made = generate(random);
        found.push(made instanceof Uint8Array ? { bytes: made, linkType: LinkType.ETHERNET } : made);
      }
    }
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
      new TextOutput(
        { ...defaultPrintOptions(), numeric: true, verbose, linkHeader: verbose === 3, smb: verbose === 3 },
        sink,
      ),
  );
  // Every letter of -k, every -t: what a file says of packets may be any number.
  for (const timestamp of Object.values(TimestampStyle)) {
    for (const [nanoseconds, verbose] of [
      [false, 0],
      [true, 1],
    ] as const) {
      const metadata = METADATA_LETTERS;
      outputs.push(
        new TextOutput(
          {
            ...defaultPrintOptions(),
            numeric: true,
            number: true,
            lengths: true,
            timestamp,
            nanoseconds,
            verbose,
            metadata,
          },
          sink,
        ),
      );
    }
  }
  const packet = new Packet();
  const metadata = new PacketMetadata();
  const anyText = (): string =>
    String.fromCharCode(
      ...Array.from({ length: pick(4) }, () => [pick(32), pick(256), 0x202e, 0x41][pick(4)]!),
    );
  const anyNumber = (): number =>
    [0, -1, -2147483648, 0x7fffffff, 0xffffffff, 1e9 - 1, 1e9, 4294967295000, pick(1000), -pick(1000)][
      pick(10)
    ]!;
  for (let i = 0; i < RUNS; i++) {
    const input = inputs[pick(inputs.length)]!;
    const bytes = input.bytes.slice();
    for (let changes = pick(6); changes > 0; changes--) {
      bytes[pick(bytes.length)] = [0, 255, pick(256), 0x80, 1][pick(5)]!;
    }
    packet.buffer = bytes;
    packet.capturedLength = pick(3) === 0 ? pick(bytes.length + 1) : bytes.length;
    packet.length = pick(4) === 0 ? pick(70000) : bytes.length;
    packet.linkType = pick(4) === 0 ? LINK_TYPES[pick(LINK_TYPES.length)]! : input.linkType;
    packet.seconds = pick(8) === 0 ? anyNumber() : i;
    packet.nanoseconds = pick(8) === 0 ? Math.abs(anyNumber()) : pick(1e9);
    packet.metadata = pick(4) === 0 ? metadata : null;
    if (packet.metadata !== null) {
      metadata.clear();
      metadata.process = makeProcess({
        pid: anyNumber() | 0,
        name: anyText(),
        path: anyText(),
        args: [anyText(), anyText()],
        parentPid: anyNumber(),
        uid: anyNumber(),
        startTime: BigInt(anyNumber()) * 1_000_000_000n,
        netns: anyNumber(),
        uuid: new Uint8Array(16),
      });
      metadata.effectiveProcess = makeProcess({ pid: anyNumber() | 0, name: anyText() });
      metadata.threadId = anyNumber();
      metadata.serviceClass = anyNumber();
      metadata.direction = pick(3) as 0 | 1 | 2;
      metadata.flags = anyNumber();
      metadata.flowId = anyNumber();
      metadata.traceTag = anyNumber();
      metadata.compressionGeneration = anyNumber();
      metadata.dropReason = pick(3);
      metadata.dropFunction = anyText();
      metadata.dropLine = anyNumber();
      packet.comments = [anyText()];
      packet.interface = makeInterface({ name: anyText(), linkType: 1 });
    }
    for (const output of outputs) {
      text = 0;
      const began = performance.now();
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
      assert.ok(performance.now() - began < PATIENCE, `hangs: ${Buffer.from(bytes).toString('hex')}`);
      assert.ok(text < MOST, `${text} bytes of text for ${Buffer.from(bytes).toString('hex')}`);
    }
  }
});
