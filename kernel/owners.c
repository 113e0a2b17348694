// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Whose a packet is: by its own socket, by looking one up, by what is remembered. */

/*
 * The socket that the kernel itself would hand a packet from c->remote to c->local to; with `bpf_sk_release` owed for it.
 */
INLINE struct bpf_sock *lookup(struct __sk_buff *skb, const struct conversation *c, __u64 netns)
{
    struct bpf_sock_tuple tuple = {};
    __u32 size = sizeof(tuple.ipv6);
    if (c->family == AF_INET) {
        tuple.ipv4.saddr = c->remote[0];
        tuple.ipv4.daddr = c->local[0];
        tuple.ipv4.sport = c->remote_port;
        tuple.ipv4.dport = c->local_port;
        size = sizeof(tuple.ipv4);
    } else {
#pragma unroll
        for (int i = 0; i < 4; i++) {
            tuple.ipv6.saddr[i] = c->remote[i];
            tuple.ipv6.daddr[i] = c->local[i];
        }
        tuple.ipv6.sport = c->remote_port;
        tuple.ipv6.dport = c->local_port;
    }
    return c->protocol == IPPROTO_TCP ? bpf_sk_lookup_tcp(skb, &tuple, size, netns, 0)
                                      : bpf_sk_lookup_udp(skb, &tuple, size, netns, 0);
}

/* Notes that a socket's packet was seen. New flow: its first one since the tap is there. */
INLINE void see(struct owner *known, __u32 *flags)
{
    if (!(known->seen & SEEN)) {
        known->seen |= SEEN;
        *flags |= FLAG_NEW_FLOW;
    }
}

/*
 * Whether the metadata filter refused what the record says when it was asked last. A filter that only asks who it is answers
 * the same for every packet of a record, and most records that a filter refuses are refused for each of their packets.
 */
INLINE int refused_before(const struct owner *known)
{
    __u32 refused = known->refused;
    return CONSTANT(filter_of_owners) && refused && refused == known->check;
}

/* Copies a socket's owner out, unless the packet is refused for it and leaves nothing to remember. */
INLINE void copy_owner(struct owner *known, struct owner *to, __u32 *flags, struct answer *answer,
                       struct owner **record)
{
    if (!known)
        return;
    if (!answer->remembers && refused_before(known)) {
        answer->refused = 1;
        return;
    }
    see(known, flags);
    *record = known;
    answer->found = read_owner(known, to);
}

/* Whether a socket is bound to no address: a lookup finds it for packets to any, also for those that only pass through. */
INLINE int is_wildcard(const struct bpf_sock *sk, __u16 family)
{
    return family == AF_INET ? !sk->src_ip4 : !(sk->src_ip6[0] | sk->src_ip6[1] | sk->src_ip6[2] | sk->src_ip6[3]);
}

INLINE void local_address(const struct conversation *c, struct address *address)
{
#pragma unroll
    for (int i = 0; i < 4; i++)
        address->words[i] = c->local[i];
    address->netns = CONSTANT(netns);
    address->family = c->family;
}

INLINE int is_ours(const struct conversation *c)
{
    struct address address;
    local_address(c, &address);
    return (c->family == AF_INET && (__u8)c->local[0] == 127) || bpf_map_lookup_elem(&addresses, &address) != NULL;
}

/* Whether the kernel keeps a packet that comes in, by its routes; or hands it on, as a router does. */
NOINLINE int is_kept(struct __sk_buff *skb, const struct conversation *c, struct work *work)
{
    __u8 first = (__u8)c->local[0];
    if (c->family == AF_INET ? first >= 224 : first == 0xff) /* multicast, broadcast */
        return 1;
    struct bpf_fib_lookup *route = &work->route;
    __builtin_memset(route, 0, sizeof(*route));
    route->family = c->family;
    route->ifindex = skb->ifindex;
    if (c->family == AF_INET) {
        route->ipv4_src = c->remote[0];
        route->ipv4_dst = c->local[0];
    } else {
#pragma unroll
        for (int i = 0; i < 4; i++) {
            route->ipv6_src[i] = c->remote[i];
            route->ipv6_dst[i] = c->local[i];
        }
    }
    switch (bpf_fib_lookup(skb, route, sizeof(*route), 0)) {
    case BPF_FIB_LKUP_RET_NOT_FWDED:
        return 1;
    case BPF_FIB_LKUP_RET_FWD_DISABLED: {
        /* It is for us, or, by its link-layer address, for whoever is bridged here; unless that is one of our upper devices. */
        if (skb->pkt_type != PACKET_OTHERHOST)
            return 1;
        struct address address;
        local_address(c, &address);
        return bpf_map_lookup_elem(&addresses, &address) != NULL;
    }
    default:
        return 0;
    }
}

