// Parquet: DuckDB and hyparquet read what was written; rotation; what is there after a disk is full.

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { chooseFields, DEFAULT_FIELDS, Facts } from '../../../src/decode/facts/index.js';
import { ParquetOutput } from '../../../src/export/parquet/index.js';
import { Direction, makeProcess, type Packet } from '../../../src/packet/index.js';
import { allGenerators } from '../../print/differential.js';
import { Random } from '../../print/generator.js';
import { CURL, dnsQuery, packetOf, tcpFrame, udp6Frame } from '../packets.js';

const folder = mkdtempSync(join(tmpdir(), 'pktap-parquet-'));
after(() => rmSync(folder, { recursive: true }));

const duckdb = await (await DuckDBInstance.create()).connect();

async function query(sql: string): Promise<unknown[][]> {
  return (await (await duckdb.runAndReadAll(sql)).getRowsJS()) as unknown[][];
}

/** What a field says of a packet, as hyparquet gives it back. */
function expected(packet: Packet, name: string): unknown {
  const facts = new Facts();
  facts.read(packet);
  const field = DEFAULT_FIELDS.find((one) => one.name === name)!;
  const value = field.of(facts);
  if (value === null) return null;
  return field.type === 'integer' || field.type === 'epoch' ? BigInt(value as number) : value;
}

/** Packets of every kind, with processes of some. */
function traffic(): Packet[] {
  const packets: Packet[] = [
    packetOf(tcpFrame({ payload: 'GET /x HTTP/1.1\r\nHost: a.example\r\n\r\n' }), CURL),
    packetOf(
      udp6Frame(53, dnsQuery('www.example')),
      makeProcess({ pid: 8, name: 'wget', args: [] }),
      Direction.IN,
    ),
    packetOf(new Uint8Array([1, 2, 3])),
    packetOf(
      tcpFrame({}),
      makeProcess({ pid: 9, name: 'é\udc80', args: ['', 'a'] }),
      Direction.IN,
      2 ** 40,
      0,
    ),
  ];
  packets[2]!.comments = ['one', 'two'];
  return packets;
}

test('every value of every field, in groups of each size', async () => {
  const packets = traffic();
  const random = new Random(7);
  for (const [, generators] of await allGenerators())
    for (const generate of Object.values(generators)) {
      const made = generate(random);
      const packet = packetOf(made instanceof Uint8Array ? made : made.bytes, random.once(2) ? CURL : null);
      if (!(made instanceof Uint8Array)) packet.linkType = made.linkType;
      packet.seconds += random.int(1000);
      packets.push(packet);
    }
  for (const groupRows of [1, 7, 8, 9, 64, 50_000]) {
    const some = groupRows < 7 ? packets.slice(0, 30) : packets;
    const path = join(folder, `all-${groupRows}.parquet`);
    const output = new ParquetOutput(path, { groupRows });
    for (const packet of some) output.packet(packet);
    output.close();
    assert.equal(statSync(path).mode & 0o777, 0o600);
    const file = await asyncBufferFromFile(path);
    const { row_groups: groups } = await parquetMetadataAsync(file);
    assert.equal(groups.length, Math.ceil(some.length / groupRows));
    const rows = await parquetReadObjects({
      file,
      utf8: false,
      parsers: { timestampFromNanoseconds: (time: bigint) => time } as never,
    });
    assert.equal(rows.length, some.length);
    some.forEach((packet, i) => {
      for (const { name } of DEFAULT_FIELDS) {
        let wanted = expected(packet, name);
        if (typeof wanted === 'string') wanted = wanted.replace('\udc80', '\ufffd');
        // A Buffer is a Uint8Array of another class.
        if (wanted instanceof Uint8Array) wanted = Uint8Array.from(wanted);
        if (packet.seconds === 2 ** 40 && name.startsWith('frame.time')) wanted = null;
        assert.deepEqual(rows[i]![name] ?? null, wanted, `${name} of ${i} in groups of ${groupRows}`);
      }
    });
    // The same to DuckDB: it counts, sums and unnests.
    const [[count, bytes, words]] = (await query(
      `SELECT count(*), sum("frame.len"), sum(len("tcp.flags")) FROM '${path}'`,
    )) as [[bigint, bigint, bigint | null]];
    assert.equal(Number(count), some.length);
    assert.equal(
      Number(bytes),
      some.reduce((sum, { length }) => sum + length, 0),
    );
    assert.equal(
      Number(words ?? 0),
      some.reduce(
        (sum, packet) => sum + ((expected(packet, 'tcp.flags') as string[] | null)?.length ?? 0),
        0,
      ),
    );
  }
});

