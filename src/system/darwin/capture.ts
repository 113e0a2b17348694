// Live captures of macOS: Apple's libpcap opens /dev/bpf and makes pktap interfaces; what is read of the descriptor is ours to take apart.
// Source: pcap(3PCAP), pcap_set_want_pktap(3), pktap(4); Apple's libpcap-144, tcpdump-148.

import { call, ERROR_SIZE, textOf } from './applepcap.js';
import { PcapStat } from './layouts.js';

type Pointer = unknown;

/** DLT_PKTAP on macOS, which is DLT_USER2 elsewhere. */
const DLT_PKTAP = 149;
const Direction = { in: 1, out: 2 } as const;
/** What pcap_activate says. Source: pcap.h. */
const Status = { ERROR: -1, NO_SUCH_DEVICE: -5, PERMISSION_DENIED: -8, NOT_UP: -9 } as const;

export interface CaptureRequest {
  /** As libpcap takes it: `en0`, `pktap`, `pktap,en0,lo0`. */
  readonly device: string;
  readonly snapshotLength: number;
  readonly promiscuous: boolean;
  /** Milliseconds after which a read returns with what there is. */
  readonly timeout: number;
  /** Bytes; null: libpcap's own choice. */
  readonly bufferSize: number | null;
  readonly immediate: boolean;
  /** The device is a tap: its packets have PKTAP headers. */
  readonly tap: boolean;
  /** What the descriptor itself leaves out; null: nothing. */
  readonly direction: 'in' | 'out' | null;
  readonly warn: (message: string) => void;
}

/** A capture that cannot be opened. */
export class CaptureError extends Error {
  /** @param denied whether rights are what is missing */
  constructor(
    message: string,
    readonly denied: boolean,
  ) {
    super(message);
  }
}

const DENIED = /not permitted|permission/i;

/** An open capture. */
export class DarwinCapture {
  private constructor(
    private readonly handle: Pointer,
    readonly fd: number,
    /** Bytes that a read of the descriptor must ask for, no more and no less. */
    readonly bufferSize: number,
    /** DLT_ number. */
    readonly dlt: number,
  ) {}

  /** @throws CaptureError; nothing is left open then */
  static open(request: CaptureRequest): DarwinCapture {
    const error = new Uint8Array(new ArrayBuffer(ERROR_SIZE));
    const handle = call<Pointer>('pcap_create', request.device, error);
    if (handle === null) throw failure(request.device, textOf(error));
    try {
      activate(handle, request);
      return new DarwinCapture(
        handle,
        call('pcap_fileno', handle),
        call('pcap_bufsize', handle),
        call('pcap_datalink', handle),
      );
    } catch (thrown) {
      call('pcap_close', handle);
      throw thrown;
    }
  }

  /** Packets that the kernel had no room for, and that the interface lost. */
  lost(): { readonly kernel: number; readonly interface: number } {
    const stats = new Uint8Array(new ArrayBuffer(PcapStat.SIZE));
    if (call<number>('pcap_stats', this.handle, stats) !== 0) return { kernel: 0, interface: 0 };
    const view = new DataView(stats.buffer);
    return {
      kernel: view.getUint32(PcapStat.DROPPED, true),
      interface: view.getUint32(PcapStat.DROPPED_BY_INTERFACE, true),
    };
  }

  /** Closes the descriptor; libpcap takes the pktap interface away that it made. */
  close(): void {
    call('pcap_close', this.handle);
  }
}

/** In the order in which Apple's tcpdump makes these calls. */
function activate(handle: Pointer, request: CaptureRequest): void {
  const { device, tap, direction } = request;
  call('pcap_set_snaplen', handle, request.snapshotLength);
  call('pcap_set_promisc', handle, request.promiscuous ? 1 : 0);
  call('pcap_set_timeout', handle, request.timeout);
  if (request.bufferSize !== null) call('pcap_set_buffer_size', handle, request.bufferSize);
  if (request.immediate) call('pcap_set_immediate_mode', handle, 1);
  if (tap) call('pcap_set_want_pktap', handle, 1);
  const status = call<number>('pcap_activate', handle);
  if (status < 0) throw activationFailure(device, status, handle);
  if (status > 0) request.warn(`${device}: ${detail(status, handle)}`);
  if (direction !== null && call<number>('pcap_setdirection', handle, Direction[direction]) !== 0)
    throw failure(device, `-Q ${direction}: ${call<string>('pcap_geterr', handle)}`);
  if (tap && call<number>('pcap_set_datalink', handle, DLT_PKTAP) !== 0)
    throw failure(device, `no packets with processes: ${call<string>('pcap_geterr', handle)}`);
}

function detail(status: number, handle: Pointer): string {
  return call<string>('pcap_geterr', handle) || call<string>('pcap_statustostr', status);
}

function activationFailure(device: string, status: number, handle: Pointer): CaptureError {
  switch (status) {
    case Status.NO_SUCH_DEVICE:
      return new CaptureError(`${device}: No such device exists`, false);
    case Status.NOT_UP:
      return new CaptureError(`${device}: That device is not up`, false);
    case Status.PERMISSION_DENIED:
      return new CaptureError(`${device}: ${detail(status, handle)}`, true);
    default:
      return failure(device, detail(status, handle));
  }
}

function failure(device: string, reason: string): CaptureError {
  return new CaptureError(`${device}: ${reason}`, DENIED.test(reason));
}
