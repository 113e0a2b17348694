// Names of addresses: from the file of hosts, from DNS, late, never, and not at all.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { type ResolverOptions, SystemNames } from '../../src/names/index.js';
import { Packet } from '../../src/packet/index.js';
import { defaultPrintOptions, TextOutput } from '../../src/print/index.js';
import { machineServices } from '../../src/run/services.js';
import { be16, bytes, type Part } from '../print/generator.js';

interface Server {
  readonly address: string;
  asked: number;
  close(): Promise<unknown>;
}

/** Starts a name server that knows `names`, or with null one that never answers. */
async function serve(names: Readonly<Record<string, string>> | null): Promise<Server> {
  const thread = new Worker(new URL('./nameserver.js', import.meta.url), { workerData: names });
  const server: Server = { address: '', asked: 0, close: () => thread.terminate() };
  const port = await new Promise<number>((resolve) => {
    thread.on('message', (message: { port?: number; asked?: boolean }) => {
      if (message.asked === true) server.asked++;
      if (message.port !== undefined) resolve(message.port);
    });
  });
  return Object.assign(server, { address: `127.0.0.1:${port}` });
}

function resolver(server: Server | null, options: Partial<ResolverOptions> = {}): SystemNames {
  return new SystemNames({
    noDomain: false,
    local: null,
    patience: 0,
    patienceForAll: 0,
    hostsFile: '/dev/null',
    servers: server === null ? ['127.0.0.1:9'] : [server.address],
    ...options,
  });
}

const address = (...numbers: number[]): Uint8Array => Uint8Array.from(numbers);
const NAMES = {
  '10.1.2.3': 'alpha.example.test',
  '10.1.2.4': 'beta',
  '10.1.2.5': 'e\x1b[31mvil.example.test',
  '10.1.2.6': 'a\nIP 6.6.6.6 > 7.7.7.7: forged',
  // U+202E, U+200B and U+0085 as a name server sends them, and U+009B as one byte.
  '10.1.2.7': '\xe2\x80\xaedlrow.example.test',
  '10.1.2.8': 'a\xe2\x80\x8bb\xc2\x85.example.test',
  '10.1.2.9': 'a\x9b31mb.example.test',
};

/** Asks until there is a name, half a minute at most: threads begin slowly on a busy machine. */
async function eventually(names: SystemNames, bytes: Uint8Array): Promise<string | null> {
  for (let i = 0; i < 3000; i++) {
    const name = names.host(bytes, 0, 4);
    if (name !== null) return name;
    await sleep(10);
  }
  return null;
}

test('a file waits for names, and asks once for each', async () => {
  const server = await serve(NAMES);
  const names = resolver(server, { patience: 60_000, patienceForAll: 60_000 });
  try {
    assert.equal(names.host(address(10, 1, 2, 3), 0, 4), 'alpha.example.test');
    assert.equal(names.host(address(10, 1, 2, 4), 0, 4), 'beta');
    assert.equal(names.host(address(10, 9, 9, 9), 0, 4), null);
    for (let i = 0; i < 50; i++) {
      assert.equal(names.host(address(10, 1, 2, 3), 0, 4), 'alpha.example.test');
      assert.equal(names.host(address(10, 9, 9, 9), 0, 4), null);
    }
    await sleep(20);
    assert.equal(server.asked, 3);
  } finally {
    names.close();
    await server.close();
  }
});

test('a live capture does not wait: the address first, the name when it is there', async () => {
  const server = await serve(NAMES);
  const names = resolver(server);
  try {
    const start = performance.now();
    assert.equal(names.host(address(10, 1, 2, 3), 0, 4), null);
    assert.ok(performance.now() - start < 100, 'asking takes no time');
    assert.equal(await eventually(names, address(10, 1, 2, 3)), 'alpha.example.test');
  } finally {
    names.close();
    await server.close();
  }
});

