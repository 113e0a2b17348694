// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Who sends: whether the current system call is a send on this very socket, or one that only carries packets (a write to a
 * tun device, a verdict of netfilter's queue, an entry for a neighbour). A part of tap.c.
 *
 * What tells is the call's own file: its number is among the registers that brought the task into the kernel, and the task's
 * table says which socket that is. Where a call has no such number (io_uring), TCP is told by its lock: who is inside of it sends.
 */

#define PF_IO_WORKER 0x00000010
#define USER32_CS 0x23 /* x86: asm/segment.h */
#define MODE_32 0x10   /* arm64: PSR_MODE32_BIT, asm/ptrace.h */

enum { SENDS_NOT, SENDS, SENDS_PERHAPS };

/* The socket behind a file; what is no socket gives no address of one. */
INLINE __u64 socket_of_file(__u64 file)
{
    __u64 socket = FOLLOW(__u64, file, file_private);
    return socket ? FOLLOW(__u64, socket, socket_sk) : 0;
}

INLINE __u64 socket_of_number(__u64 task, __u32 number)
{
    __u64 files = FOLLOW(__u64, task, task_files), file = 0;
    __u64 table = FOLLOW(__u64, files, files_table);
    if (number >= FOLLOW(__u32, table, table_size))
        return 0;
    bpf_probe_read_kernel(&file, sizeof(file), (void *)(FOLLOW(__u64, table, table_files) + number * 8ull));
    return file ? socket_of_file(file) : 0;
}

/* What the current task works on. */
struct call {
    __u64 socket; /* its struct sock, 0: none */
    __u32 perhaps; /* it may work on any: io_uring has several requests in one call */
    __u32 padding;
};

/* The socket that the current system call works on. */
INLINE void current_call(struct call *call)
{
    call->socket = 0;
    call->perhaps = 1;
    if (!CONSTANT(have_registers) || !CONSTANT(have_files))
        return;
    __u64 task = bpf_get_current_task();
    if (CONSTANT(have_io_workers) && CURRENT(__u32, task_flags) & PF_IO_WORKER) {
        /* Such a task is in no call: its work says which request it does. The thread that polls a queue has no such work. */
        __u64 worker = FOLLOW(__u64, task, task_worker);
        __u64 request = worker ? FOLLOW(__u64, worker, worker_work) : 0;
        if (request) {
            call->socket = socket_of_file(FOLLOW(__u64, request - CONSTANT(request_work), request_file));
            call->perhaps = 0;
        }
        return;
    }
    __u64 registers = FOLLOW(__u64, task, task_stack) + CONSTANT(stack_size) - CONSTANT(registers_size);
    __u32 number = 0;
    if (CONSTANT(x86) && (__u16)FOLLOW(__u64, registers, registers_ss) != USER_SS)
        registers -= 16; /* CONFIG_X86_FRED keeps two more words above them */
    __u32 call_number = FOLLOW(__u32, registers, registers_call);
    number = FOLLOW(__u64, registers, registers_first);
    if (call_number == (__u32)CONSTANT(call_io_uring_enter))
        return;
    call->perhaps = 0;
    if ((__s32)call_number < 0) /* it was interrupted outside of the kernel */
        return;
    int is_32 = CONSTANT(x86) ? FOLLOW(__u16, registers, registers_cs) == USER32_CS
                              : (FOLLOW(__u32, registers, registers_state) & MODE_32) != 0;
    if (is_32) {
        number = FOLLOW(__u64, registers, registers_first_32);
        if (call_number == (__u32)CONSTANT(call_socketcall_32)) /* the arguments are in memory */
            bpf_probe_read_user(&number, sizeof(number), (void *)(__u64)(__u32)FOLLOW(__u64, registers, registers_second_32));
    }
    if (call_number == (__u32)(is_32 ? CONSTANT(call_splice_32) : CONSTANT(call_splice)))
        number = FOLLOW(__u64, registers, registers_third);
    call->socket = socket_of_number(task, number);
}

