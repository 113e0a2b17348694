// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* All ways to a packet's owner in their order; its flow and service class. */

INLINE __u32 mix(__u32 x)
{
    x ^= x >> 16;
    x *= 0x85ebca6b;
    x ^= x >> 13;
    x *= 0xc2b2ae35;
    return x ^ x >> 16;
}

INLINE __u32 mix_end(const __u32 *address, __u16 port, __u16 family)
{
    __u32 x = mix(address[0]);
    if (family == AF_INET6)
        x = mix(mix(mix(x ^ address[1]) ^ address[2]) ^ address[3]);
    return mix(x ^ port);
}

/* The same number for both directions of a conversation, all its life. */
INLINE __u32 flow_id(const struct headers *h)
{
    if (!h->family)
        return 0;
    __u32 id = mix(mix_end(h->source, h->source_port, h->family) +
                   mix_end(h->destination, h->destination_port, h->family) + h->protocol);
    return id ? id : 1;
}

#define DATAGRAMS 4096

/* Conversations of which a datagram came that nobody is known for, by their flow: the last one for each place. */
struct map datagrams SEC("maps") = {
    .type = BPF_MAP_TYPE_ARRAY,
    .key_size = 4,
    .value_size = 4,
    .max_entries = DATAGRAMS,
};

INLINE __u32 *datagrams_of(__u32 flow)
{
    __u32 place = flow & (DATAGRAMS - 1);
    return bpf_map_lookup_elem(&datagrams, &place);
}

/* Whether a datagram is its conversation's first that nobody is known for: only that one waits for its answer. */
INLINE int is_first_datagram(const struct headers *h)
{
    if (h->protocol != IPPROTO_UDP || !h->has_ports)
        return 0;
    __u32 flow = flow_id(h);
    __u32 *last = datagrams_of(flow);
    if (!last || *last == flow)
        return 0;
    *last = flow;
    return 1;
}

/* Whether a datagram that leaves may be the answer that such a one waits for. */
GLOBAL(answers_datagram)
{
    struct work *work = this_work();
    if (!work)
        return 0;
    __u32 flow = flow_id(&work->headers);
    __u32 *last = datagrams_of(flow);
    return last && *last == flow;
}

/*
 * Whose packet is it? Fills the work's owner (pid 0: nobody's) and flags, unless the answer is that it is refused. `record` is the
 * socket's that says so, if one does.
 */
