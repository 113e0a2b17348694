// The packet hooks' own reading of headers, run by the kernel (BPF_PROG_TEST_RUN) over every packet at hand, whole and cut
// at every length: what it finds is what decode finds.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { after, test } from 'node:test';
import { EtherType, Headers, IpProtocol, Link } from '../../../../src/decode/index.js';
import { LinkType, Packet } from '../../../../src/packet/index.js';
import { openSavefile } from '../../../../src/savefile/index.js';
import {
  createMap,
  loadProgram,
  lookupMap,
  ProgramType,
  testRun,
  updateMap,
} from '../../../../src/system/bpf.js';
import { libc } from '../../../../src/system/libc.js';
import { Btf } from '../../../../src/tap/linux/ebpf/btf.js';
import { readObject, readSections } from '../../../../src/tap/linux/ebpf/elf.js';
import { link } from '../../../../src/tap/linux/ebpf/linker.js';
import { Owner, sealOwner } from '../../../../src/tap/linux/ebpf/record.js';
import { allGenerators } from '../../../print/differential.js';
import { bytes, type Part, Random } from '../../../print/generator.js';

const OBJECT = resolve('dist/parse.o');
const CORPUS = resolve('../shared/corpus/captures');
const HEADER = 14;
/** What the kernel runs a program on. */
const LONGEST = 3000;
/** Packets of each capture and of each generator. */
const OF_CAPTURE = 40;
const OF_GENERATOR = 4;
const SEED = 20261130;

const cannot = process.getuid?.() !== 0 ? 'loading a program needs root' : false;
const NO_KEY = new Uint8Array(4);

/** The programs of parse.c in the kernel. */
class Kernel {
  private readonly file = readFileSync(OBJECT);
  private readonly object = readObject(this.file);
  private readonly maps = new Map<string, number>();
  private readonly programs: number[] = [];
  private readonly parse: number;
  private readonly seal: number;
  private readonly found: Uint8Array;
  private readonly types: Btf;

  constructor() {
    for (const map of this.object.maps)
      if (map.name === 'parsed' || map.name === 'sealed') this.maps.set(map.name, createMap(map, null));
    this.parse = this.load('parse_only');
    this.seal = this.load('seal_only');
    const { offset, size } = readSections(this.file).find(({ name }) => name === '.BTF')!;
    this.types = new Btf(this.file.subarray(offset, offset + size));
    this.found = new Uint8Array(new ArrayBuffer(this.types.structSize('headers')));
  }

  private load(name: string): number {
    const { instructions } = link(this.object, name, {
      constants: { link_header: HEADER },
      maps: this.maps,
      generated: {},
    });
    const spec = { name, type: ProgramType.SCHED_CLS, attachType: 0, attachBtfId: 0, instructions };
    const fd = loadProgram({ ...spec, functions: null });
    this.programs.push(fd);
    return fd;
  }

  private at(field: string): number {
    const offset = this.types.offset('headers', field);
    assert.ok(offset >= 0, field);
    return offset;
  }

  private u8(field: string): number {
    return this.found[this.at(field)]!;
  }

  /** What the kernel finds in a frame; null: it does not run programs on what ends in front of IP's header. */
  read(frame: Uint8Array): Found | null {
    const copy = new Uint8Array(new ArrayBuffer(frame.length));
    copy.set(frame);
    try {
      assert.equal(testRun(this.parse, copy), 1);
    } catch (error) {
      if (frame.length < HEADER + 40 && /Invalid argument/.test((error as Error).message)) return null;
      throw error;
    }
    assert.ok(lookupMap(this.maps.get('parsed')!, NO_KEY, this.found));
    const view = new DataView(this.found.buffer);
    const family = view.getUint16(this.at('family'), true);
    const size = family === 2 ? 4 : family === 10 ? 16 : 0;
    const hex = (field: string): string =>
      Buffer.from(this.found.buffer, this.at(field), size).toString('hex');
    return {
      family,
      protocol: view.getUint16(this.at('protocol'), true),
      source: hex('source'),
      destination: hex('destination'),
      trafficClass: this.u8('traffic_class'),
      fragmented: this.u8('fragmented') !== 0,
      laterFragment: this.u8('later_fragment') !== 0,
      identification:
        family === 2
          ? view.getUint16(this.at('fragment_id'), false)
          : view.getUint32(this.at('fragment_id'), false),
      hasPorts: this.u8('has_ports') !== 0,
      sourcePort: view.getUint16(this.at('source_port'), false),
      destinationPort: view.getUint16(this.at('destination_port'), false),
      sequence: view.getUint32(this.at('sequence'), true),
      tcpFlags: this.u8('tcp_flags'),
      payload: view.getUint32(this.at('payload'), true),
      echo: this.u8('echo_request') !== 0 ? 'request' : this.u8('echo_reply') !== 0 ? 'reply' : '',
      isError: this.u8('is_error') !== 0,
    };
  }