/*
 * Whether the current task, which is in its own call, sends on a socket.
 * @param sk the socket's address
 * @param upper address of the Multipath TCP socket above it, or 0
 * @param locks whether the socket is one that is locked as long as somebody sends on it
 */
INLINE int current_sends_on(__u64 sk, __u64 upper, int locks)
{
    struct call call;
    current_call(&call);
    if (call.socket && (call.socket == sk || call.socket == upper))
        return SENDS;
    if (!call.perhaps)
        return SENDS_NOT;
    if (!locks || !CONSTANT(have_lock))
        return SENDS_PERHAPS;
    return FOLLOW(__u32, sk, sock_locked) ? SENDS : SENDS_NOT;
}

/* ---- packets that wait for a neighbour's address ---- */

/* Who sent a packet that waits, by the packet's address. */
struct waiting {
    struct owner owner; /* nobody: it cannot be told */
    __u64 sk;
    __u64 since;
    __u32 length; /* from the IP header on */
    __u32 padding;
};

struct map waiting SEC("maps") = {
    .type = BPF_MAP_TYPE_LRU_HASH,
    .key_size = 8,
    .value_size = sizeof(struct waiting),
    .max_entries = 4096,
};

#define WAITS_AT_MOST 20000000000ull /* nanoseconds; the kernel gives up a neighbour earlier */
#define WAITING_LOOKED_AT 8

/* Whether what is noted was noted of this packet, not of another that had its memory before. */
INLINE int is_noted(const struct waiting *noted, __u64 sk, __u32 length)
{
    return noted && noted->sk == sk && noted->length == length && bpf_ktime_get_ns() - noted->since < WAITS_AT_MOST;
}

/*
 * The sender of a packet that waited.
 * @return whether it was noted; `owner` is nobody where it could not be told
 */
INLINE int waited(__u64 skb, __u64 sk, __u32 length, struct owner *owner)
{
    struct waiting *noted = bpf_map_lookup_elem(&waiting, &skb);
    if (!is_noted(noted, sk, length))
        return 0;
    *owner = noted->owner;
    bpf_map_delete_elem(&waiting, &skb);
    return 1;
}

/*
 * void (struct neighbour *, int waits), when the sender has put its packet behind those that wait. The queue's lock is free
 * again: another sender on the same socket may have added one too, and then neither is named.
 */
SEC("tp_btf/neigh_event_send_done")
int packet_waits(__u64 *arguments)
{
    if (!(__u32)arguments[1] || current_is_kernel_thread())
        return 0;
    struct call call;
    current_call(&call);
    if (!call.socket)
        return 0;
    __u64 head = arguments[0] + CONSTANT(neighbour_queue), at = head;
    __u64 found[2] = { 0, 0 };
#pragma unroll
    for (int i = 0; i < WAITING_LOOKED_AT; i++) {
        at = FOLLOW(__u64, at, skb_previous);
        if (at == head || !at)
            break;
        __u64 skb = at;
        if (FOLLOW(__u64, skb, waiting_sk) != call.socket)
            continue;
        if (is_noted(bpf_map_lookup_elem(&waiting, &skb), call.socket, FOLLOW(__u32, skb, waiting_len)))
            break;
        if (found[0]) {
            found[1] = skb;
            break;
        }
        found[0] = skb;
    }
    if (!found[0])
        return 0;
    struct waiting now = {};
    if (!found[1])
        current_owner(&now.owner);
    now.sk = call.socket;
    now.since = bpf_ktime_get_ns();
#pragma unroll
    for (int i = 0; i < 2; i++) {
        __u64 skb = found[i];
        if (!skb)
            break;
        now.length = FOLLOW(__u32, skb, waiting_len);
        bpf_map_update_elem(&waiting, &skb, &now, BPF_ANY);
    }
    return 0;
}
