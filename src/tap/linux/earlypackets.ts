// The first packets of conversations, at once: a packet socket beside the ring, which hands packets over in blocks and so
// some milliseconds late. A classic BPF filter lets through what opens a TCP connection, and UDP without the busiest pairs
// of ports. Source: packet(7); socket(7), SO_TIMESTAMPNS; linux/filter.h.

import {
  addressOf,
  assemble,
  attachFilter,
  Code,
  errno,
  type Instruction,
  libc,
  SYSCALL,
  SystemError,
} from '../../system/index.js';
import { Resources } from './resources.js';

const AF_PACKET = 17;
/** SOCK_DGRAM: the link-layer header is taken off. */
const SOCK_DGRAM_FLAGS = 2 | 0x80000 | 0x800;
const SOL_SOCKET = 1;
const SO_TIMESTAMPNS = 35;
const ETH_P_ALL = 3;
const PACKET_OUTGOING = 4;
const MSG_DONTWAIT = 0x40;
/** Headers and some options. */
const SNAP = 160;
/** Pairs of ports that are left out at once. */
const PAIRS = 32;

/** struct msghdr and what it points to. */
const Message = {
  NAME: 0,
  NAME_LENGTH: 8,
  VECTOR: 16,
  VECTORS: 24,
  CONTROL: 32,
  CONTROL_LENGTH: 40,
  SIZE: 56,
} as const;
/** struct sockaddr_ll. */
const Address = { IFINDEX: 4, PACKET_TYPE: 10, SIZE: 20 } as const;
const CONTROL_SIZE = 64;

const { LOAD_HALF, LOAD_BYTE, LOAD_WORD, LOAD_WORD_BEHIND, LOAD_BYTE_BEHIND } = Code;
const { HEADER_LENGTH, AND, EQUAL, ANY_BIT, RETURN } = Code;
const PROTOCOL = 0xfffff000;

/** What comes through, but for UDP between `pairs` of ports. */
function program(pairs: readonly number[]): Uint8Array {
  const code: Instruction[] = [
    [LOAD_HALF, PROTOCOL],
    [EQUAL, 0x0800, null, 'ipv6'],
    [LOAD_HALF, 6],
    [ANY_BIT, 0x1fff, 'no', null],
    [HEADER_LENGTH, 0],
    [LOAD_BYTE, 9],
    [EQUAL, 6, null, 'udp4'],
    [LOAD_BYTE_BEHIND, 13],
    [AND, 0x12],
    [EQUAL, 0x02, 'yes', 'no'],
    [EQUAL, 17, null, 'no', 'udp4'],
    [LOAD_WORD_BEHIND, 0],
    // Always true behind it: a jump to the pairs.
    [EQUAL, 0, 'pairs', 'pairs'],
    [EQUAL, 0x86dd, null, 'no', 'ipv6'],
    [LOAD_BYTE, 6],
    [EQUAL, 6, null, 'udp6'],
    [LOAD_BYTE, 40 + 13],
    [AND, 0x12],
    [EQUAL, 0x02, 'yes', 'no'],
    [EQUAL, 17, null, 'no', 'udp6'],
    [LOAD_WORD, 40],
    [EQUAL, 0, 'pairs', 'pairs'],
    ...(pairs.length === 0
      ? [[RETURN, SNAP, null, null, 'pairs'] as Instruction]
      : pairs.map(
          (pair, i): Instruction =>
            i === 0 ? [EQUAL, pair, 'no', null, 'pairs'] : [EQUAL, pair, 'no', null],
        )),
    [RETURN, SNAP, null, null, 'yes'],
    [RETURN, 0, null, null, 'no'],
  ];
  return assemble(code);
}

export class EarlyPackets {
  readonly fd: number;
  /** The packet from its network header on, after `next`. */
  readonly bytes = new Uint8Array(new ArrayBuffer(SNAP));
  length = 0;
  leaves = false;
  interface = 0;
  /** Microseconds since the epoch, as the packet ring has them. */
  stamp = 0;
  private readonly message = new Uint8Array(new ArrayBuffer(Message.SIZE));
  private readonly messageView = new DataView(this.message.buffer);
  private readonly messageAddress = Number(addressOf(this.message));
  private readonly address = new Uint8Array(new ArrayBuffer(Address.SIZE));
  private readonly addressView = new DataView(this.address.buffer);
  private readonly vector = new BigUint64Array([addressOf(this.bytes), BigInt(SNAP)]);
  private readonly control = new Uint8Array(new ArrayBuffer(CONTROL_SIZE));
  private readonly controlView = new DataView(this.control.buffer);
  private readonly pairs: number[] = [];
  private readonly resources = new Resources();

  /**
   * @param ifindex interface, 0: all
   * @throws SystemError
   */
  constructor(ifindex: number) {
    this.fd = libc().socket(AF_PACKET, SOCK_DGRAM_FLAGS, 0);
    if (this.fd < 0) throw new SystemError('cannot open a packet socket', errno());
    const { fd, resources } = this;
    resources.add(() => libc().close(fd));
    try {
      this.filter();
      const on = new Uint8Array(new Uint32Array([1]).buffer);
      if (libc().setsockopt(this.fd, SOL_SOCKET, SO_TIMESTAMPNS, on, 4) < 0)
        throw new SystemError('cannot have packets stamped', errno());
      const view = new DataView(new ArrayBuffer(Address.SIZE));
      view.setUint16(0, AF_PACKET, true);
      view.setUint16(2, ETH_P_ALL, false);
      view.setInt32(Address.IFINDEX, ifindex, true);
      if (libc().bind(this.fd, new Uint8Array(view.buffer), Address.SIZE) < 0)
        throw new SystemError('cannot bind the packet socket', errno());
    } catch (error) {
      resources.close();
      throw error;
    }
    const header = this.messageView;
    header.setBigUint64(Message.NAME, addressOf(this.address), true);
    header.setBigUint64(Message.VECTOR, addressOf(new Uint8Array(this.vector.buffer)), true);
    header.setBigUint64(Message.VECTORS, 1n, true);
    header.setBigUint64(Message.CONTROL, addressOf(this.control), true);
  }

  private filter(): void {
    attachFilter(this.fd, program(this.pairs), 'cannot filter packets');
  }

  /** Leaves out UDP between these ports from now on: source in the upper half. The pair that is out longest comes back. */
  leaveOut(pair: number): void {
    if (this.pairs.includes(pair)) return;
    if (this.pairs.length >= PAIRS) this.pairs.shift();
    this.pairs.push(pair);
    this.filter();
  }

  /** @returns whether there was a packet; its facts are in the fields until the next call */
  next(): boolean {
    const header = this.messageView;
    header.setUint32(Message.NAME_LENGTH, Address.SIZE, true);
    header.setBigUint64(Message.CONTROL_LENGTH, BigInt(CONTROL_SIZE), true);
    const count = libc().syscall6(SYSCALL.recvmsg, this.fd, this.messageAddress, MSG_DONTWAIT, 0, 0);
    if (count < 0) return false;
    this.length = count;
    this.interface = this.addressView.getInt32(Address.IFINDEX, true);
    this.leaves = this.address[Address.PACKET_TYPE] === PACKET_OUTGOING;
    const control = this.controlView;
    const stamped = control.getInt32(12, true) === SO_TIMESTAMPNS;
    this.stamp = stamped
      ? Number(control.getBigInt64(16, true)) * 1e6 + Math.floor(Number(control.getBigInt64(24, true)) / 1000)
      : Date.now() * 1000;
    return true;
  }

  close(): void {
    this.resources.close();
  }
}
