// Packets as JSON, CSV and TSV: the bytes, what hostile names become, and that the schema holds.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { chooseFields, Facts, FIELDS } from '../../src/decode/facts/index.js';
import { fieldsDocument, jsonSchema, type RowOptions, RowOutput } from '../../src/export/index.js';
import {
  isForeign,
  makeInterface,
  makeProcess,
  nameBytes,
  nameText,
  type Packet,
} from '../../src/packet/index.js';
import { createSavefile, openSavefile } from '../../src/savefile/index.js';
import { allGenerators } from '../print/differential.js';
import { Random } from '../print/generator.js';
import { CURL, dnsQuery, packetOf, tcpFrame, udp6Frame } from './packets.js';

function rows(options: RowOptions, ...packets: Packet[]): string {
  const parts: Buffer[] = [];
  const output = new RowOutput(options, (bytes) => parts.push(Buffer.from(bytes)));
  for (const packet of packets) output.packet(packet);
  output.close();
  return Buffer.concat(parts).toString();
}

const request = (): Packet =>
  packetOf(tcpFrame({ payload: 'GET /x HTTP/1.1\r\nHost: a.example\r\n\r\n' }), CURL);

test('an object of JSON: what is known, in the order of the list', () => {
  assert.equal(
    rows({ format: 'json' }, request()),
    '{"frame.time":"2023-11-14T22:13:20.000000005Z","frame.time_epoch":1700000000.000000005,"frame.len":90,"frame.cap_len":90,' +
      '"frame.interface":"eth0","frame.link_type":"EN10MB","frame.dir":"out","process.name":"curl","process.pid":7,' +
      '"process.path":"/usr/bin/curl","process.args":["curl","-s","a \\"b\\""],"process.uuid":"00102030405060708090a0b0c0d0e0f0",' +
      '"process.ppid":1,"process.uid":0,"process.user":"root","process.start":"2023-11-14T22:13:19.000000001Z",' +
      '"flow.id":2104216954,"eth.src":"02:00:00:00:00:02","eth.dst":"02:00:00:00:00:01","eth.type":2048,"ip.version":4,"ip.src":"10.0.0.1",' +
      '"ip.dst":"10.0.0.2","ip.proto":6,"ip.ttl":64,"ip.dscp":46,"ip.fragment":false,"tcp.srcport":40000,"tcp.dstport":80,' +
      '"tcp.flags":["PSH","ACK"],"tcp.seq":5,"tcp.ack":6,"tcp.window":256,"tcp.len":36,"http.method":"GET","http.host":"a.example",' +
      '"http.path":"/x"}\n',
  );
});

test('CSV and TSV have a header, and a cell for each field', () => {
  const fields = chooseFields('process.name,process.args,tcp.dstport,udp.dstport,ip.dst,dns.qname,tcp.flags');
  const query = packetOf(udp6Frame(53, dnsQuery('www.example')), makeProcess({ pid: 8, name: 'a,"b"' }));
  assert.equal(
    rows({ format: 'csv', fields }, request(), query),
    'process.name,process.args,tcp.dstport,udp.dstport,ip.dst,dns.qname,tcp.flags\n' +
      'curl,"[""curl"",""-s"",""a \\""b\\""""]",80,,10.0.0.2,,"[""PSH"",""ACK""]"\n' +
      '"a,""b""",,,53,2001:db8::2,www.example,\n',
  );
  assert.equal(
    rows({ format: 'tsv', fields }, request(), query),
    'process.name\tprocess.args\ttcp.dstport\tudp.dstport\tip.dst\tdns.qname\ttcp.flags\n' +
      'curl\t["curl","-s","a \\\\"b\\\\""]\t80\t\t10.0.0.2\t\t["PSH","ACK"]\n' +
      'a,"b"\t\t\t53\t2001:db8::2\twww.example\t\n',
  );
});

test('a packet of which nothing is known that was asked for', () => {
  const fields = chooseFields('dns.qname,tls.sni');
  assert.equal(rows({ format: 'json', fields }, request()), '{}\n');
  assert.equal(rows({ format: 'csv', fields }, request()), 'dns.qname,tls.sni\n,\n');
});

