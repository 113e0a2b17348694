// -Q: what it takes, what it refuses and where, and the same answer from the function and from the kernel.

import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { compileMetadataFilter, type EbpfInstruction, FilterSyntaxError } from '../../../src/filter/index.js';
import { makeInterface, makeProcess, Packet, PacketMetadata } from '../../../src/packet/index.js';

interface Facts {
  name?: string;
  pid?: number;
  uid?: number;
  parent?: number;
  face?: string;
  dir?: 0 | 1 | 2;
  service?: number;
  flow?: number;
  netns?: number;
  lineage?: number[] | null;
  thread?: number;
  flags?: number;
  cgroup?: string;
  reason?: readonly [number: number, name: string];
}

function packetOf(facts: Facts): Packet {
  const packet = new Packet();
  packet.metadata = new PacketMetadata();
  packet.linkType = 1;
  packet.interface = makeInterface({ name: facts.face ?? 'en0', linkType: 1 });
  packet.metadata.direction = facts.dir ?? 1;
  packet.metadata.serviceClass = facts.service ?? 0;
  packet.metadata.flowId = facts.flow ?? 0;
  packet.metadata.threadId = facts.thread ?? 0;
  packet.metadata.flags = facts.flags ?? 0;
  [packet.metadata.dropReason, packet.metadata.dropReasonName] = facts.reason ?? [0, ''];
  if (facts.name !== undefined) {
    packet.metadata.process = makeProcess({
      name: facts.name,
      pid: facts.pid ?? 1,
      uid: facts.uid ?? 0,
      parentPid: facts.parent ?? 1,
      netns: facts.netns ?? null,
      user: { 0: 'root', 65534: 'nobody' }[facts.uid ?? 0] ?? null,
      lineage: facts.lineage === undefined ? [] : facts.lineage,
      cgroup: facts.cgroup ?? null,
    });
  }
  return packet;
}

const ssh = packetOf({ name: 'ssh', pid: 4711, uid: 1000, parent: 12, dir: 2, service: 900, flow: 0xabc });
const nobody = packetOf({});

const service = packetOf({
  name: 'nginx',
  thread: 5001,
  flags: 0xd,
  cgroup: '/system.slice/nginx.service/workers',
});
const login = packetOf({ name: 'bash', cgroup: '/user.slice/user-1000.slice/session-3.scope' });
const dropped = packetOf({ reason: [3, 'NO_SOCKET'] });
/** Of a file, without the word. */
const numbered = packetOf({ reason: [70_001, ''] });

const TRUE: readonly (readonly [string, Packet])[] = [
  ['proc =ssh', ssh],
  ['proc=ssh', ssh],
  ["proc = 'ssh'", ssh],
  ['proc=curl,ssh', ssh],
  ['proc != curl', ssh],
  ["proc ~ '^ss'", ssh],
  ['pid = 0x1267', ssh],
  ['not proc = curl && pid=4711', ssh],
  ['if=en', ssh],
  ['if = en0', ssh],
  ['svc = ctl', ssh],
  ['svc=900', ssh],
  ['dir=OUT', ssh],
  ['flowid = 0xabc', ssh],
  ['uid=1000 and ppid=12', ssh],
  ['dlt = ether', ssh],
  ['proc=curl or proc=wget or ( dir=out and ! pid=1 )', ssh],
  // and binds tighter than or
  ['proc=ssh or proc=curl and pid=1', ssh],
  ["proc = ''", nobody],
  ["proc != ssh and proc = ''", nobody],
  ['proc=abcdefghijklmnopqrst', packetOf({ name: 'abcdefghijklmno' })],
  ['proc=not or proc=and', packetOf({ name: 'not' })],
  ['thread = 5001', service],
  ['thread = 0', ssh],
  ['flags = nf', service],
  ['flags=RE,ka', service],
  ['flags != wk', service],
  ['flags = re and flags = so', service],
  ["flags = ''", ssh],
  ['unit = nginx', service],
  ['unit = nginx.service', service],
  ['unit = system.slice', service],
  ["unit ~ '^session-\\d+'", login],
  ['unit=user-1000.slice', login],
  ["unit = ''", ssh],
  ['cgroup = /system.slice', service],
  ['cgroup = /system.slice/', service],
  ['cgroup = /system.slice/nginx.service/workers', service],
  ['cgroup = /', login],
  ["cgroup ~ 'workers$'", service],
  ["cgroup = ''", nobody],
  ['reason = NO_SOCKET', dropped],
  ['reason = no_socket,other', dropped],
  ['reason = SKB_DROP_REASON_NO_SOCKET', dropped],
  ['reason = 3', dropped],
  ["reason ~ '^NO_'", dropped],
  ['reason = 0x11171', numbered],
  ['reason != TCP_CSUM', dropped],
  ["reason = ''", ssh],
];