INLINE void attribute(struct __sk_buff *skb, __u32 direction, struct work *work, struct owner **record)
{
    const struct headers *h = &work->headers;
    struct owner *owner = &work->owner;
    struct answer *answer = &work->answer;
    __u32 *flags = &work->flags;
    __u32 came_from = skb->ingress_ifindex;
    OPAQUE(came_from); /* read here, or the compiler makes a pointer into skb of it, which the verifier refuses */
    answer->closes = h->protocol == IPPROTO_TCP && h->tcp_flags & (TCP_FIN | TCP_RST);
    answer->opens = h->protocol == IPPROTO_TCP && (h->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
    answer->asks = h->echo_request && direction == DIRECTION_OUT;
    BARRIER();
    answer->remembers = answer->closes | answer->opens | answer->asks | h->fragmented;
    BARRIER();
    if (direction == DIRECTION_OUT) {
        owner_by_socket(skb, 0);
        BARRIER();
        if (!answer->found && !came_from && h->protocol == IPPROTO_TCP && h->tcp_flags & TCP_SYN)
            answer->found = owner_by_listener(skb, 0);
        BARRIER();
        /* An answer to a connection's first packet is a listener's, whose record has been seen before. */
        int answers = (h->tcp_flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK);
        int first = answer->opens | answers | (*flags & FLAG_NEW_FLOW);
        if (answer->found && h->has_ports &&
            (first || (h->protocol == IPPROTO_UDP && answers_datagram(skb, 0))))
            note_own(skb, first);
        BARRIER();
    }
    if (!h->family || answer->refused || answer->open || (answer->found && !answer->remembers))
        return;

    if (h->is_error | h->is_report) {
        answer->found = owner_by_message(skb, direction);
        return;
    }
    struct conversation c;
    conversation_of(h, direction, &c);
    if (answer->opens) /* the ports are used again, by whomever */
        bpf_map_delete_elem(&remembered, &c);
    int lookable = h->has_ports && (h->protocol == IPPROTO_TCP || h->protocol == IPPROTO_UDP);
    /* Outgoing without a socket of its own comes here too: a RST is its listener's. What only passes through does not. */
    if (direction == DIRECTION_OUT && came_from) {
        if (lookable)
            note_translation(&c);
    } else if (!answer->found && lookable && !answer->for_many)
        owner_by_lookup(skb, &c, CURRENT_NETNS, direction, work, record);
    if (answer->refused || answer->open)
        return;
    /* Before the other end of a veth is asked, which knows the connection's other end. */
    if (!answer->found && h->protocol == IPPROTO_TCP && lookable)
        answer->found = remembered_owner(&c, owner, flags);
    BARRIER();
    if (!answer->found && direction == DIRECTION_IN && h->protocol == IPPROTO_UDP)
        answer->found = owner_by_carried(skb, 0);
    BARRIER();
    if (!answer->found && h->has_ports && !answer->for_many) {
        if (direction == DIRECTION_IN)
            answer->travels = answer->found = owner_by_sender(skb, 0);
        BARRIER();
    }
    if (!answer->found && lookable && !answer->for_many) {
        /* The host's end of a veth: the other end's namespace may know the socket. What comes in here left there. */
        struct {
            __u32 netns, ifindex;
        } key = { CONSTANT(netns), skb->ifindex };
        __s32 *peer = bpf_map_lookup_elem(&peers, &key);
        if (peer) {
            struct conversation there;
            conversation_of(h, direction == DIRECTION_IN ? DIRECTION_OUT : DIRECTION_IN, &there);
            if (!is_for_many(skb, &there)) /* who receives it there cannot be told from here */
                owner_by_lookup(skb, &there, *peer, direction, work, record);
            if (answer->refused || answer->open)
                return;
            answer->travels = answer->found & (direction == DIRECTION_IN);
        }
    }
    BARRIER();
    /* After the other end of a veth: that is the end which the device leads to. */
    if (!answer->found && h->has_ports && !answer->for_many && (direction == DIRECTION_IN || came_from))
        answer->found = owner_by_travel(skb, direction);
    BARRIER();
    if (answer->travels) {
        note_travel(skb, 0);
        note_travel(skb, 1);
    }
    if (h->fragmented) {
        /* Only the first fragment has ports: the others ask for what it found. */
        c.local_port = (__u16)h->fragment_id;
        c.remote_port = (__u16)(h->fragment_id >> 16);
        c.ifindex = skb->ifindex;
    }
    if (answer->found) {
        if (answer->closes | answer->asks | h->fragmented)
            bpf_map_update_elem(&remembered, &c, owner, BPF_ANY);
    } else if (h->later_fragment || lookable || (h->echo_reply && direction == DIRECTION_IN)) {
        answer->found = remembered_owner(&c, owner, flags);
    }
}

/* Apple's service class of a packet: by its DSCP, and by the socket's priority where DSCP says nothing. */
INLINE __s32 service_class(struct __sk_buff *skb, const struct headers *h)
{
    if (!h->family)
        return 0;
    switch (h->traffic_class >> 2) {
    case 8:  /* CS1 */
    case 10: /* AF11 */
        return 200; /* BK */
    case 18: /* AF21 */
        return 300; /* RD */
    case 16: /* CS2 */
        return 400; /* OAM */
    case 26: /* AF31 */
        return 500; /* AV */
    case 32: /* CS4 */
        return 600; /* RV */
    case 24: /* CS3, signalling */
    case 34: /* AF41 */
        return 700; /* VI */
    case 46: /* EF */
        return 800; /* VO */
    case 48: /* CS6 */
        return 900; /* CTL */
    case 0:
        break;
    default:
        return 0;
    }
    switch (skb->priority) { /* SO_PRIORITY: linux/pkt_sched.h, TC_PRIO_* */
    case 1:
        return 100; /* filler: BK_SYS */
    case 2:
        return 200; /* bulk: BK */
    case 4:
        return 300; /* interactive bulk: RD */
    case 6:
        return 700; /* interactive: VI */
    case 7:
        return 900; /* control: CTL */
    default:
        return 0; /* BE */
    }
}
