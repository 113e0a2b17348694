// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What a packet says of itself: link, tags, IP, extension headers, ports. */

#define ETH_P_IP 0x0800
#define ETH_P_IPV6 0x86dd
#define AF_INET 2
#define AF_INET6 10
#define AF_PACKET 17
#define SOCK_STREAM 1
#define SOCK_RAW 3
#define IPPROTO_ICMP 1
#define IPPROTO_IGMP 2
#define IPPROTO_TCP 6
#define IPPROTO_UDP 17
#define IPPROTO_FRAGMENT 44
#define IPPROTO_AH 51
#define IPPROTO_ICMPV6 58
#define IPPROTO_UDPLITE 136

#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_ACK 0x10

struct headers {
    __u32 source[4];
    __u32 destination[4];
    __u16 source_port;      /* network order, as the next; ICMP echo: the identifier in both */
    __u16 destination_port;
    __u16 protocol;         /* of the transport; 0xffff: not IP */
    __u16 family;           /* AF_INET, AF_INET6 or 0 */
    __u32 payload;          /* TCP: bytes after its header */
    __u32 sequence;         /* TCP, host order */
    __u32 fragment_id;
    __u32 at;               /* where the header that is read next begins */
    __u32 end;              /* of the IP packet */
    __u8 tcp_flags;
    __u8 traffic_class;
    __u8 has_ports;
    __u8 later_fragment;
    __u8 fragmented;
    __u8 echo_request;
    __u8 echo_reply;
    __u8 is_error;          /* ICMP, about another packet, which begins 8 bytes behind `at` */
    __u8 is_report;         /* IGMP or MLD: of a membership, which begins at `at` */
};

/* Bytes as they are in the packet's data: tags that the card took off are not among them. */
INLINE int load(struct __sk_buff *skb, __u32 offset, void *to, __u32 length)
{
    if (offset < 256) {
        /* Bounded where it is added: old verifiers forget what was compared in another register, or before it lay on the stack. */
        __u32 place = offset;
        OPAQUE(place);
        place &= 255;
        __u8 *at = (__u8 *)(unsigned long)skb->data + place;
        if (at + length <= (__u8 *)(unsigned long)skb->data_end) {
            __builtin_memcpy(to, at, length);
            return 1;
        }
    }
    return bpf_skb_load_bytes(skb, offset, to, length) == 0;
}

/*
 * Where to read on: through memory that the verifier does not follow, or it would try all that comes after for every place
 * where it may begin.
 */
INLINE __u32 read_on(struct headers *h, __u32 at)
{
    h->at = at;
    BARRIER();
    return h->at;
}

/* What lies behind the end that IP's length says is no part of the packet. */
INLINE void parse_transport(struct __sk_buff *skb, __u32 offset, struct headers *h)
{
    __u32 room = h->end > offset ? h->end - offset : 0;
    if (h->later_fragment)
        return;
    if (h->protocol == IPPROTO_TCP || h->protocol == IPPROTO_UDP || h->protocol == IPPROTO_UDPLITE) {
        __u16 ports[2];
        if (room < sizeof(ports) || !load(skb, offset, ports, sizeof(ports)))
            return;
        h->source_port = ports[0];
        h->destination_port = ports[1];
        h->has_ports = 1;
        __u8 tcp[14];
        if (h->protocol != IPPROTO_TCP || room < sizeof(tcp) || !load(skb, offset, tcp, sizeof(tcp)))
            return;
        h->sequence = (__u32)tcp[4] << 24 | (__u32)tcp[5] << 16 | (__u32)tcp[6] << 8 | tcp[7];
        h->tcp_flags = tcp[13];
        __u32 header = (tcp[12] >> 4) * 4;
        if (header < 20)
            header = 20;
        h->payload = room > header ? room - header : 0;
    } else if (h->protocol == (h->family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6)) {
        __u8 icmp[8];
        if (room < sizeof(icmp) || !load(skb, offset, icmp, sizeof(icmp)))
            return;
        __u8 request = h->protocol == IPPROTO_ICMP ? 8 : 128;
        __u8 reply = h->protocol == IPPROTO_ICMP ? 0 : 129;
        if (icmp[0] == request || icmp[0] == reply) {
            h->echo_request = icmp[0] == request;
            h->echo_reply = icmp[0] == reply;
            h->source_port = h->destination_port = *(__u16 *)(icmp + 4);
            h->has_ports = 1;
        } else if (h->protocol == IPPROTO_ICMP) { /* RFC 792: unreachable, source quench, time exceeded, parameter problem */
            h->is_error = icmp[0] == 3 || icmp[0] == 4 || icmp[0] == 11 || icmp[0] == 12;
        } else { /* RFC 4443: 1 to 4; RFC 2710, RFC 3810: reports, and done */
            h->is_error = icmp[0] >= 1 && icmp[0] <= 4;
            h->is_report = icmp[0] == 131 || icmp[0] == 132 || icmp[0] == 143;
        }
    } else if (h->protocol == IPPROTO_IGMP) {
        __u8 type;
        if (load(skb, offset, &type, 1)) /* RFC 9776: reports of all versions, and leave */
            h->is_report = type == 0x12 || type == 0x16 || type == 0x17 || type == 0x22;
    }
}