const FALSE: readonly (readonly [string, Packet])[] = [
  ['proc =sshd', ssh],
  ['if = en1', ssh],
  ['if != en0', ssh],
  ['pid=4712', ssh],
  ['dir=in', ssh],
  ['( proc=ssh or proc=curl ) and pid=1', ssh],
  ['proc = ssh', nobody],
  ['uid=0', nobody],
  ['eproc = ssh', ssh],
  ['thread = 5002', service],
  ['flags = wk,ch', service],
  ['flags != nf', service],
  ["flags = ''", service],
  ['unit = nginx.socket', service],
  ['unit = workers', service],
  ['unit = system', service],
  ['unit = nginx', nobody],
  ['cgroup = /system', service],
  ['cgroup = nginx.service', service],
  ['cgroup = /system.slice', nobody],
  ['reason = NO_SOCKET', ssh],
  ["reason = ''", dropped],
  ["reason ~ '.*'", ssh],
  ['reason = 4', numbered],
];

test('metadata filters match', () => {
  for (const [text, packet] of TRUE) assert.equal(compileMetadataFilter(text).matches(packet), true, text);
  for (const [text, packet] of FALSE) assert.equal(compileMetadataFilter(text).matches(packet), false, text);
});

test('what is wrong is shown at its place', () => {
  const at = (text: string): number => {
    try {
      compileMetadataFilter(text);
    } catch (error) {
      assert.ok(error instanceof FilterSyntaxError);
      // An escape is longer than what it stands for.
      const shift = text.includes('\u202e') ? 5 : 0;
      assert.equal(error.message.split('\n')[2], `    ${' '.repeat(error.position! + shift)}^`);
      assert.doesNotMatch(error.message, /\u202e/);
      return error.position!;
    }
    return -1;
  };
  assert.equal(at('proc ='), 6);
  assert.equal(at('foo = 1'), 0);
  assert.equal(at('proc = ssh pid = 1'), 11);
  assert.equal(at('( proc = ssh'), 12);
  assert.equal(at('pid = abc'), 6);
  assert.equal(at("proc = 'abc"), 7);
  assert.equal(at('svc = LOUD'), 6);
  assert.equal(at('proc > 3'), 5);
  assert.equal(at(''), 0);
  assert.equal(at('('.repeat(5000)), 101);
  assert.equal(at('proc ~ ('), 7);
  assert.equal(at('netns = no-such-namespace'), 8);
  assert.equal(at('cmd ~ "(a)\\1"'), 6);
  assert.equal(at('tree = 0'), 7);
  for (const field of ['tree', 'pid', 'uid', 'svc', 'dir', 'dlt', 'flags', 'thread', 'netns'])
    assert.equal(at(`${field} ~ 1`), field.length + 1, field);
  assert.equal(at('flags = xx'), 8);
  assert.equal(at('thread = x'), 9);
  assert.equal(at("proc = 'a\u202eb' x"), 13);
  assert.equal(at(`tree=${Array.from({ length: 15 }, (_, i) => i + 1).join(',')}`), -1);
  assert.equal(at(`tree=${Array.from({ length: 16 }, (_, i) => i + 1).join(',')}`), 5);
});

test('a tree in a file: by the parents of the processes seen so far', () => {
  const { matches, trees } = compileMetadataFilter('tree=10 or tree=99');
  assert.deepEqual(trees, [10, 99]);
  const of = (pid: number, parent: number): boolean =>
    matches(packetOf({ name: 'x', pid, parent, lineage: null }));
  assert.equal(of(12, 11), false, 'nothing is known of 11 yet');
  assert.equal(of(10, 1), true);
  assert.equal(of(11, 10), true);
  assert.equal(of(12, 11), true);
  assert.equal(of(13, 14), false);
  assert.equal(of(14, 13), false, 'a circle');
  assert.equal(of(100, 99), true);
  assert.equal(matches(nobody), false);
});

test('no text does more than throw a syntax error', () => {
  const words = fc.constantFrom(
    'proc',
    'pid',
    '=',
    '!=',
    'and',
    'or',
    'not',
    '(',
    ')',
    'ssh',
    '1',
    "'",
    '~',
    ' ',
    '\x1b',
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 30 }), (parts) => {
      try {
        compileMetadataFilter(parts.join(' ')).matches(ssh);
      } catch (error) {
        assert.ok(error instanceof FilterSyntaxError);
        assert.doesNotMatch(error.message, /\x1b/);
      }
    }),
    { numRuns: 2000 },
  );
});

