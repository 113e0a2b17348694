// Numbers that Juniper's routers put in front of packets, and their names. Source: tcpdump's and Wireshark's tables;
// Juniper publishes none.

import { counted } from '../../inline.js';
import type { Bits, Words } from '../../printer.js';

export const Flag = { INCOMING: 0x01, NO_LINK_HEADER: 0x02, EXTENSIONS: 0x80 } as const;
export const FLAGS: Bits = [
  [Flag.EXTENSIONS, 'Ext'],
  [0x40, 'Filter'],
  [0x04, 'IIF'],
  [Flag.NO_LINK_HEADER, 'no-L2'],
  [Flag.INCOMING, 'In'],
];

export const Extension = {
  DEVICE_NAME: 2,
  DEVICE_MEDIA: 3,
  ENCAPSULATION: 6,
  DERIVED_MEDIA: 7,
  DERIVED_ENCAPSULATION: 8,
} as const;
export const EXTENSIONS: Words = counted(
  1,
  'Device Interface Index|Device Interface Name|Device Media Type|Logical Interface Index|Logical Unit Number|' +
    'Logical Interface Encapsulation|TTP derived Device Media Type|TTP derived Logical Interface Encapsulation',
);

/** Media of interfaces. */
export const MEDIA: Words = counted(
  1,
  'Ethernet|FDDI|Token-Ring|PPP|Frame-Relay|Cisco-HDLC|SMDS-DXI|ATM-PVC|PPP-CCC|Frame-Relay-CCC|IP-over-IP|GRE|' +
    'PIM-Encapsulator|PIM-Decapsulator|Cisco-HDLC-CCC|VLAN-CCC|Multilink-PPP|Multilink-FR|Multilink|LSI||' +
    'ATM-CCC-Cell-Relay|IPSEC-over-IP|GGSN|||PPP-TCC|Frame-Relay-TCC|Cisco-HDLC-TCC|Ethernet-CCC|' +
    'VPN-Loopback-tunnel|Extended-VLAN-CCC|Ethernet-over-ATM|Monitor|Ethernet-TCC|VLAN-TCC|Extended-VLAN-TCC|' +
    'Controller|Multilink-FR-UNI-NNI|LinkService|VPLS|VLAN-VPLS|Extended-VLAN-VPLS|Logical-tunnel|' +
    'General-Services|Ethernet-VPLS-over-ATM||Extended FR-CCC|Extended FR-TCC|Flexible-FrameRelay||' +
    'Flexible-Ethernet-Services|Flow-collection|||PPPoE|PPP-Subordinate||Dynamic-Flow-Capture|PIC Peer',
);

/** Encapsulations of logical interfaces; that of a subordinate PPP has no name. */
export const ENCAPSULATIONS: Words = {
  ...counted(
    2,
    'ATM SNAP|ATM NLPID|ATM VCMUX|ATM LLC|PPP over ATM VCMUX|PPP over ATM LLC|PPP over FUNI|CCC over ATM|FR NLPID|' +
      'FR SNAP|FR PPP|FR CCC|Ethernet|||PPP|C-HDLC|PPP CCC|IPIP|PIM Null|GRE NULL|PPP over GRE|PIMd|C-HDLC CCC|' +
      'CISCO compatible NLPID|VLAN CCC|MLPPP|MLFR|LSI Null||ATM CCC Cell Relay|Crypto|GGSN|ATM VCMUX TCC|FR TCC|' +
      'PPP TCC|C-HDLC TCC|Ethernet CCC|VT|Ethernet over ATM LLC|Extended VLAN CCC|ATM SNAP TCC|Monitor|' +
      'Ethernet TCC|VLAN TCC|Extended VLAN TCC|MFR|VPLS|VLAN VPLS|Extended VLAN VPLS|General Services|' +
      'Ethernet VPLS over ATM LLC|FR CCC|MLPPP over ATM LLC|Ethernet over ATM CCC|LT VLAN|Collector|Aggregator|' +
      'LAPD|PPPoE over ATM LLC|PPPoE over Ethernet|PPPoE||C-HDLC via dialer',
  ),
  64: '',
};

/** Kinds of security associations. */
export const ASSOCIATIONS: Words = counted(1, 'ESP ENCR-AUTH|ESP ENCR-AH AUTH|ESP AUTH|AH AUTH|ESP ENCR');
