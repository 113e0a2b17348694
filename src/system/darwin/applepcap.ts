// Apple's libpcap: its functions, each looked up when it is needed, as those to come may have others.

import { koffi } from '../koffi.js';
import { PACKET_LIBRARIES } from '../platform.js';

/** Bytes of a buffer for what went wrong. Source: PCAP_ERRBUF_SIZE. */
export const ERROR_SIZE = 256;

const DECLARATIONS = {
  pcap_create: 'void *pcap_create(const char *device, void *error)',
  pcap_set_snaplen: 'int pcap_set_snaplen(void *p, int snapshot_length)',
  pcap_set_promisc: 'int pcap_set_promisc(void *p, int on)',
  pcap_set_timeout: 'int pcap_set_timeout(void *p, int milliseconds)',
  pcap_set_buffer_size: 'int pcap_set_buffer_size(void *p, int bytes)',
  pcap_set_immediate_mode: 'int pcap_set_immediate_mode(void *p, int on)',
  pcap_set_want_pktap: 'int pcap_set_want_pktap(void *p, int on)',
  pcap_activate: 'int pcap_activate(void *p)',
  pcap_setdirection: 'int pcap_setdirection(void *p, int direction)',
  pcap_set_datalink: 'int pcap_set_datalink(void *p, int dlt)',
  pcap_datalink: 'int pcap_datalink(void *p)',
  pcap_bufsize: 'int pcap_bufsize(void *p)',
  pcap_fileno: 'int pcap_fileno(void *p)',
  pcap_stats: 'int pcap_stats(void *p, void *stats)',
  pcap_geterr: 'const char *pcap_geterr(void *p)',
  pcap_statustostr: 'const char *pcap_statustostr(int status)',
  pcap_close: 'void pcap_close(void *p)',
  pcap_findalldevs: 'int pcap_findalldevs(void *list, void *error)',
  pcap_freealldevs: 'void pcap_freealldevs(void *list)',
} as const;

const found = new Map<string, ((...values: unknown[]) => unknown) | null>();

function lookUp(name: keyof typeof DECLARATIONS): ((...values: unknown[]) => unknown) | null {
  let known = found.get(name);
  if (known === undefined) {
    try {
      known = koffi().load(PACKET_LIBRARIES[0]!).func(DECLARATIONS[name]) as unknown as NonNullable<
        typeof known
      >;
    } catch {
      known = null;
    }
    found.set(name, known);
  }
  return known;
}

/** @throws Error that names the function that this libpcap does not have */
export function call<Result>(name: keyof typeof DECLARATIONS, ...values: unknown[]): Result {
  const known = lookUp(name);
  if (known === null) throw new Error(`${PACKET_LIBRARIES[0]} has no ${name}: live capture needs it`);
  return known(...values) as Result;
}

/** Apple's private functions, which a macOS to come may not have. @returns the name of one that is missing; null: all are there */
export function missingTapFunction(): string | null {
  return lookUp('pcap_set_want_pktap') === null ? 'pcap_set_want_pktap' : null;
}

/** A text that ends with a NUL. */
export function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return Buffer.from(bytes).toString('utf8', 0, end < 0 ? bytes.length : end);
}
