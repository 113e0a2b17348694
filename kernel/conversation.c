// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The packet's conversation, as one of its ends sees it. */

/* A field of the kernel structure at an address; 0 where it cannot be read. */
#define KERNEL(type, address, name)                                                                                    \
    ({                                                                                                                 \
        type field = 0;                                                                                                \
        bpf_probe_read_kernel(&field, sizeof(field), (void *)(unsigned long)((address) + CONSTANT(name)));             \
        field;                                                                                                         \
    })

#define PACKET_OTHERHOST 3 /* linux/if_packet.h */
#define PACKET_LOOPBACK 5

#define CURRENT_NETNS ((__u64)-1)

/* The packet's conversation as the end sees it that the packet arrives at (in) or comes from (out). */
INLINE void conversation_of(const struct headers *h, __u32 direction, struct conversation *c)
{
    const __u32 *local = direction == DIRECTION_IN ? h->destination : h->source;
    const __u32 *remote = direction == DIRECTION_IN ? h->source : h->destination;
#pragma unroll
    for (int i = 0; i < 4; i++) {
        c->local[i] = local[i];
        c->remote[i] = remote[i];
    }
    c->local_port = direction == DIRECTION_IN ? h->destination_port : h->source_port;
    c->remote_port = direction == DIRECTION_IN ? h->source_port : h->destination_port;
    c->protocol = h->protocol;
    c->family = h->family;
    c->netns = CONSTANT(netns);
    c->ifindex = 0;
}
