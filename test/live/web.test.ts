// `pktap web` over a live capture: sums of known programs, the list, a recording, and who it runs as.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSavefile } from 'pktap';
import type { Frame, PacketAnswer, RecordingLine } from '../../src/view/index.js';
import { sending } from '../web/sending.js';
import { ask, message, post, serve } from '../web/served.js';
import { cannot, makeNamespace, runProgram } from './world.js';

test('sums of known programs, a list, a recording that agrees', {
  skip: cannot,
  timeout: 120_000,
}, async (t) => {
  const namespace = makeNamespace(t);
  const served = await serve(t, '-i', 'pktap,all', '--netns', namespace);
  const status = readFileSync(`/proc/${served.process.pid}/status`, 'latin1');
  assert.match(status, /^Uid:\t(\d+)\t\1\t\1\t\1$/m);
  assert.ok(!/^Uid:\t0\t/m.test(status), 'root was given up');
  // CAP_NET_ADMIN, CAP_SYS_PTRACE, CAP_PERFMON, CAP_BPF at most: no file of others, no raw socket.
  const capabilities = BigInt(`0x${/^CapEff:\t(\w+)/m.exec(status)![1]}`);
  assert.equal(capabilities & ~0xc000081000n, 0n);
  assert.equal((await post<RecordingLine>(served, '/api/recording', { on: true })).state, 'recording');
  await assert.rejects(post(served, '/api/recording', { on: true }), /409 .*a recording goes on/);
  await post(served, '/api/watch', {
    metadata: 'proc = alpha',
    expression: 'tcp[tcpflags] & tcp-syn != 0',
    from: null,
    to: null,
  });
  await runProgram(namespace, ['python3', '-c', sending('alpha', 7001, 300_000)]);
  await runProgram(namespace, ['python3', '-c', sending('<b>bravo', 7002, 50_000)]);
  const frame = await message<Frame>(
    served,
    ({ flows }) => flows.length === 2 && flows.every(({ state }) => state === 'closed'),
  );
  const done = await post<RecordingLine>(served, '/api/recording', { on: false });
  assert.equal(done.state, 'done');
  const { bytes: recorded, headers } = await ask(served, '/api/recording');
  assert.equal(Number(headers['content-length']), done.bytes);
  assert.equal(recorded.length, done.bytes);
  // The list: SYN and SYN+ACK of the one program, at both ends.
  const { lines } = await post<PacketAnswer>(served, '/api/packets', { most: 100 });
  assert.equal(lines.length, 4);
  assert.ok(lines.every(({ process, text }) => process === 'alpha' && /Flags \[S\.?\]/.test(text)));
  const wanted = new Map<string, number>();
  let packets = 0;
  const folder = mkdtempSync(join(tmpdir(), 'pktap-live-web-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'recording.pcapng');
  writeFileSync(file, recorded);
  const source = await openSavefile(file, {});
  await source.run((packet) => {
    packets++;
    const name = packet.metadata!.process!.name;
    wanted.set(name, (wanted.get(name) ?? 0) + packet.length);
    return true;
  });
  source.close();
  assert.equal(packets, done.packets);
  assert.deepEqual(new Map(frame.processes.map(({ process, bytes }) => [process, bytes])), wanted);
  assert.equal(
    frame.total.bytes,
    [...wanted.values()].reduce((a, b) => a + b),
  );
  const metrics = (await ask(served, '/metrics')).body;
  for (const [name, bytes] of wanted) {
    const values = [
      ...metrics.matchAll(/^pktap_bytes_total\{kind="process",process="([^"]*)",.*\} (\d+)$/gm),
    ];
    const own = values.filter(([, process]) => process === name);
    assert.equal(
      own.reduce((sum, [, , value]) => sum + Number(value), 0),
      bytes,
      name,
    );
  }
  assert.equal(await served.stop(), 0);
});
