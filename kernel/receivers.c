// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Who receives a multicast or broadcast datagram: every socket on its port that the kernel will hand it to. A part of tap.c.
 *
 * There is no helper that lists them (bpf_sk_lookup_udp gives one, by its port alone), so the kernel's own table is walked
 * as udp_table, ip_mc_sf_allow and inet6_mc_check do. Read by address: whatever is read is a copy, and what cannot be read 0.
 */

#define RECEIVERS 8 /* that are named; more are received by, but not looked at */
#define WALKED 32   /* steps: sockets of the table's slot, and memberships of those on the port */
#define JOINED 48   /* memberships of the interface */
#define STORED 12   /* programs that keep something in a socket: each capture is one */
#define SOURCES 8   /* that a membership lists; of one with more nothing is said */

/* Where a family of addresses has its fields. */
struct family {
    __u64 device_part, groups, group_address, group_next; /* the interface's memberships */
    __u64 members, group, device, next, mode, sources;    /* the socket's */
    __u64 count, list;                                    /* their sources */
    __u64 all_byte, all_bit;
};

/*
 * Where the walk is: memory that the verifier does not follow, and conditions that are computed rather than branched on: else it
 * would try every way through each step.
 */
struct receiving {
    struct family at;
    __u8 common[160];     /* struct sock_common of the socket that is looked at */
    __u32 group[4];
    __u32 sources[SOURCES][4];
    __u32 wanted[4];      /* the packet's destination, and its source, in the words that the family has */
    __u32 from[4];
    __u32 mask;           /* of an address's words behind the first */
    __u32 port;
    __u32 remote_port;
    __u32 padding_1;
    __u64 slot;
    __u64 net;
    __u64 node;           /* of the socket in its slot */
    __u64 entry;          /* its membership that is looked at, 0: none yet */
    __u64 ifindex;
    __u64 is_multicast;
    __u64 accepts;
    __u64 count;
    __u64 element;        /* of the socket's storage */
    __u32 includes, listed, found, padding; /* of a membership's sources */
    __u64 through;        /* the membership that lets the packet to it, where one does */
    __u64 stored_in;      /* the socket whose storage is read */
    __u64 storage;        /* the map's address, by which it is found there */
    __u64 sockets[RECEIVERS];
    __u64 members[RECEIVERS];
    struct owner owners[RECEIVERS];
};

struct map receiving SEC("maps") = {
    .type = BPF_MAP_TYPE_PERCPU_ARRAY,
    .key_size = 4,
    .value_size = sizeof(struct receiving),
    .max_entries = 1,
};

/* Where this processor's walk is. */
INLINE struct receiving *this_walk(void)
{
    __u32 zero = 0;
    return bpf_map_lookup_elem(&receiving, &zero);
}

#define COMMON(type, r, name) (*(type *)((r)->common + (CONSTANT(name) & 127)))
/* What is at an address, 0 where it cannot be read: by way of `slot`, as the stack is small. */
#define AT(type, address)                                                                                              \
    ({                                                                                                                 \
        bpf_probe_read_kernel(&r->slot, sizeof(type), (void *)(unsigned long)(address));                               \
        (type)r->slot;                                                                                                 \
    })

/* 1, or 0 of 0, without a branch: eBPF has no other way to make a number of a condition, nor has the compiler if it sees it. */
INLINE __u64 is_not_0(__u64 x)
{
    __u64 negative = -x;
    OPAQUE(negative);
    return (x | negative) >> 63;
}

/* 0: the addresses are the same. */
INLINE __u32 differ(const struct receiving *r, const __u32 *a, const __u32 *b)
{
    return (a[0] ^ b[0]) | (((a[1] ^ b[1]) | (a[2] ^ b[2]) | (a[3] ^ b[3])) & r->mask);
}

