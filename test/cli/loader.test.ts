// The command's chunks: V8 takes what it compiled of them at the build, and works without where that is another's.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { pcapRecord } from '../savefile/build.js';
import { fileOf } from '../savefile/helpers.js';
import { header } from '../savefile/program.js';

const COMMAND = resolve('dist/command');
/** An IGMP report in Ethernet. */
const REPORT =
  '01005e000001020000000001080046c00020000040000102418f0a000001e000000194040000' + '1600e5fae0000005';

/** What a program writes to its descriptor 3. */
function ask(program: string): unknown {
  const { output } = spawnSync(process.execPath, ['-e', program], { stdio: new Array(4).fill('pipe') });
  return JSON.parse(String(output[3]));
}

/** Chunks loaded by a run of the command. */
function loadedBy(...args: string[]): string[] {
  const program = `
    const vm = require('node:vm');
    const names = [];
    const { Script } = vm;
    vm.Script = class extends Script {
      constructor(source, options) {
        super(source, options);
        names.push(options.filename);
      }
    };
    process.argv = ['', '', ...${JSON.stringify(args)}];
    process.on('exit', () => require('node:fs').writeSync(3, JSON.stringify(names)));
    require(${JSON.stringify(join(COMMAND, 'start.cjs'))});`;
  const names = ask(program) as string[];
  return names.map((name) => name.slice(COMMAND.length + 1).replace(/-[\w-]{8}\.js$|\.js$/, ''));
}

test('all chunks are compiled already', () => {
  const program = `
    const { compile } = require(${JSON.stringify(join(COMMAND, 'loader.cjs'))});
    const { readdirSync, writeSync } = require('node:fs');
    const names = readdirSync(${JSON.stringify(COMMAND)}, { recursive: true }).filter((name) => name.endsWith('.js'));
    const refused = names.filter((name) => compile(name).cachedDataRejected !== false);
    writeSync(3, JSON.stringify([names.length, refused]));`;
  const [chunks, refused] = ask(program) as [number, string[]];
  assert.ok(chunks > 100, `${chunks} chunks`);
  assert.deepEqual(refused, []);
});

test("another version's code is passed over", () => {
  const copy = mkdtempSync(resolve('dist/copy-'));
  try {
    cpSync(COMMAND, copy, { recursive: true });
    const caches = readdirSync(copy).filter((name) => name.endsWith('.cache'));
    assert.ok(caches.length > 10);
    caches.forEach((name, i) => {
      if (i % 3 === 0) rmSync(join(copy, name));
      else if (i % 3 === 1) truncateSync(join(copy, name), 100);
      else writeFileSync(join(copy, name), Buffer.alloc(4096, i));
    });
    const version = execFileSync(process.execPath, [join(copy, 'start.cjs'), '--version'], {
      encoding: 'utf8',
    });
    assert.equal(version, execFileSync('bin/pktap', ['--version'], { encoding: 'utf8' }));
  } finally {
    rmSync(copy, { recursive: true });
  }
});

test("another processor's code is not even looked at", () => {
  // V8 of the same version takes it, and crashes.
  const own = `.${process.version}-${process.platform}-${process.arch}.cache`;
  const caches = readdirSync(COMMAND, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.cache'),
  );
  assert.ok(caches.length > 100);
  assert.deepEqual(
    caches.filter((name) => !name.endsWith(own)),
    [],
  );
  const program = `
    const fs = require('node:fs');
    const { readFileSync } = fs;
    const read = [];
    fs.readFileSync = (file, ...rest) => (read.push(String(file)), readFileSync(file, ...rest));
    Object.defineProperty(process, 'arch', { value: 'another' });
    const { compile } = require(${JSON.stringify(join(COMMAND, 'loader.cjs'))});
    const refused = compile('start.js').cachedDataRejected;
    fs.writeSync(3, JSON.stringify([refused === undefined, read.filter((name) => name.endsWith('.cache'))]));`;
  const [without, read] = ask(program) as [boolean, string[]];
  assert.ok(without, 'V8 was given code');
  assert.deepEqual(
    read.map((name) => name.slice(COMMAND.length + 1)),
    [`start.js.${process.version}-${process.platform}-another.cache`],
  );
});

test('damaged code is passed over, wherever it is damaged', () => {
  const copy = mkdtempSync(resolve('dist/copy-'));
  try {
    cpSync(COMMAND, copy, { recursive: true });
    const caches = readdirSync(copy).filter((name) => name.endsWith('.cache'));
    const whole = new Map(caches.map((name) => [name, readFileSync(join(copy, name))]));
    const damages: ((bytes: Buffer, round: number) => Buffer)[] = [
      // One bit, at another place each time.
      (bytes, round) => {
        bytes[Math.floor((bytes.length * round) / 8)]! ^= 1 << round;
        return bytes;
      },
      (bytes, round) => bytes.fill(round, Math.floor((bytes.length * round) / 8)),
      (bytes, round) => bytes.subarray(0, Math.floor((bytes.length * round) / 8)),
      (bytes, round) => Buffer.concat([bytes, Buffer.alloc(round + 1)]),
    ];
    for (const [kind, damage] of damages.entries()) {
      for (let round = 0; round < 8; round++) {
        for (const [name, bytes] of whole) writeFileSync(join(copy, name), damage(Buffer.from(bytes), round));
        const args = [join(copy, 'start.cjs'), '-r', 'examples/curl.pcapng', '-nc', '1'];
        const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
        assert.equal(status, 0, `damage ${kind}, ${round}`);
        assert.match(stdout, /IP/);
      }
    }
  } finally {
    rmSync(copy, { recursive: true });
  }
});

test('nothing is loaded that is not used', () => {
  const version = loadedBy('--version');
  assert.ok(version.includes('start'));
  for (const name of ['arguments', 'run', 'print', 'savefile', 'linux', 'filter'])
    assert.ok(!version.includes(name), `--version loads ${name}`);
  const packet = pcapRecord('little', 1, 0, Buffer.from(REPORT, 'hex'));
  const file = fileOf(Buffer.concat([header, packet]), '.pcap');
  const reading = loadedBy('-c', '1', '-nr', file);
  for (const name of ['arguments', 'run', 'print', 'savefile', 'print/protocol/igmp'])
    assert.ok(reading.includes(name), `-r does not load ${name}`);
  for (const name of ['linux', 'tap', 'filter', 'gzip', 'command', 'lists', 'print/protocol/dns/dns'])
    assert.ok(!reading.includes(name), `-r loads ${name}`);
});
