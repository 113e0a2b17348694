// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Whose packet an ICMP error is about: it carries that packet's beginning, and is for the socket that sent it. A part of tap.c.
 */

#define ERROR_HEADER 8 /* bytes before the other packet */

/* The conversation of a packet in another one's payload, as its sender sees it. @returns 0 where its ports cannot be told */
INLINE int conversation_of_packet(struct __sk_buff *skb, __u32 offset, struct conversation *c)
{
    __u32 ip[10];
    __u32 ports;
    if (!load(skb, offset, ip, 20))
        return 0;
    __u8 *bytes = (__u8 *)ip;
    __u32 header = 40;
    if (bytes[0] >> 4 == 4) {
        if ((bytes[6] & 0x1f) | bytes[7]) /* a later fragment has no ports */
            return 0;
        header = (bytes[0] & 15) * 4;
        c->family = AF_INET;
        c->protocol = bytes[9];
        c->local[0] = ip[3];
        c->remote[0] = ip[4];
    } else if (bytes[0] >> 4 == 6) {
        if (!load(skb, offset, ip, sizeof(ip)))
            return 0;
        c->family = AF_INET6;
        c->protocol = bytes[6]; /* with headers in between it is nobody's */
#pragma unroll
        for (int i = 0; i < 4; i++) {
            c->local[i] = ip[2 + i];
            c->remote[i] = ip[6 + i];
        }
    } else {
        return 0;
    }
    if (c->protocol != IPPROTO_TCP && c->protocol != IPPROTO_UDP)
        return 0;
    if (!load(skb, offset + header, &ports, sizeof(ports)))
        return 0;
    c->local_port = (__u16)ports;
    c->remote_port = ports >> 16;
    c->netns = CONSTANT(netns);
    return 1;
}

/* Owner of the socket that sent the packet which an error is about, if it is one of ours. */
GLOBAL(owner_by_error)
{
    struct work *work = this_work();
    struct conversation c = {};
    if (!work || !conversation_of_packet(skb, work->headers.at + ERROR_HEADER, &c) || !is_ours(&c))
        return 0;
    struct bpf_sock *sk = lookup(skb, &c, CURRENT_NETNS);
    if (!sk)
        return 0;
    /* A listener has not sent it, and what was translated is another's. */
    int is_other = (c.protocol == IPPROTO_TCP && sk->state == SOCKET_LISTENS) || is_translated(sk, &c) ||
                   is_picked_by_program(sk, &c, work);
    if (forgotten(is_other, work)) {
        bpf_sk_release(sk);
        return 0;
    }
    struct owner *known = record_of(sk, work);
    int found = known && read_owner(known, &work->owner);
    bpf_sk_release(sk);
    if (found)
        work->flags |= FLAG_SOCKET;
    return found;
}