/* Not 0: an address of a socket excludes the packet's. */
INLINE __u32 excludes(const struct receiving *r, const __u32 *own, const __u32 *packets)
{
    __u32 any = own[0] | ((own[1] | own[2] | own[3]) & r->mask);
    return is_not_0(any) & is_not_0(differ(r, own, packets));
}

INLINE void set_family(struct receiving *r, int is_v6)
{
    struct family *at = &r->at;
    r->mask = is_v6 ? ~0u : 0;
    BARRIER();
    __u64 v6_mask = r->mask | (__u64)r->mask << 32;
#define FAMILY(field, v4, v6) at->field = (CONSTANT(v6) & v6_mask) | (CONSTANT(v4) & ~v6_mask)
    FAMILY(device_part, netdev_ip, netdev_ip6);
    FAMILY(groups, ip_groups, ip6_groups);
    FAMILY(group_address, group_address, group6_address);
    FAMILY(group_next, group_next, group6_next);
    FAMILY(members, inet_members, ipv6_members);
    FAMILY(group, member_group, member6_group);
    FAMILY(device, member_device, member6_device);
    FAMILY(next, member_next, member6_next);
    FAMILY(mode, member_mode, member6_mode);
    FAMILY(sources, member_sources, member6_sources);
    FAMILY(count, sources_count, sources6_count);
    FAMILY(list, sources_list, sources6_list);
    FAMILY(all_byte, all_byte, all6_byte);
    FAMILY(all_bit, all_bit, all6_bit);
}

/* Whether the membership that is looked at is none, or the group's; else the next is. */
GLOBAL(ends_memberships)
{
    struct receiving *r = this_walk();
    if (!r || !r->entry)
        return 1;
    bpf_probe_read_kernel(r->group, sizeof(r->group), (void *)(r->entry + r->at.group_address));
    if (!differ(r, r->group, r->wanted))
        return 1;
    r->entry = AT(__u64, r->entry + r->at.group_next);
    return 0;
}

/* Whether the interface is a member of the group: else the kernel drops the packet before it asks for sockets. */
INLINE int is_joined(struct __sk_buff *skb, __u64 device, struct receiving *r)
{
    __u64 part = AT(__u64, device + r->at.device_part);
    r->entry = part ? AT(__u64, part + r->at.groups) : 0;
#pragma clang loop unroll(disable)
    for (int i = 0; i < JOINED; i++) {
        if (ends_memberships(skb, 0)) {
            BARRIER();
            return r->entry != 0;
        }
    }
    return 0;
}

/* Whether the socket that is looked at is one of the port's, and its addresses do not exclude the packet. */
INLINE __u64 fits(const struct receiving *r)
{
    __u64 device = COMMON(__u32, r, common_device), remote_port = COMMON(__u16, r, common_remote_port);
    __u64 is_v4 = is_not_0(COMMON(__u16, r, common_family) ^ AF_INET6);
    __u64 only6 = is_not_0(COMMON(__u8, r, common_only6) & CONSTANT(common_only6_bit));
    __u64 other = is_not_0((COMMON(__u64, r, common_net) ^ r->net) | (COMMON(__u16, r, common_port) ^ r->port)) |
                  (is_not_0(device) & is_not_0(device ^ r->ifindex)) |
                  (is_not_0(remote_port) & is_not_0(remote_port ^ r->remote_port));
    __u64 v4 = ((is_v4 ^ 1) & only6) | excludes(r, &COMMON(__u32, r, common_local), r->wanted) |
               excludes(r, &COMMON(__u32, r, common_remote), r->from);
    __u64 v6 = is_v4 | excludes(r, &COMMON(__u32, r, common_local6), r->wanted) |
               excludes(r, &COMMON(__u32, r, common_remote6), r->from);
    return (other | (v6 & r->mask) | (v4 & ~(__u64)r->mask)) ^ 1;
}

