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

/** Every TCP segment in a packet, from its IP header on: the packet's own and those it carries. */
export function segmentsIn(data: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let at = 0; at < data.length; at++) if (isSegment(data, at)) found.push(data.subarray(at));
  return found;
}
