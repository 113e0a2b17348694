// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Counting in place of the ring, where nobody wants the packets themselves: a flow's packets and bytes in a map, which user space
 * takes out every half second. Of two maps one is counted in while the other is read, so that nothing is counted that was taken
 * out already. What says more than its length goes through the ring as ever, and so does what the map has no room for.
 */

#define FLOWS 32768

/* Whether, and in which of the maps: 0 none, 1, 2. */
struct map counting SEC("maps") = {
    .type = BPF_MAP_TYPE_ARRAY,
    .key_size = 4,
    .value_size = 4,
    .max_entries = 1,
};

struct map counts_one SEC("maps") = {
    .type = BPF_MAP_TYPE_HASH,
    .key_size = sizeof(struct flow_key),
    .value_size = sizeof(struct flow_count),
    .max_entries = FLOWS,
};

struct map counts_two SEC("maps") = {
    .type = BPF_MAP_TYPE_HASH,
    .key_size = sizeof(struct flow_key),
    .value_size = sizeof(struct flow_count),
    .max_entries = FLOWS,
};

/* What each sender of a TCP connection sends next, as far as it was seen. */
struct map segments SEC("maps") = {
    .type = BPF_MAP_TYPE_LRU_HASH,
    .key_size = sizeof(struct flow_key),
    .value_size = 4,
    .max_entries = FLOWS,
};

/* Too large for the stack. */
struct counting_place {
    struct flow_key key;
    struct flow_count fresh;
};

struct map counting_places SEC("maps") = {
    .type = BPF_MAP_TYPE_PERCPU_ARRAY,
    .key_size = 4,
    .value_size = sizeof(struct counting_place),
    .max_entries = 1,
};

INLINE int is_dns(__u16 port)
{
    return port == htons(53) || port == htons(5353) || port == htons(5355);
}

/* Whether the packet itself must be seen: it begins or ends a connection, may name somebody, or is nothing to count by. */
INLINE int is_telling(struct __sk_buff *skb, const struct headers *h, __u32 flags)
{
    if (!h->family || !h->has_ports || h->fragmented || (flags & FLAG_NAMED_LATER))
        return 1;
    if (skb->vlan_present && CONSTANT(link_header))
        return 1;
    if (is_dns(h->source_port) || is_dns(h->destination_port))
        return 1;
    __u8 first = 0;
    if (h->protocol == IPPROTO_TCP) {
        if (h->tcp_flags & (TCP_FIN | TCP_SYN | TCP_RST))
            return 1;
        /* A record of TLS's handshake. */
        return h->payload && (bpf_skb_load_bytes(skb, h->end - h->payload, &first, 1) < 0 || first == 22);
    }
    if (h->protocol != IPPROTO_UDP)
        return 1;
    /* QUIC's packets with long headers come first. */
    return (h->destination_port == htons(443) || h->source_port == htons(443)) &&
           (bpf_skb_load_bytes(skb, h->at + 8, &first, 1) < 0 || (first & 0xc0) == 0xc0);
}

/* A segment that holds nothing that its sender has not sent before, as src/stats/traffic has it. */
INLINE int is_again(const struct headers *h, const struct flow_key *key, __u32 flags)
{
    if (flags & FLAG_RETRANSMISSION)
        return 1;
    if (h->protocol != IPPROTO_TCP || !h->payload)
        return 0;
    __u32 end = h->sequence + h->payload;
    __u32 *next = bpf_map_lookup_elem(&segments, key);
    if (!next) {
        bpf_map_update_elem(&segments, key, &end, 0);
        return 0;
    }
    __s32 ahead = end - *next;
    if (ahead > 0) {
        *next = end;
        return 0;
    }
    return h->payload > 1 || ahead != 0;
}

/* Counts in one of the maps. */
#define COUNT_IN(map)                                                                                                  \
    do {                                                                                                               \
        struct flow_count *known = bpf_map_lookup_elem(map, &place->key);                                              \
        if (known) {                                                                                                   \
            __sync_fetch_and_add(&known->packets, 1);                                                                  \
            __sync_fetch_and_add(&known->bytes, skb->len);                                                             \
            if (again)                                                                                                 \
                __sync_fetch_and_add(&known->retransmissions, 1);                                                      \
            known->last = bpf_ktime_get_ns();                                                                          \
            return 1;                                                                                                  \
        }                                                                                                              \
        place->fresh.owner = work->owner;                                                                              \
        place->fresh.packets = 1;                                                                                      \
        place->fresh.bytes = skb->len;                                                                                 \
        place->fresh.retransmissions = again;                                                                          \
        place->fresh.last = bpf_ktime_get_ns();                                                                        \
        return bpf_map_update_elem(map, &place->key, &place->fresh, BPF_NOEXIST) == 0;                                 \
    } while (0)

/*
 * Counts a packet that passed the filters. The number is its direction, and its service class above that.
 * @returns 0: it is not counted, and must be put into the ring
 */
GLOBAL(count_packet)
{
    __u32 zero = 0;
    __u32 *mode = bpf_map_lookup_elem(&counting, &zero);
    struct work *work = this_work();
    struct counting_place *place = bpf_map_lookup_elem(&counting_places, &zero);
    if (!mode || !work || !place)
        return 0;
    __u32 in = *mode;
    const struct headers *h = &work->headers;
    if (!in || is_telling(skb, h, work->flags))
        return 0;
    struct flow_key *key = &place->key;
#pragma unroll
    for (int i = 0; i < 4; i++) {
        key->source[i] = h->source[i];
        key->destination[i] = h->destination[i];
    }
    key->source_port = h->source_port;
    key->destination_port = h->destination_port;
    key->protocol = h->protocol;
    key->family = h->family;
    key->ifindex = skb->ifindex;
    key->netns = CONSTANT(netns);
    key->direction = number & 3;
    key->service = (__s64)number >> 8;
    key->pid = work->owner.pid;
    key->check = work->owner.pid ? work->owner.check : 0;
    __u32 again = is_again(h, key, work->flags);
    if (in == 1)
        COUNT_IN(&counts_one);
    COUNT_IN(&counts_two);
}
