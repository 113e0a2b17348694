// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Packets of sockets elsewhere: of containers, whose packets the host hands on, and of flows whose addresses netfilter
 * translates. A part of tap.c.
 *
 * Where such a packet's socket is known (the host's end of a veth, a macvlan's parent, the host's own translated flow), its
 * owner is remembered by the addresses with which it and its answers travel. Where its addresses are others, netfilter's
 * entry, which goes along with the packet once it is on its way out, tells those it had before.
 */

#define TRAVELS 0xffffffff /* `ifindex` of such an entry in `remembered` */

#define NF_TRANSLATED 0x30 /* IPS_SRC_NAT, IPS_DST_NAT: linux/netfilter/nf_conntrack_common.h */
#define NF_INFO 7
#define NF_REPLY 3 /* IP_CT_IS_REPLY */

/* A tuple as netfilter's entry has it: linux/net/netfilter/nf_conntrack_tuple.h; the loader asks whether it is this long. */
/* The key of packets that travel as this one does, or as its answers do. */
INLINE void travels(const struct headers *h, int as_answers, struct conversation *c)
{
    conversation_of(h, as_answers ? DIRECTION_OUT : DIRECTION_IN, c);
    c->ifindex = TRAVELS;
}

/* Remembers whose packets travel as this one does, or, not 0, as its answers do. */
GLOBAL(note_travel)
{
    struct work *work = this_work();
    if (!work)
        return 0;
    const struct owner *owner = &work->owner;
    struct conversation c;
    travels(&work->headers, number != 0, &c);
    struct owner *known = bpf_map_lookup_elem(&remembered, &c);
    if (!known || known->check != owner->check)
        bpf_map_update_elem(&remembered, &c, owner, BPF_ANY);
    return 0;
}

/* The entry that netfilter has put to a packet, if it translates; 0 else. */
INLINE __u64 translation_of(__u64 skb)
{
    if (!CONSTANT(have_conntrack))
        return 0;
    __u64 entry = KERNEL(__u64, skb, skb_conntrack);
    if (!(entry & ~(__u64)NF_INFO))
        return 0;
    __u64 status = KERNEL(__u64, entry & ~(__u64)NF_INFO, conntrack_status);
    return status & NF_TRANSLATED ? entry : 0;
}

/* The key of a packet as it travelled before it was translated. */
INLINE int travelled(__u64 entry, struct conversation *c)
{
    struct tuple tuple = {};
    __u64 at = (entry & ~(__u64)NF_INFO) + CONSTANT(conntrack_tuples) + CONSTANT(tuplehash_tuple);
    if ((entry & NF_INFO) >= NF_REPLY && (entry & NF_INFO) != NF_INFO)
        at += CONSTANT(tuplehash_size);
    if (bpf_probe_read_kernel(&tuple, sizeof(tuple), (void *)at))
        return 0;
#pragma unroll
    for (int i = 0; i < 4; i++) {
        c->local[i] = tuple.destination[i];
        c->remote[i] = tuple.source[i];
    }
    int is_echo = tuple.protocol == IPPROTO_ICMP || tuple.protocol == IPPROTO_ICMPV6;
    c->local_port = is_echo ? tuple.source_port : tuple.destination_port;
    c->remote_port = tuple.source_port;
    c->protocol = tuple.protocol;
    c->family = tuple.family;
    c->netns = CONSTANT(netns);
    c->ifindex = TRAVELS;
    return 1;
}

/* A packet leaves whose socket is known: are its answers to be remembered? The number: it is the socket's first. */
GLOBAL(note_own)
{
    struct work *work = this_work();
    if (!work)
        return 0;
    struct conversation c;
    conversation_of(&work->headers, DIRECTION_OUT, &c);
    struct end end;
    local_end(&c, &end);
    if (!bpf_map_lookup_elem(&addresses, &end.address) || translation_of(address_of(skb, work)))
        note_travel(skb, 1);
    else if (number)
        bpf_map_delete_elem(&translated, &end); /* it is the host's own again */
    return 0;
}

/* Owner of a packet that is handed on, or that comes in for a socket elsewhere. The number is its direction. */
GLOBAL(owner_by_travel)
{
    struct work *work = this_work();
    if (!work)
        return 0;
    __u32 direction = number;
    struct conversation c;
    travels(&work->headers, 0, &c);
    __u64 entry = direction == DIRECTION_OUT ? translation_of(address_of(skb, work)) : 0;
    if (entry && !travelled(entry, &c))
        return 0;
    struct owner *known = bpf_map_lookup_elem(&remembered, &c);
    if (!known)
        return 0;
    work->owner = *known;
    work->flags |= FLAG_SOCKET;
    if (entry)
        note_travel(skb, 1);
    return 1;
}

/* Owner of a packet that comes in with its sender's socket still on it: from the other end of a veth. */
GLOBAL(owner_by_sender)
{
    struct work *work = this_work();
    if (!work || !skb->sk)
        return 0;
    struct bpf_sock *sk = bpf_sk_fullsock(skb->sk);
    struct owner *known = sk ? bpf_sk_storage_get(&owners, sk, NULL, 0) : NULL;
    if (!known || !read_owner(known, &work->owner))
        return 0;
    work->flags |= FLAG_SOCKET;
    return 1;
}

#define SOCKET_ASKED 12 /* TCP_NEW_SYN_RECV */

/* Owner of the answer to a connection's first packet: its listener's, which the request that stands for a socket knows. */
GLOBAL(owner_by_listener)
{
    struct work *work = this_work();
    struct receiving *r = this_walk();
    if (!work || !r || !CONSTANT(have_receivers) || !CONSTANT(have_requests))
        return 0;
    __u64 request = KERNEL(__u64, address_of(skb, work), request_of);
    if (!request || KERNEL(__u8, request, request_state) != SOCKET_ASKED)
        return 0;
    r->stored_in = KERNEL(__u64, request, request_listener);
    r->storage = address_of(&owners, work);
    read_storage(skb, 0);
    if (!read_owner(&r->owners[0], &work->owner))
        return 0;
    work->flags |= FLAG_SOCKET;
    return 1;
}
