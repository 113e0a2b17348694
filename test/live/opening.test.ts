// A capture that cannot be opened leaves nothing behind, whichever of the system calls fails that it takes.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { test } from 'node:test';
import { objectExists } from '../../src/system/bpf.js';
import { koffi } from '../../src/system/koffi.js';
import { libc } from '../../src/system/libc.js';
import { openTap, type TapOptions } from '../../src/tap/index.js';
import { cannot, makePair } from './world.js';

const EPERM = 1;
/** Calls that get hold of something, or that it takes on the way. */
const CALLS = ['bpf', 'mmap', 'socket', 'bind', 'setsockopt', 'send', 'recv', 'syscall6', 'setns'] as const;
/** Commands of bpf(2) whose result is a descriptor: map, program, link, tracepoint. */
const MAKING: readonly number[] = [0, 5, 28, 17];

type Native = ((...args: unknown[]) => unknown) & { async?: (...args: unknown[]) => void };

/** eBPF objects that were made since the last look, as `kind id`. */
const made = new Set<string>();

function note(command: unknown, fd: unknown): void {
  if (!MAKING.includes(command as number) || (fd as number) < 0) return;
  for (const [, kind, id] of readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1').matchAll(
    /^(prog_id|map_id|link_id):\s+(\d+)$/gm,
  ))
    made.add(`${kind} ${id}`);
}

/** Counts the calls; the one with number `failing` fails without being made. */
let calls = 0;
let failing = -1;
let failed = '';
/** The thread is in another namespace: it cannot but come back. */
let away = false;

/** Puts counting functions in the place of the C library's. */
function watch(): void {
  const functions = libc() as unknown as Record<string, Native>;
  for (const name of CALLS) {
    const call = functions[name]!;
    const fails = (command: unknown): boolean => {
      if (calls++ !== failing) return false;
      failed = `${name} ${name === 'bpf' ? command : ''}`;
      koffi().errno(EPERM);
      return true;
    };
    const watched: Native = (...args) => {
      // Memory of nobody's is a copy for views that are kept.
      const copy = name === 'mmap' && (args[4] as number) < 0;
      if (name === 'setns') away = !away;
      if (!copy && !(name === 'setns' && !away) && fails(args[1])) {
        if (name === 'setns') away = false;
        return name === 'mmap' ? -1n : -1;
      }
      const result = call(...args);
      if (name === 'bpf') note(args[1], result);
      return result;
    };
    if (call.async !== undefined) {
      const aside = call.async;
      watched.async = (...args) => {
        const done = args.pop() as (error: unknown, result: number) => void;
        if (name === 'bpf' && fails(args[1])) setImmediate(() => done(null, -1));
        else
          aside(...args, (error: unknown, result: number) => {
            if (name === 'bpf') note(args[1], result);
            done(error, result);
          });
      };
    }
    functions[name] = watched;
  }
}

/** What is open, by what it leads to. */
function open(): string[] {
  const found: string[] = [];
  for (const fd of readdirSync('/proc/self/fd')) {
    try {
      found.push(`${fd} ${readlinkSync(`/proc/self/fd/${fd}`).replace(/\d+/g, '')}`);
    } catch {
      // the folder's own
    }
  }
  return found.sort();
}

/** The objects that are still there after a while: the kernel takes its time. */
async function left(): Promise<string[]> {
  const there = (): string[] =>
    [...made].filter((one) => {
      const [kind, id] = one.split(' ') as ['prog_id' | 'map_id' | 'link_id', string];
      return objectExists(kind, Number(id));
    });
  for (let i = 0; i < 100 && there().length > 0; i++) await new Promise((done) => setTimeout(done, 20));
  const found = there();
  made.clear();
  return found;
}

const mapped = (): number => readFileSync('/proc/self/maps', 'latin1').match(/bpf-map|socket:/g)?.length ?? 0;

/** Opens with each call failing in turn, or as many of them, evenly spread, as there is time for. */
async function failEach(
  options: Partial<TapOptions>,
  most: number,
): Promise<{ refused: number; opened: number }> {
  failing = -1;
  calls = 0;
  (await openTap(options)).close();
  const all = calls;
  await left();
  const before = open();
  const count = { refused: 0, opened: 0 };
  const step = Math.max(1, all / most);
  for (let at = 0; at < all; at += step) {
    failing = Math.floor(at);
    calls = 0;
    try {
      (await openTap(options)).close();
      count.opened++;
    } catch {
      count.refused++;
    }
    failing = -1;
    assert.deepEqual(open(), before, `call ${Math.floor(at)} of ${all}, ${failed}: descriptors`);
    assert.deepEqual(await left(), [], `call ${Math.floor(at)} of ${all}, ${failed}: eBPF objects`);
    assert.equal(mapped(), 0, `call ${Math.floor(at)} of ${all}, ${failed}: memory`);
  }
  return count;
}

/** Openings of each kind: all calls are tried when this is raised. */
const MOST = Number(process.env['PKTAP_TEST_FAILURES'] ?? 12);

test('a tap whose opening fails somewhere leaves nothing', { skip: cannot }, async (t) => {
  const pair = makePair(t);
  watch();
  const kinds: [string, Partial<TapOptions>][] = [
    ['tap', { interface: `pktap,${pair.device}`, metadataFilter: 'tree = 1', expression: 'udp' }],
    ['device', { interface: pair.device, promiscuous: true }],
    ['namespace', { interface: 'pktap,eth0', networkNamespaces: [pair.namespace] }],
    ['drops', { interface: 'droptap' }],
  ];
  for (const [name, options] of kinds) {
    await t.test(name, async () => {
      const { refused, opened } = await failEach(options, MOST);
      t.diagnostic(`${name}: ${refused} refused, ${opened} opened all the same`);
      assert.ok(refused + opened > 0);
    });
  }
  for (const attach of ['clsact', 'packet']) {
    await t.test(attach, async () => {
      process.env['PKTAP_ATTACH'] = attach;
      try {
        await failEach({ interface: pair.device, promiscuous: true }, MOST);
      } finally {
        delete process.env['PKTAP_ATTACH'];
      }
    });
  }
});
