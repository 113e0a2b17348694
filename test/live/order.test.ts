// Programs of others in front of ours: what they end or redirect is not shown, which one line says.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import {
  AttachType,
  attachedPrograms,
  createLink,
  FIRST,
  loadProgram,
  ProgramType,
} from '../../src/system/bpf.js';
import { libc } from '../../src/system/index.js';
import { Capture, cannot, makePair } from './world.js';

const TCX_NEXT = -1;

/** A program that hands on every packet, attached before all others. It goes with the test. */
function attachInFront(t: TestContext, device: string, attachType: number): void {
  const code = new DataView(new ArrayBuffer(16));
  code.setUint8(0, 0xb7); // r0 = -1
  code.setInt32(4, TCX_NEXT, true);
  code.setUint8(8, 0x95); // exit
  const program = loadProgram({
    name: 'somebodys',
    type: ProgramType.SCHED_CLS,
    attachType: 0,
    attachBtfId: 0,
    instructions: new Uint8Array(code.buffer),
    functions: null,
  });
  const ifindex = Number(readFileSync(`/sys/class/net/${device}/ifindex`, 'latin1'));
  const link = createLink(program, ifindex, attachType, FIRST);
  libc().close(program);
  t.after(() => libc().close(link));
}

/** Whether the kernel has tcx. */
function hasTcx(): boolean {
  try {
    return (
      attachedPrograms(1, AttachType.TCX_INGRESS).length >= 0 && /^(?:6\.[6-9]|6\.\d\d|[7-9])/.test(release)
    );
  } catch {
    return false;
  }
}
const release = execFileSync('uname', ['-r'], { encoding: 'utf8' });
const skip = cannot || (hasTcx() ? false : 'the kernel has no tcx');

const LINE = (device: string, what: string, side: string): RegExp =>
  new RegExp(
    `^pktap: ${device}: ${what} runs before pktap on what ${side}: packets that it drops or redirects are not shown$`,
    'gm',
  );

async function told(capture: Capture, line: RegExp): Promise<void> {
  for (let i = 0; i < 500 && !line.test(capture.errors); i++)
    await new Promise((done) => setTimeout(done, 20));
}

test('a program that is attached in front of ours while we capture is told once', { skip }, async (t) => {
  const { device } = makePair(t);
  const capture = await Capture.begin(t, ['-i', `pktap,${device}`, '-w', '/dev/null']);
  attachInFront(t, device, AttachType.TCX_INGRESS);
  attachInFront(t, device, AttachType.TCX_EGRESS);
  const program = String.raw`eBPF program somebodys \(\d+\)`;
  await told(capture, LINE(device, program, 'goes out'));
  // It is looked for again every two seconds.
  await new Promise((done) => setTimeout(done, 4500));
  const { err } = await capture.end();
  for (const side of ['comes in', 'goes out'])
    assert.equal(err.match(LINE(device, program, side))?.length, 1, err);
});

test('ours by clsact is behind every program of tcx', { skip }, async (t) => {
  const { device } = makePair(t);
  attachInFront(t, device, AttachType.TCX_INGRESS);
  const capture = await Capture.begin(t, ['-i', `pktap,${device}`, '-w', '/dev/null'], {
    PKTAP_ATTACH: 'clsact',
  });
  const { err } = await capture.end();
  assert.equal(
    err.match(LINE(device, String.raw`eBPF program somebodys \(\d+\)`, 'comes in'))?.length,
    1,
    err,
  );
  assert.doesNotMatch(err, /goes out/);
});

test('where nobody is in front, nothing is said; other captures hide nothing', { skip }, async (t) => {
  const { device } = makePair(t);
  const args = ['-i', `pktap,${device}`, '-w', '/dev/null'];
  const first = await Capture.begin(t, args);
  const second = await Capture.begin(t, args);
  await new Promise((done) => setTimeout(done, 2500));
  for (const capture of [first, second]) assert.doesNotMatch((await capture.end()).err, /runs before pktap/);
});
