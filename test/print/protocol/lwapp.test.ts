// Texts of LWAPP in tcpdump 5.0 that the installed 4.99 does not have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PrintOptions } from '../../../src/print/index.js';
import { be16, be32, bytes, ip4, type Part, Random } from '../generator.js';
import { printPacket } from '../run.js';

const random = new Random(1);

/** The text of a UDP datagram behind its ports. */
function udp(port: number, payload: Part, options: Partial<PrintOptions> = {}, fromPort = false): string {
  const body = bytes(payload);
  const ports = fromPort ? [be16(port), be16(40001)] : [be16(40001), be16(port)];
  const packet = ip4(random, 17, [ports, be16(body.length + 8), be16(0), body]);
  return printPacket(packet, options).replace(/^.*?\.\d+: (\[no cksum\] )?/s, '');
}

test('LWAPP takes apart the elements of its messages', () => {
  const elements = bytes(58, be16(1), 0, 3, be16(3), [1, 2, 3], 200, be16(0));
  const message = (claimed: number) => [1, 9, be16(claimed), be32(7), elements];
  const control = (claimed: number) => [
    [2, 0, 0, 0, 0, 9],
    [0x0c, 0, be16(elements.length + 8), be16(0), message(claimed)],
  ];
  assert.equal(udp(12223, control(elements.length)), 'LWAPPv0, Control frame, Flags [Control], length 21');
  assert.equal(
    udp(12223, control(elements.length), { verbose: 1 }),
    'LWAPPv0, Control frame, Radio-id 1, Flags [Control], Frag-id 0, length 21' +
      '\n\tAP identity: 02:00:00:00:00:09' +
      '\n\t  Msg type: Discovery req (1), Seqnum: 9, Msg len: 13, Session: 0x00000007' +
      '\n\t  Msg Elem 0 Type: 58 (Discovery Type), Length: 1' +
      '\n\t  Msg Elem 1 Type: 3 (WTP Descriptor), Length: 3 [too short!]' +
      '\n\t  Msg Elem 2 Type: 200 (Unknown) [unexpected!], Length: 0',
  );
  assert.equal(
    udp(12223, control(5), { verbose: 1 }).split('\n').at(-1),
    '\t  Msg type: Discovery req (1), Seqnum: 9, Msg len: 5 [msg_elem_len 5 != 13] (invalid)',
  );
  assert.equal(
    udp(12222, [3, 1, be16(5), be16(0), 'abcd'], { verbose: 1 }),
    'LWAPPv0, Data frame, Radio-id 0, Flags [Not Last, Fragment] (bogus), Frag-id 1 (MBZ!), length 5' +
      ' [LWAPP payload length 5 != 4] (invalid)',
  );
  // What a controller sends has no identity in front.
  assert.equal(
    udp(12223, [4, 0, be16(0), be16(0)], {}, true),
    'LWAPPv0, Control frame, Flags [Control], length 0',
  );
  assert.equal(udp(12222, [0x40, 0, be16(0), be16(0)]), 'LWAPP [version 1 != 0] (invalid)');
  assert.equal(udp(12222, [0, 0]), 'LWAPP [UDP payload length 2 < 6] (invalid)');
});
