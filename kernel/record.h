/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What goes through the ring: one record a packet. layouts.js makes src/tap/linux/ebpf/layouts.ts of it. */
#ifndef PKTAP_RECORD_H
#define PKTAP_RECORD_H

#include <linux/types.h>

/* Who used a socket last, taken in the process's own context: it may be gone when user space looks. */
struct owner {
    __u32 pid;    /* thread group's ID; 0: unknown */
    __u32 tid;    /* thread's */
    __u32 uid;    /* real user ID */
    __u32 ppid;   /* parent's thread group ID */
    char comm[16]; /* the group leader's name, not the thread's */
    __u64 start;  /* start of the group leader, ns since boot */
    __u64 cgroup; /* cgroup2 ID */
    __u64 program; /* which of the process's programs it runs: the kernel counts them; 0: unknown */
    __u32 netns;  /* inode number of the process's network namespace */
    __u16 seen;   /* lowest bit: a packet of this socket was captured; above: when it went to another process, 0 never */
    __u16 trees;  /* the trees of processes it belongs to, one bit each */
    __u32 check;  /* of all of these but `seen`: whether they belong together */
    __u32 refused; /* the `check` that the metadata filter refused last */
};

#define DIRECTION_IN 1
#define DIRECTION_OUT 2

/* Apple's pcapng metadata flags, and above them one of ours. */
enum packet_flag {
    FLAG_NEW_FLOW = 0x1,
    FLAG_KEEP_ALIVE = 0x2,
    FLAG_RETRANSMISSION = 0x4,
    FLAG_SOCKET = 0x8,
    FLAG_VLAN = 0x10000, /* vlan_tci and vlan_proto hold a tag that is not among the bytes */
    FLAG_NO_LINK_HEADER = 0x20000, /* a dropped packet: its bytes begin with the IP header */
    FLAG_NAMED_LATER = 0x40000, /* nobody is known yet for whom it is: its answer may tell */
};

struct record {
    __u32 seconds;     /* CLOCK_MONOTONIC */
    __u32 nanoseconds;
    __u32 ifindex;
    __u32 netns;       /* number of the namespace captured in, ours being 0; of a dropped packet, its inode number */
    __u32 length;      /* bytes on the wire, without the tag of FLAG_VLAN */
    __u32 captured;    /* bytes that follow the record's header */
    __u32 direction;
    __u32 flags;
    __u32 flow;        /* flow ID, 0 unknown */
    __s32 service;     /* service class, -1 unknown */
    __u16 vlan_tci;    /* host order */
    __u16 vlan_proto;  /* host order */
    __u32 drop_reason; /* 0: not dropped */
    __u64 drop_place;  /* address of the function that dropped the packet */
    struct owner owner;
    __u8 data[];       /* of a dropped packet: its interface's name, NAME_SIZE bytes, in front */
};

/* What is counted together: a key of `counts_one` and `counts_two`. */
struct flow_key {
    __u32 source[4];
    __u32 destination[4];
    __u16 source_port;      /* network order, as the next */
    __u16 destination_port;
    __u16 protocol;
    __u16 family;
    __u32 ifindex;
    __u32 netns;            /* as the record's */
    __u32 direction;
    __s32 service;
    __u32 pid;              /* the owner's, and its check: who has another name is another */
    __u32 check;
};

/* And what was counted. */
struct flow_count {
    struct owner owner;
    __u64 packets;
    __u64 bytes;            /* on the wire */
    __u64 last;             /* CLOCK_MONOTONIC, ns */
    __u64 retransmissions;
};

enum ring_number {
    NAME_SIZE = 16, /* IFNAMSIZ */
    EXECUTION_MARK = 0xffffffff,
};

/* A program that was started: what /proc would say, if the process were still there when its packet is read. */
struct execution {
    __u32 pid;
    __u32 mark;        /* EXECUTION_MARK, where a packet's record has its nanoseconds */
    __u32 device;      /* of the file that runs, as the kernel counts: 12 bits and 20 */
    __u32 names;       /* 1: `path` has the names of the file's path, the last first, each ends with a 0; 0: the path as it was given */
    char comm[16];     /* its name from now on */
    __u64 start;       /* of the process, ns since boot */
    __u64 program;     /* as the owner's */
    __u32 path_length; /* with the 0 at its end; 0: unknown */
    __u32 args_length;
    __u64 inode;       /* of the file that runs; 0: unknown */
    __u64 changed;     /* when the file was changed last, ns since the epoch; 0: unknown */
    char path[768];
    char args[1024];   /* each ends with a 0 */
};

_Static_assert(__builtin_offsetof(struct execution, mark) == __builtin_offsetof(struct record, nanoseconds), "as said");

#endif
