// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Filters, and into the ring. */

/* ---- filters ---- */

/* Bodies put in by the loader. Not 0: the packet passes. */
extern int packet_filter(struct __sk_buff *skb, __u32 link_header);
extern int metadata_filter(struct packet_facts *facts);

/*
 * Bytes for the packet filter: big-endian, or -1 past the end. A VLAN tag that the card took off is none of them, as for
 * tcpdump's filter: `vlan` asks the kernel for it.
 */
__attribute__((noinline, used)) __s64 load_packet(struct __sk_buff *skb, __u32 offset, __u32 size)
{
    __u8 bytes[4] = { 0, 0, 0, 0 };
    if (size == 1) {
        if (bpf_skb_load_bytes(skb, offset, bytes, 1) < 0)
            return -1;
        return bytes[0];
    }
    if (size == 2) {
        if (bpf_skb_load_bytes(skb, offset, bytes, 2) < 0)
            return -1;
        return (__u32)bytes[0] << 8 | bytes[1];
    }
    if (bpf_skb_load_bytes(skb, offset, bytes, 4) < 0)
        return -1;
    return (__u32)bytes[0] << 24 | (__u32)bytes[1] << 16 | (__u32)bytes[2] << 8 | bytes[3];
}

/* Length for the packet filter. */
__attribute__((noinline, used)) __u32 packet_length(struct __sk_buff *skb)
{
    return skb->len;
}

/* ---- into the ring ---- */

INLINE void fill(struct record *record, struct __sk_buff *skb, __u32 captured, __u32 direction, __u32 flags,
                 __u32 flow, __s32 service, const struct owner *owner)
{
    __u64 now = bpf_ktime_get_ns();
    __u64 seconds = now / 1000000000;
    record->seconds = seconds;
    record->nanoseconds = now - seconds * 1000000000;
    record->ifindex = skb->ifindex;
    record->netns = CONSTANT(netns);
    record->length = skb->len;
    record->captured = captured;
    record->direction = direction;
    record->flow = flow;
    record->service = service;
    if (skb->vlan_present && CONSTANT(link_header)) {
        flags |= FLAG_VLAN;
        record->vlan_tci = skb->vlan_tci;
        record->vlan_proto = ntohs((__u16)skb->vlan_proto);
    } else {
        record->vlan_tci = 0;
        record->vlan_proto = 0;
    }
    record->flags = flags;
    record->drop_reason = 0;
    record->drop_place = 0;
    record->owner = *owner;
}

/*
 * Wakes the reader where much waits, which is whenever another sixteenth of the ring is full: it looks by itself in between, and
 * each waking interrupts the sender.
 * @param size of the record that is handed over
 */
INLINE __u64 wake(__u32 size)
{
    if (CONSTANT(immediate))
        return BPF_RB_FORCE_WAKEUP;
    __u64 waits = bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA);
    return (waits ^ (waits - size)) & ~(CONSTANT(wake_step) - 1) ? BPF_RB_FORCE_WAKEUP : BPF_RB_NO_WAKEUP;
}

/* The ring reserves constant sizes only: the smallest that holds `captured`, which is more than `above`. */
#define STORE(above, more)                                                                                             \
    if (captured <= (above) + (more)) {                                                                                \
        struct record *record = bpf_ringbuf_reserve(&ring, sizeof(struct record) + (above) + (more), 0);               \
        if (!record) {                                                                                                 \
            count(COUNT_NO_ROOM);                                                                                      \
            return;                                                                                                    \
        }                                                                                                              \
        __u32 n = captured - (above) - 1;                                                                              \
        OPAQUE(n);                                                                                                     \
        n &= (more) - 1;                                                                                               \
        if (bpf_skb_load_bytes(skb, 0, record->data, (above) + n + 1) < 0) {                                           \
            bpf_ringbuf_discard(record, BPF_RB_NO_WAKEUP);                                                             \
            return;                                                                                                    \
        }                                                                                                              \
        fill(record, skb, captured, direction, flags, flow, service, owner);                                           \
        bpf_ringbuf_submit(record, wake(sizeof(struct record) + (above) + (more)));                                    \
        return;                                                                                                        \
    }

INLINE void store(struct __sk_buff *skb, __u32 direction, __u32 flags, __u32 flow, __s32 service,
                  const struct owner *owner)
{
    __u32 captured = skb->len;
    if (captured > CONSTANT(snapshot_length))
        captured = CONSTANT(snapshot_length);
    if (captured == 0)
        return;
    STORE(0, 128)
    STORE(0, 512)
    STORE(0, 2048)
    STORE(0, 8192)
    STORE(0, 32768)
    STORE(0, 65536)
    STORE(65536, 4096) /* TCP's largest, with their headers */
    STORE(0, 262144)
}

INLINE int is_wanted(const struct owner *owner, __s32 service, __u32 flow, __u32 flags)
{
    struct packet_facts facts = {};
    facts.pid = owner->pid ? owner->pid : -1;
    facts.uid = owner->pid ? owner->uid : -1;
    facts.service_class = service;
    facts.flow_id = flow;
    facts.ppid = owner->pid ? owner->ppid : -1;
    facts.netns = owner->netns ? owner->netns : -1;
    facts.effective_pid = -1;
    facts.trees = owner->trees;
    facts.thread = owner->tid;
    facts.flags = flags;
    ((__u64 *)facts.comm)[0] = ((__u64 *)owner->comm)[0];
    ((__u64 *)facts.comm)[1] = ((__u64 *)owner->comm)[1];
    return metadata_filter(&facts);
}

/* Asks the metadata filter. Of several receivers the first that it wants is the packet's owner. */
INLINE int passes_metadata(struct work *work, __u32 direction, __s32 service, __u32 flow)
{
    if (is_wanted(&work->owner, service, flow, work->flags))
        return 1;
    __u32 zero = 0;
    struct receiving *r = direction == DIRECTION_IN && CONSTANT(have_receivers) ? bpf_map_lookup_elem(&receiving, &zero) : NULL;
    if (!r)
        return 0;
#pragma clang loop unroll(disable)
    for (__u32 i = 1; i < RECEIVERS; i++) {
        if (i >= work->answer.receivers)
            return 0;
        if (!is_wanted(&r->owners[i], service, flow, work->flags))
            continue;
        work->owner = r->owners[i];
        return 1;
    }
    return 0;
}
