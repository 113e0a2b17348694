// `10.0.0.1.1234 > 10.0.0.2.80: `, as TCP, UDP and their kin begin.

import type { Printer } from './printer.js';

/** Writes a port. */
type PortWriter = (p: Printer, port: number) => void;

/**
 * Addresses with ports; ports alone where the IP header has printed its addresses already, because something stands between.
 * @param protocol the transport's IP protocol number
 * @param source -1: not captured
 */
export function printEndpoints(
  p: Printer,
  protocol: number,
  source: number,
  destination: number,
  port: PortWriter,
): void {
  const four = p.ipVersion === 4;
  const direct = p.buffer[p.ipHeader + (four ? 9 : 6)] === protocol;
  if (direct) {
    if (four) p.ipv4(p.ipHeader + 12);
    else p.ipv6(p.ipHeader + 8);
  }
  if (source >= 0) {
    if (direct) p.char(46);
    port(p, source);
  }
  if (direct || source >= 0) p.text(' > ');
  if (direct) {
    if (four) p.ipv4(p.ipDestination);
    else p.ipv6(p.ipDestination);
  }
  if (destination >= 0) {
    if (direct) p.char(46);
    port(p, destination);
  }
  if (direct || source >= 0) p.text(': ');
}
