// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The tap. Read top to bottom: maps; who is current; which socket a packet belongs to; what is said of it; the packet
 * hooks, which put it into the ring; the socket hooks, which write down who uses each socket.
 *
 * Constants (CONSTANT(name)) and the bodies of the two filters are put in by the loader, src/tap/linux/ebpf/loader.ts.
 */

#include "bpf.h"
#include "facts.h"
#include "entries.h"
#include "record.h"

#include "maps.c"
#include "current.c"
#include "headers.c"
#include "work.c"
#include "sender.c"
#include "conversation.c"
#include "receivers.c"
#include "owners.c"
#include "passing.c"
#include "errors.c"
#include "tunnels.c"
#include "groups.c"
#include "attribute.c"
#include "store.c"
#include "counts.c"

/* The record of a packet's own socket. */
INLINE struct owner *record_of_packet(struct __sk_buff *skb)
{
    struct bpf_sock *sk = skb->sk ? bpf_sk_fullsock(skb->sk) : NULL;
    return sk ? bpf_sk_storage_get(&owners, sk, NULL, 0) : NULL;
}

/* Takes a packet apart. */
GLOBAL(parse_packet)
{
    struct work *work = this_work();
    if (work)
        parse(skb, &work->headers);
    return 0;
}

/*
 * Marks the first packet of a connection, or of a conversation by datagrams, that comes in or is handed on and that nobody is
 * known for. The number is its direction.
 */
GLOBAL(note_nobody)
{
    struct work *work = this_work();
    if (!work || work->owner.pid || (number != DIRECTION_IN && !skb->ingress_ifindex))
        return 0;
    if (work->answer.opens || (!work->answer.for_many && is_first_datagram(&work->headers)))
        work->flags |= FLAG_NAMED_LATER;
    return 0;
}

/* A packet that the packet filter lets through. */
INLINE void tap(struct __sk_buff *skb, __u32 direction)
{
    __u32 zero = 0;
    struct work *work = bpf_map_lookup_elem(&workplaces, &zero);
    if (!work)
        return;
    if (direction == DIRECTION_OUT)
        __builtin_memset(work, 0, sizeof(*work));
    if (!CONSTANT(processes)) {
        /* a plain device, and nobody asks whose packets they are */
        count(COUNT_RECEIVED);
        store(skb, direction, 0, 0, -1, &work->owner);
        return;
    }
    if (direction == DIRECTION_OUT)
        parse_packet(skb, 0);
    struct owner *record = NULL; /* the socket's, which `owner` was read from */
    attribute(skb, direction, work, &record);
    if (work->answer.refused) {
        count(COUNT_METADATA);
        return;
    }
    if (work->headers.protocol == IPPROTO_TCP) {
        /* A connection's first packet is its SYN, whatever its listener has seen. */
        work->flags &= ~FLAG_NEW_FLOW;
        if ((work->headers.tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN)
            work->flags |= FLAG_NEW_FLOW;
    }
    __u32 flow = flow_id(&work->headers);
    __s32 service = service_class(skb, &work->headers);

    if (CONSTANT(metadata) && !passes_metadata(work, direction, service, flow)) {
        if (CONSTANT(filter_of_owners) && !record && work->answer.recorded)
            record = record_of_packet(skb);
        if (CONSTANT(filter_of_owners) && record)
            record->refused = work->owner.check;
        count(COUNT_METADATA);
        return;
    }
    count(COUNT_RECEIVED);
    note_nobody(skb, direction);
    if (CONSTANT(counts) && count_packet(skb, direction | (__u64)(__s64)service << 8))
        return;
    store(skb, direction, work->flags, flow, service, &work->owner);
}

/*
 * Whether a packet is one that leaves nothing to remember: by its first bytes alone, as far as they say so without a doubt.
 */
INLINE int is_plain(struct __sk_buff *skb)
{
    __u8 *ip = (__u8 *)(unsigned long)skb->data + CONSTANT(link_header);
    if (ip + 40 > (__u8 *)(unsigned long)skb->data_end)
        return 0;
    __u32 tcp;
    if (skb->protocol == htons(ETH_P_IP) && ip[0] == 0x45 && !(*(__u16 *)(ip + 6) & htons(0x3fff))) {
        if (ip[9] == IPPROTO_UDP)
            return 1;
        if (ip[9] != IPPROTO_TCP)
            return 0;
        tcp = ip[20 + 13];
    } else if (skb->protocol == htons(ETH_P_IPV6) && ip[0] >> 4 == 6) {
        if (ip[6] == IPPROTO_UDP)
            return 1;
        if (ip[6] != IPPROTO_TCP || ip + 54 > (__u8 *)(unsigned long)skb->data_end)
            return 0;
        tcp = ip[40 + 13];
    } else {
        return 0;
    }
    return !(tcp & (TCP_FIN | TCP_SYN | TCP_RST));
}

/* What a metadata filter refuses of busy senders is refused by little, before the packet is taken apart. */
INLINE int refused_at_once(struct __sk_buff *skb)
{
    if (!CONSTANT(filter_of_owners) || !skb->sk)
        return 0;
    struct bpf_sock *sk = bpf_sk_fullsock(skb->sk);
    if (!sk)
        return 0;
    struct owner *known = bpf_sk_storage_get(&owners, sk, NULL, 0);
    return known && refused_before(known) && !is_shared(known) && is_current(known) && is_plain(skb);
}

/* Functions of their own, for a stack frame of their own: the filter needs one too, and all together have 512 bytes. */
/* What comes in is read first, and its receivers found where there may be many: on a stack of its own. */
static __attribute__((noinline)) int prepare_in(struct __sk_buff *skb)
{
    __u32 zero = 0;
    struct work *work = bpf_map_lookup_elem(&workplaces, &zero);
    if (!work)
        return 0;
    __builtin_memset(work, 0, sizeof(*work));
    if (!CONSTANT(processes))
        return 0;
    parse_packet(skb, 0);
    if (work->headers.protocol == IPPROTO_UDP && work->headers.has_ports)
        owner_of_many(skb, 0);
    return 0;
}

static __attribute__((noinline)) int tap_in(struct __sk_buff *skb)
{
    tap(skb, DIRECTION_IN);
    return 0;
}

static __attribute__((noinline)) int tap_out(struct __sk_buff *skb)
{
    tap(skb, DIRECTION_OUT);
    return 0;
}

SEC("classifier/ingress")
int tap_ingress(struct __sk_buff *skb)
{
    /* A multicast packet's copy for members here has crossed no interface, and has no Ethernet header yet. */
    if (skb->pkt_type != PACKET_LOOPBACK && packet_filter(skb, CONSTANT(link_header))) {
        prepare_in(skb);
        tap_in(skb);
    }
    return CONSTANT(verdict);
}

SEC("classifier/egress")
int tap_egress(struct __sk_buff *skb)
{
    if (!packet_filter(skb, CONSTANT(link_header)))
        return CONSTANT(verdict);
    if (refused_at_once(skb)) {
        count(COUNT_METADATA);
        return CONSTANT(verdict);
    }
    tap_out(skb);
    return CONSTANT(verdict);
}

#include "sockets.c"
#include "trees.c"
#include "program.c"
#include "drop.c"
#include "claim.c"
