// Processes in pcapng, in each of the four dialects, built byte by byte from what their writers write.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PacketFlag } from '../../src/packet/index.js';
import {
  block,
  build,
  description,
  enhanced,
  ORDERS,
  type Order,
  option,
  processBlock,
  processEntry,
  section,
} from './build.js';
import { factsOf, fileOf, readAll, udp } from './helpers.js';

const frame = udp();
const uuid = Uint8Array.from({ length: 16 }, (_, i) => 0xa0 + i);
const SECOND = 1_000_000n;

const start = (order: Order): Buffer => Buffer.concat([section(order), description(order, 1, 0)]);
const u32 = (order: Order, ...values: number[]) => build(order).u32(...values);

for (const order of ORDERS) {
  test(`Apple’s blocks, ${order}-endian`, async () => {
    const path = fileOf(
      Buffer.concat([
        start(order),
        processBlock(
          order,
          4711,
          option(order, 2, 'curl'),
          option(order, 3, '/usr/bin/curl'),
          option(order, 4, uuid),
        ),
        processBlock(order, 12, option(order, 2, 'agent')),
        enhanced(
          order,
          {},
          frame,
          option(order, 2, u32(order, 0x0000_00c2)),
          option(order, 0x8001, u32(order, 0)),
          option(order, 0x8002, u32(order, 900)),
          option(order, 0x8003, u32(order, 1)),
          option(order, 0x8004, u32(order, 0xff)),
          option(order, 0x8005, u32(order, 0xfedcba98)),
          option(order, 0x8006, build(order).u16(0xbeef)),
          option(order, 0x8007, u32(order, 77)),
          option(order, 0x8008, build(order).u16(513)),
          option(order, 0x8009, 'tcp_input'),
          option(order, 0x800a, u32(order, 5)),
          option(order, 4, build(order).u64(0x1_0000_0002n)),
          option(order, 1, 'a'),
          option(order, 1, 'b'),
        ),
        // Two blocks have been numbered 0 and 1; 2 is not there.
        enhanced(
          order,
          {},
          frame,
          option(order, 0x8001, u32(order, 2)),
          option(order, 0x8002, u32(order, 0xffff_ffff)),
        ),
        section(order),
        description(order, 1, 0),
        processBlock(order, -1, option(order, 2, 'other')),
        enhanced(order, {}, frame, option(order, 0x8001, u32(order, 0))),
      ]),
    );
    const { packets, error } = await readAll(path);
    assert.equal(error, null);
    const [first, second, third] = packets;
    assert.deepEqual(factsOf(first!.metadata?.process), {
      pid: 4711,
      name: 'curl',
      path: '/usr/bin/curl',
      uuid,
    });
    assert.deepEqual(factsOf(first!.metadata?.effectiveProcess), { pid: 12, name: 'agent' });
    const {
      serviceClass,
      direction,
      flags,
      flowId,
      traceTag,
      dropReason,
      dropLine,
      dropFunction,
      compressionGeneration,
    } = first!.metadata!;
    assert.deepEqual(
      {
        serviceClass,
        direction,
        flags,
        flowId,
        traceTag,
        dropReason,
        dropLine,
        dropFunction,
        compressionGeneration,
      },
      {
        serviceClass: 900,
        direction: 2,
        flags: Object.values(PacketFlag).reduce((sum, flag) => sum | flag, 0),
        flowId: 0xfedcba98,
        traceTag: 0xbeef,
        dropReason: 77,
        dropLine: 513,
        dropFunction: 'tcp_input',
        compressionGeneration: 5,
      },
    );
    assert.deepEqual([first!.dropCount, first!.comments], [0x1_0000_0002, ['a', 'b']]);
    assert.deepEqual(
      [second!.metadata?.process, second!.metadata?.serviceClass, second!.comments],
      [null, -1, null],
    );
    assert.deepEqual(factsOf(third!.metadata?.process), { pid: -1, name: 'other' });
  });

  test(`the standard’s process and thread, ${order}-endian`, async () => {
    const path = fileOf(
      Buffer.concat([
        start(order),
        enhanced(order, {}, frame, option(order, 8, u32(order, 4711, 4712))),
        enhanced(order, {}, frame, option(order, 8, u32(order, 4711, 0))),
        enhanced(order, {}, frame, option(order, 8, u32(order, 4711))),
      ]),
    );
    const { packets } = await readAll(path);
    assert.deepEqual(
      packets.map((p) => [factsOf(p.metadata?.process), p.metadata?.threadId]),
      [
        [{ pid: 4711, name: '' }, 4712],
        [{ pid: 4711, name: '' }, 0],
        [null, 0],
      ],
    );
    assert.equal(packets[0]!.metadata?.process, packets[1]!.metadata?.process);
  });

  test(`Wireshark’s entries, ${order}-endian`, async () => {
    const le = 'little';
    const started = (seconds: bigint): Buffer => option(le, 9, build(le).u64(seconds * 1_000_000_000n));
    const at = (seconds: bigint, pid = 7): Buffer =>
      enhanced(order, { units: seconds * SECOND }, frame, option(order, 8, u32(order, pid, 1)));
    const path = fileOf(
      Buffer.concat([
        start(order),
        processEntry(
          order,
          4711,
          [
            option(le, 2, 'python3'),
            option(le, 3, '/usr/bin/python3.11'),
            option(le, 4, 'python3\0-c\0print(1)'),
            option(le, 5, u32(le, 1)),
            option(le, 6, u32(le, 1000)),
            option(le, 7, 'ada'),
            option(le, 8, uuid),
            started(5n),
            option(le, 1, 'note'),
          ],
          [option(order, 1, 'of the block'), Buffer.alloc(4)],
        ),
        at(9n, 4711),
        // Other entry types and other companies are nothing to us.
        block(order, 0x0bad, u32(order, 32622), build(le).u32(1, 4, 0)),
        block(order, 0x0bad, u32(order, 4242), build(le).u32(3, 4, 7)),
        processEntry(order, 7, [option(le, 2, 'second'), started(20n)]),
        processEntry(order, 7, [option(le, 2, 'first'), started(10n)]),
        ...[15n, 10n, 20n, 25n, 5n].map((seconds) => at(seconds)),
        processEntry(order, 8, [option(le, 2, 'old')]),
        processEntry(order, 8, [option(le, 2, 'new')]),
        at(1n, 8),
      ]),
    );
    const { packets, error } = await readAll(path);
    assert.equal(error, null);
    assert.deepEqual(factsOf(packets[0]!.metadata?.process), {
      pid: 4711,
      name: 'python3',
      path: '/usr/bin/python3.11',
      args: ['python3', '-c', 'print(1)'],
      parentPid: 1,
      uid: 1000,
      user: 'ada',
      uuid,
      startTime: 5_000_000_000n,
      comment: 'note',
    });
    assert.deepEqual(
      packets.slice(1).map((p) => p.metadata?.process?.name),
      ['first', 'first', 'second', 'second', 'first', 'new'],
    );
  });

  test(`Apple’s blocks and Wireshark’s entries together, ${order}-endian`, async () => {
    const le = 'little';
    const packet = (number: number, pid: number): Buffer =>
      enhanced(
        order,
        { units: SECOND },
        frame,
        option(order, 8, u32(order, pid, 0)),
        option(order, 0x8001, u32(order, number)),
      );
    const path = fileOf(
      Buffer.concat([
        start(order),
        // Right behind its block: these belong together, whatever else has the same ID later.
        processBlock(order, 5, option(order, 2, 'bash')),
        processEntry(order, 5, [option(le, 2, 'bash'), option(le, 6, u32(le, 1))]),
        processBlock(order, 5, option(order, 2, 'curl'), option(order, 4, uuid)),
        processEntry(order, 5, [option(le, 2, 'curl'), option(le, 6, u32(le, 2))]),
        packet(0, 5),
        packet(1, 5),
        // Apart: found by the ID, when the names agree.
        processBlock(order, 6, option(order, 2, 'nc')),
        processBlock(order, 7, option(order, 2, 'ssh')),
        processEntry(order, 6, [option(le, 2, 'nc'), option(le, 6, u32(le, 3))]),
        processEntry(order, 9, []),
        processEntry(order, 7, [option(le, 2, 'scp'), option(le, 6, u32(le, 4))]),
        packet(2, 6),
        packet(2, 6),
        packet(3, 7),
      ]),
    );
    const { packets } = await readAll(path);
    assert.deepEqual(
      packets.map((p) => factsOf(p.metadata?.process)),
      [
        { pid: 5, name: 'bash', uid: 1 },
        { pid: 5, name: 'curl', uuid, uid: 2 },
        { pid: 6, name: 'nc', uid: 3 },
        { pid: 6, name: 'nc', uid: 3 },
        { pid: 7, name: 'ssh' },
      ],
    );
    assert.equal(packets[2]!.metadata?.process, packets[3]!.metadata?.process, 'one object per process');
  });
}

