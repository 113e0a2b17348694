// Flows that were seen, and what TCP of each has sent: to count them, and segments that come again.

import { flowKey, type Headers, IpProtocol, sourceFirst, TcpFlag } from '../decode/index.js';
import { type Packet, PacketFlag } from '../packet/index.js';

/** What is not counted, as there is no room for one more. */
export const NO_FLOW = -1;

/** Of one sender of a TCP connection, as it is seen in one place. */
interface Sender {
  /** Behind the last byte that was sent, modulo 2^32. */
  next: number;
}

export class Flows {
  private readonly numbers = new Map<string, number>();
  private readonly senders = new Map<string, Sender>();
  /** Whether a flow found no room: the counts are of the others. */
  full = false;

  /** @param most flows that are kept */
  constructor(private readonly most: number) {}

  /**
   * @param h of an IP packet
   * @returns its flow's number, NO_FLOW where there is no room for another
   */
  number(h: Headers): number {
    const key = flowKey(h);
    let number = this.numbers.get(key);
    if (number === undefined) {
      if (this.numbers.size >= this.most) {
        this.full = true;
        return NO_FLOW;
      }
      number = this.numbers.size;
      this.numbers.set(key, number);
    }
    return number;
  }

  /**
   * Whether a TCP segment holds nothing that its sender has not sent before: all its bytes, its SYN or FIN were seen. A
   * probe of a byte that keeps a connection alive is none. Each interface and direction is looked at for itself, since a packet
   * passes several.
   * @param flow its flow's number
   */
  again(packet: Packet, h: Headers, flow: number): boolean {
    const { metadata } = packet;
    if (metadata !== null && (metadata.flags & PacketFlag.RETRANSMISSION) !== 0) return true;
    if (h.protocol !== IpProtocol.TCP || h.payload < 0 || flow === NO_FLOW || h.fragmented) return false;
    const marks = ((h.tcpFlags & TcpFlag.SYN) !== 0 ? 1 : 0) + ((h.tcpFlags & TcpFlag.FIN) !== 0 ? 1 : 0);
    const length = h.payloadLength + marks;
    if (length === 0 || (h.tcpFlags & TcpFlag.RST) !== 0) return false;
    const end = (h.sequence + length) >>> 0;
    const place = `${flow} ${metadata?.direction ?? 0}${sourceFirst(h) ? 'a' : 'b'}${packet.interface?.name ?? ''}`;
    const sender = this.senders.get(place);
    if (sender === undefined) {
      if (this.senders.size < 4 * this.most) this.senders.set(place, { next: end });
      else this.full = true;
      return false;
    }
    // A new connection between the same ports begins anew.
    if ((h.tcpFlags & TcpFlag.SYN) !== 0 && sender.next !== end) {
      sender.next = end;
      return false;
    }
    const ahead = (end - sender.next) | 0;
    if (ahead > 0) {
      sender.next = end;
      return false;
    }
    return !(h.payloadLength <= 1 && marks === 0 && ahead === 0);
  }
}
