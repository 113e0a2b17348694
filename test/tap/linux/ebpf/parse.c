// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The tap's own reading of headers, and its check of an owner, as programs that say what came of it. For parse.test.ts. */

#include "../../../../kernel/tap.c"

struct map parsed SEC("maps") = {
    .type = BPF_MAP_TYPE_ARRAY,
    .key_size = 4,
    .value_size = sizeof(struct headers),
    .max_entries = 1,
};

struct map sealed SEC("maps") = {
    .type = BPF_MAP_TYPE_ARRAY,
    .key_size = 4,
    .value_size = sizeof(struct owner),
    .max_entries = 1,
};

/* So that the compiler describes it. */
struct headers headers_layout;

SEC("classifier/parse")
int parse_only(struct __sk_buff *skb)
{
    __u32 zero = 0;
    struct headers *h = bpf_map_lookup_elem(&parsed, &zero);
    if (!h)
        return 0;
    __builtin_memset(h, 0, sizeof(*h));
    BARRIER();
    parse(skb, h);
    return 1;
}

SEC("classifier/seal")
int seal_only(struct __sk_buff *skb __attribute__((unused)))
{
    __u32 zero = 0;
    struct owner *owner = bpf_map_lookup_elem(&sealed, &zero);
    return owner ? (int)check_of(owner) : 0;
}
