/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What user space puts into maps and reads from them. */
#ifndef PKTAP_ENTRIES_H
#define PKTAP_ENTRIES_H

#include <linux/types.h>

/* An address of ours: a key of `addresses`. */
struct address {
    __u32 words[4]; /* IPv4: the first */
    __u32 netns;
    __u32 family;
};

/* A process of a tree: a value of `members`. */
struct member {
    __u64 start; /* of the process, in clock ticks as /proc counts: an ID may be given again */
    __u32 trees; /* one bit each */
    __u32 children_only; /* it does not belong to them itself */
};

/* One of several processes that hold a socket which is older than the tap, as kernel/claim.c tells it. */
struct held_socket {
    __u64 socket; /* its address: nothing but a name for it */
    __u32 pid;    /* as /proc has it for us; 0: not at all */
    __u32 fd;
};

/* A conversation as its local end sees it: a key of `remembered`. */
struct conversation {
    __u32 local[4]; /* IPv4: the first word */
    __u32 remote[4];
    __u16 local_port; /* ICMP echo: the identifier */
    __u16 remote_port;
    __u16 protocol;
    __u16 family;
    __u32 netns;
    __u32 ifindex; /* fragments: where they pass; else 0 */
};

/* Keys of `counters`. */
enum counter { COUNT_RECEIVED, COUNT_NO_ROOM, COUNT_METADATA, COUNTS };

/* Netfilter's tuple, as kernel/passing.c reads it: the kernel's own must be as large. */
struct tuple {
    __u32 source[4];
    __u16 source_port; /* ICMP: the identifier */
    __u16 family;
    __u32 destination[4];
    __u16 destination_port;
    __u8 protocol;
    __u8 direction;
};

#endif
