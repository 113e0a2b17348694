// rtnetlink: requests, dumps and notifications. Source: RFC 3549; linux/netlink.h, linux/rtnetlink.h.

import { errno, libc, SystemError } from './libc.js';

const AF_NETLINK = 16;
const SOCK_RAW_CLOEXEC = 3 | 0x80000;
const MSG_DONTWAIT = 0x40;
const HEADER = 16;
const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;
const EINTR = 4;
const EAGAIN = 11;
const ENOBUFS = 105;

export const NLM_F = { REQUEST: 1, ACK: 4, DUMP: 0x300, EXCL: 0x200, CREATE: 0x400 } as const;

export interface NetlinkMessage {
  readonly type: number;
  /** The message after its netlink header. */
  readonly body: Buffer;
}

/** Attributes of a message from `offset` on: type → the last value of that type. Nested-bit and order bit are dropped. */
export function attributes(body: Buffer, offset: number): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  while (offset + 4 <= body.length) {
    const length = body.readUInt16LE(offset);
    if (length < 4 || offset + length > body.length) break;
    found.set(body.readUInt16LE(offset + 2) & 0x3fff, body.subarray(offset + 4, offset + length));
    offset += (length + 3) & ~3;
  }
  return found;
}

/** One attribute, padded to 4. */
export function attribute(type: number, value: Buffer): Buffer {
  const bytes = Buffer.alloc(4 + ((value.length + 3) & ~3));
  bytes.writeUInt16LE(4 + value.length, 0);
  bytes.writeUInt16LE(type, 2);
  value.copy(bytes, 4);
  return bytes;
}

/** A netlink socket in the network namespace it was opened in. */
export class Netlink {
  /** -1: closed. */
  fd: number;
  private readonly buffer = Buffer.from(new ArrayBuffer(256 * 1024));
  private sequence = 0;

  /**
   * @param groups notifications wanted, RTMGRP_ bits
   * @throws SystemError
   */
  constructor(groups: number, protocol = 0) {
    this.fd = libc().socket(AF_NETLINK, SOCK_RAW_CLOEXEC, protocol);
    if (this.fd < 0) throw new SystemError('cannot open a netlink socket', errno());
    const address = Buffer.from(new ArrayBuffer(12));
    address.writeUInt16LE(AF_NETLINK, 0);
    address.writeUInt32LE(groups, 8);
    if (libc().bind(this.fd, address, address.length) < 0) {
      const why = errno();
      this.close();
      throw new SystemError('cannot bind a netlink socket', why);
    }
  }

  /**
   * Sends a request and waits for its answer.
   * @returns the messages of a dump, or none for a request that is acknowledged
   * @throws SystemError with the kernel's errno
   */
  request(type: number, flags: number, body: Buffer, what: string): NetlinkMessage[] {
    const message = Buffer.from(new ArrayBuffer(HEADER + body.length));
    message.writeUInt32LE(message.length, 0);
    message.writeUInt16LE(type, 4);
    message.writeUInt16LE(flags | NLM_F.REQUEST | ((flags & NLM_F.DUMP) === NLM_F.DUMP ? 0 : NLM_F.ACK), 6);
    message.writeUInt32LE(++this.sequence, 8);
    body.copy(message, HEADER);
    if (libc().send(this.fd, message, message.length, 0) < 0) throw new SystemError(what, errno());
    const answers: NetlinkMessage[] = [];
    for (;;) {
      for (const part of this.read(0, what)) {
        if (part.sequence !== this.sequence) continue;
        if (part.type === NLMSG_DONE) return answers;
        if (part.type === NLMSG_ERROR) {
          const error = -part.body.readInt32LE(0);
          if (error !== 0) throw new SystemError(what, error);
          return answers;
        }
        answers.push(part);
      }
    }
  }

  /**
   * Sends a message that has its netlink header already and takes the one that answers it: no copy is made.
   * @returns bytes of the answer, which lie in `answer` from its netlink header on; the kernel's error as a negative number
   */
  exchange(message: Uint8Array): number {
    new DataView(message.buffer, message.byteOffset).setUint32(8, ++this.sequence, true);
    if (libc().send(this.fd, message, message.length, 0) < 0) return -errno();
    for (;;) {
      const count = libc().recv(this.fd, this.buffer, this.buffer.length, 0);
      if (count < 0) {
        const why = errno();
        if (why === EINTR) continue;
        return -why;
      }
      if (count < HEADER || this.buffer.readUInt32LE(8) !== this.sequence) continue;
      if (this.buffer.readUInt16LE(4) === NLMSG_ERROR) return this.buffer.readInt32LE(HEADER) || HEADER;
      return count;
    }
  }

  /** What the last `exchange` got. */
  get answer(): Buffer {
    return this.buffer;
  }

  /** Sends a message that nothing answers. @returns false when the kernel refuses */
  tell(message: Uint8Array): boolean {
    return libc().send(this.fd, message, message.length, 0) >= 0;
  }

  /**
   * Notifications that have come, without waiting.
   * @returns them, or null when some were lost and the caller must look at everything anew
   */
  notifications(): NetlinkMessage[] | null {
    const all: NetlinkMessage[] = [];
    for (;;) {
      try {
        const some = this.read(MSG_DONTWAIT, 'cannot read from netlink');
        if (some.length === 0) return all;
        all.push(...some);
      } catch (error) {
        if (error instanceof SystemError && error.errno === ENOBUFS) return null;
        throw error;
      }
    }
  }

  private read(flags: number, what: string): (NetlinkMessage & { sequence: number })[] {
    const count = libc().recv(this.fd, this.buffer, this.buffer.length, flags);
    if (count < 0) {
      const why = errno();
      if (why === EAGAIN) return [];
      if (why === EINTR) return this.read(flags, what);
      throw new SystemError(what, why);
    }
    const messages: (NetlinkMessage & { sequence: number })[] = [];
    for (let at = 0; at + HEADER <= count; ) {
      const length = this.buffer.readUInt32LE(at);
      if (length < HEADER || at + length > count) break;
      messages.push({
        type: this.buffer.readUInt16LE(at + 4),
        sequence: this.buffer.readUInt32LE(at + 8),
        body: Buffer.from(this.buffer.subarray(at + HEADER, at + length)),
      });
      at += (length + 3) & ~3;
    }
    return messages;
  }

  close(): void {
    if (this.fd >= 0) libc().close(this.fd);
    this.fd = -1;
  }
}