  /** The check of an owner's record, as the programs compute it. */
  checkOf(owner: Uint8Array): number {
    updateMap(this.maps.get('sealed')!, NO_KEY, owner, 0);
    return testRun(this.seal, new Uint8Array(new ArrayBuffer(64)));
  }

  close(): void {
    for (const fd of [...this.programs, ...this.maps.values()]) libc().close(fd);
  }
}

interface Found {
  readonly family: number;
  readonly protocol: number;
  readonly source: string;
  readonly destination: string;
  readonly trafficClass: number;
  readonly fragmented: boolean;
  readonly laterFragment: boolean;
  readonly identification: number;
  readonly hasPorts: boolean;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sequence: number;
  readonly tcpFlags: number;
  readonly payload: number;
  readonly echo: string;
  readonly isError: boolean;
}

const NOT_IP: Found = {
  family: 0,
  protocol: 0xffff,
  source: '',
  destination: '',
  trafficClass: 0,
  fragmented: false,
  laterFragment: false,
  identification: 0,
  hasPorts: false,
  sourcePort: 0,
  destinationPort: 0,
  sequence: 0,
  tcpFlags: 0,
  payload: 0,
  echo: '',
  isError: false,
};

const ERRORS: readonly number[] = [3, 4, 11, 12];
const ERRORS6: readonly number[] = [1, 2, 3, 4];
const WITH_PORTS: readonly number[] = [IpProtocol.TCP, IpProtocol.UDP, IpProtocol.UDPLITE];

const packet = new Packet();
const headers = new Headers();
packet.linkType = LinkType.ETHERNET;

/** What decode finds in a frame: of what an IP stack does not take (LLC, PPPoE, MPLS, tag 0x9100), nothing. */
function decoded(frame: Uint8Array): Found {
  packet.buffer = frame;
  packet.capturedLength = packet.length = frame.length;
  const h = headers;
  if (!h.read(packet) || !h.link.plain) return NOT_IP;
  const size = h.version === 4 ? 4 : 16;
  const hex = (at: number): string => Buffer.from(frame.subarray(at, at + size)).toString('hex');
  const end = Math.min(h.end, h.ipEnd);
  const holds = (count: number): boolean => h.transport >= 0 && h.transport + count <= end;
  const ports = WITH_PORTS.includes(h.protocol) && h.sourcePort >= 0;
  const tcp = h.protocol === IpProtocol.TCP && holds(14);
  const errors = h.version === 4 ? ERRORS : ERRORS6;
  return {
    family: h.version === 4 ? 2 : 10,
    protocol: h.protocol,
    source: hex(h.source),
    destination: hex(h.destination),
    trafficClass: h.trafficClass,
    fragmented: h.fragmented,
    laterFragment: h.laterFragment,
    identification: h.identification,
    hasPorts: ports || h.echo >= 0,
    sourcePort: ports ? h.sourcePort : Math.max(h.echo, 0),
    destinationPort: ports ? h.destinationPort : Math.max(h.echo, 0),
    sequence: tcp ? h.sequence : 0,
    tcpFlags: h.tcpFlags,
    payload: tcp ? h.payloadLength : 0,
    echo: h.echo < 0 ? '' : h.icmpType === 8 || h.icmpType === 128 ? 'request' : 'reply',
    isError: h.icmpType >= 0 && holds(8) && errors.includes(h.icmpType),
  };
}

const kernel = cannot === false ? new Kernel() : null;
after(() => kernel?.close());

function compareOne(name: string, frame: Uint8Array): Found | null {
  const expected = decoded(frame);
  const found = kernel!.read(frame);
  const words = (one: Found): string => Object.values(one).join();
  if (found !== null && words(found) !== words(expected))
    assert.deepEqual(found, expected, `${name}: ${Buffer.from(frame).toString('hex')}`);
  return found;
}

/** Compares a frame whole and cut at every length that cuts a header, and a little behind them. */
function compare(name: string, frame: Uint8Array): void {
  if (frame.length < HEADER) return;
  const whole = frame.subarray(0, LONGEST);
  compareOne(name, whole);
  const last = Math.min(whole.length, Math.max(headers.headersEnd, HEADER + 40) + 3);
  for (let cut = HEADER; cut < last; cut++) compareOne(`${name}, cut at ${cut}`, whole.subarray(0, cut));
}

