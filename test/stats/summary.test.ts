// Packets counted in groups: the counts, the order, the limits, and each format's bytes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseFields } from '../../src/decode/facts/index.js';
import { Direction, makeProcess, type Packet } from '../../src/packet/index.js';
import { Summary, type SummaryOptions, SummaryOutput } from '../../src/stats/index.js';
import { CURL, dnsQuery, packetOf, tcpFrame, udp6Frame } from '../export/packets.js';

const { IN, OUT, UNKNOWN } = Direction;
const WGET = makeProcess({ pid: 8, name: 'wget' });

/** A download of curl's with one segment that comes again, a query of wget's, and a packet of nobody. */
function traffic(): Packet[] {
  const up = { source: '10.0.0.1', destination: '10.0.0.2' };
  const down = { source: '10.0.0.2', destination: '10.0.0.1', ports: [80, 40000] as [number, number] };
  return [
    packetOf(tcpFrame({ ...up, flags: 2, sequence: 99 }), CURL, OUT, 100, 1),
    packetOf(tcpFrame({ ...up, sequence: 100, payload: 'GET /' }), CURL, OUT, 101, 0),
    packetOf(tcpFrame({ ...down, sequence: 500, payload: 'abcdef' }), CURL, IN, 102, 0),
    packetOf(tcpFrame({ ...down, sequence: 500, payload: 'abcdef' }), CURL, IN, 103, 0),
    packetOf(tcpFrame({ ...down, sequence: 503, payload: 'defg' }), CURL, IN, 103, 5),
    packetOf(
      tcpFrame({ ...up, ports: [40001, 80], sequence: 1, payload: 'x' }),
      makeProcess({ ...CURL, pid: 9 }),
      OUT,
      99,
      0,
    ),
    packetOf(udp6Frame(53, dnsQuery('a.example')), WGET, OUT, 104, 0),
    packetOf(tcpFrame({ source: '10.9.9.9' }), null, UNKNOWN, 105, 0),
  ];
}

function text(options: Omit<SummaryOptions, 'warn'>, packets: Packet[], warnings: string[] = []): string {
  const parts: string[] = [];
  const output = new SummaryOutput({ ...options, warn: (line) => warnings.push(line) }, (bytes) =>
    parts.push(Buffer.from(bytes).toString()),
  );
  for (const packet of packets) output.packet(packet);
  output.close();
  return parts.join('');
}

test('a table: the most bytes first, numbers to the right', () => {
  assert.equal(
    text({ fields: chooseFields('process.name'), format: 'table' }, traffic()),
    `process.name  packets  bytes  bytes_in  bytes_out  retransmissions  flows  first                           last
curl                6    346       178        168                1      2  1970-01-01T00:01:39.000000000Z  1970-01-01T00:01:43.000000005Z
wget                1     89         0         89                0      1  1970-01-01T00:01:44.000000000Z  1970-01-01T00:01:44.000000000Z
-                   1     54         0          0                0      1  1970-01-01T00:01:45.000000000Z  1970-01-01T00:01:45.000000000Z
`,
  );
});

test('JSON and CSV', () => {
  const fields = chooseFields('process.name,ip.dst,dns.qname');
  const lines = text({ fields, format: 'json' }, traffic())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(lines[0], {
    'process.name': 'curl',
    'ip.dst': '10.0.0.1',
    packets: 3,
    bytes: 178,
    bytes_in: 178,
    bytes_out: 0,
    retransmissions: 1,
    flows: 1,
    first: '1970-01-01T00:01:42.000000000Z',
    last: '1970-01-01T00:01:43.000000005Z',
  });
  assert.deepEqual(
    lines.map((line) => [line['process.name'], line['ip.dst'], line['dns.qname'], line.bytes]),
    [
      ['curl', '10.0.0.1', undefined, 178],
      ['curl', '10.0.0.2', undefined, 168],
      ['wget', '2001:db8::2', 'a.example', 89],
      [undefined, '10.0.0.2', undefined, 54],
    ],
  );
  assert.equal(
    text({ fields: chooseFields('dns.qname'), format: 'csv' }, traffic()),
    'dns.qname,packets,bytes,bytes_in,bytes_out,retransmissions,flows,first,last,others\n' +
      ',7,400,178,168,1,3,1970-01-01T00:01:39.000000000Z,1970-01-01T00:01:45.000000000Z,\n' +
      'a.example,1,89,0,89,0,1,1970-01-01T00:01:44.000000000Z,1970-01-01T00:01:44.000000000Z,\n',
  );
});