/* Where a socket has what its family adds. */
INLINE __u64 family_part(struct receiving *r, __u64 sk)
{
    __u64 part = AT(__u64, sk + CONSTANT(inet_ipv6)), mask = r->mask;
    mask |= mask << 32;
    return (part & mask) | (sk & ~mask);
}

/* Whether a socket takes packets of groups that others have joined: IP_MULTICAST_ALL, IPV6_MULTICAST_ALL. */
INLINE __u64 takes_all(struct receiving *r, __u64 sk)
{
    __u64 base = CONSTANT(all6_in_ipv6) ? family_part(r, sk) : sk;
    return is_not_0(AT(__u8, base + r->at.all_byte) & r->at.all_bit);
}

/* One step: a membership of the present socket, or the next socket. @returns 0 at the end */
GLOBAL(walk_on)
{
    struct receiving *r = this_walk();
    if (!r || !r->node || r->count >= RECEIVERS)
        return 0;
    __u64 sk = r->node - CONSTANT(sock_node), entry = r->entry;
    r->through = 0;
    if (entry) {
        bpf_probe_read_kernel(r->group, sizeof(r->group), (void *)(entry + r->at.group));
        __u64 device = AT(__u32, entry + r->at.device);
        /* inet6_mc_check asks for no interface */
        if (differ(r, r->group, r->wanted) | ((device ^ r->ifindex) & ~r->mask)) {
            r->entry = AT(__u64, entry + r->at.next);
            r->accepts = takes_all(r, sk) & (is_not_0(r->entry) ^ 1);
        } else {
            r->through = entry;
            r->accepts = 1;
            r->entry = 0;
        }
    } else {
        bpf_probe_read_kernel(r->common, sizeof(r->common), (void *)sk);
        r->accepts = fits(r);
        BARRIER();
        if (r->accepts & r->is_multicast) {
            r->entry = AT(__u64, family_part(r, sk) + r->at.members);
            r->accepts = takes_all(r, sk) & (is_not_0(r->entry) ^ 1);
        }
    }
    BARRIER();
    __u64 at = r->count & (RECEIVERS - 1);
    r->sockets[at] = sk;
    r->members[at] = r->through;
    r->count += r->accepts;
    BARRIER();
    if (!r->entry)
        r->node = AT(__u64, r->node);
    return 1;
}

/* Whether the list of sources of a membership, whose address it is given, lets the packet pass. */
GLOBAL(lets_pass)
{
    struct receiving *r = this_walk();
    if (!r)
        return 0;
    __u64 entry = number;
    r->includes = AT(__u32, entry + r->at.mode) != 0; /* MCAST_INCLUDE is 1 */
    __u64 list = AT(__u64, entry + r->at.sources);
    r->listed = AT(__u32, list + r->at.count); /* 0 where there is no list */
    bpf_probe_read_kernel(r->sources, sizeof(r->sources), (void *)(list + r->at.list));
    r->found = 0;
#pragma clang loop unroll(disable)
    for (__u32 i = 0; i < SOURCES; i++) {
        BARRIER();
        const __u32 *words = &r->sources[0][0];
        __u32 short_one = words[i] ^ r->from[0], long_one = differ(r, r->sources[i], r->from);
        __u32 differs = (short_one & ~r->mask) | (long_one & r->mask);
        if (!differs && i < r->listed)
            r->found = 1;
    }
    BARRIER();
    r->accepts = (r->found == r->includes) & (r->listed <= SOURCES);
    return 0;
}

/* Reads the owner that the storage of the socket `stored_in` has, into `owners` at its number. */
GLOBAL(read_storage)
{
    struct receiving *r = this_walk();
    if (!r)
        return 0;
    struct owner *owner = &r->owners[number & (RECEIVERS - 1)];
    __u64 storage = AT(__u64, r->stored_in + CONSTANT(sock_storage));
    r->element = AT(__u64, storage + CONSTANT(storage_list));
    owner->pid = 0;
#pragma clang loop unroll(disable)
    for (int i = 0; i < STORED; i++) {
        BARRIER();
        __u64 data = r->element - CONSTANT(element_node) + CONSTANT(element_data);
        __u64 of = AT(__u64, data + CONSTANT(data_map));
        if (of == r->storage) {
            bpf_probe_read_kernel(owner, sizeof(*owner), (void *)(data + CONSTANT(data_value)));
            break;
        }
        r->element = AT(__u64, r->element);
    }
    return 0;
}

