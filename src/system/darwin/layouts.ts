// Where the fields of macOS's structures are, in bytes, on 64 bits. Source: XNU bsd/sys/proc_info.h, bsd/net/bpf.h, bsd/net/if_dl.h,
// bsd/netinet/in.h; pwd.h; libpcap's pcap/pcap.h.

/** struct passwd */
export const Passwd = { NAME: 0, UID: 16, GID: 20, HOME: 48, SHELL: 56, SIZE: 72 } as const;

/** struct proc_bsdinfo, flavor PROC_PIDTBSDINFO. */
export const BsdInfo = {
  PID: 12,
  PARENT: 16,
  UID: 20,
  COMMAND: 48,
  COMMAND_SIZE: 16,
  START_SECONDS: 120,
  START_MICROSECONDS: 128,
  SIZE: 136,
} as const;

/** struct proc_uniqidentifierinfo, flavor PROC_PIDUNIQIDENTIFIERINFO: of its head, as what follows has grown. */
export const UniqueInfo = { UUID: 0, UNIQUE_ID: 16, SIZE: 56 } as const;

/** struct bpf_hdr: its time is 32 bits wide on every Mac. `END` is the last field's, behind which a link header may begin. */
export const BpfHeader = {
  SECONDS: 0,
  MICROSECONDS: 4,
  CAPTURED: 8,
  LENGTH: 12,
  HEADER_LENGTH: 16,
  END: 18,
  /** Records begin at multiples of this. */
  ALIGNMENT: 4,
} as const;

/** struct pcap_if and struct pcap_addr. */
export const PcapIf = { NEXT: 0, NAME: 8, DESCRIPTION: 16, ADDRESSES: 24, FLAGS: 32, SIZE: 40 } as const;
export const PcapAddress = { NEXT: 0, ADDRESS: 8, NETMASK: 16, SIZE: 40 } as const;

/** struct pcap_stat */
export const PcapStat = { RECEIVED: 0, DROPPED: 4, DROPPED_BY_INTERFACE: 8, SIZE: 12 } as const;

/** struct sockaddr_dl and sockaddr_in. */
export const SockaddrDl = {
  LENGTH: 0,
  FAMILY: 1,
  INDEX: 2,
  TYPE: 4,
  NAME_LENGTH: 5,
  ADDRESS_LENGTH: 6,
  DATA: 8,
} as const;
export const SockaddrIn = { ADDRESS: 4, SIZE: 16 } as const;
export const AddressFamily = { INET: 2, LINK: 18 } as const;