/* A socket's record. Multipath TCP's sockets from before the tap get theirs when their first packet passes. */
INLINE struct owner *record_of(struct bpf_sock *sk, struct work *work)
{
    struct owner *known = bpf_sk_storage_get(&owners, sk, NULL, 0);
    if (known || !CONSTANT(have_multipath) || sk->protocol != IPPROTO_TCP)
        return known;
    __u64 subflow = KERNEL(__u64, address_of(sk, work), tcp_upper);
    __u64 connection = subflow ? KERNEL(__u64, subflow, subflow_connection) : 0;
    __u64 cookie = connection ? KERNEL(__u64, connection, sock_cookie) : 0;
    struct owner *older = cookie ? bpf_map_lookup_elem(&multipath, &cookie) : NULL;
    return older ? bpf_sk_storage_get(&owners, sk, older, BPF_SK_STORAGE_GET_F_CREATE) : NULL;
}

#define SOCKET_CONNECTED 1 /* TCP_ESTABLISHED; UDP has it too */
#define SOCKET_LISTENS 10 /* TCP_LISTEN */

/* Whether a socket takes packets of anybody: a listener, or one that is not connected. */
INLINE int takes_anybodys(const struct bpf_sock *sk, const struct conversation *c)
{
    return c->protocol == IPPROTO_TCP ? sk->state == SOCKET_LISTENS : sk->state != SOCKET_CONNECTED;
}

/*
 * Whether a program of the application's (SO_ATTACH_REUSEPORT_EBPF, _CBPF) will pick the socket among several on one port: a
 * lookup, which has no packet to show to it, picks another.
 */
INLINE int is_picked_by_program(const struct bpf_sock *sk, const struct conversation *c, struct work *work)
{
    if (!CONSTANT(have_groups))
        return 0;
    if (!takes_anybodys(sk, c) || (c->protocol == IPPROTO_TCP && !work->answer.opens))
        return 0;
    __u64 group = KERNEL(__u64, address_of(sk, work), sock_group);
    return group && KERNEL(__u64, group, group_program) && KERNEL(__u16, group, group_sockets) > 1;
}

#define TRANSLATED_FOR 600000000000ull /* nanoseconds */

INLINE void local_end(const struct conversation *c, struct end *end)
{
    local_address(c, &end->address);
    end->port = c->local_port;
    end->protocol = c->protocol;
}

/* A packet passes through: is its source made one of ours? */
INLINE void note_translation(const struct conversation *c)
{
    struct end end;
    local_end(c, &end);
    if (!bpf_map_lookup_elem(&addresses, &end.address))
        return;
    __u64 now = bpf_ktime_get_boot_ns();
    bpf_map_update_elem(&translated, &end, &now, BPF_ANY);
}

/* Whether a packet to a socket that takes anybody's is not for it: its destination will be another one. */
INLINE int is_translated(struct bpf_sock *sk, const struct conversation *c)
{
    if (!takes_anybodys(sk, c))
        return 0;
    struct end end;
    local_end(c, &end);
    __u64 *seen = bpf_map_lookup_elem(&translated, &end);
    if (!seen || bpf_ktime_get_boot_ns() - *seen >= TRANSLATED_FOR)
        return 0;
    /* A program that was started since has the port for itself, or it would have no packets. */
    struct owner *known = bpf_sk_storage_get(&owners, sk, NULL, 0);
    return !known || known->start < *seen;
}

