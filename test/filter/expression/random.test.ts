// Random filters over random packets of every link type: libpcap's own interpreter, tcpdump and the kernel take the same packets.
// A sample; `npm run test:filters` asks thousands.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileProgram } from '../../../src/filter/expression/javascript.js';
import { compileExpression, compileLive } from '../../../src/filter/index.js';
import { compileFilter } from '../../../src/system/libpcap.js';
import { Random } from '../../print/generator.js';
import { compareFilters } from './compare.js';
import { expression } from './grammar.js';
import { cannot, KernelFilter } from './inkernel.js';
import { packetsOf } from './packets.js';

test('filters of every link type take what libpcap takes', async () => {
  const found = await compareFilters(20261, 4, 8);
  assert.deepEqual(found.differences, []);
  assert.ok(found.linkTypes >= 40, `${found.linkTypes} link types`);
  assert.ok(found.telling > found.asked / 5, `${found.telling} of ${found.asked} took some packets`);
  assert.ok(found.refused > 0, 'none was refused');
});

/** A live packet that the system knows nothing of but its bytes. */
const FACTS = { packetType: 0, interface: 1, protocol: 0, vlanTag: 0, vlanProtocol: 0, vlanPresent: 0 };

test('the kernel takes what JavaScript takes', { skip: cannot }, () => {
  const random = new Random(20262);
  const options = { linkType: 1, snapshotLength: 65535, optimize: true, netmask: 0xffffff00 };
  const isRight = (text: string): boolean => {
    try {
      compileExpression(text, options);
      return !/\b(vlan|ifindex)\b/.test(text);
    } catch {
      return false;
    }
  };
  const packets = packetsOf(random, 1, 'little', 60).filter(
    ({ captured, length, bytes }) => captured === bytes.length && length === captured,
  );
  let asked = 0;
  for (let i = 0; i < 60; i++) {
    const text = expression(random, 1, isRight);
    if (!isRight(text)) continue;
    const live = compileLive(text, options);
    const { body, exact } = live.forKernel(false);
    const kernel = new KernelFilter(body!);
    for (const { bytes } of packets) {
      if (!KernelFilter.takes(bytes.length)) continue;
      const answer = live.matches(bytes, 0, bytes.length, bytes.length, FACTS);
      const theirs = kernel.matches(bytes);
      // A chain of headers that is too long for the kernel may match: it is asked again.
      assert.ok(theirs === answer || (!exact && theirs), `${text}: ${Buffer.from(bytes).toString('hex')}`);
      asked++;
    }
    kernel.close();
  }
  assert.ok(asked > 1000, String(asked));
});

test('what the system knows besides the bytes is asked as the unoptimized program asks it', {
  skip: cannot,
}, () => {
  const random = new Random(20263);
  const options = { linkType: 1, snapshotLength: 65535, optimize: false, netmask: 0 };
  const packets = packetsOf(random, 1, 'little', 60);
  const tagged = packets.map(() => {
    const present = random.int(2);
    return {
      packetType: random.pick([0, 1, 4]),
      interface: random.pick([1, 2, 7]),
      protocol: 0x800,
      vlanTag: present * random.pick([5, 100, 0x2005]),
      vlanProtocol: present * 0x8100,
      vlanPresent: present,
    };
  });
  const primitives = [
    'vlan',
    'vlan 5',
    'vlan 100',
    'inbound',
    'outbound',
    'ifindex 2',
    'udp',
    'ip',
    'tcp port 80',
    'arp',
  ];
  let taken = 0;
  for (let i = 0; i < 15; i++) {
    const text = Array.from(
      { length: 3 },
      () => `${random.pick(['', 'not '])}${random.pick(primitives)}`,
    ).join(random.pick([' and ', ' or ']));
    const whole = `vlan and ${text} or ${text}`;
    const plain = compileProgram(compileFilter(whole, { kind: 'ethernet' }, options));
    const live = compileLive(whole, options);
    packets.forEach(({ bytes, captured, length }, p) => {
      const answer = live.matches(bytes, 0, captured, length, tagged[p]!);
      assert.equal(answer, plain(bytes, 0, captured, length, tagged[p]!), whole);
      if (answer) taken++;
    });
  }
  assert.ok(taken > 50, String(taken));
});
