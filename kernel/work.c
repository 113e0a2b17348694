// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Where each processor works, and what the verifier is to forget; whether a system call runs. */

/*
 * What a packet does, and what attribution finds. A part of `struct work`: or the verifier would try every combination of its
 * fields.
 */
struct answer {
    __u32 closes;    /* a TCP connection */
    __u32 opens;     /* one */
    __u32 asks;      /* ICMP, for an echo */
    __u32 remembers; /* its owner is to be remembered or forgotten */
    __u32 found;     /* a whole answer is in `owner` */
    __u32 open;      /* one of several sockets', or processes', and nothing tells which */
    __u32 travels;   /* it is a socket's elsewhere: whose it is is remembered for where it passes next */
    __u32 for_many;  /* it comes in for every socket that wants it */
    __u32 receivers; /* how many there are, where it is for many */
    __u32 shared;    /* its socket went from one process to another lately */
    __u32 sends;     /* whether the current process is inside a send on its socket */
    __u32 recorded;  /* the owner was read from the record of the packet's own socket */
    __u32 refused;   /* what the socket's record says is refused: `owner` is not filled */
};

/*
 * Where a packet is worked on: memory whose contents the verifier does not follow, or it would try every combination of
 * them. Packet hooks run with soft interrupts off, one at a time on each CPU.
 */
struct work {
    struct headers headers;
    struct owner owner;
    struct answer answer;
    __u32 flags;
    struct bpf_fib_lookup route;
    __u64 number; /* what the verifier shall take for any number */
};

struct map workplaces SEC("maps") = {
    .type = BPF_MAP_TYPE_PERCPU_ARRAY,
    .key_size = 4,
    .value_size = sizeof(struct work),
    .max_entries = 1,
};

/* Where this processor works. */
INLINE struct work *this_work(void)
{
    __u32 zero = 0;
    return bpf_map_lookup_elem(&workplaces, &zero);
}

/* The address of a structure that the verifier lets nobody read but as it says. */
INLINE __u64 address_of(const void *structure, struct work *work)
{
    work->number = (__u64)(unsigned long)structure;
    BARRIER(); /* out of memory it comes as a number */
    return work->number;
}

/* An answer that the verifier does not follow any further: what comes after is checked once, not once for each way to it. */
INLINE int forgotten(int answer, struct work *work)
{
    work->number = answer;
    BARRIER();
    return (int)work->number;
}

#define NOT_OF_A_PROCESS 0x00ff0100 /* linux/preempt.h: a non-maskable or hardware interrupt, or a soft one being served */
#define USER_SS 0x2b                /* x86: asm/segment.h */

/*
 * x86, where nothing says it: interrupts run on a stack of their own, but one that interrupts user space, and what it
 * leaves to do, runs on the task's. So this very frame is looked for on the task's stack, and what brought the task
 * into the kernel at its top, where the registers are saved: a system call has left its number there, an interrupt -1.
 */
INLINE int in_system_call_by_stack(struct work *work)
{
    struct {
        __u64 original_ax, ip, cs, flags, sp, ss, event[2];
    } saved; /* the end of struct pt_regs, asm/ptrace.h; two more words in kernels with CONFIG_X86_FRED */
    char here;
    __u64 frame = address_of(&here, work);
    __u64 stack = CURRENT(__u64, task_stack);
    if (frame - stack >= CONSTANT(stack_size))
        return 0;
    if (bpf_probe_read_kernel(&saved, sizeof(saved), (void *)(stack + CONSTANT(stack_size) - sizeof(saved))))
        return 0;
    __u64 call = (__u16)saved.event[1] == USER_SS ? saved.cs : saved.original_ax;
    return (__s64)call >= 0;
}

/*
 * True when the code that runs is the current process's own system call, not an interrupt that happened to land on it:
 * then a packet that leaves is sent by the current process.
 */
INLINE int in_system_call(struct work *work)
{
    if (!CONSTANT(have_task) || current_is_kernel_thread())
        return 0;
    if (CONSTANT(preempt_by_task)) {
        __u32 count = CURRENT(__u32, task_preempt_count);
        return !(count & NOT_OF_A_PROCESS);
    }
    return CONSTANT(x86) && in_system_call_by_stack(work);
}