/* Owners of a datagram that comes in for every socket that wants it. */
GLOBAL(owner_of_many)
{
    struct work *work = this_work();
    if (!work)
        return 0;
    struct conversation c;
    conversation_of(&work->headers, DIRECTION_IN, &c);
    if (!is_for_many(skb, &c))
        return 0;
    work->answer.for_many = 1;
    struct bpf_sock *sk = lookup(skb, &c, CURRENT_NETNS);
    if (!sk)
        return 0;
    __u64 known = address_of(sk, work);
    bpf_sk_release(sk);
    __u64 packet = address_of(skb, work), storage = address_of(&owners, work);
    work->answer.receivers = find_receivers(skb, packet, known, &c, storage);
    struct receiving *r = this_walk();
    if (!r || !work->answer.receivers)
        return 0;
    work->flags |= FLAG_SOCKET;
    work->owner = r->owners[0];
    work->answer.found = 1;
    return 0;
}

/* Owner by looking the socket up in a namespace. */
INLINE void owner_by_lookup(struct __sk_buff *skb, const struct conversation *c, __u64 netns, __u32 direction,
                            struct work *work, struct owner **record)
{
    struct bpf_sock *sk = lookup(skb, c, netns);
    if (!sk)
        return;
    if (netns == CURRENT_NETNS && direction == DIRECTION_OUT && is_wildcard(sk, c->family) &&
        !forgotten(is_ours(c), work)) { /* a macvlan's packet on its parent: the port alone says nothing */
        bpf_sk_release(sk);
        return;
    }
    if (netns == CURRENT_NETNS && direction == DIRECTION_IN &&
        ((is_wildcard(sk, c->family) && !forgotten(is_kept(skb, c, work), work)) ||
         forgotten(is_translated(sk, c), work))) {
        bpf_sk_release(sk);
        return;
    }
    work->flags |= FLAG_SOCKET;
    if (forgotten(is_picked_by_program(sk, c, work), work))
        work->answer.open = 1;
    else
        copy_owner(record_of(sk, work), &work->owner, &work->flags, &work->answer, record);
    bpf_sk_release(sk);
}

/* Retransmission and keep-alive, by what the sending socket knows. Source: RFC 9293 3.8; RFC 1122 4.2.3.6. */
INLINE __u32 tcp_flags(struct bpf_sock *sk, const struct headers *h)
{
    struct bpf_tcp_sock *tcp = bpf_tcp_sock(sk);
    if (!tcp)
        return 0;
    if (!(h->tcp_flags & (TCP_SYN | TCP_FIN | TCP_RST)) && h->payload <= 1 && h->sequence == tcp->snd_una - 1)
        return FLAG_KEEP_ALIVE;
    if ((h->tcp_flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK)) /* Fast Open: the socket is there before its answer */
        return 0;
    int occupies = h->payload > 0 || (h->tcp_flags & (TCP_SYN | TCP_FIN));
    /* One that is sent for the first time may have waited for its neighbour's address, and have been counted as sent. */
    if (occupies && tcp->total_retrans && (__s32)(h->sequence - tcp->snd_nxt) < 0)
        return FLAG_RETRANSMISSION;
    return 0;
}

/*
 * Whether a packet that leaves is here on its way straight from its socket: on the device that it was routed to, and not in a
 * tunnel. On those below, who works may be another sender that empties the queue of the one above.
 */
INLINE int is_straight_from(struct __sk_buff *skb, const struct bpf_sock *sk, const struct headers *h, struct work *work)
{
    if (sk->family == AF_PACKET || !CONSTANT(have_routes))
        return 1;
    if (sk->type != SOCK_RAW && (sk->protocol != h->protocol || (h->has_ports && sk->src_port != ntohs(h->source_port))))
        return 0;
    __u64 route = KERNEL(__u64, address_of(skb, work), skb_route) & ~1ull; /* SKB_DST_NOREF */
    if (!route)
        return 0;
    __u64 device = KERNEL(__u64, route, route_device);
    return device && KERNEL(__u32, device, netdev_ifindex) == skb->ifindex;
}

