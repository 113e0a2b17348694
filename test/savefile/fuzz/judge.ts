// What must hold of any file at all, however broken: it is read to a well-worded end, the same whatever pieces it comes
// in, or when the reader passes over what a filter refuses; what was read is all there in a copy; and no more memory is
// taken than the largest block may have.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { compileMetadataFilter, Expressions } from '../../../src/filter/index.js';
import { type Packet, type PacketFilter, PacketMetadata, type Process } from '../../../src/packet/index.js';
import type { ByteStream } from '../../../src/savefile/bytestream.js';
import { createSavefile, SavefileError } from '../../../src/savefile/index.js';
import { openSavefileStream, type SavefileSource } from '../../../src/savefile/read/source.js';

/** Largest block taken: small, so that files of a few bytes can pass it. */
const MAXIMUM_BLOCK = 1 << 20;
const WINDOW = 1 << 14;
/** Seconds from here on are too many nanoseconds. */
const LATEST = 18_446_744_073;
/** Packets of one input looked at. */
const MOST = 5000;

/** Bytes that come in pieces of up to `most`, every other time later. */
class Pieces implements ByteStream {
  #at = 0;
  #turn = 0;

  constructor(
    readonly bytes: Uint8Array,
    readonly most: number,
  ) {}

  read(buffer: Uint8Array, offset: number, length: number): number | Promise<number> {
    const count = Math.min(length, this.most, this.bytes.length - this.#at);
    buffer.set(this.bytes.subarray(this.#at, this.#at + count), offset);
    this.#at += count;
    return this.most < WINDOW && this.#turn++ % 2 === 1 ? Promise.resolve(count) : count;
  }

  cancel(): void {}

  close(): void {}
}

interface Reading {
  readonly packets: string[];
  /** Those of them that the packet filter lets through. */
  readonly matching: string[];
  readonly error: string | null;
  /** Whether pcapng has room for it: 16 bits of link type, 64 of nanoseconds. */
  readonly fits: boolean;
}

function person(process: Process | null): string {
  if (process === null) return '-';
  const { pid, name, path, args, parentPid, uid, user, uuid, startTime, cgroup, container, netns } = process;
  const facts = [name, path, args?.join('\0'), parentPid, uid, user, startTime, cgroup, container?.id, netns];
  return `${pid}:${facts.join(';')}:${uuid === null ? '' : Buffer.from(uuid).toString('hex')}`;
}

/** All that a packet says, but for its comments where a copy adds to them. */
function describe(packet: Packet): string {
  const { buffer, offset, capturedLength, length, seconds, nanoseconds, linkType, metadata } = packet;
  assert.ok(
    offset >= 0 && capturedLength >= 0 && offset + capturedLength <= buffer.length,
    'beyond its buffer',
  );
  assert.ok(capturedLength <= MAXIMUM_BLOCK, 'larger than a block');
  for (const one of [length, seconds, nanoseconds, linkType])
    assert.ok(Number.isInteger(one), `number ${one}`);
  const data = Buffer.from(buffer.buffer, buffer.byteOffset + offset, capturedLength).toString('latin1');
  const { process, effectiveProcess, ...rest } = metadata ?? new PacketMetadata();
  const facts = [
    BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds),
    length,
    linkType,
    packet.interface?.name ?? '',
    packet.dropCount,
  ];
  facts.push(person(process), person(effectiveProcess), ...Object.values(rest));
  return `${facts.join()} ${packet.comments?.join('\0')} ${data}`;
}

export class Judge {
  readonly #expressions = new Expressions('tcp port 9000 or (udp dst port 2000 and less 60) or ip6', {
    snapshotLength: 262_144,
    optimize: true,
  });
  readonly #metadata: PacketFilter = compileMetadataFilter(
    'proc =curl or ( svc = CTL and not pid = 5 )',
  ).matches;

  /** @param path of a file that may be written over */
  constructor(readonly path: string) {}

  /**
   * @param whole whether copies are looked at, too: that takes longer
   * @throws what does not hold
   */
  async judge(bytes: Uint8Array, pick: (below: number) => number, whole: boolean): Promise<void> {
    const first = await this.#read(new Pieces(bytes, WINDOW), WINDOW);
    const most = 1 + pick(300);
    const second = await this.#read(new Pieces(bytes, most), 64 << pick(6));
    assert.deepEqual(second.packets, first.packets, `in pieces of ${most}`);
    assert.equal(second.error, first.error, `in pieces of ${most}`);
    if (first.packets.length < MOST) {
      const passed = await this.#read(new Pieces(bytes, WINDOW), 64 << pick(6), true);
      assert.deepEqual(passed.matching, first.matching, 'passed over');
      assert.equal(passed.error, first.error, 'passed over');
    }
    if (!whole || first.packets.length === 0) return;
    if (!first.fits) return;
    const copy = await this.#copied(bytes, 'pcapng');
    assert.deepEqual(copy, { ...first, error: null }, 'copied');
    const again = await this.#copied(readFileSync(this.path), 'pcapng');
    assert.deepEqual(again, copy, 'copied again');
  }

  async #read(stream: ByteStream, windowSize: number, passesOver = false): Promise<Reading> {
    const packets: string[] = [];
    const matching: string[] = [];
    let fits = true;
    const take = (packet: Packet): boolean => {
      fits &&= packet.linkType <= 0xffff && packet.seconds >= 0 && packet.seconds < LATEST;
      const text = describe(packet);
      packets.push(text);
      if (this.#expressions.matches(packet)) matching.push(text);
      assert.equal(typeof this.#metadata(packet), 'boolean');
      return packets.length < MOST;
    };
    const error = await this.#each(stream, windowSize, take, async (source) => {
      if (passesOver) source.passes = this.#expressions.forLinkType;
    });
    return { packets, matching, error, fits };
  }

  /** Hands on every packet. Returns what the file broke off with; everything else is thrown. */
  async #each(
    stream: ByteStream,
    windowSize: number,
    handler: (packet: Packet, source: SavefileSource) => boolean,
    opened: (source: SavefileSource) => Promise<void> = async () => {},
  ): Promise<string | null> {
    let source: SavefileSource | null = null;
    try {
      source = await openSavefileStream(stream, 'x', { maximumBlock: MAXIMUM_BLOCK, windowSize });
      await opened(source);
      await source.run((packet) => handler(packet, source!));
      return null;
    } catch (error) {
      if (!(error instanceof SavefileError)) throw error;
      assert.match(error.message, /^[^\n]+ \(x, byte \d+\)$/);
      return error.message;
    } finally {
      const most = source?.input.buffer.length ?? 0;
      assert.ok(most <= 2 * MAXIMUM_BLOCK + 64, `a window of ${most} bytes`);
      source?.close();
    }
  }

  async #copied(bytes: Uint8Array, format: 'pcapng'): Promise<Reading> {
    let write: (packet: Packet) => void = () => {};
    let close = (): void => {};
    let count = 0;
    await this.#each(
      new Pieces(bytes, WINDOW),
      WINDOW,
      (packet) => {
        write(packet);
        return ++count < MOST;
      },
      async (source) => {
        const { linkType, snapshotLength } = source;
        const writer = await createSavefile(this.path, { format, linkType, snapshotLength, copyOf: source });
        write = (packet) => writer.packet(packet);
        close = () => writer.close();
      },
    );
    close();
    return this.#read(new Pieces(readFileSync(this.path), WINDOW), WINDOW);
  }
}