test('bytes by process and remote name in a day, in one query', async () => {
  const path = join(folder, 'day.parquet');
  const output = new ParquetOutput(path);
  const hello = (process: typeof CURL, name: string, seconds: number): Packet =>
    packetOf(udp6Frame(53, dnsQuery(name)), process, Direction.OUT, seconds, 1);
  const wget = makeProcess({ pid: 8, name: 'wget' });
  for (let i = 0; i < 10; i++) output.packet(hello(CURL, 'a.example', 1_700_006_400 + i));
  for (let i = 0; i < 3; i++) output.packet(hello(wget, 'b.example', 1_700_006_400 + i));
  output.packet(hello(wget, 'b.example', 1_700_006_399));
  output.packet(hello(wget, 'b.example', 1_700_092_800));
  output.close();
  const rows = await query(`
    SELECT "process.name" AS process, "dns.qname" AS name, sum("frame.len")::DOUBLE AS bytes
    FROM '${path}' WHERE "frame.time" >= TIMESTAMPTZ '2023-11-15 00:00:00+00' AND "frame.time" < TIMESTAMPTZ '2023-11-16 00:00:00+00'
    GROUP BY ALL ORDER BY bytes DESC`);
  assert.deepEqual(rows, [
    ['curl', 'a.example', 890],
    ['wget', 'b.example', 267],
  ]);
  const [[least, type]] = (await query(
    `SELECT min("frame.time_epoch"), any_value(typeof("frame.time")) FROM '${path}'`,
  )) as [[bigint, string]];
  assert.equal(least, 1_700_006_399_000_000_001n);
  assert.match(type, /^TIMESTAMP/);
});

test('fields that were chosen, a file of no packet, a file that is read', async () => {
  const path = join(folder, 'few.parquet');
  const output = new ParquetOutput(path, { fields: chooseFields('ip.dst,info'), info: () => 'IP x' });
  output.packet(traffic()[0]!);
  output.close();
  assert.deepEqual(await query(`SELECT * FROM '${path}'`), [['10.0.0.2', 'IP x']]);
  const empty = join(folder, 'empty.parquet');
  new ParquetOutput(empty).close();
  assert.deepEqual(await query(`SELECT count(*)::INT FROM '${empty}'`), [[0]]);
  const { dev, ino } = statSync(path);
  assert.throws(() => new ParquetOutput(path, { inputs: [{ dev, ino }] }), /is read and can't be written/);
  assert.throws(() => new ParquetOutput('/dev/null'), /no regular file/);
  assert.throws(() => new ParquetOutput(join(folder, 'none', 'x')), /No such file or directory/);
});

test('rotation by size, as of savefiles', async () => {
  const path = join(folder, 'rotated.parquet');
  const output = new ParquetOutput(path, { rotation: { size: 20_000 }, groupRows: 500 });
  const random = new Random(3);
  for (let i = 0; i < 6000; i++)
    output.packet(packetOf(tcpFrame({ sequence: random.u32(), payload: random.text(20) }), CURL));
  output.close();
  const files = readdirSync(folder).filter((name) => name.startsWith('rotated.parquet'));
  assert.ok(files.length > 2, files.join());
  assert.deepEqual(await query(`SELECT count(*)::INT FROM read_parquet('${path}*')`), [[6000]]);
  for (const name of files) assert.ok(statSync(join(folder, name)).size < 150_000);
});

test('a disk that is full leaves whole row groups with a footer', async () => {
  const path = join(folder, 'full.parquet');
  const fs = await import('node:fs');
  const output = new ParquetOutput(path, { groupRows: 1000 });
  const random = new Random(4);
  const add = (): void =>
    output.packet(packetOf(tcpFrame({ sequence: random.u32(), ports: [random.int(65536), 80] }), CURL));
  for (let i = 0; i < 3500; i++) add();
  const whole = statSync(path).size;
  // The system's limit of a file's size is told as a full disk is; here it is a descriptor that takes no more.
  const file = (output as unknown as { file: { descriptor: number } }).file;
  const kept = file.descriptor;
  const readonly = fs.openSync(path, 'r');
  file.descriptor = readonly;
  assert.throws(() => {
    for (let i = 0; i < 600; i++) add();
  }, /Unable to write to .*full\.parquet/);
  fs.closeSync(kept);
  assert.equal(statSync(path).size, whole);
  assert.deepEqual(await query(`SELECT count(*)::INT FROM '${path}'`), [[3000]]);
});

test('a writer that ends in the middle leaves what it had written', async () => {
  const path = join(folder, 'killed.parquet');
  const output = new ParquetOutput(path, { groupRows: 100 });
  for (let i = 0; i < 250; i++) output.packet(packetOf(tcpFrame({ sequence: i }), CURL));
  const copy = join(folder, 'copy.parquet');
  writeFileSync(copy, (await import('node:fs')).readFileSync(path));
  assert.deepEqual(await query(`SELECT count(*)::INT FROM '${copy}'`), [[200]]);
  output.close();
  assert.deepEqual(await query(`SELECT count(*)::INT FROM '${path}'`), [[250]]);
});