/* Whether the current task, which is in its own call, sends on a socket. */
INLINE int current_sends(const struct bpf_sock *sk, __u64 address, const struct owner *known)
{
    int is_tcp = sk->protocol == IPPROTO_TCP && sk->type == SOCK_STREAM;
    if (is_tcp && !known) /* made by the kernel below another socket */
        return !CONSTANT(have_lock) || FOLLOW(__u32, address, sock_locked) ? SENDS : SENDS_NOT;
    __u64 upper = 0;
    if (CONSTANT(have_multipath) && is_tcp) {
        __u64 subflow = FOLLOW(__u64, address, tcp_upper);
        upper = subflow ? FOLLOW(__u64, subflow, subflow_connection) : 0;
    }
    return current_sends_on(address, upper, is_tcp);
}

/* Owner of a packet that leaves, by its own socket. */
INLINE void find_by_socket(struct __sk_buff *skb, struct work *work, struct owner **record)
{
    const struct headers *h = &work->headers;
    struct owner *owner = &work->owner;
    struct answer *answer = &work->answer;
    __u32 *flags = &work->flags;
    if (!skb->sk)
        return;
    struct bpf_sock *sk = bpf_sk_fullsock(skb->sk);
    if (!sk)
        return;
    struct owner *known = record_of(sk, work);
    /* Sockets that the kernel made for itself send nobody's packets; those that it made below another socket are streams. */
    if (!known && sk->family != AF_PACKET && (sk->protocol != IPPROTO_TCP || sk->type != SOCK_STREAM))
        return;
    *flags |= FLAG_SOCKET;
    if (h->protocol == IPPROTO_TCP)
        *flags |= tcp_flags(sk, h);
    int is_stream = h->protocol == IPPROTO_TCP;
    answer->shared = known && !is_stream && is_shared(known);
    BARRIER();
    /* Its own system call or an interrupt in the middle of it: the owner is the same. */
    if (known && !answer->shared && is_current_thread(known)) {
        copy_owner(known, owner, flags, answer, record);
        if (answer->found || answer->refused)
            return;
    }
    /*
     * The tracepoints tell of a send when it is over. The sender itself is at work here, so the first packet that a
     * forked worker sends on a socket it inherited is its own. Bare acknowledgements and FINs are the kernel's doing.
     */
    __u64 address = address_of(sk, work);
    if (!is_stream || h->payload || h->tcp_flags & TCP_SYN) {
        answer->sends = SENDS_NOT;
        if (in_system_call(work) && forgotten(is_straight_from(skb, sk, h, work), work))
            answer->sends = current_sends(sk, address, known);
        BARRIER();
        /* Without the task's structure it is never so, but the verifier does not know that. */
        if (CONSTANT(have_task) && answer->sends == SENDS) {
            current_owner(owner);
            if (!known)
                known = bpf_sk_storage_get(&owners, sk, owner, BPF_SK_STORAGE_GET_F_CREATE);
            else if (known->pid != owner->pid || known->tid != owner->tid || known->check != owner->check)
                write_owner(known, owner);
            if (known)
                see(known, flags);
            *record = known;
            answer->found = 1;
            return;
        }
    }
    if (!known)
        return;
    if (!is_stream) {
        /* io_uring's first packet on a socket that was another's, or one of that other's that waited */
        if (CONSTANT(have_task) && answer->sends == SENDS_PERHAPS && known->pid != CURRENT(__u32, task_tgid))
            answer->shared = 1;
        if (waited(address_of(skb, work), address, skb->len - CONSTANT(link_header), owner)) {
            see(known, flags);
            answer->found = owner->pid != 0;
            answer->open = owner->pid == 0;
            return;
        }
        /* It left earlier than it passes here, and meanwhile the socket went to another process: whose it was is not known. */
        BARRIER();
        if (answer->shared) {
            answer->open = 1;
            return;
        }
    }
    copy_owner(known, owner, flags, answer, record);
}

GLOBAL(owner_by_socket)
{
    struct work *work = this_work();
    struct owner *record = NULL;
    if (work)
        find_by_socket(skb, work, &record);
    if (work && record)
        work->answer.recorded = 1;
    return 0;
}

INLINE int remembered_owner(const struct conversation *c, struct owner *owner, __u32 *flags)
{
    struct owner *known = bpf_map_lookup_elem(&remembered, c);
    if (!known)
        return 0;
    *owner = *known;
    *flags |= FLAG_SOCKET;
    return 1;
}
