// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The maps that the programs share, and the counters. */

/* Packets, to user space. max_entries (bytes) is set by the loader. */
struct map ring SEC("maps") = { .type = BPF_MAP_TYPE_RINGBUF };

/* Last user of each socket; freed with the socket, inherited by the sockets a listener accepts. */
struct map owners SEC("maps") = {
    .type = BPF_MAP_TYPE_SK_STORAGE,
    .key_size = 4,
    .value_size = sizeof(struct owner),
    .flags = BPF_F_NO_PREALLOC | BPF_F_CLONE,
};

/* Owners of what has no socket to ask: closing TCP connections, ICMP echo, later fragments. */
struct map remembered SEC("maps") = {
    .type = BPF_MAP_TYPE_LRU_HASH,
    .key_size = sizeof(struct conversation),
    .value_size = sizeof(struct owner),
    .max_entries = 16384,
};

/*
 * What user space alone enters takes memory as it is entered: room for all of it beforehand would take milliseconds at every start.
 * What programs enter has its memory beforehand, as before 6.1 they cannot always get any.
 */

/* Interface -> ID of the namespace at a veth's other end. */
struct map peers SEC("maps") = {
    .type = BPF_MAP_TYPE_HASH,
    .key_size = 8,
    .value_size = 4,
    .max_entries = 16384,
    .flags = BPF_F_NO_PREALLOC,
};

/* Addresses that are ours, as user space reads them. */
struct map addresses SEC("maps") = {
    .type = BPF_MAP_TYPE_HASH,
    .key_size = sizeof(struct address),
    .value_size = 4,
    .max_entries = 16384,
    .flags = BPF_F_NO_PREALLOC,
};

/*
 * Ends of ours that packets leave from which came from elsewhere: their addresses are translated (NAT, a container's published
 * port), and so are those of what arrives there. The value is when that was seen last.
 */
struct end {
    struct address address;
    __u16 port;
    __u16 protocol;
};

struct map translated SEC("maps") = {
    .type = BPF_MAP_TYPE_LRU_HASH,
    .key_size = sizeof(struct end),
    .value_size = 8,
    .max_entries = 16384,
};

/*
 * Owners of Multipath TCP's sockets that are older than the tap, by their cookie: nobody but the kernel reaches the TCP sockets below
 * them, to which the packets belong. And, while older sockets get their owners, by its address who gets each that several hold (claim.c):
 * a cookie is no address.
 */
struct map multipath SEC("maps") = {
    .type = BPF_MAP_TYPE_HASH,
    .key_size = 8,
    .value_size = sizeof(struct owner),
    .max_entries = 16384,
    .flags = BPF_F_NO_PREALLOC,
};

/*
 * Processes that belong to a tree somebody asks for, by ID: user space enters those that are there, and a member's
 * children become members as they are forked.
 */
struct map members SEC("maps") = {
    .type = BPF_MAP_TYPE_HASH,
    .key_size = 4,
    .value_size = sizeof(struct member),
    .max_entries = 65536,
};

struct map counters SEC("maps") = {
    .type = BPF_MAP_TYPE_PERCPU_ARRAY,
    .key_size = 4,
    .value_size = 8,
    .max_entries = COUNTS,
};

INLINE void count(__u32 which)
{
    __u64 *counter = bpf_map_lookup_elem(&counters, &which);
    if (counter)
        *counter += 1;
}
