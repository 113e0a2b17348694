// The numbers by which headers name what follows them.

/** Source: IEEE 802, https://www.iana.org/assignments/ieee-802-numbers. */
export const EtherType = {
  IPV4: 0x0800,
  ARP: 0x0806,
  TRANSPARENT_ETHERNET: 0x6558,
  VLAN: 0x8100,
  IPV6: 0x86dd,
  PPP: 0x880b,
  MPLS: 0x8847,
  MPLS_UPSTREAM: 0x8848,
  PPPOE_SESSION: 0x8864,
  QINQ: 0x88a8,
  QINQ_OLD: 0x9100,
} as const;

/** Source: https://www.iana.org/assignments/protocol-numbers. */
export const IpProtocol = {
  HOP_BY_HOP: 0,
  ICMP: 1,
  IGMP: 2,
  IPV4: 4,
  TCP: 6,
  UDP: 17,
  DCCP: 33,
  IPV6: 41,
  ROUTING: 43,
  FRAGMENT: 44,
  GRE: 47,
  ESP: 50,
  AH: 51,
  ICMP6: 58,
  OPTIONS: 60,
  ETHERIP: 97,
  SCTP: 132,
  UDPLITE: 136,
  MPLS: 137,
} as const;

/** Source: RFC 9293 3.1. */
export const TcpFlag = { FIN: 0x01, SYN: 0x02, RST: 0x04, PUSH: 0x08, ACK: 0x10, URGENT: 0x20 } as const;

/** Source: https://www.iana.org/assignments/ppp-numbers. */
export const PppProtocol = { IPV4: 0x0021, IPV6: 0x0057, MPLS: 0x0281 } as const;

/** Ports of the tunnels that are looked into. Source: the RFC named at each. */
export const TunnelPort = {
  /** RFC 2661. */
  L2TP: 1701,
  /** 3GPP TS 29.281. */
  GTP_U: 2152,
  /** RFC 4380. */
  TEREDO: 3544,
  /** RFC 8086. */
  GRE: 4754,
  /** RFC 7348. */
  VXLAN: 4789,
  /** RFC 8926. */
  GENEVE: 6081,
  /** RFC 7510. */
  MPLS: 6635,
  /** What Linux took for VXLAN before it had a number. */
  VXLAN_LINUX: 8472,
} as const;
