// Names of RADIUS codes, attributes and their values. Source: IANA's registry of RADIUS types; RFC 4675, 5176, 5580, 6572.

import { counted } from '../../inline.js';
import type { Bits, Words } from '../../printer.js';

export const CODES: Words = {
  ...counted(
    1,
    'Access-Request|Access-Accept|Access-Reject|Accounting-Request|Accounting-Response||||||Access-Challenge|' +
      'Status-Server|Status-Client',
  ),
  ...counted(40, 'Disconnect-Request|Disconnect-ACK|Disconnect-NAK|CoA-Request|CoA-ACK|CoA-NAK'),
  255: 'Reserved',
};

export const SERVICES = counted(
  1,
  'Login|Framed|Callback Login|Callback Framed|Outbound|Administrative|NAS Prompt|Authenticate Only|' +
    'Callback NAS Prompt|Call Check|Callback Administrative|Voice|Fax|Modem Relay|IAPP-Register|' +
    'IAPP-AP-Check|Authorize Only|Framed-Management|Additional-Authorization',
);
export const FRAMED_PROTOCOLS = counted(
  1,
  'PPP|SLIP|ARAP|Gandalf proprietary|Xylogics IPX/SLIP|X.75 Synchronous|GPRS PDP Context',
);
export const FRAMED_ROUTINGS = counted(0, 'None|Send|Listen|Send&Listen');
export const COMPRESSIONS = counted(0, 'None|VJ TCP/IP|IPX|Stac-LZS');
export const LOGIN_SERVICES = counted(
  0,
  'Telnet|Rlogin|TCP Clear|PortMaster(proprietary)|LAT|X.25-PAD|X.25-T3POS|Unassigned|TCP Clear Quiet',
);
export const TERMINATION_ACTIONS = counted(0, 'Default|RADIUS-Request');
export const INGRESS_FILTERS = counted(1, 'Enabled|Disabled');
export const PORT_TYPES = counted(
  0,
  'Async|Sync|ISDN Sync|ISDN Async V.120|ISDN Async V.110|Virtual|PIAFS|HDLC Clear Channel|X.25|X.75|' +
    'G.3 Fax|SDSL|ADSL-CAP|ADSL-DMT|ISDN-DSL|Ethernet|xDSL|Cable|Wireless - Other|Wireless - IEEE 802.11|' +
    'Token-Ring|FDDI|Wireless - CDMA200|Wireless - UMTS|Wireless - 1X-EV|IAPP|FTTP|Wireless - IEEE 802.16|' +
    'Wireless - IEEE 802.20|Wireless - IEEE 802.22|PPPoA|PPPoEoA|PPPoEoE|PPPoEoVLAN|PPPoEoQinQ|xPON|' +
    'Wireless - XGP|WiMAX Pre-Release 8 IWK Function|WIMAX-WIFI-IWK|WIMAX-SFF|WIMAX-HA-LMA|WIMAX-DHCP|' +
    'WIMAX-LBS|WIMAX-WVS',
);
export const STATUSES = counted(
  1,
  'Start|Stop|Interim-Update|Unassigned|Unassigned|Unassigned|Accounting-On|Accounting-Off|Tunnel-Start|' +
    'Tunnel-Stop|Tunnel-Reject|Tunnel-Link-Start|Tunnel-Link-Stop|Tunnel-Link-Reject|Failed',
);
export const AUTHENTICATIONS = counted(1, 'RADIUS|Local|Remote|Diameter');
export const TERMINATION_CAUSES = counted(
  1,
  'User Request|Lost Carrier|Lost Service|Idle Timeout|Session Timeout|Admin Reset|Admin Reboot|Port Error|' +
    'NAS Error|NAS Request|NAS Reboot|Port Unneeded|Port Preempted|Port Suspended|Service Unavailable|' +
    'Callback|User Error|Host Request|Supplicant Restart|Reauthentication Failure|Port Reinitialized|' +
    'Port Administratively Disabled|Lost Power',
);
export const TUNNELS = counted(
  1,
  'PPTP|L2F|L2TP|ATMP|VTP|AH|IP-IP|MIN-IP-IP|ESP|GRE|DVS|IP-in-IP Tunneling|VLAN',
);
export const MEDIA = counted(
  1,
  'IPv4|IPv6|NSAP|HDLC|BBN 1822|802|E.163|E.164|F.69|X.121|IPX|Appletalk|Decnet IV|Banyan Vines|' +
    'E.164 with NSAP subaddress',
);
export const ZONES = counted(1, 'Only access to dfl zone|Use zone filter inc.|Not used|Use zone filter exc.');
export const PROMPTS = counted(0, 'No Echo|Echo');
export const ERROR_CAUSES: Words = {
  ...counted(201, 'Residual Session Context Removed|Invalid EAP Packet (Ignored)'),
  ...counted(
    401,
    'Unsupported Attribute|Missing Attribute|NAS Identification Mismatch|Invalid Request|' +
      'Unsupported Service|Unsupported Extension|Invalid Attribute Value',
  ),
  ...counted(
    501,
    'Administratively Prohibited|Request Not Routable (Proxy)|Session Context Not Found|' +
      'Session Context Not Removable|Other Proxy Processing Error|Resources Unavailable|' +
      'Request Initiated|Multiple Session Selection Unsupported|Location Info Required',
  ),
};
/** Tags of VLANs (RFC 4675). */
export const VLAN_TAGS: Words = { 0x31: 'Tagged', 0x32: 'Untagged' };
/** Namespaces of operators, kinds of locations and who is there, and what may be done with that (RFC 5580). */
export const NAMESPACES: Words = { 0x30: 'TADIG', 0x31: 'REALM', 0x32: 'E212', 0x33: 'ICC' };
export const LOCATION_CODES: Words = { 0: 'Civic', 1: 'Geospatial' };
export const ENTITIES: Words = { 0: 'User', 1: 'RADIUS' };
export const POLICIES: Bits = [
  ...Array.from({ length: 15 }, (_, bit) => [1 << bit, `MBZ-${15 - bit}`] as const),
  [0x8000, 'Retransmission Allowed'],
];
/** Mobile IPv6's features by the bit's number (RFC 5447, 6572). */
export const MOBILE_FEATURES: readonly (readonly [bit: number, word: string])[] = [
  [0, 'MIP6_INTEGRATED'],
  [1, 'LOCAL_HOME_AGENT_ASSIGNMENT'],
  [40, 'PMIP6_SUPPORTED'],
  [41, 'IP4_HOA_SUPPORTED'],
  [42, 'LOCAL_MAG_ROUTING_SUPPORTED'],
  [43, 'ASSIGN_LOCAL_IP'],
  [44, 'MIP4_SUPPORTED'],
  [45, 'OPTIMIZED_IDLE_MODE_MOBILITY'],
  [46, 'GTPv2_SUPPORTED'],
  [47, 'IP4_TRANSPORT_SUPPORTED'],
  [48, 'IP4_HOA_ONLY_SUPPORTED'],
  [49, 'INTER_MAG_ROUTING_SUPPORTED'],
];
