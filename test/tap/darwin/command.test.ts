// The command on macOS: what it asks of Apple's libpcap, and what becomes of the buffers that it reads.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buffer, dropped, ethernet, ipv4, ipv6, loopback, record, version1, version2 } from './build.js';
import { mac, macTest } from './mac.js';

const UUID = Uint8Array.from({ length: 16 }, (_, i) => 0xa0 + i);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Both processes, both IP versions, both headers, three link types, in two buffers. */
const BUFFERS = [
  buffer(
    record(version1(ethernet(ipv4(5000, 53)), { name: 'ssh', pid: 44637, flags: 2, uuid: UUID })),
    record(
      version1(loopback(ipv6(5001, 53)), { face: 'lo0', dlt: 0, type: 24, flags: 1, family: 30, pid: 99 }),
    ),
    record(version1(ipv4(5002, 53), { face: 'pdp_ip0', dlt: 12, type: 0xff, flags: 1, pid: -1, name: '' })),
  ),
  buffer(
    record(
      version2(ethernet(ipv6(5003, 53)), {
        name: 'dig',
        pid: 47431,
        flags: 2 | 0x20000,
        uuid: UUID,
        family: 30,
      }),
    ),
    record(
      version1(ethernet(ipv4(5004, 53)), {
        name: 'mDNSResponder',
        pid: 312,
        effectivePid: 44637,
        effectiveName: 'ssh',
        serviceClass: 900,
        flags: 1,
      }),
      { header: 20 },
    ),
  ),
];

function lines({ stdout }: { stdout: string }): string[] {
  return stdout.split('\n').filter((line) => line !== '');
}

macTest('packets of Apple’s tap as text: interface, process, class and direction in front', async (t) => {
  const run = await mac(t, ['-tknq', '-i', 'pktap,en0', '-c', '5'], { buffers: BUFFERS });
  assert.equal(run.status, 0, run.stderr);
  assert.deepEqual(lines(run), [
    '(en0, proc ssh:44637, svc BE, out) IP 192.168.5.82.5000 > 173.255.247.120.53: UDP, length 5',
    '(lo0, proc curl:99, svc BE, in) IP6 ::1.5001 > ::1.53: UDP, length 5',
    '(pdp_ip0, svc BE, in) IP 192.168.5.82.5002 > 173.255.247.120.53: UDP, length 5',
    '(en0, proc dig:47431, svc BE, out, so) IP6 ::1.5003 > ::1.53: UDP, length 5',
    '(en0, proc mDNSResponder:312, eproc ssh:44637, svc CTL, in) IP 192.168.5.82.5004 > 173.255.247.120.53: UDP, length 5',
  ]);
  assert.match(run.stderr, /^pktap: data link type PKTAP$/m);
  assert.match(
    run.stderr,
    /^listening on pktap,en0, link-type PKTAP \(Packet Tap\), snapshot length 262144 bytes$/m,
  );
  assert.match(run.stderr, /^5 packets captured$/m);
});

macTest('the calls come in Apple’s order with Apple’s arguments', async (t) => {
  const tap = await mac(t, ['-tn', '-i', 'pktap,en0', '-c', '1', '-s', '100', '-B', '64'], {
    buffers: BUFFERS,
  });
  assert.deepEqual(
    tap.calls.filter((call) => call !== 'freed'),
    [
      'create pktap,en0',
      'snaplen 612',
      'promisc 0',
      'timeout 20',
      'buffer 65536',
      'want_pktap 1',
      'activate',
      'datalink 149',
      'close',
    ],
  );
  const frame = [buffer(record(ethernet(ipv4(7, 8))))];
  const plain = await mac(t, ['-tn', '-i', 'en0', '-c', '1', '-Q', 'in', '--immediate-mode'], {
    buffers: frame,
  });
  assert.deepEqual(lines(plain), ['IP 192.168.5.82.7 > 173.255.247.120.8: UDP, length 5']);
  assert.deepEqual(
    plain.calls.filter((call) => call !== 'freed'),
    [
      'create en0',
      'snaplen 262144',
      'promisc 1',
      'timeout 20',
      'buffer 524288',
      'immediate 1',
      'activate',
      'direction 1',
      'close',
    ],
  );
});

