/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What the tap's programs need of the eBPF world: helpers by number, sections, constants set by the loader. */
#ifndef PKTAP_BPF_H
#define PKTAP_BPF_H

#include <linux/bpf.h>
#include <linux/types.h>

#define SEC(name) __attribute__((section(name), used))
#define INLINE static inline __attribute__((always_inline))
/* A stack frame of its own, which is forgotten at its end: the verifier then goes on from one state, not from one for each way. */
#define NOINLINE static __attribute__((noinline))
/*
 * A function that the verifier looks at once by itself, whatever calls it and how often: it may have any number, and what it knows of
 * the packet is in maps. All have one signature, which src/tap/linux/ebpf/functions.ts describes to the kernel. Both
 * arguments are used, or the compiler's callers would hand over nothing.
 */
#define GLOBAL(name)                                                                                                   \
    INLINE int name##_body(struct __sk_buff *skb, __u64 number);                                                       \
    __attribute__((noinline, section("global"))) int name(struct __sk_buff *skb, __u64 number)                         \
    {                                                                                                                  \
        asm volatile("" : : "r"(skb), "r"(number));                                                                    \
        return name##_body(skb, number);                                                                               \
    }                                                                                                                  \
    INLINE int name##_body(struct __sk_buff *skb __attribute__((unused)), __u64 number __attribute__((unused)))
#define NULL ((void *)0)

/* Hides how a number came about, so that the compiler cannot undo a mask that the verifier needs to see. */
#define OPAQUE(x) asm volatile("" : "+r"(x))

/*
 * A number the loader writes into the instruction itself before the program is loaded: the verifier knows it, and drops
 * the branches it rules out. Weak, so that the compiler does not take it for an address that is never 0.
 */
#define CONSTANT(name)                                                                                                 \
    ({                                                                                                                 \
        extern char constant_##name __attribute__((weak));                                                             \
        (__u64)(unsigned long)&constant_##name;                                                                        \
    })

/* A map as the loader reads it from the section `maps`. */
struct map {
    __u32 type;
    __u32 key_size;
    __u32 value_size;
    __u32 max_entries;
    __u32 flags;
};

static void *(*const bpf_map_lookup_elem)(void *map, const void *key) = (void *)BPF_FUNC_map_lookup_elem;
static long (*const bpf_map_update_elem)(void *map, const void *key, const void *value,
                                         __u64 flags) = (void *)BPF_FUNC_map_update_elem;
static long (*const bpf_map_delete_elem)(void *map, const void *key) = (void *)BPF_FUNC_map_delete_elem;
static __u64 (*const bpf_ktime_get_ns)(void) = (void *)BPF_FUNC_ktime_get_ns;
static __u64 (*const bpf_ktime_get_boot_ns)(void) = (void *)BPF_FUNC_ktime_get_boot_ns;
static __u64 (*const bpf_get_current_pid_tgid)(void) = (void *)BPF_FUNC_get_current_pid_tgid;
static __u64 (*const bpf_get_current_uid_gid)(void) = (void *)BPF_FUNC_get_current_uid_gid;
static __u64 (*const bpf_get_current_cgroup_id)(void) = (void *)BPF_FUNC_get_current_cgroup_id;
static long (*const bpf_get_current_comm)(void *to, __u32 size) = (void *)BPF_FUNC_get_current_comm;
static void *(*const bpf_get_current_task_btf)(void) = (void *)BPF_FUNC_get_current_task_btf;
static __u64 (*const bpf_get_current_task)(void) = (void *)BPF_FUNC_get_current_task;
static long (*const bpf_probe_read_kernel)(void *to, __u32 size,
                                           const void *from) = (void *)BPF_FUNC_probe_read_kernel;
static long (*const bpf_probe_read_user)(void *to, __u32 size, const void *from) = (void *)BPF_FUNC_probe_read_user;
static long (*const bpf_probe_read_kernel_str)(void *to, __u32 size,
                                               const void *from) = (void *)BPF_FUNC_probe_read_kernel_str;
static long (*const bpf_skb_load_bytes)(const void *skb, __u32 offset, void *to,
                                        __u32 length) = (void *)BPF_FUNC_skb_load_bytes;
static struct bpf_sock *(*const bpf_sk_fullsock)(void *sk) = (void *)BPF_FUNC_sk_fullsock;
static struct bpf_tcp_sock *(*const bpf_tcp_sock)(struct bpf_sock *sk) = (void *)BPF_FUNC_tcp_sock;
static struct bpf_sock *(*const bpf_sk_lookup_tcp)(void *skb, struct bpf_sock_tuple *tuple, __u32 size, __u64 netns,
                                                   __u64 flags) = (void *)BPF_FUNC_sk_lookup_tcp;
static struct bpf_sock *(*const bpf_sk_lookup_udp)(void *skb, struct bpf_sock_tuple *tuple, __u32 size, __u64 netns,
                                                   __u64 flags) = (void *)BPF_FUNC_sk_lookup_udp;
static long (*const bpf_sk_release)(void *sk) = (void *)BPF_FUNC_sk_release;
static long (*const bpf_fib_lookup)(void *skb, struct bpf_fib_lookup *route, int size,
                                    __u32 flags) = (void *)BPF_FUNC_fib_lookup;
static void *(*const bpf_sk_storage_get)(void *map, void *sk, void *value,
                                         __u64 flags) = (void *)BPF_FUNC_sk_storage_get;
static void *(*const bpf_ringbuf_reserve)(void *ring, __u64 size, __u64 flags) = (void *)BPF_FUNC_ringbuf_reserve;
static void (*const bpf_ringbuf_submit)(void *data, __u64 flags) = (void *)BPF_FUNC_ringbuf_submit;
static void (*const bpf_ringbuf_discard)(void *data, __u64 flags) = (void *)BPF_FUNC_ringbuf_discard;
static __u64 (*const bpf_ringbuf_query)(void *ring, __u64 flags) = (void *)BPF_FUNC_ringbuf_query;

static __u64 (*const bpf_get_socket_cookie)(void *sk) = (void *)BPF_FUNC_get_socket_cookie;
static void *(*const bpf_sock_from_file)(void *file) = (void *)BPF_FUNC_sock_from_file;
static long (*const bpf_seq_write)(void *to, const void *data, __u32 size) = (void *)BPF_FUNC_seq_write;

/* The compiler shall read memory anew. */
#define BARRIER() asm volatile("" ::: "memory")

#define htons(x) ((__u16)__builtin_bswap16(x))
#define ntohs(x) ((__u16)__builtin_bswap16(x))
#define ntohl(x) __builtin_bswap32(x)

#endif
