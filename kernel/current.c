// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Who is current, and owners' records: written and read as a whole though others do the same. */

#define PF_KTHREAD 0x00200000

/* A field of a kernel structure; the offset comes from the kernel's own types. */
#define FIELD(type, base, name) (*(type *)((char *)(base) + CONSTANT(name)))

/*
 * The same by a helper, 0 when it cannot be read. For pointers: each that is loaded from a task makes the verifier search
 * all of the kernel's types by name, several times, on every path: it would take most of the time to start.
 */
#define FOLLOW(type, base, name)                                                                                       \
    ({                                                                                                                 \
        type value_ = 0;                                                                                               \
        bpf_probe_read_kernel(&value_, sizeof(value_), (void *)(unsigned long)((base) + CONSTANT(name)));              \
        value_;                                                                                                        \
    })

/* A field of the current task: read at once where it is known as a structure (5.11), else by its address. */
#define CURRENT(type, name)                                                                                            \
    ({                                                                                                                 \
        type current_;                                                                                                 \
        if (CONSTANT(task_btf))                                                                                        \
            current_ = FIELD(type, bpf_get_current_task_btf(), name);                                                  \
        else                                                                                                           \
            current_ = FOLLOW(type, bpf_get_current_task(), name);                                                     \
        current_;                                                                                                      \
    })

INLINE int current_is_kernel_thread(void)
{
    if (!CONSTANT(have_task))
        return 0;
    return (CURRENT(__u32, task_flags) & PF_KTHREAD) != 0;
}

/* Programs of which types may ask for it changes with nearly every kernel. */
INLINE __u32 current_uid(void)
{
    if (CONSTANT(uid_helper))
        return (__u32)bpf_get_current_uid_gid();
    return FOLLOW(__u32, FOLLOW(__u64, bpf_get_current_task(), task_cred), cred_uid);
}

/* A task's cgroup, as bpf_get_current_cgroup_id has it, which packet hooks may not ask everywhere. */
INLINE __u64 cgroup_of(__u64 task)
{
    if (!CONSTANT(have_cgroup))
        return 0;
    __u64 set = FOLLOW(__u64, task, task_cgroups);
    return FOLLOW(__u64, FOLLOW(__u64, FOLLOW(__u64, set, set_cgroup), cgroup_node), node_id);
}

/* The same for the same fields, and for a mixture of two owners' not: src/tap/linux/ebpf/record.ts computes it too. */
INLINE __u32 check_of(const struct owner *owner)
{
    const __u64 *words = (const __u64 *)owner;
    __u64 mixed = 0;
#pragma unroll
    for (int i = 0; i < 7; i++)
        mixed = (mixed ^ words[i]) * 0x9e3779b97f4a7c15ull;
    return (mixed ^ owner->netns ^ (__u64)owner->trees << 32) * 0x9e3779b97f4a7c15ull >> 32;
}

#define TICK 10000000 /* nanoseconds of a clock tick as /proc counts, USER_HZ */

/* A member's entry, unless the ID was another process's. */
INLINE struct member *member_of(__u32 pid, __u64 start)
{
    struct member *member = bpf_map_lookup_elem(&members, &pid);
    return member && member->start == start / TICK ? member : NULL;
}

/* A process's name, with zeros behind its end: kernels before 5.17 leave what stays of a longer one there. */
INLINE void end_name(__u64 *comm)
{
    const __u64 ones = 0x0101010101010101ull, highs = 0x8080808080808080ull;
    /* The lowest bit that is set is a byte's that is 0. */
    __u64 ends = (comm[0] - ones) & ~comm[0] & highs;
    if (ends) {
        comm[0] &= (ends & -ends) - 1;
        comm[1] = 0;
        return;
    }
    ends = (comm[1] - ones) & ~comm[1] & highs;
    if (ends)
        comm[1] &= (ends & -ends) - 1;
}

/* The name of a process by its group leader's address. @returns 0 where it cannot be read */
INLINE int read_name(__u64 *comm, __u64 leader)
{
    if (bpf_probe_read_kernel(comm, 16, (void *)(unsigned long)(leader + CONSTANT(task_comm))))
        return 0;
    end_name(comm);
    return 1;
}

/* What a process's group leader says of it, and the trees of processes that it belongs to. */
INLINE void read_leader(struct owner *owner, __u64 leader)
{
    read_name((__u64 *)owner->comm, leader);
    owner->start = FOLLOW(__u64, leader, task_start_boottime);
    owner->program = FOLLOW(__u64, leader, task_program);
    owner->ppid = FOLLOW(__u32, FOLLOW(__u64, leader, task_real_parent), task_tgid);
    __u64 namespaces = FOLLOW(__u64, leader, task_nsproxy);
    owner->netns = namespaces ? FOLLOW(__u32, FOLLOW(__u64, namespaces, nsproxy_net_ns), net_ns_inum) : 0;
    if (CONSTANT(trees)) {
        struct member *member = member_of(owner->pid, owner->start);
        if (member && !member->children_only)
            owner->trees = member->trees;
    }
}

