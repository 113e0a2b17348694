// What runtimes.test.ts runs under each of them: the library's parts once. Prints one line of JSON.

import { spawn } from 'node:child_process';
import { defaultPrintOptions, openSavefile, openTap, type Packet, TextOutput } from 'pktap';

const [path, live] = process.argv.slice(2) as [string, string];

/** Reads a file through both filters. */
async function file(): Promise<{ count: number; text: string; kept: string; after: string }> {
  const source = await openSavefile(path);
  const { compileMetadataFilter, Expressions } = await import('../../src/filter/index.js');
  const metadata = compileMetadataFilter('proc = curl');
  const expressions = new Expressions('tcp', { snapshotLength: source.snapshotLength, optimize: true });
  const parts: Buffer[] = [];
  const options = { ...defaultPrintOptions(), numeric: true, snapshotLength: source.snapshotLength };
  const text = new TextOutput(options, (bytes) => parts.push(Buffer.from(bytes)));
  let count = 0;
  const views: Uint8Array[] = [];
  await source.run((packet: Packet) => {
    if (!metadata.matches(packet) || !expressions.matches(packet)) return true;
    count++;
    views.push(packet.data);
    text.packet(packet);
    return true;
  });
  text.close();
  source.close();
  source.close();
  const after = await source
    .run(() => true)
    .then(
      () => 'ran',
      () => 'refused',
    );
  return {
    count,
    text: Buffer.concat(parts).toString(),
    kept: Buffer.from(views.at(-1)!).toString('hex'),
    after,
  };
}

const { gc, Bun } = globalThis as { gc?: () => void; Bun?: { gc(now: boolean): void } };

/** Collects garbage, as far as the runtime lets us. */
function collect(): void {
  if (Bun !== undefined) Bun.gc(true);
  else gc?.();
}

/** Captures a datagram of a child's, and reads it when the tap is closed. */
async function tap(): Promise<{ process: string; kept: string; closed: string }> {
  const source = await openTap({
    interface: 'pktap,lo',
    metadataFilter: 'proc =python3',
    expression: 'udp port 4244',
  });
  const seen: { process: string; data: Uint8Array }[] = [];
  const run = source.run((packet: Packet) => {
    seen.push({ process: `${packet.metadata!.process?.pid}`, data: packet.data });
    return false;
  });
  const code =
    "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'hello', ('127.0.0.1', 4244))";
  const child = spawn('python3', ['-c', code]);
  await run;
  source.close();
  source.close();
  const closed = await source
    .run(() => true)
    .then(
      () => 'ran',
      () => 'refused',
    );
  // What nobody can reach any more is collected; the view of the packet is not.
  for (let i = 0; i < 20; i++) {
    collect();
    await new Promise((done) => setTimeout(done, 20));
  }
  const { process: pid, data } = seen[0]!;
  const kept = Buffer.from(data).subarray(-5).toString();
  return { process: pid === `${child.pid}` ? 'the child' : pid, kept, closed };
}

const result = { file: await file(), tap: live === 'live' ? await tap() : null };
console.log(JSON.stringify(result));