test('hostile names: valid JSON and CSV that say the same again, nothing that a terminal obeys', () => {
  const names = [
    '\x1b[31m',
    'a\nb',
    'a\tb',
    'a"b\\',
    '\u202eabc',
    'é',
    '\u{1f600}',
    '\x9b1m',
    ' x ',
    'a\rb',
    '\u2028',
    '\x7f',
  ];
  const packets = names.map((name) => packetOf(tcpFrame({}), makeProcess({ pid: 1, name })));
  const fields = chooseFields('process.name,ip.src');
  const json = rows({ format: 'json', fields }, ...packets);
  assert.deepEqual(
    json
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line)['process.name']),
    names,
  );
  assert.doesNotMatch(json, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e]/);
  // In quotes a line feed is part of the name.
  const cells = rows({ format: 'csv', fields }, ...packets)
    .slice('process.name,ip.src\n'.length)
    .split(',10.0.0.1\n')
    .slice(0, -1)
    .map((cell) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell));
  assert.deepEqual(cells, names);
  const lines = rows({ format: 'tsv', fields }, ...packets)
    .split('\n')
    .slice(1, -1);
  const unescaped = (text: string): string =>
    text.replace(/\\(.)/g, (_, c: string) => ({ t: '\t', n: '\n', r: '\r' })[c] ?? c);
  assert.deepEqual(
    lines.map((line) => unescaped(line.split('\t')[0]!)),
    names,
  );
  for (const format of ['csv', 'tsv'] as const)
    assert.doesNotMatch(
      rows({ format, fields, terminal: true }, ...packets),
      /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]/,
    );
});

test('halves of surrogate pairs are no text: they are replaced, and the line stays valid UTF-8', () => {
  const packet = packetOf(tcpFrame({}), makeProcess({ pid: 1, name: 'a\udc80b' }));
  const fields = chooseFields('process.name');
  assert.equal(rows({ format: 'json', fields }, packet), '{"process.name":"a\ufffdb"}\n');
  assert.equal(rows({ format: 'csv', fields }, packet), 'process.name\na\ufffdb\n');
});

test('a name that is not UTF-8 survives a file: as pcapng, with PKTAP headers, and in hexadecimal', async () => {
  const bytes = Buffer.from('a\xff\xc3(\xe2\x82 \xc3\xa9', 'latin1');
  const name = nameText(bytes);
  assert.equal(name, 'a\udcff\udcc3(\udce2\udc82 é');
  assert.deepEqual(nameBytes(name), bytes);
  const folder = mkdtempSync(join(tmpdir(), 'pktap-rows-'));
  after(() => rmSync(folder, { recursive: true }));
  const process = makeProcess({ pid: 5, name, path: `/bin/${name}`, args: [name, 'x'] });
  for (const [format, linkType] of [
    ['pcapng', 1],
    ['pcap', 258],
  ] as const) {
    const path = join(folder, `a.${format}`);
    const file = await createSavefile(path, { format, linkType });
    file.packet(packetOf(tcpFrame({}), process));
    file.close();
    const source = await openSavefile(path);
    const read: Packet[] = [];
    await source.run((packet) => read.push(packet.copy()) > 0);
    source.close();
    assert.equal(read[0]!.metadata!.process!.name, name, format);
    if (format === 'pcapng') assert.deepEqual(read[0]!.metadata!.process!.args, [name, 'x']);
    assert.equal(
      rows({ format: 'json', fields: chooseFields('process.name,process.name_bytes') }, read[0]!),
      '{"process.name":"a\ufffd\ufffd(\ufffd\ufffd é","process.name_bytes":"61ffc328e28220c3a9"}\n',
    );
  }
  assert.equal(rows({ format: 'json', fields: chooseFields('process.name_bytes') }, request()), '{}\n');
  // Valid UTF-8 stays text, a replacement character too, and the halves of characters beyond the first plane.
  for (const text of ['\ufffd', '\u{1f680}\u{10ffff}', 'é€']) {
    assert.equal(nameText(Buffer.from(text)), text);
    assert.deepEqual(nameBytes(text), Buffer.from(text));
    assert.equal(isForeign(text), false);
  }
});