const reader = new Link();

/** A packet of whatever link type as an Ethernet frame: what is IP in it. Null: nothing is. */
function framed(data: Uint8Array, linkType: number): Uint8Array | null {
  if (linkType === LinkType.ETHERNET) return data;
  reader.read(data, 0, data.length, linkType);
  const { etherType, network } = reader;
  if (network < 0 || network >= data.length) return null;
  if (etherType !== EtherType.IPV4 && etherType !== EtherType.IPV6) return null;
  return bytes(Array(12).fill(2), etherType >> 8, etherType & 255, data.subarray(network));
}

async function compareCapture(path: string): Promise<number> {
  let count = 0;
  let source: Awaited<ReturnType<typeof openSavefile>> | null = null;
  try {
    source = await openSavefile(path);
    await source.run((one) => {
      const frame = framed(one.data, one.linkType);
      if (frame !== null) compare(`${path} ${count}`, frame);
      return frame === null || ++count < OF_CAPTURE;
    });
  } catch (error) {
    // Some are broken on purpose.
    if ((error as Error).name !== 'SavefileError') throw error;
  } finally {
    source?.close();
  }
  return count;
}

const UDP: Part = [0x30, 0x39, 0, 53, 0, 12, 0, 0, 1, 2, 3, 4];
const TCP: Part = [0x1f, 0x90, 1, 0xbb, 0xff, 0, 0, 1, 0, 0, 0, 2, 0x50, 0x12, 1, 2, 0, 0, 0, 0, 7, 7, 7];
const AH = (next: number): Part => [next, 2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0];
const ipv4 = (protocol: number, payload: Part, fragment = 0, first = 0x45): Part => {
  const size = 20 + bytes(payload).length;
  return [
    ...[first, 0xb8, size >> 8, size & 255, 0x12, 0x34, fragment >> 8, fragment & 255, 64, protocol, 0, 0],
    ...[10, 0, 0, 1, 10, 0, 0, 2],
    payload,
  ];
};
const ipv6 = (next: number, payload: Part): Part => {
  const size = bytes(payload).length;
  const ends: Part = [0x20, 1, 0xd, 0xb8, Array(11).fill(0), 1, 0x20, 1, 0xd, 0xb8, Array(11).fill(0), 2];
  return [0x6a, 0xb0, 0, 0, size >> 8, size & 255, next, 63, ends, payload];
};
const options = (next: number): Part => [next, 0, 1, 4, 0, 0, 0, 0];
const fragment = (next: number, field: number): Part => [next, 0, field >> 8, field & 255, 0, 0, 0, 9];
const tag = (type: number): Part => [type >> 8, type & 255, 0, 5];
const IS4: Part = [8, 0];
const IS6: Part = [0x86, 0xdd];

