// What a packet leaves behind for the text of later ones: a printer that followed it prints the next as one that printed it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Packet } from '../../src/packet/index.js';
import { defaultPrintOptions, type PrintOptions, TextOutput } from '../../src/print/index.js';
import { allGenerators } from './differential.js';
import { be16, be32, bytes, ethernet, ip4, Random } from './generator.js';
import { answerTo, segmentsIn } from './inner.js';

const ETHERNET = 1;
const RAW_IP = 101;
const SEED = 20261130;
const PACKETS = 25;
/** Packets of each generator that two printers take turns with. */
const TURNS = 9;
const OPTIONS: readonly Partial<PrintOptions>[] = [
  {},
  { verbose: 2 },
  { verbose: 4 },
  { quiet: true },
  { verbose: 2, smb: true },
];

/** A printer, and the text of its last packet. */
class Told {
  private text = '';
  private readonly output: TextOutput;

  constructor(changed: Partial<PrintOptions>) {
    const options = { ...defaultPrintOptions(), numeric: true, timestamp: 1, ...changed };
    this.output = new TextOutput(options, (block) => {
      this.text += Buffer.from(block).toString('latin1');
    });
  }

  print(packet: Packet): string {
    this.output.packet(packet);
    this.output.flush();
    const { text } = this;
    this.text = '';
    return text;
  }

  follow(packet: Packet): void {
    this.output.follow(packet);
    this.output.flush();
    assert.equal(this.text, '');
  }
}

function record(linkType: number, data: Uint8Array, captured = data.length): Packet {
  const packet = new Packet();
  packet.buffer = data;
  packet.capturedLength = captured;
  packet.length = data.length;
  packet.linkType = linkType;
  return packet;
}

/**
 * Prints a packet with one printer, has another follow it, and prints with both what may answer it, every segment within (the
 * packet's own connection and those that it carries), and the packet again.
 */
function check(name: string, printer: Told, follower: Told, packet: Packet): void {
  printer.print(packet);
  follower.follow(packet);
  const captured = packet.buffer.subarray(0, packet.capturedLength);
  const probes = segmentsIn(captured).map((segment) => record(RAW_IP, segment));
  const answer = packet.linkType === ETHERNET ? answerTo(captured) : null;
  if (answer !== null) probes.unshift(record(ETHERNET, answer));
  // The packet itself comes last: printed again, it would teach the follower what it has missed.
  for (const probe of [...probes, packet]) {
    const hex = Buffer.from(packet.buffer).toString('hex');
    const what = `${name}, ${packet.capturedLength} bytes of ${hex}`;
    assert.equal(follower.print(probe), printer.print(probe), what);
  }
}

/** Two that take turns in printing, and follow what the other prints, as two threads do. */
class Turns {
  private readonly halves: readonly [Told, Told];
  private count = 0;

  constructor(options: Partial<PrintOptions>) {
    this.halves = [new Told(options), new Told(options)];
  }

  print(packet: Packet): string {
    const mine = this.count++ % 2;
    this.halves[1 - mine]!.follow(packet);
    return this.halves[mine]!.print(packet);
  }
}

for (const [file, generators] of await allGenerators()) {
  test(`followed and printed, the same text comes next: ${file}`, () => {
    for (const [name, generate] of Object.entries(generators)) {
      const random = new Random(SEED);
      for (const options of OPTIONS) {
        const printer = new Told(options);
        const follower = new Told(options);
        for (let i = 0; i < PACKETS; i++) {
          const made = generate(random);
          const { linkType, bytes: data } =
            made instanceof Uint8Array ? { linkType: ETHERNET, bytes: made } : made;
          const captured = i % 5 === 4 ? random.between(1, data.length) : data.length;
          check(name, printer, follower, record(linkType, data, captured));
        }
      }
    }
  });

  test(`two that take turns print what one prints: ${file}`, () => {
    for (const options of OPTIONS) {
      const random = new Random(SEED);
      const one = new Told(options);
      const two = new Turns(options);
      for (const [name, generate] of Object.entries(generators)) {
        for (let i = 0; i < TURNS; i++) {
          const made = generate(random);
          const { linkType, bytes: data } =
            made instanceof Uint8Array ? { linkType: ETHERNET, bytes: made } : made;
          const segments = segmentsIn(data).map((segment) => record(RAW_IP, segment));
          for (const packet of [record(linkType, data), ...segments])
            assert.equal(two.print(packet), one.print(packet), name);
        }
      }
    }
  });
}

/** A segment of 10.0.0.1:1000 to 10.0.0.2:2000. */
function segment(random: Random, seq: number): Uint8Array {
  const header = [be16(1000), be16(2000), be32(seq), be32(7), 0x50, 0x10, be16(9), be32(0), [1, 2, 3]];
  return ip4(random, 6, header, {
    source: [10, 0, 0, 1],
    destination: [10, 0, 0, 2],
    id: 1,
    fragment: 0,
    ttl: 64,
  });
}

/** What carries a packet over TCP: its name, its port, and the payload. */
const CARRIERS: readonly (readonly [string, number, (random: Random, packet: Uint8Array) => Uint8Array])[] = [
  [
    'MSDP',
    639,
    (_, packet) =>
      bytes(
        [1, be16(20 + packet.length), 1, [192, 0, 2, 1], [0, 0, 0, 32, 225, 1, 2, 3, 192, 0, 2, 9]],
        packet,
      ),
  ],
  [
    'OpenFlow',
    6653,
    (random, packet) => {
      const frame = ethernet(random, 0x0800, packet);
      const said = [be32(0), be16(frame.length), be16(1), 0, 0];
      return bytes(1, 10, be16(18 + frame.length), be32(1), said, frame);
    },
  ],
];

for (const [name, port, carrier] of CARRIERS) {
  test(`a segment within what ${name} carries is remembered`, () => {
    const random = new Random(1);
    const carried = (seq: number): Uint8Array => {
      const payload = carrier(random, segment(random, seq));
      return ip4(random, 6, [be16(port), be16(40001), be32(1), be32(0), 0x50, 8, be16(9), be32(0), payload]);
    };
    for (const follows of [false, true]) {
      const told = new Told({ verbose: 5, noChecksums: true });
      const first = record(ETHERNET, ethernet(random, 0x0800, carried(500)));
      if (follows) told.follow(first);
      else told.print(first);
      assert.match(
        told.print(record(ETHERNET, ethernet(random, 0x0800, segment(random, 503)))),
        /, seq 3:6, /,
      );
    }
  });
}