test('times: a broken file’s nanoseconds carry, a year without a name has none', () => {
  const fields = chooseFields('frame.time,frame.time_epoch');
  const at = (seconds: number, nanoseconds: number): string =>
    rows({ format: 'json', fields }, packetOf(tcpFrame({}), null, 1, seconds, nanoseconds));
  assert.equal(
    at(1, 1_500_000_000),
    '{"frame.time":"1970-01-01T00:00:02.500000000Z","frame.time_epoch":2.500000000}\n',
  );
  assert.equal(at(2 ** 40, 7), '{"frame.time_epoch":1099511627776.000000007}\n');
  assert.equal(at(0, 0), '{"frame.time":"1970-01-01T00:00:00.000000000Z","frame.time_epoch":0.000000000}\n');
});

test('each value is the field’s own, whatever packet it is', async () => {
  let compared = 0;
  const random = new Random(1);
  for (const [, generators] of await allGenerators()) {
    for (const generate of Object.values(generators)) {
      const made = generate(random);
      const { linkType, bytes } = made instanceof Uint8Array ? { linkType: 1, bytes: made } : made;
      const packet = packetOf(bytes, CURL);
      packet.linkType = linkType;
      for (let cut = 0; cut < 4; cut++) {
        packet.capturedLength = Math.ceil((bytes.length * (4 - cut)) / 4);
        const line = JSON.parse(rows({ format: 'json' }, packet));
        const facts = new Facts();
        facts.read(packet);
        for (const { name, type, of } of FIELDS) {
          const value = of(facts);
          if (value === null) assert.equal(line[name], undefined, name);
          else if (type === 'time' || type === 'epoch' || type === 'bytes') assert.ok(name in line);
          else assert.deepEqual(line[name], value, name);
          compared++;
        }
        hold(line);
      }
    }
  }
  assert.ok(compared > 1000);
});

/** Holds an object against the schema: the keywords that it has. */
function hold(line: Record<string, unknown>): void {
  const { properties } = jsonSchema() as { properties: Record<string, Record<string, unknown>> };
  for (const [name, value] of Object.entries(line)) {
    const wanted = properties[name];
    assert.ok(wanted !== undefined, name);
    const { type, minimum, minLength, pattern, items } = wanted;
    if (type === 'array') {
      assert.ok(
        Array.isArray(value) && value.every((one) => typeof one === (items as { type: string }).type),
        name,
      );
    } else if (type === 'integer') assert.ok(Number.isInteger(value), name);
    else assert.equal(typeof value, type, name);
    if (minimum !== undefined) assert.ok((value as number) >= (minimum as number), name);
    if (minLength !== undefined) assert.ok((value as string).length >= (minLength as number), name);
    if (pattern !== undefined) assert.match(value as string, new RegExp(pattern as string), name);
  }
}

test('the schema and the list of fields in the package are those of the code', () => {
  assert.deepEqual(JSON.parse(readFileSync('schema/packet.schema.json', 'utf8')), jsonSchema());
  assert.equal(readFileSync('docs/fields.md', 'utf8'), fieldsDocument());
  hold(JSON.parse(rows({ format: 'json' }, request())));
  const full = packetOf(tcpFrame({}), CURL);
  full.comments = ['a'];
  full.interface = makeInterface({ name: 'x', linkType: 1 });
  hold(JSON.parse(rows({ format: 'json', fields: FIELDS, info: () => 'IP' }, full)));
});

test('a field that there is not: the nearest names', () => {
  const said = (name: string): string => {
    try {
      chooseFields(name);
    } catch (error) {
      return (error as Error).message;
    }
    return '';
  };
  assert.equal(said('ip.scr'), "there is no field 'ip.scr'; did you mean ip.src, ip.dscp, ip.dst?");
  assert.equal(said('sni'), "there is no field 'sni'; did you mean tls.sni?");
  assert.equal(said('tcp.dstprt'), "there is no field 'tcp.dstprt'; did you mean tcp.dstport, udp.dstport?");
  assert.equal(said('zzzzzzzzzz\x1b'), "there is no field 'zzzzzzzzzz\\u001b'; --fields help lists them");
  assert.deepEqual(
    chooseFields('ip.dst, ip.src,ip.dst').map(({ name }) => name),
    ['ip.dst', 'ip.src'],
  );
});
