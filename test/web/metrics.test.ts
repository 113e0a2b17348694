// Counters never go back, whatever rows make room for others, and all of them together are the total.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Direction, LinkType, makeProcess, Packet, PacketMetadata } from '../../src/packet/index.js';
import { Traffic } from '../../src/stats/traffic/index.js';
import { Metrics } from '../../src/web/metrics.js';

function samples(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line.startsWith('pktap_'));
  return new Map(lines.map((line) => [line.replace(/ \d+$/, ''), Number(/ (\d+)$/.exec(line)![1])]));
}

test('many programs that come and go', () => {
  const traffic = new Traffic({ processes: 20, flows: 50, hosts: 20 });
  const metrics = new Metrics(traffic);
  let before = new Map<string, number>();
  let total = 0;
  for (let i = 0; i < 1000; i++) {
    const packet = new Packet();
    packet.buffer = new Uint8Array(100);
    packet.capturedLength = packet.length = 60 + (i % 40);
    packet.linkType = LinkType.RAW;
    packet.seconds = 1000 + i;
    packet.metadata = new PacketMetadata();
    packet.metadata.direction = i % 2 === 0 ? Direction.IN : Direction.OUT;
    if (i % 7 !== 0) packet.metadata.process = makeProcess({ pid: i, name: `p${i % 400}` });
    traffic.packet(packet);
    total += packet.length;
    if (i % 13 !== 0 && i !== 999) continue;
    const now = samples(metrics.text({ lost: 0 }));
    for (const [name, value] of before)
      if (name.includes('_total')) assert.ok(now.get(name)! >= value, `${name} ${value} ${now.get(name)}`);
    let sum = 0;
    for (const [name, value] of now) if (name.startsWith('pktap_bytes_total')) sum += value;
    assert.equal(sum, total);
    // Names, what is not known, what is left; in and out.
    assert.ok([...now.keys()].filter((name) => name.startsWith('pktap_bytes_total')).length <= 2 * 202);
    before = now;
  }
  assert.ok(before.get('pktap_bytes_total{kind="other",process="",direction="in"}')! > 0);
});