test('ptcpdump’s comments', async () => {
  const order = 'little';
  const comment = (text: string): Buffer => option(order, 1, text);
  const facts =
    'PID: 1234\nCmd: /bin/bash\nArgs: -c sleep 10...\nParentPID: 1\nParentCmd: /sbin/init\nParentArgs: splash';
  const path = fileOf(
    Buffer.concat([
      start(order),
      enhanced(order, {}, frame, comment('mine'), comment(facts), comment('too')),
      enhanced(order, {}, frame, comment(facts)),
      enhanced(order, {}, frame, comment('PID: none'), comment('Cmd: /bin/bash')),
      processBlock(order, 1, option(order, 2, 'init')),
      enhanced(order, {}, frame, comment(facts), option(order, 0x8001, u32(order, 0))),
    ]),
  );
  const { packets } = await readAll(path);
  const bash = { pid: 1234, name: 'bash', path: '/bin/bash', args: ['-c', 'sleep', '10...'], parentPid: 1 };
  assert.deepEqual(
    packets.map((p) => [factsOf(p.metadata?.process), p.comments]),
    [
      [bash, ['mine', 'too']],
      [bash, null],
      [null, ['PID: none', 'Cmd: /bin/bash']],
      [{ pid: 1, name: 'init' }, null],
    ],
  );
  assert.equal(packets[0]!.metadata?.process, packets[1]!.metadata?.process);
});

test('process facts are forgotten before memory is', async () => {
  const order = 'little';
  const name = 'x'.repeat(60_000);
  const parts = [start(order)];
  const count = 1500;
  for (let i = 0; i < count; i++) {
    parts.push(processBlock(order, i, option(order, 2, name)));
    // The first is named by every packet and stays.
    parts.push(enhanced(order, {}, frame, option(order, 0x8001, u32(order, 0))));
  }
  parts.push(enhanced(order, {}, frame, option(order, 0x8001, u32(order, 1))));
  parts.push(enhanced(order, {}, frame, option(order, 0x8001, u32(order, count - 1))));
  const { packets, error } = await readAll(fileOf(Buffer.concat(parts)));
  assert.equal(error, null);
  assert.ok(packets.slice(0, count).every((p) => p.metadata?.process?.pid === 0));
  assert.equal(packets[count]!.metadata?.process, null);
  assert.equal(packets[count + 1]!.metadata?.process?.pid, count - 1);
});