/** Runs a metadata filter's body as the kernel would. */
function interpret(body: readonly EbpfInstruction[], facts: DataView): boolean {
  const registers = [0, 0, 0];
  for (let i = 0; ; i++) {
    const { code, dst, off, imm } = body[i]!;
    if (code === 0x61) registers[dst] = facts.getInt32(off, true);
    else if (code === 0xb7) registers[dst] = imm;
    else if (code === 0x05) i += off;
    else if (code === 0x16) i += registers[dst] === imm ? off : 0;
    else if (code === 0x56) i += registers[dst] !== imm ? off : 0;
    else if (code === 0x46) i += (registers[dst]! & imm) !== 0 ? off : 0;
    else if (code === 0x95) return registers[0] !== 0;
    else throw new Error(`opcode ${code}`);
  }
}

function factsOf(packet: Packet, trees: readonly number[]): DataView {
  const view = new DataView(new ArrayBuffer(56));
  const process = packet.metadata!.process;
  view.setInt32(0, process?.pid ?? -1, true);
  view.setUint32(4, process?.uid ?? -1, true);
  Buffer.from(process?.name ?? '').forEach((byte, i) => {
    view.setUint8(8 + i, byte);
  });
  view.setInt32(24, packet.metadata!.serviceClass, true);
  view.setUint32(28, packet.metadata!.flowId, true);
  view.setInt32(32, process?.parentPid ?? -1, true);
  view.setInt32(36, process?.netns ?? -1, true);
  view.setInt32(40, -1, true);
  view.setUint32(48, packet.metadata!.threadId, true);
  view.setUint32(52, packet.metadata!.flags, true);
  trees.forEach((root, bit) => {
    if (process?.lineage?.includes(root)) view.setUint32(44, view.getUint32(44, true) | (1 << bit), true);
  });
  return view;
}

test('the kernel’s part says what the function says', () => {
  const packets = [
    ssh,
    nobody,
    packetOf({
      name: 'curl',
      pid: 7,
      dir: 1,
      face: 'lo',
      lineage: [12, 7],
      netns: statSync('/proc/self/ns/net').ino,
    }),
    packetOf({ name: 'curl', pid: 8, dir: 2, service: 200, lineage: [99], uid: 1000 }),
    packetOf({ name: 'abcdefghijklmno', dir: 2, flow: 5, uid: 65534 }),
    service,
    packetOf({ name: 'x', flags: 8, thread: 7 }),
  ];
  const term = fc.constantFrom(
    'proc=ssh',
    'proc!=curl',
    'proc=abcdefghijklmnopq,wget',
    "proc=''",
    'pid=7',
    'pid!=8',
    'if=en0',
    'if!=lo',
    'dir=out',
    'svc=BK,ctl',
    'flowid=5',
    'ppid=12',
    'uid=0',
    'uid!=1000',
    'uid=4294967295',
    'pid=4294967295',
    'netns=4026531833,5',
    'netns!=0',
    'user=root',
    'user=no-such-user,nobody',
    'user!=root',
    'netns=/proc/self/ns/net',
    'tree=12',
    'tree=7,99',
    'tree!=99',
    'dlt=EN10MB',
    'thread=5001,7',
    'thread!=0',
    'flags=nf',
    'flags=re,so',
    'flags!=so',
    "flags=''",
  );
  const { expression } = fc.letrec<{ expression: string }>((tie) => ({
    expression: fc.oneof(
      { depthSize: 'small' },
      term,
      fc
        .tuple(tie('expression'), fc.constantFrom('and', 'or'), tie('expression'))
        .map((parts) => `(${parts.join(' ')})`),
      tie('expression').map((inner) => `not (${inner})`),
    ),
  }));
  fc.assert(
    fc.property(expression, (text) => {
      const filter = compileMetadataFilter(text);
      assert.ok(filter.inKernel(true));
      for (const packet of packets) {
        const direction = packet.metadata!.direction === 1 ? 'in' : 'out';
        const body = filter.forKernel({ interface: packet.interface!, direction, trees: filter.trees });
        const answer = typeof body === 'boolean' ? body : interpret(body, factsOf(packet, filter.trees));
        assert.equal(answer, filter.matches(packet), text);
      }
    }),
    { numRuns: 3000 },
  );
});