/* Puts the owner of a socket that was found behind those before it, if it is known and the packet goes to it. */
GLOBAL(consider)
{
    struct receiving *r = this_walk();
    if (!r)
        return 0;
    __u64 at = number & (RECEIVERS - 1);
    struct owner *owner = &r->owners[r->count & (RECEIVERS - 1)];
    r->stored_in = r->sockets[at];
    read_storage(skb, r->count);
    r->accepts = 1;
    BARRIER();
    if (r->members[at])
        lets_pass(skb, r->members[at]);
    BARRIER();
    r->count += (owner->pid != 0) & (owner->check == check_of(owner)) & r->accepts;
    return 0;
}

INLINE int is_multicast(const struct conversation *c)
{
    __u8 first = (__u8)c->local[0];
    return c->family == AF_INET ? first >= 224 && first < 240 : first == 0xff;
}

#define PACKET_BROADCAST 1 /* linux/if_packet.h */

/* Whether a datagram that comes in is for every socket that wants it. */
INLINE int is_for_many(struct __sk_buff *skb, const struct conversation *c)
{
    return is_multicast(c) ||
           (c->family == AF_INET && (c->local[0] == 0xffffffff || skb->pkt_type == PACKET_BROADCAST));
}

/*
 * Fills `receiving` with the owners of the sockets that the packet goes to.
 * @param known some socket on the port
 * @return how many, at most RECEIVERS
 */
NOINLINE __u64 find_receivers(struct __sk_buff *skb, __u64 packet, __u64 known, const struct conversation *c, __u64 storage)
{
    struct receiving *r = this_walk();
    if (!r || !CONSTANT(have_receivers))
        return 0;
    set_family(r, c->family == AF_INET6);
    r->count = 0;
    r->is_multicast = is_multicast(c);
    r->ifindex = skb->ifindex;
    r->storage = storage;
    r->port = ntohs(c->local_port);
    r->remote_port = c->remote_port;
    r->net = AT(__u64, known + CONSTANT(common_net));
#pragma unroll
    for (int i = 0; i < 4; i++) {
        r->wanted[i] = c->local[i];
        r->from[i] = c->remote[i];
    }
    __u64 table = 0;
    if (CONSTANT(have_shared_table))
        table = AT(__u64, AT(__u64, known + CONSTANT(common_protocol)) + CONSTANT(protocol_table));
    if (!table && CONSTANT(have_own_table)) /* 6.2: a namespace may have one of its own */
        table = AT(__u64, r->net + CONSTANT(net_table));
    BARRIER();
    if (r->is_multicast && !is_joined(skb, AT(__u64, packet + CONSTANT(skb_device)), r))
        return 0;
    __u32 slot = (r->port + AT(__u32, r->net + CONSTANT(net_mix))) & AT(__u32, table + CONSTANT(table_mask));
    r->node = AT(__u64, AT(__u64, table + CONSTANT(table_slots)) + slot * CONSTANT(slot_size));
    r->entry = 0;
#pragma clang loop unroll(disable)
    for (int i = 0; i < WALKED; i++) {
        if (!walk_on(skb, 0))
            break;
    }
    BARRIER();
    __u64 found = r->count;
    r->count = 0;
#pragma clang loop unroll(disable)
    for (__u64 i = 0; i < RECEIVERS; i++) {
        if (i >= found)
            break;
        consider(skb, i);
    }
    BARRIER();
    return r->count;
}
