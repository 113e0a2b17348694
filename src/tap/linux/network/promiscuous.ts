// Promiscuous mode of a plain device. Source: packet(7).

import { errno, libc, SystemError } from '../../../system/index.js';

/**
 * A packet socket that keeps a device promiscuous as long as it is open.
 * @returns its descriptor
 */
export function openPromiscuous(ifindex: number): number {
  const AF_PACKET = 17;
  const SOL_PACKET = 263;
  const PACKET_ADD_MEMBERSHIP = 1;
  const PACKET_MR_PROMISC = 1;
  const fd = libc().socket(AF_PACKET, 3 | 0x80000, 0);
  if (fd < 0) throw new SystemError('cannot open a packet socket for promiscuous mode', errno());
  const request = new Uint8Array(new ArrayBuffer(16));
  const view = new DataView(request.buffer);
  view.setInt32(0, ifindex, true);
  view.setUint16(4, PACKET_MR_PROMISC, true);
  if (libc().setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, request, request.length) < 0) {
    const why = errno();
    libc().close(fd);
    throw new SystemError('cannot set promiscuous mode', why);
  }
  return fd;
}
