// Packets within packets: what a printer of the packet around them may have remembered a connection of.

const TCP = 6;
const IPV4_HEADER = 20;
const IPV6_HEADER = 40;
/** Bytes of a TCP header up to its acknowledgement. */
const PORTS_AND_NUMBERS = 12;

/** Whether an IPv4 or IPv6 header with TCP behind it begins at `at`. */
function isSegment(data: Uint8Array, at: number): boolean {
  const first = data[at]!;
  if (first === 0x45 && data[at + 9] === TCP) return at + IPV4_HEADER + PORTS_AND_NUMBERS <= data.length;
  return first >> 4 === 6 && data[at + 6] === TCP && at + IPV6_HEADER + PORTS_AND_NUMBERS <= data.length;
}

const ETHERNET_HEADER = 14;

/** What the receiver of a datagram in Ethernet may answer: the same bytes the other way; null where there is no datagram. */
export function answerTo(data: Uint8Array): Uint8Array | null {
  const ip = ETHERNET_HEADER;
  const version =
    data[ip - 2] === 0x08 && data[ip - 1] === 0 ? 4 : data[ip - 2] === 0x86 && data[ip - 1] === 0xdd ? 6 : 0;
  if (version === 0) return null;
  const size = version === 4 ? 4 : 16;
  const addresses = ip + (version === 4 ? 12 : 8);
  const ports = ip + (version === 4 ? IPV4_HEADER : IPV6_HEADER);
  if (data.length < ports + 4) return null;
  const answer = Uint8Array.from(data);
  answer.set(data.subarray(addresses, addresses + size), addresses + size);
  answer.set(data.subarray(addresses + size, addresses + 2 * size), addresses);
  answer.set(data.subarray(ports, ports + 2), ports + 2);
  answer.set(data.subarray(ports + 2, ports + 4), ports);
  return answer;
}

/** Every TCP segment in a packet, from its IP header on: the packet's own and those it carries. */
export function segmentsIn(data: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let at = 0; at < data.length; at++) if (isSegment(data, at)) found.push(data.subarray(at));
  return found;
}
