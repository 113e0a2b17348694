// Taps that are closed: in the handler, while they run, twice. In processes of their own, since what is wrong ends them.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { cannot, runProgram } from './world.js';

/** What a program prints that has a tap named `tap` on loopback, on which pings come and go. */
async function program(attach: string, code: string): Promise<unknown> {
  const source = `
    import { readFileSync } from 'node:fs';
    import { openTap } from 'pktap';
    const tap = await openTap({ interface: 'pktap,lo', expression: 'icmp' });
    console.error('ready');
    /** Mappings of the kernel's own memory for packets. */
    const mapped = () => readFileSync('/proc/self/maps', 'latin1').match(/bpf-map|socket:/g)?.length ?? 0;
    const outcome = async (work) => { try { await work(); return 'nothing'; } catch (error) { return error.message; } };
    ${code}
    process.exit(0);`;
  const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', source], {
    env: { ...process.env, PKTAP_ATTACH: attach },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (bytes: Buffer) => {
    out += bytes;
  });
  let pinging: Promise<unknown> | null = null;
  child.stderr.on('data', (bytes: Buffer) => {
    err += bytes;
    if (err.includes('ready')) pinging ??= runProgram(null, ['ping', '-qc', '5', '-i', '0.2', '127.0.0.1']);
  });
  const status = await new Promise((done) => child.on('close', (code, signal) => done(code ?? signal)));
  await pinging;
  assert.equal(status, 0, err);
  return JSON.parse(out);
}

for (const attach of ['', 'packet']) {
  const kind = attach === '' ? 'eBPF' : 'packet sockets';

  test(`${kind}: what a handler kept can be read when the tap is closed`, { skip: cannot }, async () => {
    const found = await program(
      attach,
      `const kept = [];
       const copies = [];
       let packets = 0;
       await tap.run((packet) => {
         kept.push(packet.data, packet.buffer);
         copies.push(Buffer.from(packet.data));
         if (++packets === 3) { tap.close(); tap.close(); }
         return true;
       });
       const whole = copies.every((copy, i) => copy.equals(kept[2 * i]));
       let sum = 0;
       for (const bytes of kept) for (let i = 0; i < bytes.length; i += 512) sum += bytes[i];
       const left = mapped();
       console.log(JSON.stringify({ packets, whole, left, memory: tap.memory.bytes.length > 0 }));`,
    );
    assert.deepEqual(found, { packets: 3, whole: true, left: 0, memory: true });
  });

  test(`${kind}: what is asked of a closed tap throws`, { skip: cannot }, async () => {
    const found = await program(
      attach,
      `tap.close();
       const said = [];
       for (const work of [() => tap.run(() => true), () => tap.launch(() => 1), () => tap.dropPrivileges('nobody')])
         said.push(await outcome(work));
       tap.stop();
       tap.close();
       console.log(JSON.stringify([...said, tap.counts().droppedByKernel]));`,
    );
    const closed = 'pktap,lo: the tap is closed';
    assert.deepEqual(found, [closed, closed, closed, 0]);
  });

  test(`${kind}: closed by a timer while it runs`, { skip: cannot }, async () => {
    const found = await program(
      attach,
      `let closed = false;
       let late = 0;
       setTimeout(() => { closed = true; tap.close(); }, 300);
       await tap.run(() => { if (closed) late++; return true; });
       console.log(JSON.stringify({ late, left: mapped() }));`,
    );
    assert.deepEqual(found, { late: 0, left: 0 });
  });

  test(`${kind}: addresses go with the last view`, { skip: cannot }, async () => {
    const found = (await program(
      attach,
      `tap.close();
       const size = () => Number(/VmSize:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'latin1'))[1]) >> 10;
       const before = size();
       for (let i = 0; i < 6; i++) {
         (await openTap({ interface: 'pktap,lo', expression: 'icmp' })).close();
         for (let k = 0; k < 5; k++) { gc(); await new Promise((done) => setTimeout(done, 10)); }
       }
       console.log(JSON.stringify(size() - before));`,
    )) as number;
    // Six rings have 192 MiB.
    assert.ok(found < 100, `${found} MiB more`);
  });
}

test('options of a tap with wrong names or values', async () => {
  const { openTap } = await import('../../src/tap/index.js');
  const wrong: [object, string][] = [
    [{ iface: 'lo' }, 'openTap: there is no option "iface"'],
    [{ interface: 3 }, 'openTap: interface must be a string or a list, each a string, or null, not 3'],
    [{ direction: 'both' }, "openTap: direction must be one of 'in', 'out', 'inout', or null, not 'both'"],
    [{ snapshotLength: 0 }, 'openTap: snapshotLength must be a whole number, from 1 to 262144, not 0'],
    [{ networkNamespaces: 'a' }, "openTap: networkNamespaces must be a list, each a string, not 'a'"],
    [{ warn: null }, 'openTap: warn must be a function, not null'],
  ];
  for (const [options, message] of wrong)
    await assert.rejects(openTap(options), { name: 'TypeError', message });
});

test('a metadata filter that the kernel cannot answer is applied all the same', {
  skip: cannot,
}, async () => {
  const { openTap } = await import('../../src/tap/index.js');
  const tap = await openTap({
    interface: 'pktap,lo',
    expression: 'icmp',
    metadataFilter: "cmd = 'ping -qc 2 -i 0.2 127.0.0.1'",
  });
  const seen = new Set<string>();
  const run = tap.run((packet) => {
    seen.add(packet.metadata?.process?.args?.join(' ') ?? 'nobody');
    return true;
  });
  await runProgram(null, ['ping', '-qc', '1', '127.0.0.1']);
  await runProgram(null, ['ping', '-qc', '2', '-i', '0.2', '127.0.0.1']);
  tap.stop();
  await run;
  const { droppedByMetadataFilter } = tap.counts();
  tap.close();
  assert.deepEqual([...seen], ['ping -qc 2 -i 0.2 127.0.0.1']);
  assert.ok(droppedByMetadataFilter > 0);
});
