/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What the metadata filter may ask of a packet. layouts.js makes src/filter/metadata/layouts.ts of it. */
#ifndef PKTAP_FACTS_H
#define PKTAP_FACTS_H

#include <linux/types.h>

struct packet_facts {
    __s32 pid; /* -1: unknown */
    __u32 uid; /* -1: unknown */
    char comm[16]; /* padded with zeros; all zeros: unknown */
    __s32 service_class;
    __u32 flow_id;
    __s32 ppid; /* -1: unknown */
    __u32 netns; /* -1: unknown */
    __s32 effective_pid; /* -1: none */
    __u32 trees; /* as the owner's */
    __u32 thread; /* 0: unknown */
    __u32 flags; /* as the record's */
};

#endif
