// Mixed traffic for the benchmarks, as a host sees it: connections that go on, name look-ups, HTTP, IPv6, ARP, echoes, and
// the small services. The same packets every time.

/** A number below what is asked for. */
export type Pick = (below: number) => number;

/** Deterministic numbers (xorshift). */
export function random(): Pick {
  let state = 20261123;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const Protocol = { ICMP: 1, TCP: 6, UDP: 17, ICMP6: 58 } as const;
const CONNECTIONS = 300;
/** Ports of servers, and how many of 10 connections are over IPv6. */
const SERVERS = [443, 443, 443, 80, 22, 5432, 8443, 9000];
const OVER_IPV6 = 2;

interface Connection {
  readonly six: boolean;
  readonly client: Buffer;
  readonly server: Buffer;
  readonly ports: readonly [number, number];
  readonly next: [number, number];
}

let connections: Connection[] | null = null;

function address(pick: Pick, six: boolean, network: number): Buffer {
  const bytes = Buffer.alloc(six ? 16 : 4);
  if (six) {
    bytes.writeUInt32BE(0x20010db8, 0);
    bytes.writeUInt16BE(network, 6);
    bytes.writeUInt32BE(1 + pick(250), 12);
  } else bytes.writeUInt32BE(0x0a000000 + network * 256 + 1 + pick(250), 0);
  return bytes;
}

function connect(pick: Pick): Connection {
  const six = pick(10) < OVER_IPV6;
  return {
    six,
    client: address(pick, six, 1),
    server: address(pick, six, 2 + pick(20)),
    ports: [32768 + pick(28000), SERVERS[pick(SERVERS.length)]!],
    next: [pick(0xffffffff), pick(0xffffffff)],
  };
}

/** The Internet checksum. */
function checksum(...parts: readonly Buffer[]): number {
  const bytes = Buffer.concat(parts);
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += (bytes[i]! << 8) | (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** An IP packet in Ethernet; its transport's checksum is set at `sumAt`. */
function frame(
  from: Buffer,
  to: Buffer,
  protocol: number,
  transport: Buffer,
  sumAt: number,
  id: number,
): Buffer {
  const pseudo = Buffer.alloc(8);
  pseudo.writeUInt32BE(transport.length, 0);
  pseudo[7] = protocol;
  const six = from.length === 16;
  transport.writeUInt16BE(
    protocol === Protocol.ICMP ? checksum(transport) : checksum(from, to, pseudo, transport),
    sumAt,
  );
  const ip = Buffer.alloc(six ? 8 : 12);
  if (six) {
    ip.writeUInt32BE(0x60000000, 0);
    ip.writeUInt16BE(transport.length, 4);
    ip.writeUInt16BE((protocol << 8) | 64, 6);
  } else {
    ip.writeUInt16BE(0x4500, 0);
    ip.writeUInt16BE(20 + transport.length, 2);
    ip.writeUInt16BE(id & 0xffff, 4);
    ip.writeUInt16BE(0x4000, 6);
    ip.writeUInt16BE((64 << 8) | protocol, 8);
    ip.writeUInt16BE(checksum(ip, from, to), 10);
  }
  const type = six ? '86dd' : '0800';
  return Buffer.concat([Buffer.from(`020000000001020000000002${type}`, 'hex'), ip, from, to, transport]);
}

const REQUEST =
  'GET /index.html HTTP/1.1\r\nHost: www.example.org\r\nUser-Agent: curl/8.1\r\nAccept: */*\r\n\r\n';
const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000\r\nServer: nginx\r\n\r\n';

function payload(pick: Pick, connection: Connection, fromClient: boolean): Buffer {
  const length = fromClient ? [0, 0, 0, 100, 400][pick(5)]! : [0, 0, 200, 1400, 1400][pick(5)]!;
  const data = Buffer.alloc(length);
  for (let i = 0; i < length; i++) data[i] = 0x80 | Math.imul(i + length, 40503);
  if (connection.ports[1] === 80 && length > 0) data.write(fromClient ? REQUEST : ANSWER, 'latin1');
  return data;
}

/** The next segment of one of the connections. */
function tcp(i: number, pick: Pick): Buffer {
  connections ??= Array.from({ length: CONNECTIONS }, () => connect(pick));
  const at = pick(CONNECTIONS);
  const begins = pick(40) === 0;
  if (begins) connections[at] = connect(pick);
  const connection = connections[at]!;
  const { next, ports, client, server, six } = connection;
  const ours = begins || pick(2) === 0;
  const [me, peer] = ours ? [0, 1] : [1, 0];
  const data = begins ? Buffer.alloc(0) : payload(pick, connection, ours);
  const options = begins
    ? `020405b40402080a${i.toString(16).padStart(8, '0')}0000000001030307`
    : `0101080a${i.toString(16).padStart(8, '0')}${(i + 7).toString(16).padStart(8, '0')}`;
  const header = Buffer.alloc(20);
  header.writeUInt16BE(ports[me]!, 0);
  header.writeUInt16BE(ports[peer]!, 2);
  header.writeUInt32BE(next[me]!, 4);
  header.writeUInt32BE(begins ? 0 : next[peer]!, 8);
  const flags = begins ? 0x02 : data.length > 0 ? 0x18 : 0x10;
  header.writeUInt16BE(((20 + options.length / 2) << 10) | flags, 12);
  header.writeUInt16BE(501, 14);
  next[me] = (next[me]! + data.length + (begins ? 1 : 0)) >>> 0;
  const segment = Buffer.concat([header, Buffer.from(options, 'hex'), data]);
  return ours
    ? frame(client, server, Protocol.TCP, segment, 16, i)
    : frame(server, client, Protocol.TCP, segment, 16, six ? 0 : i);
}

function datagram(pick: Pick, ports: readonly [number, number], data: Buffer, six = false): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt16BE(ports[0], 0);
  header.writeUInt16BE(ports[1], 2);
  header.writeUInt16BE(8 + data.length, 4);
  const transport = Buffer.concat([header, data]);
  return frame(address(pick, six, 1), address(pick, six, 2), Protocol.UDP, transport, 6, pick(65536));
}

const DNS_NAME = '03777777076578616d706c65036f726700';

/** A question for an address, or its answer with an alias and an address. */
function dns(pick: Pick): Buffer {
  const id = pick(65536).toString(16).padStart(4, '0');
  const port = 32768 + pick(28000);
  if (pick(2) === 0) {
    return datagram(pick, [port, 53], Buffer.from(`${id}01000001000000000000${DNS_NAME}00010001`, 'hex'));
  }
  const records = 'c00c000500010000012c000603636463c010c02d000100010000012c0004cb007105';
  return datagram(
    pick,
    [53, port],
    Buffer.from(`${id}81800001000200000000${DNS_NAME}00010001${records}`, 'hex'),
  );
}

function ntp(pick: Pick): Buffer {
  const message = Buffer.alloc(48);
  message.writeUInt32BE(0x230300e9, 0);
  message.writeUInt32BE(0xe8000000 + pick(100000), 40);
  message.writeUInt32BE(pick(0xffffffff), 44);
  return datagram(pick, [123, 123], message);
}

function arp(pick: Pick): Buffer {
  const request = pick(2) === 0;
  const body = Buffer.from(`000108000604000${request ? 1 : 2}020000000001`, 'hex');
  const ends = [address(pick, false, 1), Buffer.alloc(6, request ? 0 : 2), address(pick, false, 1)];
  return Buffer.concat([Buffer.from('ffffffffffff0200000000010806', 'hex'), body, ...ends, Buffer.alloc(18)]);
}

function echo(i: number, pick: Pick): Buffer {
  const six = pick(3) === 0;
  const message = Buffer.alloc(64, 'z');
  message.writeUInt32BE(six ? 0x80000000 : 0x08000000, 0);
  message.writeUInt32BE(i, 4);
  const [from, to] = [address(pick, six, 1), address(pick, six, 2)];
  return frame(from, to, six ? Protocol.ICMP6 : Protocol.ICMP, message, 2, i);
}

/** Of 100 packets, 72 are TCP's, 8 unknown UDP, 12 DNS, 4 ARP, 3 echoes, 1 NTP. */
export function packet(i: number, pick: Pick): Buffer {
  const kind = pick(100);
  if (kind < 72) return tcp(i, pick);
  if (kind < 80)
    return datagram(pick, [32768 + pick(28000), 9001], Buffer.alloc(pick(500), 'y'), pick(4) === 0);
  if (kind < 92) return dns(pick);
  if (kind < 96) return arp(pick);
  return kind < 99 ? echo(i, pick) : ntp(pick);
}
