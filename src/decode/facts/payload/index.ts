// What a payload says, on demand: each reader takes bytes and gives facts, or null when the bytes are not its protocol's.

export { addressText, hexText, ipv4Text, ipv6Text, macText } from './address.js';
export { type Arp, readArp } from './arp.js';
export { type Dns, type DnsAnswer, readDns } from './dns.js';
export { type Http, readHttp } from './http.js';
export { readQuic } from './quic.js';
export { type ClientHello, readTls } from './tls.js';