test('a server that never answers holds nothing up', async () => {
  const server = await serve(null);
  const live = resolver(server);
  const file = resolver(server, { patience: 150, patienceForAll: 300 });
  try {
    let start = performance.now();
    for (let i = 0; i < 2000; i++) {
      assert.equal(live.host(address(10, i >> 8, i & 255, 1), 0, 4), null);
    }
    assert.ok(performance.now() - start < 1000, 'two thousand addresses take no second');
    start = performance.now();
    for (let i = 0; i < 200; i++) assert.equal(file.host(address(10, 3, 3, i), 0, 4), null);
    const waited = performance.now() - start;
    assert.ok(waited >= 140 && waited < 1500, `waited ${waited} ms of the 300 there were`);
    // The thread that asks may begin late on a busy machine.
    for (let i = 0; i < 500 && server.asked === 0; i++) await sleep(20);
    assert.ok(server.asked > 0, 'it was asked');
  } finally {
    live.close();
    file.close();
    await server.close();
  }
});

test('the file of hosts comes first; -N leaves the domain out', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pktap-names-'));
  const hostsFile = join(folder, 'hosts');
  writeFileSync(
    hostsFile,
    '# comment\n10.1.2.3  one.example.org one\n2001:db8::5 six.example.org # behind\n',
  );
  const server = await serve(NAMES);
  const names = resolver(server, { hostsFile, patience: 60_000, patienceForAll: 60_000 });
  const short = resolver(server, { hostsFile, noDomain: true, patience: 60_000, patienceForAll: 60_000 });
  try {
    const six = address(0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5);
    assert.equal(names.host(address(10, 1, 2, 3), 0, 4), 'one.example.org');
    assert.equal(names.host(six, 0, 16), 'six.example.org');
    assert.equal(short.host(six, 0, 16), 'six');
    assert.equal(short.host(address(10, 1, 2, 4), 0, 4), 'beta');
    await sleep(20);
    assert.equal(server.asked, 1);
  } finally {
    names.close();
    short.close();
    await server.close();
    rmSync(folder, { recursive: true });
  }
});

test('-f names the addresses of the own network only', async () => {
  const server = await serve({ ...NAMES, '10.2.0.1': 'far' });
  const local = [(10 << 24) | (1 << 16) | 99, ~0xffff] as const;
  const names = resolver(server, { local, patience: 60_000, patienceForAll: 60_000 });
  try {
    assert.equal(names.host(address(10, 1, 2, 4), 0, 4), 'beta');
    assert.equal(names.host(address(10, 2, 0, 1), 0, 4), null);
    await sleep(20);
    assert.equal(server.asked, 1);
  } finally {
    names.close();
    await server.close();
  }
});

/** The text of one UDP packet from 10.1.2.`from` to 10.1.2.4. */
function printed(names: SystemNames, from: number): string {
  let text = '';
  const options = { ...defaultPrintOptions(), timestamp: 1 };
  const sink = (block: Uint8Array): void => {
    text += Buffer.from(block).toString('latin1');
  };
  const output = new TextOutput(options, sink, machineServices(undefined, names));
  const datagram: Part = [be16(40000), be16(123), be16(8), be16(0)];
  const packet = new Packet();
  packet.buffer = bytes(
    0x45,
    0,
    be16(28),
    [0, 0, 0, 0],
    64,
    17,
    be16(0),
    [10, 1, 2, from],
    [10, 1, 2, 4],
    datagram,
  );
  packet.capturedLength = packet.length = packet.buffer.length;
  packet.linkType = 101;
  output.packet(packet);
  output.close();
  return text;
}

test('names in a packet’s text; those of attackers harm no terminal', async () => {
  const server = await serve(NAMES);
  const names = resolver(server, { patience: 60_000, patienceForAll: 60_000 });
  try {
    assert.match(printed(names, 3), /^IP alpha\.example\.test\.40000 > beta\.ntp: /);
    for (const from of [5, 6, 7, 8, 9])
      assert.equal(printed(names, from), `IP 10.1.2.${from}.40000 > beta.ntp:  [|ntp]\n`);
  } finally {
    names.close();
    await server.close();
  }
});
