/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
#ifndef PKTAP_FACTS_H
#define PKTAP_FACTS_H
#include <linux/types.h>
struct packet_facts {
    __s32 pid; __u32 uid; char comm[16]; __s32 service_class; __u32 flow_id; __s32 ppid; __u32 netns; __s32 effective_pid; __u32 pad;
};
#endif
