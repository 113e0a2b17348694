// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Packets that the kernel drops, in every network namespace: from the tracepoint kfree_skb, which tells why and where.
 * A part of tap.c. A dropped packet is read as the kernel left it: from its link-layer header where it still has one,
 * else from its IP header, as far as its bytes lie in one piece.
 */


#define NO_HEADER 0xffff
#define LARGEST (1 << 24)
#define NOT_SPECIFIED 2 /* SKB_DROP_REASON_NOT_SPECIFIED; kernels before 5.17 give no reasons */

/* What was found out about a dropped packet. */
struct drop {
    const char *start;
    __u32 length;
    __u32 captured;
    __u32 flags;
    __u32 ifindex;
    __u32 netns;
    __u32 direction;
};

/* Where the packet's bytes begin, and how many there are. 0: not a packet of a network. */
INLINE int drop_bytes(char *skb, struct drop *drop)
{
    __u16 protocol = ntohs(FIELD(__u16, skb, skb_protocol));
    __u16 mac = FIELD(__u16, skb, skb_mac_header);
    __u16 network = FIELD(__u16, skb, skb_network_header);
    __u64 head = FIELD(__u64, skb, skb_head);
    __u64 data = FIELD(__u64, skb, skb_data);
    if (!protocol)
        return 0;
    __u16 start = network;
    __u16 link_header = network - mac;
    if (mac != NO_HEADER && (link_header == 14 || link_header == 18 || link_header == 22))
        start = mac;
    else if (network && (protocol == ETH_P_IP || protocol == ETH_P_IPV6))
        drop->flags |= FLAG_NO_LINK_HEADER;
    else
        return 0;
    /* What was taken off in front counts again. */
    __s64 taken = data - (head + start);
    __s64 length = FIELD(__u32, skb, skb_len) + taken;
    __s64 linear = length - FIELD(__u32, skb, skb_data_len);
    if (length <= 0 || length > LARGEST || linear <= 0)
        return 0;
    drop->start = (const char *)(head + start);
    drop->length = length;
    drop->captured = linear;
    if (drop->captured > CONSTANT(snapshot_length))
        drop->captured = CONSTANT(snapshot_length);
    if (drop->captured > 65536)
        drop->captured = 65536;
    return drop->captured > 0;
}

INLINE __u32 net_inum(char *net)
{
    return net ? FIELD(__u32, net, net_ns_inum) : 0;
}

/* A socket's record. Tracepoints cannot ask for it before 5.11. */
INLINE struct owner *drop_owner(char *sk)
{
    return CONSTANT(storage_helper) ? bpf_sk_storage_get(&owners, sk, NULL, 0) : NULL;
}

#define DROP_STORE(size)                                                                                               \
    if (drop.captured <= (size)) {                                                                                     \
        struct record *record = bpf_ringbuf_reserve(&ring, sizeof(struct record) + NAME_SIZE + (size), 0);             \
        if (!record) {                                                                                                 \
            count(COUNT_NO_ROOM);                                                                                      \
            return 0;                                                                                                  \
        }                                                                                                              \
        __u32 n = (drop.captured - 1) & ((size) - 1);                                                                  \
        OPAQUE(n);                                                                                                     \
        n &= (size) - 1;                                                                                               \
        if (bpf_probe_read_kernel(record->data + NAME_SIZE, n + 1, drop.start) < 0) {                                  \
            bpf_ringbuf_discard(record, BPF_RB_NO_WAKEUP);                                                             \
            return 0;                                                                                                  \
        }                                                                                                              \
        bpf_probe_read_kernel(record->data, NAME_SIZE, device + CONSTANT(netdev_name));                                \
        __u64 now = bpf_ktime_get_ns();                                                                                \
        __u64 seconds = now / 1000000000;                                                                              \
        record->seconds = seconds;                                                                                     \
        record->nanoseconds = now - seconds * 1000000000;                                                              \
        record->ifindex = drop.ifindex;                                                                                \
        record->netns = drop.netns;                                                                                    \
        record->length = drop.length;                                                                                  \
        record->captured = drop.captured;                                                                              \
        record->direction = drop.direction;                                                                            \
        record->flags = drop.flags;                                                                                    \
        record->flow = 0;                                                                                              \
        record->service = -1;                                                                                          \
        record->vlan_tci = 0;                                                                                          \
        record->vlan_proto = 0;                                                                                        \
        record->drop_reason = reason;                                                                                  \
        record->drop_place = arguments[1];                                                                             \
        record->owner = owner;                                                                                         \
        bpf_ringbuf_submit(record, wake(sizeof(struct record) + NAME_SIZE + (size)));                                  \
        return 0;                                                                                                      \
    }

/* void (struct sk_buff *, void *location, enum skb_drop_reason [5.17], struct sock *receiver [6.11]) */
SEC("tp_btf/kfree_skb")
int packet_dropped(__u64 *arguments)
{
    char *skb = (char *)arguments[0];
    struct drop drop = {};
    if (!drop_bytes(skb, &drop))
        return 0;
    __u32 reason = CONSTANT(drop_arguments) > 2 ? (__u32)arguments[2] : NOT_SPECIFIED;

    char *sk = FIELD(char *, skb, skb_sk);
    struct owner owner = {};
    struct owner *known = NULL;
    __u32 netns = 0;
    if (sk) {
        netns = net_inum(FIELD(char *, sk, sock_net));
        known = drop_owner(sk);
    }
    if (CONSTANT(drop_arguments) > 3 && !known) {
        char *receiver = (char *)arguments[3];
        if (receiver) {
            netns = net_inum(FIELD(char *, receiver, sock_net));
            known = drop_owner(receiver);
        }
    }
    if (known) {
        read_owner(known, &owner);
        drop.flags |= FLAG_SOCKET;
    }

    /* A packet that waits in a socket has no device any more (the field is used for something else). */
    char *device = FIELD(char *, skb, skb_dev);
    __u32 ingress = FIELD(__u32, skb, skb_skb_iif);
    __u32 ifindex = FIELD(__u32, device, netdev_ifindex);
    __u32 device_netns = net_inum(FIELD(char *, device, netdev_net));
    drop.ifindex = ifindex && device_netns ? ifindex : ingress;
    drop.netns = device_netns ? device_netns : netns;
    drop.direction = ingress ? DIRECTION_IN : DIRECTION_OUT;
    count(COUNT_RECEIVED);
    DROP_STORE(128)
    DROP_STORE(2048)
    DROP_STORE(65536)
    return 0;
}
