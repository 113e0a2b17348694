// Linux's vsock monitor (DLT_VSOCK): sockets between virtual machines and their host. Every number is little-endian.

import { printUnknownData } from '../hexdump.js';
import { hex, wordOf } from '../inline.js';
import type { Printer, Words } from '../printer.js';

const HEADER_LENGTH = 32;
const VIRTIO_HEADER_LENGTH = 44;
const VIRTIO = 2;
const PAYLOAD = 4;

const TRANSPORTS: Words = { 0: 'UNKNOWN', 1: 'NO_INFO', 2: 'VIRTIO' };
const OPERATIONS: Words = { 0: 'UNKNOWN', 1: 'CONNECT', 2: 'DISCONNECT', 3: 'CONTROL', 4: 'PAYLOAD' };
const VIRTIO_TYPES: Words = { 1: 'STREAM' };
const VIRTIO_OPERATIONS: Words = {
  0: 'INVALID',
  1: 'REQUEST',
  2: 'RESPONSE',
  3: 'RST',
  4: 'SHUTDOWN',
  5: 'RW',
  6: 'CREDIT UPDATE',
  7: 'CREDIT REQUEST',
};

/** A link of vsock messages. */
export function printVsock(p: Printer, offset: number, _length: number): void {
  const { verbose } = p.options;
  p.protocol = 'vsock';
  p.need(offset, HEADER_LENGTH);
  p.linkHeaderLength += HEADER_LENGTH;
  const captured = p.available(offset);
  const transport = p.le16(offset + 26);
  const headers = HEADER_LENGTH + (transport === VIRTIO ? VIRTIO_HEADER_LENGTH : 0);
  const cut = verbose > 0 && captured < headers;
  p.text(wordOf(TRANSPORTS, transport, 'Invalid transport (%u)'));
  if (verbose === 0) p.char(32);
  else if (!cut) {
    if (transport === VIRTIO) printVirtio(p, offset + HEADER_LENGTH);
    p.text('\n\t');
  }
  const operation = p.le16(offset + 24);
  p.text(`${p.le64(offset)}.${p.le32(offset + 16)} > ${p.le64(offset + 8)}.${p.le32(offset + 20)}`);
  p.text(` ${wordOf(OPERATIONS, operation, ' invalid op (%u)')}, length ${captured}`);
  if (cut) p.truncated();
  else if (verbose > 1 && operation === PAYLOAD) {
    if (captured > headers) {
      p.char(10);
      printUnknownData(p, '\t', offset + headers, captured - headers);
    } else p.truncated();
  }
}

function printVirtio(p: Printer, offset: number): void {
  p.text(` (len ${p.le32(offset + 24)}`);
  p.text(`, type ${wordOf(VIRTIO_TYPES, p.le16(offset + 28), 'Invalid type (%u)')}`);
  p.text(`, op ${wordOf(VIRTIO_OPERATIONS, p.le16(offset + 30), 'Invalid op (%u)')}`);
  p.text(`, flags ${hex(p.le32(offset + 32))}`);
  p.text(`, buf_alloc ${p.le32(offset + 36)}, fwd_cnt ${p.le32(offset + 40)})`);
}
