// Heartbeats of Microsoft's Network Load Balancing. No specification is public: what is known of the beginning.

import { ipv4Text } from '../inline.js';
import type { Printer } from '../printer.js';

/** Priority, in little-endian order, and addresses of the cluster and the host. */
const Field = { PRIORITY: 8, CLUSTER: 12, HOST: 16 } as const;

/** A heartbeat. */
export function printMsNlb(p: Printer, offset: number): void {
  p.protocol = 'msnlb';
  p.text('MS NLB heartbeat');
  p.text(`, host priority: ${p.le32(offset + Field.PRIORITY)}`);
  p.text(`, cluster IP: ${ipv4Text(p, offset + Field.CLUSTER)}`);
  p.text(`, host IP: ${ipv4Text(p, offset + Field.HOST)}`);
}
