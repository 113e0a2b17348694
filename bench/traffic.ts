// Mixed traffic for the benchmarks: the same packets every time.

/** Deterministic numbers (xorshift). */
export function random(): (below: number) => number {
  let state = 20261123;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** TCP with and without data, UDP, ICMP over IPv4 in Ethernet: 7 to 2.5 to 0.5. */
export function packet(i: number, pick: (below: number) => number): Buffer {
  const kind = pick(20);
  const transport = kind < 14 ? tcp(i, pick) : kind < 19 ? udp(pick) : echo(i);
  const ip = Buffer.alloc(20);
  ip.writeUInt16BE(0x4500, 0);
  ip.writeUInt16BE(20 + transport.length, 2);
  ip.writeUInt16BE(i & 0xffff, 4);
  ip.writeUInt16BE(0x4000, 6);
  ip.writeUInt8(64, 8);
  ip.writeUInt8(kind < 14 ? 6 : kind < 19 ? 17 : 1, 9);
  ip.writeUInt32BE(0x0a000000 + pick(1000), 12);
  ip.writeUInt32BE(0xc0a80100 + pick(250), 16);
  return Buffer.concat([Buffer.from('0200000000010200000000020800', 'hex'), ip, transport]);
}

function tcp(i: number, pick: (below: number) => number): Buffer {
  const data = Buffer.alloc([0, 0, 0, 100, 1400][pick(5)]!, 'x');
  const header = Buffer.alloc(32);
  header.writeUInt16BE(1024 + pick(60000), 0);
  header.writeUInt16BE(9000, 2);
  header.writeUInt32BE(pick(0xffffffff), 4);
  header.writeUInt32BE(pick(0xffffffff), 8);
  header.writeUInt16BE(data.length > 0 ? 0x8018 : 0x8010, 12);
  header.writeUInt16BE(500, 14);
  header.writeUInt32BE(0x0101080a, 20);
  header.writeUInt32BE(i, 24);
  return Buffer.concat([header, data]);
}

function udp(pick: (below: number) => number): Buffer {
  const data = Buffer.alloc(pick(500), 'y');
  const header = Buffer.alloc(8);
  header.writeUInt16BE(1024 + pick(60000), 0);
  header.writeUInt16BE(9001, 2);
  header.writeUInt16BE(8 + data.length, 4);
  return Buffer.concat([header, data]);
}

function echo(i: number): Buffer {
  const message = Buffer.alloc(64, 'z');
  message.writeUInt32BE(0x08000000, 0);
  message.writeUInt32BE(i, 4);
  return message;
}
