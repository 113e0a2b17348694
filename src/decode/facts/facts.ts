// A packet and all that it says: headers at once, payloads when a field asks for them.

import { LinkType, Packet } from '../../packet/index.js';
import { Headers } from '../headers.js';
import { u16 } from '../link.js';
import { EtherType, IpProtocol } from '../numbers.js';
import { type Arp, readArp } from './payload/arp.js';
import { type Dns, readDns } from './payload/dns.js';
import { type Http, readHttp } from './payload/http.js';
import { readQuic } from './payload/quic.js';
import { type ClientHello, readTls } from './payload/tls.js';

/** DNS, multicast DNS (RFC 6762), LLMNR (RFC 4795). */
const DNS_PORTS: ReadonlySet<number> = new Set([53, 5353, 5355]);
const MACS = 12;

/** One object is filled anew for each packet. What it hands out of a payload is kept by whoever wants it. */
export class Facts {
  readonly headers = new Headers();
  packet: Packet = new Packet();
  /** Gives the text of a packet, for the field `info`: the rooms that show fields hand it in. */
  info: ((packet: Packet) => string) | null = null;
  private asked = { arp: false, dns: false, http: false, hello: false };
  private found: { arp: Arp | null; dns: Dns | null; http: Http | null; hello: ClientHello | null } = {
    arp: null,
    dns: null,
    http: null,
    hello: null,
  };

  /** Takes the next packet. */
  read(packet: Packet): void {
    this.packet = packet;
    this.headers.read(packet);
    const { asked } = this;
    asked.arp = asked.dns = asked.http = asked.hello = false;
  }

  /** Offset of the Ethernet addresses, destination first; -1: there are none. */
  get macs(): number {
    const { linkType, offset, capturedLength } = this.packet;
    return linkType === LinkType.ETHERNET && capturedLength >= MACS ? offset : -1;
  }

  get arp(): Arp | null {
    if (!this.asked.arp) {
      this.asked.arp = true;
      const { link, buffer, end } = this.headers;
      this.found.arp = link.etherType === EtherType.ARP ? readArp(buffer, link.network, end) : null;
    }
    return this.found.arp;
  }

  get dns(): Dns | null {
    if (!this.asked.dns) {
      this.asked.dns = true;
      this.found.dns = this.readDns();
    }
    return this.found.dns;
  }

  /** A request or an answer of HTTP/1. */
  get http(): Http | null {
    if (!this.asked.http) {
      this.asked.http = true;
      const { headers: h } = this;
      this.found.http =
        h.protocol === IpProtocol.TCP && h.payload >= 0 ? readHttp(h.buffer, h.payload, h.payloadEnd) : null;
    }
    return this.found.http;
  }

  /** What a client of TLS or QUIC says first. */
  get hello(): ClientHello | null {
    if (!this.asked.hello) {
      this.asked.hello = true;
      this.found.hello = this.readHello();
    }
    return this.found.hello;
  }

  private readDns(): Dns | null {
    const { headers: h } = this;
    if (h.payload < 0 || !(DNS_PORTS.has(h.sourcePort) || DNS_PORTS.has(h.destinationPort))) return null;
    if (h.protocol === IpProtocol.UDP) return readDns(h.buffer, h.payload, h.payloadEnd);
    // Over TCP a message has its length in front, and begins a segment (RFC 1035 4.2.2).
    if (h.protocol !== IpProtocol.TCP || h.payload + 2 > h.payloadEnd) return null;
    const end = h.payload + 2 + u16(h.buffer, h.payload);
    return readDns(h.buffer, h.payload + 2, Math.min(end, h.payloadEnd));
  }

  private readHello(): ClientHello | null {
    const { headers: h } = this;
    if (h.payload < 0) return null;
    if (h.protocol === IpProtocol.TCP) return readTls(h.buffer, h.payload, h.payloadEnd);
    return h.protocol === IpProtocol.UDP ? readQuic(h.buffer, h.payload, h.payloadEnd) : null;
  }
}