test('bounded: others are counted together, and said', () => {
  const packets = Array.from({ length: 300 }, (_, i) =>
    packetOf(tcpFrame({ source: `10.0.${i >> 8}.${i & 255}`, ports: [i + 1, 80] }), CURL, OUT, 100 + i, 0),
  );
  for (const keys of ['ip.src', 'tcp.srcport', 'process.name,ip.src', 'ip.src,tcp.srcport,frame.time']) {
    const warnings: string[] = [];
    const fields = chooseFields(keys);
    const rows = text({ fields, format: 'json', limits: { groups: 20, flows: 50 } }, packets, warnings)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.equal(rows.length, 21, keys);
    assert.equal(rows[20].others, true);
    assert.equal(rows[20].packets, 280);
    assert.equal(rows[20].flows, 30);
    assert.equal(rows[20]['ip.src'], undefined);
    assert.deepEqual(warnings, [
      'more than 20 groups: 280 packets of those that came later are counted as others',
      'too many flows: flows and retransmissions of those that came later are not counted',
    ]);
  }
  assert.match(
    text({ fields: chooseFields('ip.src'), format: 'table', limits: { groups: 2 } }, packets),
    /\n\(others\) +298 +16092 /,
  );
});

test('a packet that passes several interfaces, or both ends of a loopback, is no retransmission', () => {
  const summary = new Summary(chooseFields('process.name'));
  const bytes = tcpFrame({ payload: 'abc' });
  summary.packet(packetOf(bytes, CURL, OUT));
  summary.packet(packetOf(bytes, CURL, IN));
  assert.equal(summary.groups[0]!.retransmissions, 0);
  assert.equal(summary.groups[0]!.flows, 1);
  summary.packet(packetOf(bytes, CURL, IN));
  assert.equal(summary.groups[0]!.retransmissions, 1);
});

test('sequence numbers wrap, a probe that keeps alive is no retransmission, a new connection begins anew', () => {
  const summary = new Summary(chooseFields('process.name'));
  const send = (sequence: number, payload: string, flags = 0x18): number => {
    summary.packet(packetOf(tcpFrame({ sequence, payload, flags }), CURL));
    return summary.groups[0]!.retransmissions;
  };
  assert.equal(send(0xffff_fffe, 'abcd'), 0);
  assert.equal(send(2, 'ef'), 0);
  assert.equal(send(3, 'f'), 0);
  assert.equal(send(0xffff_fffe, 'abcd'), 1);
  assert.equal(send(0x1000, '', 2), 1);
  assert.equal(send(0x1001, 'GET'), 1);
  assert.equal(send(0x1000, '', 2), 1);
  assert.equal(send(0x1001, 'GET'), 1);
});

test('hostile names obey no terminal in a table', () => {
  const packet = packetOf(tcpFrame({}), makeProcess({ pid: 1, name: '\x1b[2J\n' }));
  assert.match(text({ fields: chooseFields('process.name'), format: 'table' }, [packet]), /^\^\[\[2J\^J /m);
});

test('reports that are repeated have their time', () => {
  const parts: string[] = [];
  const output = new SummaryOutput(
    { fields: chooseFields('process.name'), format: 'csv', repeated: true },
    (bytes) => parts.push(Buffer.from(bytes).toString()),
  );
  output.packet(traffic()[0]!);
  output.report(1_000_000_000n);
  output.packet(traffic()[1]!);
  output.report(2_000_000_000n);
  assert.deepEqual(parts.join('').split('\n').slice(0, 3), [
    'time,process.name,packets,bytes,bytes_in,bytes_out,retransmissions,flows,first,last,others',
    '1970-01-01T00:00:01.000000000Z,curl,1,54,0,54,0,1,1970-01-01T00:01:40.000000001Z,1970-01-01T00:01:40.000000001Z,',
    '1970-01-01T00:00:02.000000000Z,curl,2,113,0,113,0,1,1970-01-01T00:01:40.000000001Z,1970-01-01T00:01:41.000000000Z,',
  ]);
});
