// Printing is pure: bytes, options and services in, bytes out.

import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { Packet } from '../../src/packet/index.js';
import { completes, TRUNCATED } from '../../src/print/endings.js';
import { defaultPrintOptions, type PrintServices, TextOutput } from '../../src/print/index.js';
import { printJuniper } from '../../src/print/link/juniper/juniper.js';
import { printLlc, printSnap } from '../../src/print/link/llc.js';
import { hmacMd5, md5 } from '../../src/print/md5.js';
import { Printer } from '../../src/print/printer.js';
import { printArista } from '../../src/print/protocol/arista.js';
import { printErspan } from '../../src/print/protocol/erspan.js';
import { printAh } from '../../src/print/protocol/esp/ah.js';
import { printMacsec } from '../../src/print/protocol/macsec.js';
import { printNetbeui } from '../../src/print/protocol/smb/netbeui.js';
import { Span } from '../../src/print/span.js';
import { type PrinterName, printers, type Special, TABLE } from '../../src/print/table.js';
import { allGenerators } from './differential.js';
import { Random } from './generator.js';

const ROOM = resolve('src/print');
const ETHERNET = 1;
const SLL2 = 276;

function files(): string[] {
  return readdirSync(ROOM, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
}

test('the room imports the words of packets, their headers, checks of options and late loads alone', () => {
  const allowed = /^(\.\.\/(packet|decode)\/index|\.\.\/options|\.\.\/late)\.js$/;
  for (const name of files()) {
    const source = readFileSync(join(ROOM, name), 'utf8');
    for (const [, from] of source.matchAll(/\bfrom '([^']+)'/g)) {
      assert.ok(from!.startsWith('.'), `${name} imports ${from}`);
      const target = relative(ROOM, resolve(ROOM, name, '..', from!));
      if (target.startsWith('..')) assert.match(target, allowed, name);
    }
    assert.doesNotMatch(
      source,
      /\bBuffer\.|\bprocess\.(env|platform|hrtime|getBuiltinModule)|\bimport\(/,
      name,
    );
  }
});

test('printing ends early in two ways alone, and has one cursor', () => {
  // text.ts refuses what its caller got wrong.
  const endings = /^(TRUNCATED|OVERRUN|error|error === OVERRUN \? TRUNCATED : error)$/;
  for (const name of files()) {
    const source = readFileSync(join(ROOM, name), 'utf8');
    if (name !== 'text.ts')
      for (const [, thrown] of source.matchAll(/\bthrow ([^;]+);/g)) assert.match(thrown!, endings, name);
    if (name !== 'endings.ts') assert.doesNotMatch(source, /\bSymbol\(/, name);
    if (name !== 'span.ts') assert.doesNotMatch(source, /\bpublic (at|offset|left)\b/, name);
  }
});

test('a span goes past what it reads, and an overrun ends the part alone', () => {
  const p = new Printer();
  p.buffer = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
  p.snapEnd = 15;
  const span = new Span(p, 0, 20);
  assert.deepEqual([span.u8(), span.u16(), span.u32()], [1, 0x0203, 0x04050607]);
  assert.equal(span.u64(), 0x08090a0b0c0d0e0fn);
  assert.deepEqual([span.at, span.left], [15, 5]);
  assert.throws(
    () => span.u8(),
    (thrown) => thrown === TRUNCATED,
  );
  assert.deepEqual([span.at, span.left], [15, 5], 'a failed read stays');
  assert.equal(
    completes(() => span.take(1)),
    false,
  );
  assert.equal(
    completes(() => span.skip(5)),
    true,
  );
  assert.equal(
    completes(() => span.skip(1)),
    false,
  );
  span.pass(2);
  assert.deepEqual([span.at, span.left], [22, -2]);
  const open = new Span(p, 3);
  open.drop(4);
  assert.deepEqual([open.at, open.left, open.take(8)], [7, Number.POSITIVE_INFINITY, 7]);
  assert.throws(() => completes(() => p.u8(15)), 'a cut is not its business');
});

test('no printer changes the options', async () => {
  for (const generators of (await allGenerators()).values()) {
    for (const [name, generate] of Object.entries(generators)) {
      const random = new Random(3);
      for (const verbose of [1, 4, 7]) {
        const options = Object.freeze({ ...defaultPrintOptions(), numeric: true, verbose, smb: true });
        const text = new TextOutput(options, () => {});
        for (let i = 0; i < 6; i++) {
          const made = generate(random);
          const { linkType, bytes } = made instanceof Uint8Array ? { linkType: ETHERNET, bytes: made } : made;
          const packet = new Packet();
          packet.buffer = bytes;
          packet.capturedLength = packet.length = bytes.length;
          packet.linkType = linkType;
          assert.doesNotThrow(() => text.packet(packet), name);
        }
      }
    }
  }
});

test('every line of the table leads to a printer', async () => {
  for (const [name, [file, exported]] of Object.entries(TABLE)) {
    const module = (await import(`../../src/print/${file}.js`)) as Record<string, unknown>;
    assert.equal(typeof module[exported], 'function', `${name}: ${file}, ${exported}`);
    assert.equal(typeof printers[name as PrinterName], 'function');
  }
});

/** The compiler's word that those which take or give something else are what the table says. */
const SPECIAL: Partial<Special> = {
  llc: printLlc,
  snap: printSnap,
  juniper: printJuniper,
  arista: printArista,
  erspan: printErspan,
  ah: printAh,
  macsec: printMacsec,
  netbeui: printNetbeui,
};

test('those that take or give something else are what the table says', async () => {
  for (const [name, printer] of Object.entries(SPECIAL)) {
    const [file, exported] = TABLE[name as PrinterName];
    const module = (await import(`../../src/print/${file}.js`)) as Record<string, unknown>;
    assert.equal(module[exported], printer, name);
  }
});

/** A packet of Linux cooked capture 2 of interface 7, which carries nothing that has a printer. */
function cooked(services?: PrintServices): string {
  const packet = new Packet();
  packet.buffer = Uint8Array.of(0xff, 0xf0, 0, 0, 0, 0, 0, 7, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, 1, 2, 3, 4);
  packet.capturedLength = packet.length = packet.buffer.length;
  packet.linkType = SLL2;
  let text = '';
  const options = { ...defaultPrintOptions(), timestamp: 1 };
  const output = new TextOutput(
    options,
    (bytes) => {
      text += Buffer.from(bytes).toString('latin1');
    },
    services,
  );
  output.packet(packet);
  output.close();
  return text;
}

test("an interface's name is a service's", () => {
  const services = { names: null, secrets: null };
  assert.match(cooked(), /^\? {5}In /);
  assert.match(cooked({ ...services, interfaceName: () => null }), /^\? {5}In /);
  assert.match(cooked({ ...services, interfaceName: (index) => `port${index}` }), /^port7 In /);
});

test('secrets without what reads them are refused, not passed over', () => {
  const options = { ...defaultPrintOptions(), espSecret: 'aes-128-cbc:x' };
  assert.throws(() => new TextOutput(options, () => {}), {
    name: 'TypeError',
    message: 'TextOutput: espSecret needs a service of secrets',
  });
});

test("MD5 and HMAC-MD5 are OpenSSL's", () => {
  const bytes = fc.uint8Array({ maxLength: 200 });
  const hex = (digest: Uint8Array): string => Buffer.from(digest).toString('hex');
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      assert.equal(hex(md5(a, b)), createHash('md5').update(a).update(b).digest('hex'));
      assert.equal(hex(hmacMd5(a, b)), createHmac('md5', a).update(b).digest('hex'));
    }),
  );
});
