// Texts of Sun RPC and NFS that the installed tcpdump 4.99 does not have, or has under -T alone.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NameResolver, PrintOptions } from '../../../src/print/index.js';
import { be16, be32, bytes, ip4, type Part, Random } from '../generator.js';
import { printPacket } from '../run.js';

const random = new Random(1);
const NO_AUTHENTICATION = be32(0).concat(be32(0));

/** The text of a datagram between two hosts. */
const RAW_IP = 101;
/** Names, which are asked without -n: of one program alone. */
const named: NameResolver = {
  host: () => null,
  tcpPort: () => null,
  udpPort: () => null,
  sctpPort: () => null,
  protocol: () => null,
  ethernet: () => null,
  rpcProgram: (number: number) => (number === 100003 ? 'nfs\u0007' : null),
};

function datagram(
  options: Partial<PrintOptions>,
  source: number,
  destination: number,
  ...parts: Part[]
): string {
  const content = bytes(...parts);
  const packet = ip4(
    random,
    17,
    [be16(source), be16(destination), be16(content.length + 8), be16(0), content],
    {
      source: [192, 0, 2, 1],
      destination: [192, 0, 2, 2],
    },
  );
  return printPacket(packet, options, RAW_IP, packet.length, named).replace(/^IP (\(.*\)\n {4})?/s, '');
}

function call(version: number, procedure: number, credentials: Part, ...body: Part[]): Part {
  return [be32(7), be32(0), be32(2), be32(100003), be32(version), be32(procedure), credentials, body];
}

test('lengths of an NFS call’s authentication that do not fit', () => {
  const nfs = (part: Part) => datagram({}, 40001, 2049, part).replace(/^.*xid 7 /, '');
  assert.equal(
    nfs(call(3, 1, [be32(1), be32(100)], NO_AUTHENTICATION)),
    '40 getattr [credentials length 100 > 40] (invalid) [|nfs]',
  );
  assert.equal(
    nfs(call(3, 1, NO_AUTHENTICATION, be32(0), be32(0xfffffff0))),
    '40 getattr [verifier length 4294967280 > 32] (invalid) [|nfs]',
  );
});

test('a name of NFS that cannot be padded', () => {
  const part = call(3, 3, NO_AUTHENTICATION, NO_AUTHENTICATION, be32(0), be32(0xfffffffe));
  const text = datagram({}, 40001, 2049, part);
  assert.match(text, / 48 lookup fh \/ \[cannot pad to 32-bit boundaries\] \(invalid\) \[\|nfs\]$/);
});

test('-u shows handles of NFS as they are', () => {
  const part = call(3, 1, NO_AUTHENTICATION, NO_AUTHENTICATION, be32(8), be32(0x01020304), be32(0x0a));
  assert.match(datagram({ undecodedHandles: true }, 40001, 2049, part), / getattr fh\[1020304:a\]$/);
});

test('-T rpc', () => {
  const rpc = (part: Part, options: Partial<PrintOptions> = {}) =>
    datagram({ packetType: 'rpc', ...options }, 40001, 40002, part);
  const getport = call(2, 3, NO_AUTHENTICATION, NO_AUTHENTICATION);
  assert.equal(rpc(getport), '192.0.2.1.0x7 > 192.0.2.2.0x6f: 40 getport 100003.2');
  assert.equal(rpc(call(2, 9, NO_AUTHENTICATION)), '192.0.2.1.0x7 > 192.0.2.2.0x6f: 32  proc #9');
  const names = { numeric: false };
  assert.equal(rpc(getport, names), '192.0.2.1.0x7 > 192.0.2.2.sunrpc: 40 getport nfs^G.2');
  assert.equal(
    rpc([be32(7), be32(1), be32(0), NO_AUTHENTICATION], names),
    '192.0.2.1.nfs > 192.0.2.2.7: reply ok 20',
  );
  assert.equal(rpc([be32(7), be32(0)]), ' [|sunrpc]');
});
