// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Whose packet a tunnel's is that comes in: the kernel takes it off, so the socket is that of the packet which it carries. What
 * goes out is named likewise, since the packet that is carried still has its socket. A part of tap.c.
 */

#define PORT_GENEVE 6081 /* RFC 8926 */
#define PORT_VXLAN 4789  /* RFC 7348 */
#define PORT_VXLAN_OLD 8472 /* the kernel's, where no other is given */
#define ETH_P_TEB 0x6558 /* Ethernet in a tunnel */

/* Whether a packet is one of a tunnel's that the kernel may have: by its port alone. */
INLINE int is_tunnel(const struct headers *h)
{
    __u16 port = ntohs(h->destination_port);
    return h->protocol == IPPROTO_UDP && (port == PORT_VXLAN || port == PORT_VXLAN_OLD || port == PORT_GENEVE);
}

/* Where the IP packet begins that a tunnel's packet carries, 0: it carries none. */
INLINE __u32 carried_at(struct __sk_buff *skb, const struct headers *h)
{
    __u8 header[8];
    __u32 at = h->at + 8;
    if (!load(skb, at, header, 8))
        return 0;
    __u16 type = ETH_P_TEB;
    at += 8;
    if (ntohs(h->destination_port) == PORT_GENEVE) {
        type = (__u16)header[2] << 8 | header[3];
        at += (header[0] & 0x3f) * 4; /* options */
    }
    if (type == ETH_P_TEB) {
        if (!load(skb, at + 12, header, 2))
            return 0;
        type = (__u16)header[0] << 8 | header[1];
        at += 14;
    }
    return type == ETH_P_IP || type == ETH_P_IPV6 ? at : 0;
}

/* Whether a packet's socket is one whose packets the kernel takes apart. */
INLINE int is_taken_off(struct __sk_buff *skb, struct work *work)
{
    struct conversation c;
    conversation_of(&work->headers, DIRECTION_IN, &c);
    struct bpf_sock *sk = lookup(skb, &c, CURRENT_NETNS);
    if (!sk)
        return 0;
    int answer = CONSTANT(have_encapsulation) && KERNEL(__u64, address_of(sk, work), socket_encapsulation) &&
                 !bpf_sk_storage_get(&owners, sk, NULL, 0);
    bpf_sk_release(sk);
    return answer;
}

/* Owner of the socket that gets what a tunnel's packet carries: one here, or one elsewhere whose packets have passed. */
GLOBAL(owner_by_carried)
{
    struct work *work = this_work();
    struct conversation sent = {};
    if (!work)
        return 0;
    __u32 at = is_tunnel(&work->headers) && is_taken_off(skb, work) ? carried_at(skb, &work->headers) : 0;
    if (!at || !conversation_of_packet(skb, at, &sent))
        return 0;
    struct conversation c = {};
#pragma unroll
    for (int i = 0; i < 4; i++) {
        c.local[i] = sent.remote[i];
        c.remote[i] = sent.local[i];
    }
    c.local_port = sent.remote_port;
    c.remote_port = sent.local_port;
    c.protocol = sent.protocol;
    c.family = sent.family;
    c.netns = CONSTANT(netns);
    struct owner *known = NULL;
    if (!is_ours(&c)) {
        c.ifindex = TRAVELS;
        known = bpf_map_lookup_elem(&remembered, &c);
        if (!known)
            return 0;
        work->owner = *known;
        work->flags |= FLAG_SOCKET;
        return 1;
    }
    struct bpf_sock *sk = lookup(skb, &c, CURRENT_NETNS);
    if (!sk)
        return 0;
    int found = 0;
    if (!forgotten(is_translated(sk, &c) || is_picked_by_program(sk, &c, work), work)) {
        known = record_of(sk, work);
        found = known && read_owner(known, &work->owner);
    }
    bpf_sk_release(sk);
    if (found)
        work->flags |= FLAG_SOCKET;
    return found;
}