INLINE void current_owner(struct owner *owner)
{
    owner->seen = 0;
    owner->trees = 0;
    owner->refused = 0;
    if (CONSTANT(have_task)) {
        owner->pid = CURRENT(__u32, task_tgid);
        owner->tid = CURRENT(__u32, task_pid);
        owner->uid = current_uid();
        owner->cgroup = cgroup_of(bpf_get_current_task());
        read_leader(owner, FOLLOW(__u64, bpf_get_current_task(), task_group_leader));
    } else {
        __u64 id = bpf_get_current_pid_tgid();
        owner->pid = id >> 32;
        owner->tid = (__u32)id;
        owner->uid = (__u32)bpf_get_current_uid_gid();
        owner->cgroup = bpf_get_current_cgroup_id();
        bpf_get_current_comm(owner->comm, sizeof(owner->comm));
        end_name((__u64 *)owner->comm); /* not every kernel's fills it up */
        owner->start = 0;
        owner->program = 0;
        owner->ppid = 0;
        owner->netns = 0;
    }
    owner->check = check_of(owner);
}

#define SEEN 1 /* of `seen` */

/* Time in units of 2^30 ns, as `seen` has it: never 0. */
INLINE __u16 now_in_units(void)
{
    return ((__u16)(bpf_ktime_get_ns() >> 30) | 1) << 1;
}

#define SHARED_FOR 24 /* units, twice what a packet waits for its neighbour's address */

/*
 * Whether the socket went from one process to another lately: then a packet of it that waited may be the one's or the other's.
 */
INLINE int is_shared(const struct owner *known)
{
    __u16 changed = known->seen & ~SEEN;
    return changed && (__u16)(now_in_units() - changed) >> 1 <= SHARED_FOR;
}

/*
 * Several CPUs may write and read a socket's record at once, and there is no lock that all of these programs may take.
 * The check tells a whole record from one that is being written.
 */
INLINE void write_owner(struct owner *known, const struct owner *now)
{
    __u16 seen = known->seen;
    if (known->pid && known->pid != now->pid)
        seen = (seen & SEEN) | now_in_units();
#pragma unroll
    for (int i = 0; i < 2; i++) {
        *known = *now;
        known->seen = seen;
        BARRIER();
        if (known->check == check_of(known))
            break;
    }
}

/* @return whether a whole record could be read that names somebody */
INLINE int read_owner(const struct owner *known, struct owner *to)
{
#pragma unroll
    for (int i = 0; i < 3; i++) {
        *to = *known;
        if (to->check == check_of(to))
            return to->pid != 0;
        BARRIER();
    }
    __builtin_memset(to, 0, sizeof(*to));
    return 0;
}

/* Whether the current process is, for a filter that only asks who it is, the one that the record says. */
INLINE int is_current(const struct owner *known)
{
    if (!CONSTANT(have_task))
        return 0;
    __u32 pid = CURRENT(__u32, task_tgid);
    if (known->pid != pid || known->uid != current_uid())
        return 0;
    __u64 comm[2];
    if (CONSTANT(task_btf) && pid == CURRENT(__u32, task_pid)) { /* the leader itself */
        char *task = (char *)bpf_get_current_task_btf();
        comm[0] = ((__u64 *)(task + CONSTANT(task_comm)))[0];
        comm[1] = ((__u64 *)(task + CONSTANT(task_comm)))[1];
        end_name(comm);
    } else if (!read_name(comm, FOLLOW(__u64, bpf_get_current_task(), task_group_leader))) {
        return 0;
    }
    return ((__u64 *)known->comm)[0] == comm[0] && ((__u64 *)known->comm)[1] == comm[1];
}

/*
 * Whether a record tells of the current thread. Usually it does, and that is found out by little: an ID is not given again
 * while a socket's user lives. Another program may have the old one's name.
 */
INLINE int is_current_thread(const struct owner *known)
{
    if (!is_current(known))
        return 0;
    __u32 tid = CURRENT(__u32, task_pid);
    if (known->tid != tid)
        return 0;
    if (tid == known->pid) /* the leader itself */
        return known->start == CURRENT(__u64, task_start_boottime) && known->program == CURRENT(__u64, task_program);
    __u64 leader = FOLLOW(__u64, bpf_get_current_task(), task_group_leader);
    return known->start == FOLLOW(__u64, leader, task_start_boottime) &&
           known->program == FOLLOW(__u64, leader, task_program);
}