INLINE void parse_ip(struct __sk_buff *skb, __u32 offset, struct headers *h)
{
    __u8 ip[20];
    if (!load(skb, offset, ip, sizeof(ip)) || ip[0] >> 4 != 4 || (ip[0] & 15) < 5)
        return;
    h->family = AF_INET;
    h->protocol = ip[9];
    h->traffic_class = ip[1];
    h->source[0] = *(__u32 *)(ip + 12);
    h->destination[0] = *(__u32 *)(ip + 16);
    __u32 fragment = (ip[6] & 0x3f) << 8 | ip[7];
    h->fragmented = fragment != 0;
    h->later_fragment = (fragment & 0x1fff) != 0;
    h->fragment_id = *(__u16 *)(ip + 4);
    __u32 length = (__u32)ip[2] << 8 | ip[3];
    /* GSO packets too large for the field carry 0 */
    h->end = length ? offset + length : skb->len;
    h->at = offset + (ip[0] & 15) * 4;
}

INLINE void parse_ipv6(struct __sk_buff *skb, __u32 offset, struct headers *h)
{
    __u32 ip[10];
    if (!load(skb, offset, ip, sizeof(ip)) || ((__u8 *)ip)[0] >> 4 != 6)
        return;
    h->family = AF_INET6;
    h->traffic_class = ntohl(ip[0]) >> 20;
#pragma unroll
    for (int i = 0; i < 4; i++) {
        h->source[i] = ip[2 + i];
        h->destination[i] = ip[6 + i];
    }
    __u32 length = ntohs((__u16)ip[1]);
    h->end = length ? offset + 40 + length : skb->len;
    h->protocol = ((__u8 *)ip)[6];
    h->at = offset + 40;
}

/*
 * One header between IP's and the transport's: hop-by-hop, routing, fragment, AH, destination options; below IPv4 AH alone.
 * @returns 0: there is none
 */
INLINE int skip_extension(struct __sk_buff *skb, struct headers *h)
{
    __u16 next = h->protocol;
    __u32 at = h->at;
    if (next != 0 && next != 43 && next != IPPROTO_FRAGMENT && next != IPPROTO_AH && next != 60)
        return 0;
    if (h->later_fragment || (h->family == AF_INET && next != IPPROTO_AH))
        return 0;
    __u8 extension[8]; /* by the helper: these are rare, and the verifier has one way less */
    if (bpf_skb_load_bytes(skb, at, extension, sizeof(extension)))
        return 0;
    if (next == IPPROTO_FRAGMENT) {
        h->fragmented = 1;
        h->later_fragment = ((__u32)extension[2] << 8 | (extension[3] & 0xf8)) != 0;
        h->fragment_id = *(__u32 *)(extension + 4);
        at += 8;
    } else if (next == IPPROTO_AH) {
        at += (extension[1] + 2) * 4;
    } else {
        at += (extension[1] + 1) * 8;
    }
    h->at = at;
    h->protocol = extension[0];
    return 1;
}

/*
 * More than six are an attack, not a packet. Where the next one is stays in memory that the verifier does not follow: it looks at each
 * step once, not once for every way through those before.
 */
INLINE void parse_extensions(struct __sk_buff *skb, struct headers *h)
{
#pragma clang loop unroll(disable)
    for (int i = 0; i < 6; i++) {
        BARRIER();
        if (!skip_extension(skb, h))
            break;
    }
    BARRIER();
}

INLINE void parse(struct __sk_buff *skb, struct headers *h)
{
    h->protocol = 0xffff;
    __u32 offset = CONSTANT(link_header);
    __u16 type;
    if (offset) {
        if (!load(skb, offset - 2, &type, sizeof(type)))
            return;
        type = ntohs(type);
#pragma unroll
        for (int i = 0; i < 4; i++) {
            if (type != 0x8100 && type != 0x88a8)
                break;
            if (bpf_skb_load_bytes(skb, offset + 2, &type, sizeof(type)))
                return;
            type = ntohs(type);
            offset = read_on(h, offset + 4);
        }
    } else {
        type = ntohs((__u16)skb->protocol);
    }
    if (type == ETH_P_IP)
        parse_ip(skb, offset, h);
    else if (type == ETH_P_IPV6)
        parse_ipv6(skb, offset, h);
    BARRIER();
    if (!h->family)
        return;
    parse_extensions(skb, h);
    parse_transport(skb, h->at, h);
}
