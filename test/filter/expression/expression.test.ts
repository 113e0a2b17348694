// Packet filters: the same packets as tcpdump takes, the same programs as it shows, and the same from the kernel.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { compileAsTcpdump, compileExpression, compileLive, dumpProgram } from '../../../src/filter/index.js';
import type { Packet } from '../../../src/packet/index.js';
import { openSavefile } from '../../../src/savefile/index.js';
import { cannot, KernelFilter } from './inkernel.js';

const captures = join(process.env['PKTAP_CONFORMANCE'] ?? '../shared/conformance', 'captures');
const EXPRESSIONS = [
  'tcp',
  'udp port 53',
  'host 192.168.1.11',
  'src net 192.168.0.0/16 and not icmp',
  'ip6',
  'icmp6 or icmp',
  'tcp[tcpflags] & (tcp-syn|tcp-fin) != 0',
  'tcp[((tcp[12] & 0xf0) >> 2):2] = 0x4745',
  'len > 100',
  'greater 200 and less 1000',
  'ether[0] & 1 = 0',
  'ip[2:2] / 3 > 20 and ip[8] * 2 < 300',
  'ip[6:2] & 0x1fff = 0 and portrange 1-1024',
  'vlan 5 or ip proto 47',
  'ip[0] - ip[1] > 5 or ip[0] % 7 = 3',
  'ether proto 0x0806 or (pppoes and ip)',
];
const FILES = [
  'dns_udp.pcap',
  'print-flags.pcap',
  'various_gre.pcap',
  'icmp6-rfc8335.pcap',
  'pppoes.pcap',
  'dns_tcp.pcap',
];

test('programs are shown as tcpdump shows them', () => {
  for (const expression of EXPRESSIONS) {
    for (const [style, flag] of [
      [1, '-d'],
      [2, '-dd'],
      [3, '-ddd'],
    ] as const) {
      const theirs = execFileSync('tcpdump', [flag, '-y', 'EN10MB', expression], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const { program } = compileAsTcpdump(
        expression,
        { kind: 'none', linkType: 1 },
        { snapshotLength: 262144, optimize: true, netmask: 0 },
      );
      assert.equal(dumpProgram(program, style), theirs, expression);
    }
  }
});

test('function, kernel and tcpdump take the same packets', {
  skip: !existsSync(captures) && 'no captures here',
}, async () => {
  let asked = 0;
  for (const expression of EXPRESSIONS) {
    for (const optimize of [true, false]) {
      const compiled = compileExpression(expression, { linkType: 1, snapshotLength: 262144, optimize });
      const live = { linkType: 1, snapshotLength: 262144, optimize, netmask: 0 };
      const kernel = cannot ? null : new KernelFilter(compileLive(expression, live).forKernel(false).body!);
      for (const file of FILES) {
        const path = join(captures, file);
        const source = await openSavefile(path);
        let ours = 0;
        await source.run((packet: Packet) => {
          const answer = compiled.matches(packet);
          if (answer) ours++;
          if (
            kernel !== null &&
            packet.capturedLength === packet.length &&
            KernelFilter.takes(packet.length)
          ) {
            assert.equal(kernel.matches(packet.data), answer, `${expression} in the kernel, ${file}`);
            asked++;
          }
          return true;
        });
        source.close();
        const theirs = execFileSync(
          'tcpdump',
          ['-r', path, '--count', ...(optimize ? [] : ['-O']), expression],
          {
            encoding: 'utf8',
            stdio: ['ignore', 'pipe', 'ignore'],
          },
        );
        assert.equal(ours, Number(/^\d+/.exec(theirs)![0]), `${expression} over ${file}`);
      }
      kernel?.close();
    }
  }
  assert.ok(cannot || asked > 1000, String(asked));
});