/** Name, whether the kernel finds ports, what follows the MAC addresses. */
const FRAMES: readonly [string, boolean, ...Part[]][] = [
  ['UDP', true, IS4, ipv4(17, UDP)],
  ['TCP', true, IS6, ipv6(6, TCP)],
  ['one tag', true, tag(0x8100), IS4, ipv4(6, TCP)],
  ['QinQ', true, tag(0x88a8), tag(0x8100), IS6, ipv6(17, UDP)],
  ['three tags', true, tag(0x88a8), tag(0x8100), tag(0x8100), IS4, ipv4(17, UDP)],
  ['four tags', true, tag(0x88a8), tag(0x8100), tag(0x8100), tag(0x8100), IS4, ipv4(17, UDP)],
  ['five tags', false, ...Array<Part>(5).fill(tag(0x8100)), IS4, ipv4(17, UDP)],
  ['tag 0x9100', false, tag(0x9100), IS4, ipv4(17, UDP)],
  ['tag 0x9100 and another', false, tag(0x9100), tag(0x8100), IS4, ipv4(17, UDP)],
  ['PPPoE', false, [0x88, 0x64, 0x11, 0, 0, 1, 0, 34, 0, 0x21], ipv4(17, UDP)],
  ['MPLS', false, [0x88, 0x47, 0, 1, 1, 64], ipv4(17, UDP)],
  ['SNAP', false, [0, 40, 0xaa, 0xaa, 3, 0, 0, 0], IS4, ipv4(17, UDP)],
  ['AH on IPv4', true, IS4, ipv4(51, [AH(6), TCP])],
  ['AH twice on IPv4', true, IS4, ipv4(51, [AH(51), AH(17), UDP])],
  ['AH in a later fragment', false, IS4, ipv4(51, [AH(17), UDP], 3)],
  ['AH on IPv6', true, IS6, ipv6(51, [AH(17), UDP])],
  ['IPv6’s options in IPv4', false, IS4, ipv4(0, [options(17), UDP])],
  ['extension headers', true, IS6, ipv6(0, [options(43), options(60), options(51), AH(17), UDP])],
  ['six', true, IS6, ipv6(0, [[60, 60, 60, 60, 60].map(options), options(17), UDP])],
  ['seven', false, IS6, ipv6(0, [[60, 60, 60, 60, 60, 60].map(options), options(17), UDP])],
  ['a first fragment', true, IS4, ipv4(17, UDP, 0x2000)],
  ['a later fragment', false, IS4, ipv4(17, UDP, 0x2003)],
  ['a first fragment of IPv6', true, IS6, ipv6(44, [fragment(17, 1), UDP])],
  ['a later fragment of IPv6', false, IS6, ipv6(0, [options(44), fragment(60, 9), options(17), UDP])],
  ['an atomic fragment', true, IS6, ipv6(44, [fragment(60, 0), options(6), TCP])],
  ['IPv4’s options', true, IS4, ipv4(17, [Array(8).fill(1), UDP], 0, 0x47)],
  ['a header too short', false, IS4, ipv4(17, UDP, 0, 0x44)],
  ['the other version', false, IS4, ipv6(17, UDP)],
  ['an echo', true, IS4, ipv4(1, [8, 0, 0, 0, 0xab, 0xcd, 0, 1])],
  ['an answer', true, IS6, ipv6(58, [129, 0, 0, 0, 0xab, 0xcd, 0, 1])],
  ['an error', false, IS4, ipv4(1, [3, 3, 0, 0, 0, 0, 0, 0, ipv4(17, UDP)])],
  ['an error of IPv6', false, IS6, ipv6(58, [4, 1, 0, 0, 0, 0, 0, 0, ipv6(17, UDP)])],
  ['ICMPv6 in IPv4', false, IS4, ipv4(58, [128, 0, 0, 0, 0xab, 0xcd, 0, 1])],
  ['ICMP in IPv6', false, IS6, ipv6(1, [8, 0, 0, 0, 0xab, 0xcd, 0, 1])],
  ['UDP-Lite', true, IS4, ipv4(136, UDP)],
  ['SCTP', false, IS4, ipv4(132, UDP)],
  ['a TCP header of 8 bytes', true, IS4, ipv4(6, bytes(TCP).subarray(0, 8), 0x2000)],
  ['padding behind an empty packet', false, IS4, ipv4(17, []), UDP],
  ['a TCP header that says it is short', true, IS4, ipv4(6, bytes(TCP).fill(0x20, 12, 13))],
];

test('tags, AH, extension headers, fragments: the kernel reads what decode reads', { skip: cannot }, () => {
  for (const [name, hasPorts, ...parts] of FRAMES) {
    const frame = bytes(Array(12).fill(2), ...parts);
    assert.equal(compareOne(name, frame)?.hasPorts, hasPorts, name);
    compare(name, frame);
  }
});

test('every generated packet, whole and cut', { skip: cannot }, async () => {
  const random = new Random(SEED);
  let count = 0;
  for (const generators of (await allGenerators()).values()) {
    for (const [name, make] of Object.entries(generators)) {
      for (let i = 0; i < OF_GENERATOR; i++) {
        const made = make(random);
        const plain = made instanceof Uint8Array;
        const frame = framed(plain ? made : made.bytes, plain ? LinkType.ETHERNET : made.linkType);
        if (frame === null) continue;
        compare(`${name} ${i}`, frame);
        count++;
      }
    }
  }
  assert.ok(count > 500, `${count} packets`);
});

const captures = ['examples/curl.pcapng'].concat(
  existsSync(CORPUS) ? readdirSync(CORPUS).map((name) => `${CORPUS}/${name}`) : [],
);

test('every capture at hand, whole and cut', { skip: cannot }, async () => {
  let count = 0;
  for (const path of captures) count += await compareCapture(path);
  assert.ok(count > 0);
});

test('the check of an owner’s record is the programs’ own', { skip: cannot }, () => {
  const random = new Random(SEED);
  for (let i = 0; i < 200; i++) {
    const owner = new Uint8Array(new ArrayBuffer(Owner.SIZE));
    owner.set(random.bytes(Owner.SIZE));
    sealOwner(owner);
    const check = new DataView(owner.buffer).getUint32(Owner.CHECK, true);
    assert.equal(kernel!.checkOf(owner), check);
  }
});