macTest(
  'metadata and packet filters are asked for each link type, and refused packets counted',
  async (t) => {
    const ssh = await mac(
      t,
      ['-tn', '-k', 'NP', '-Q', 'proc =ssh or eproc = ssh', '-i', 'pktap', '-c', '2'],
      { buffers: BUFFERS },
    );
    assert.deepEqual(
      lines(ssh).map((line) => line.slice(0, line.indexOf(')') + 1)),
      ['(proc ssh:44637)', '(proc mDNSResponder:312, eproc ssh:44637)'],
    );
    assert.match(ssh.stderr, /^3 drops by metadata filter$/m);
    // A direction in front of a link type each: none of the frames begins where another does.
    const six = await mac(t, ['-tn', '-k', 'I', '-i', 'pktap,all', '-c', '2', 'ip6 and udp port 53'], {
      buffers: BUFFERS,
    });
    assert.deepEqual(
      lines(six).map((line) => line.split(')')[0]),
      ['(lo0', '(en0'],
    );
    const ways = await mac(t, ['-tn', '-k', 'D', '-i', 'pktap', '-Q', 'in', '-c', '3'], { buffers: BUFFERS });
    assert.deepEqual(
      lines(ways).map((line) => line.split(')')[0]),
      ['(in', '(in', '(in'],
    );
    const raw = await mac(t, ['-tn', '-k', 'I', '-i', 'pktap,all', '-c', '1', 'src port 5002'], {
      buffers: BUFFERS,
    });
    assert.deepEqual(
      lines(raw).map((line) => line.split(')')[0]),
      ['(pdp_ip0'],
    );
    const wrong = await mac(t, ['-n', '-i', 'pktap', 'prot tcp'], { buffers: BUFFERS });
    assert.equal(wrong.status, 1);
    assert.equal(wrong.calls.at(-1), 'close', 'the device is given back');
  },
);

macTest('a file has the packets, their processes and interfaces, and reads the same', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'pktap-mac-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'out.pcapng');
  const run = await mac(t, ['-i', 'pktap', '-w', file, '-c', '5'], {
    buffers: BUFFERS,
    processes: [
      [44637, 1, 501, 1_699_999_000, 5, 70001, hex(UUID), 'ssh', '/usr/bin/ssh', 'ssh', '-v', 'example.org'],
    ],
    users: [['ann', 501, 20, '/Users/ann', '/bin/zsh']],
  });
  assert.equal(run.status, 0, run.stderr);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const read = execFileSync(resolve('bin/pktap'), ['-tknq', '-r', file], { encoding: 'utf8', stdio: 'pipe' });
  assert.deepEqual(read.split('\n').slice(0, 2), [
    '(en0, proc ssh:44637, svc BE, out) IP 192.168.5.82.5000 > 173.255.247.120.53: UDP, length 5',
    '(lo0, proc curl:99, svc BE, in) IP6 ::1.5001 > ::1.53: UDP, length 5',
  ]);
  const fields = 'process.name,process.path,process.args,process.user,process.uid,process.ppid,process.uuid';
  const rows = execFileSync(resolve('bin/pktap'), ['--csv', '--fields', fields, '-r', file], {
    encoding: 'utf8',
    stdio: 'pipe',
  }).split(/\r?\n/);
  assert.equal(rows[1], `ssh,/usr/bin/ssh,"[""ssh"",""-v"",""example.org""]",ann,501,1,${hex(UUID)}`);
});

macTest('a dropped packet has its reason and place', async (t) => {
  const drop = dropped(ethernet(ipv4(9, 10)), { name: 'nc', pid: 77, flags: 1 }, 0x10003, 1234, 'tcp_input');
  const run = await mac(t, ['-tkn', '-i', 'droptap', '-c', '1'], { buffers: [buffer(record(drop))] });
  assert.deepEqual(lines(run), [
    '(en0, proc nc:77, svc BE, in, drop reason 0x10003 tcp_input:1234) IP 192.168.5.82.9 > 173.255.247.120.10: UDP, length 5',
  ]);
  assert.equal(run.calls.includes('create droptap'), true);
});

/** A file that a Mac made, from what is shared beside the repository. */
const REAL = resolve('../shared/cases/files/mac-pktap-149.pcap');

macTest('a file that a Mac made reads the same from the file and from /dev/bpf', async (t) => {
  if (!existsSync(REAL)) {
    t.skip('no ../shared here');
    return;
  }
  const bytes = readFileSync(REAL);
  const records: Buffer[] = [];
  for (let at = 24; at + 16 <= bytes.length; ) {
    const captured = bytes.readUInt32LE(at + 8);
    records.push(
      record(bytes.subarray(at + 16, at + 16 + captured), {
        seconds: bytes.readUInt32LE(at),
        microseconds: bytes.readUInt32LE(at + 4),
        length: bytes.readUInt32LE(at + 12),
      }),
    );
    at += 16 + captured;
  }
  const live = await mac(t, ['-ttnv', '-k', 'A', '-i', 'pktap', '-c', `${records.length}`], {
    buffers: records.map((one) => buffer(one)),
  });
  const read = execFileSync(resolve('bin/pktap'), ['-ttnv', '-k', 'A', '-r', REAL], {
    encoding: 'utf8',
    stdio: 'pipe',
  });
  assert.equal(live.stdout, read, live.stderr);
});
