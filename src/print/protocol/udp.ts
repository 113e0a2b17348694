// UDP and what its ports say follows. Source: RFC 768; ports: IANA.

import { shouldBe, transportChecksum } from '../checksum.js';
import type { Printer, ProtocolPrinter } from '../printer.js';
import { printers } from '../table.js';

const HEADER = 8;
const Field = { SOURCE: 0, DESTINATION: 2, LENGTH: 4, CHECKSUM: 6 } as const;
const PROTOCOL = 17;

/** Printers by port, in the order they are asked: the first line with the source or the destination port serves. */
const BY_PORT: readonly (readonly [ports: readonly number[], print: ProtocolPrinter])[] = [
  [[53, 5353, 5355], printers.dns],
  [[525], printers.timed],
  [[69], printers.tftp],
  [[67, 68], printers.dhcp],
  [[520], printers.rip],
  [[654], printers.aodv],
  [[500, 7500, 8500], printers.isakmp],
  [[4500], printers.isakmpRfc3948],
  [[161, 162], printers.snmp],
  [[123], printers.ntp],
  [[88, 750], printers.kerberos],
  [[1701], printers.l2tp],
  [[137], printers.nbnsUdp137],
  [[138], printers.nbdgmUdp138],
  [[7000, 7001, 7002, 7003, 7004, 7005, 7006, 7007, 7008, 7009, 7021], printers.rx],
  [[521], printers.ripng],
  [[546, 547], printers.dhcp6],
  [[5359], printers.ahcp],
  [[6696, 6697], printers.babel],
  [[701], printers.lmp],
  [[3503], printers.lspPing],
  [[3784, 3785, 4784, 6784, 7784], printers.bfd],
  [[646], printers.ldp],
  [[1589], printers.vqp],
  [[6343], printers.sflow],
  [[12223], printers.lwappControl],
  [[12222], printers.lwappData],
  [[5060], printers.sip],
  [[514], printers.syslog],
  [[8472], printers.otv],
  [[4789], printers.vxlan],
  [[4790], printers.vxlanGpe],
  [[6081], printers.geneve],
  [[4341, 4342], printers.lisp],
  [[1645, 1646, 1700, 1812, 1813, 3799], printers.radius],
  [[1985], printers.hsrp],
  [[6635], printers.mpls],
  [[319, 320], printers.ptp],
  [[30490], printers.someip],
  [[17754], printers.zep],
  [[698], printers.olsr],
  [[443], printers.quic],
];

/** Port → its line's place and printer. */
const PLACES = new Map<number, number>();
BY_PORT.forEach(([ports], place) => {
  for (const port of ports) PLACES.set(port, place);
});

/** The printer of a pair of ports, or null. */
function byPorts(source: number, destination: number): ProtocolPrinter | null {
  const a = PLACES.get(source) ?? BY_PORT.length;
  const b = PLACES.get(destination) ?? BY_PORT.length;
  return BY_PORT[Math.min(a, b)]?.[1] ?? null;
}

/** A UDP datagram, `length` bytes by the IP header. */
export function printUdp(p: Printer, offset: number, length: number): void {
  p.protocol = 'udp';
  const options = p.options;
  if (!p.has(offset, 4)) {
    addresses(p, -1, -1);
    p.text(' ');
    p.truncated();
    return;
  }
  const source = p.u16(offset + Field.SOURCE);
  const destination = p.u16(offset + Field.DESTINATION);
  addresses(p, source, destination);
  if (length < HEADER || !p.has(offset, HEADER)) {
    if (length < HEADER) {
      p.text('truncated-udp ');
      p.dec(length);
      return;
    }
    p.char(32);
    p.text('[|udp]');
    return;
  }
  const claimed = p.u16(offset + Field.LENGTH);
  // 0 in a jumbogram or a GSO packet: what IP says counts.
  const real = claimed < HEADER && claimed !== 0 ? -1 : claimed === 0 ? length : claimed;
  if (real < 0) {
    p.text('truncated-udplength ');
    p.dec(claimed);
    return;
  }
  const payload = Math.min(length, real) - HEADER;
  // -v shows the sum over IPv6, where it is not optional; -vv over IPv4 too.
  if (options.verbose > (p.ipVersion === 6 ? 0 : 1) && !options.noChecksums && !p.ipFragmented) {
    const field = p.u16(offset + Field.CHECKSUM);
    if (field === 0 && p.ipVersion === 4) p.text('[no cksum] ');
    else if (p.has(offset, length)) {
      const sum = transportChecksum(p, offset, payload + HEADER, PROTOCOL);
      if (sum === 0) p.text('[udp sum ok] ');
      else {
        p.text('[bad udp cksum 0x');
        p.hex0(field, 4);
        p.text(' -> 0x');
        p.hex0(shouldBe(field, sum), 4);
        p.text('!] ');
      }
    }
  }
  p.sourcePort = source;
  p.destinationPort = destination;
  const end = offset + HEADER + payload;
  const cut = end < p.snapEnd;
  if (cut) p.pushSnapEnd(end);
  const print = options.quiet ? null : byPorts(source, destination);
  if (print === null) {
    p.text('UDP, length ');
    p.dec(payload);
    if (claimed > length) {
      p.text(' (truncated-udplength)');
    }
  } else print(p, offset + HEADER, payload);
  if (cut) p.pop();
}

function addresses(p: Printer, source: number, destination: number): void {
  const four = p.ipVersion === 4;
  if (four) p.ipv4(p.ipHeader + 12);
  else p.ipv6(p.ipHeader + 8);
  if (source >= 0) {
    p.char(46);
    p.udpPort(source);
  }
  p.text(' > ');
  if (four) p.ipv4(p.ipDestination);
  else p.ipv6(p.ipDestination);
  if (destination >= 0) {
    p.char(46);
    p.udpPort(destination);
  }
  p.text(': ');
}
