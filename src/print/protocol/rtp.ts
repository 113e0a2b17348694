// Real-time Transport Protocol (RFC 3550, and version 1 of its drafts) and its control protocol, for -T rtp and -T rtcp.

import { hex } from '../inline.js';
import type { Printer } from '../printer.js';

const H261 = 0x1f;

/** An RTP packet. */
export function printRtp(p: Printer, offset: number, length: number): void {
  p.protocol = 'rtp';
  if (length < 8) {
    p.text(`udp/rtp, length ${length} < 8`);
    return;
  }
  const first = p.u32(offset);
  const timestamp = p.u32(offset + 4);
  const version1 = first >>> 30 === 1;
  if (!version1 && length < 12) {
    p.text(`udp/rtp, length ${length} < 12`);
    return;
  }
  const header = version1 ? 8 : 12;
  const options = version1 && (first & 0x800000) !== 0;
  const extension = !version1 && (first & 0x10000000) !== 0;
  const marker = (first & (version1 ? 0x400000 : 0x800000)) !== 0;
  const content = (first >>> 16) & (version1 ? 0x3f : 0x7f);
  p.text(`udp/${version1 ? 'rtpv1' : 'rtp'} ${length - header} c${content} `);
  p.text(`${options || extension ? '+' : ''}${marker ? '*' : ''} ${first & 0xffff} ${timestamp}`);
  if (p.options.verbose === 0) return;
  p.text(` ${p.u32(offset + 8)}`);
  offset += header;
  let words = (length >> 2) - header / 4;
  if (options) {
    for (let last = false; !last; ) {
      const option = p.u32(offset);
      const size = (option >>> 16) & 0xff;
      last = option >= 0x80000000;
      if (size === 0 || size > words) {
        p.text(' !opt');
        return;
      }
      offset += size * 4;
      words -= size;
    }
  }
  if (extension) {
    const size = (p.u32(offset) & 0xffff) + 1;
    if (size > words) {
      p.text(' !ext');
      return;
    }
    offset += size * 4;
  }
  if (content === H261) p.text(` 0x${hex(p.u32(offset) >>> 16, 4)}`);
}

const ReportType = { SENDER: 200, RECEIVER: 201, DESCRIPTION: 202, BYE: 203 } as const;
const HEADER_LENGTH = 8;
const SENDER_LENGTH = 20;
const REPORT_LENGTH = 24;

/** The control packets of a datagram. */
export function printRtcp(p: Printer, offset: number, _length: number): void {
  while (offset < p.snapEnd) offset += printReport(p, offset);
}

/** @returns the packet's length */
function printReport(p: Printer, offset: number): number {
  p.protocol = 'rtcp';
  const { verbose } = p.options;
  const length = (p.u16(offset + 2) + 1) * 4;
  const type = p.u8(offset + 1);
  let count = p.u8(offset) & 0x1f;
  const source = p.u32(offset + 4);
  const showSource = () => {
    if (verbose > 0) p.text(` ${source}`);
  };
  let report = offset + HEADER_LENGTH;
  switch (type) {
    case ReportType.SENDER: {
      p.text(' sr');
      if (length !== count * REPORT_LENGTH + SENDER_LENGTH + HEADER_LENGTH) p.text(` [${length}]`);
      showSource();
      const time = p.u32(report) + p.u32(report + 4) / 0x100000000;
      p.text(` @${hundredths(time)} ${p.u32(report + 8)} ${p.u32(report + 12)}p ${p.u32(report + 16)}b`);
      report += SENDER_LENGTH;
      break;
    }
    case ReportType.RECEIVER:
      p.text(' rr');
      if (length !== count * REPORT_LENGTH + HEADER_LENGTH) p.text(` [${length}]`);
      showSource();
      break;
    case ReportType.DESCRIPTION:
    case ReportType.BYE:
      p.text(` ${type === ReportType.BYE ? 'bye' : 'sdes'} ${length}`);
      showSource();
      count = 0;
      break;
    default:
      p.text(` type-0x${hex(type)} ${length}`);
      count = 0;
  }
  if (count > 1) p.text(` c${count}`);
  // tcpdump shows the first report's numbers once for each report.
  for (; count > 0; count--) {
    if (verbose > 0) p.text(` ${p.u32(report)}`);
    const last = p.u32(report + 16) / 65536;
    const delay = p.u32(report + 20) / 65536;
    p.text(` ${p.u32(report + 4) & 0xffffff}l ${p.u32(report + 8)}s ${p.u32(report + 12)}j`);
    p.text(` @${hundredths(last)}+${hundredths(delay)}`);
  }
  return length;
}

/** %.2f, which rounds a tie to the even digit. */
function hundredths(value: number): string {
  const tie = Number.isInteger(value * 8) && !Number.isInteger(value * 4);
  if (!tie) return value.toFixed(2);
  const below = Math.floor(value * 100);
  return ((below % 2 === 0 ? below : below + 1) / 100).toFixed(2);
}
