// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Whose a report of a multicast membership is (IGMP, MLD): the kernel sends it a moment after a process has joined or left a group,
 * on a socket of its own. Joining is seen when the process asks for it. A part of tap.c.
 */

#define REPORTED_FOR 12000000000ull /* nanoseconds: RFC 2236 8.10, the second report is at most 10 s behind the first */

struct group {
    __u32 address[4]; /* IPv4: the first */
    __u32 netns;      /* inode number */
    __u32 family;
};

/* Who joined or left a group last. Two processes that do so within that time make it nobody's. */
struct membership {
    struct owner owner;
    __u64 since;
};

struct map memberships SEC("maps") = {
    .type = BPF_MAP_TYPE_LRU_HASH,
    .key_size = sizeof(struct group),
    .value_size = sizeof(struct membership),
    .max_entries = 4096,
};

#define SOL_IP 0
#define SOL_IPV6 41
#define OPTION_BYTES 136 /* struct group_req, linux/in.h */

/* Where the group is in the value of an option that joins or leaves one, -1: it is another option. linux/in.h, linux/in6.h */
INLINE int group_in_option(__u32 level, __u32 name)
{
    if (level == SOL_IP && (name == 35 || name == 36 || name == 39 || name == 40)) /* IP_ADD_MEMBERSHIP and so on */
        return 0;
    if (level == SOL_IPV6 && (name == 20 || name == 21)) /* IPV6_ADD_MEMBERSHIP, IPV6_DROP_MEMBERSHIP */
        return 0;
    if (name == 42 || name == 45 || name == 46 || name == 47) /* MCAST_JOIN_GROUP and so on: struct group_req */
        return level == SOL_IP ? 12 : level == SOL_IPV6 ? 16 : -1;
    return -1;
}

/* A socket option is about to be set: notes who joins or leaves a group. */
INLINE void note_membership(struct bpf_sockopt *context)
{
    if (!CONSTANT(have_task))
        return;
    __u32 level = context->level;
    int at = group_in_option(level, context->optname);
    if (at < 0)
        return;
    struct group group = {};
    __u8 *value = (__u8 *)(unsigned long)context->optval, *end = (__u8 *)(unsigned long)context->optval_end;
    if (level == SOL_IP) {
        group.family = AF_INET;
        if (at == 0) {
            if (value + 4 > end)
                return;
            group.address[0] = *(__u32 *)value;
        } else {
            if (value + 16 > end)
                return;
            group.address[0] = *(__u32 *)(value + 12);
        }
    } else {
        group.family = AF_INET6;
        if (at == 0) {
            if (value + 16 > end)
                return;
            __builtin_memcpy(group.address, value, 16);
        } else {
            if (value + 32 > end)
                return;
            __builtin_memcpy(group.address, value + 16, 16);
        }
    }
    struct membership now = {};
    current_owner(&now.owner);
    now.since = bpf_ktime_get_ns();
    group.netns = now.owner.netns;
    struct membership *known = bpf_map_lookup_elem(&memberships, &group);
    if (known && known->owner.pid != now.owner.pid && now.since - known->since < REPORTED_FOR)
        now.owner.pid = 0;
    bpf_map_update_elem(&memberships, &group, &now, BPF_ANY);
}

/* Owner of a report that leaves: of one group, that somebody has joined or left just now. */
GLOBAL(owner_by_group)
{
    struct work *work = this_work();
    if (!work)
        return 0;
    __u32 at = work->headers.at;
    struct group group = {};
    __u8 header[8];
    if (!load(skb, at, header, sizeof(header)))
        return 0;
    int several = header[0] == 0x22 || header[0] == 143; /* IGMPv3, MLDv2: records of groups, each of 4 bytes and the address */
    if (several && (header[6] | (header[7] ^ 1)))
        return 0;
    group.family = work->headers.family;
    group.netns = CONSTANT(netns_inode);
    if (group.family == AF_INET) {
        if (!load(skb, at + (several ? 12 : 4), group.address, 4))
            return 0;
    } else if (!load(skb, at + (several ? 12 : 8), group.address, 16)) {
        return 0;
    }
    struct membership *known = bpf_map_lookup_elem(&memberships, &group);
    if (!known || !known->owner.pid || bpf_ktime_get_ns() - known->since >= REPORTED_FOR)
        return 0;
    work->owner = known->owner;
    work->flags |= FLAG_SOCKET;
    return 1;
}

/* Owner of an ICMP error, or of a report. The number is its direction. */
GLOBAL(owner_by_message)
{
    struct work *work = this_work();
    if (!work)
        return 0;
    if (work->headers.is_error)
        return owner_by_error(skb, 0);
    return number == DIRECTION_OUT && !skb->ingress_ifindex ? owner_by_group(skb, 0) : 0;
}
