// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Sockets that are older than the tap. The kernel goes through all processes' descriptors whenever user space reads the iterator
 * (src/tap/linux/process/claims.ts), which it does two or three times:
 *
 * The first time each socket gets a draft, which notes who holds it and whether others do too. The second time what one process
 * holds alone is that process's, and the holders of the others are told to user space. It decides, and enters who gets each into
 * `multipath`, by the socket's address, for the third time. What is still a draft then is nobody's until somebody uses it.
 */

#define AF_UNIX 1
#define AF_NETLINK 16

/* bpf_iter_meta: linux/bpf.h */
#define ITERATION_OUTPUT 0
#define ITERATION_NUMBER 8

#define OF_MULTIPATH 262 /* IPPROTO_MPTCP */
#define ID_SIZE 16 /* struct upid: linux/pid.h */

/*
 * A draft is a record that names nobody, and whose check does not fit: nobody reads it as whole. `tid` is the holder, `uid` 1 if
 * others hold it too, `start` the iteration that wrote it.
 */
INLINE void write_draft(struct owner *draft, __u32 holder, __u32 shared, __u64 iteration)
{
    __builtin_memset(draft, 0, sizeof(*draft));
    draft->tid = holder;
    draft->uid = shared;
    draft->start = iteration;
    draft->check = ~check_of(draft);
}

INLINE int is_draft(const struct owner *known)
{
    return !known->pid && known->check == (__u32)~check_of(known);
}

/* A process's ID as the current process sees it, which may be in a namespace of its own: as /proc has it. */
INLINE __u32 visible_id(__u64 leader)
{
    __u64 own = FOLLOW(__u64, bpf_get_current_task(), task_ids), its = FOLLOW(__u64, leader, task_ids);
    __u32 id = 0, level = FOLLOW(__u32, own, ids_level);
    if (level > FOLLOW(__u32, its, ids_level))
        return 0;
    bpf_probe_read_kernel(&id, sizeof(id), (void *)(its + CONSTANT(ids_numbers) + (__u64)level * ID_SIZE));
    return id;
}

/* The record of a process by its leader. */
INLINE void owner_of(struct owner *owner, __u64 leader)
{
    __builtin_memset(owner, 0, sizeof(*owner));
    owner->pid = FOLLOW(__u32, leader, task_tgid);
    owner->tid = owner->pid;
    owner->uid = FOLLOW(__u32, FOLLOW(__u64, leader, task_cred), cred_uid);
    owner->cgroup = cgroup_of(leader);
    read_leader(owner, leader);
    owner->check = check_of(owner);
}

/* The context: struct bpf_iter__task_file, linux/kernel/bpf/task_iter.c. */
SEC("iter/task_file")
int socket_held(__u64 *context)
{
    char *meta = (char *)context[0], *task = (char *)context[1], *file = (char *)context[3];
    if (!CONSTANT(have_held) || !task || !file)
        return 0;
    char *socket = bpf_sock_from_file(file);
    if (!socket)
        return 0;
    char *sk = FIELD(char *, socket, held_sk);
    if (!sk)
        return 0;
    __u16 family = FOLLOW(__u16, (__u64)sk, held_family);
    if (family == AF_UNIX || family == AF_NETLINK) /* no packet is theirs, and a host has hundreds, held by several each */
        return 0;
    __u64 leader = FOLLOW(__u64, (__u64)task, task_group_leader);
    __u32 pid = FOLLOW(__u32, leader, task_tgid);
    if (pid == bpf_get_current_pid_tgid() >> 32)
        return 0;
    __u64 iteration = *(__u64 *)(meta + ITERATION_NUMBER);
    struct owner owner;
    struct owner *known = bpf_sk_storage_get(&owners, sk, NULL, 0);
    if (!known) {
        write_draft(&owner, pid, 0, iteration);
        bpf_sk_storage_get(&owners, sk, &owner, BPF_SK_STORAGE_GET_F_CREATE);
        return 0;
    }
    if (!is_draft(known))
        return 0;
    if (known->start == iteration) {
        if (known->tid != pid && !known->uid) {
            write_draft(&owner, known->tid, 1, iteration);
            *known = owner;
        }
        return 0;
    }
    if (known->uid) {
        struct held_socket held = { .socket = (__u64)sk, .pid = visible_id(leader), .fd = *(__u32 *)(context + 2) };
        struct owner *decided = bpf_map_lookup_elem(&multipath, &held.socket);
        if (!decided) {
            bpf_seq_write(*(void **)(meta + ITERATION_OUTPUT), &held, sizeof(held));
            return 0;
        }
        if (decided->pid != held.pid)
            return 0;
    } else if (known->tid != pid) {
        return 0;
    }
    owner_of(&owner, leader);
    write_owner(known, &owner);
    if (FOLLOW(__u16, (__u64)sk, held_protocol) == OF_MULTIPATH) {
        __u64 cookie = bpf_get_socket_cookie(sk);
        bpf_map_update_elem(&multipath, &cookie, &owner, BPF_NOEXIST);
    }
    return 0;
}
