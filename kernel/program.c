// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Programs as they are started: what /proc/PID/exe and cmdline would say, for processes that are gone when their packets are read.
 * A part of tap.c. src/tap/linux/process/executions.ts reads the records.
 */

/* Steps up a path, one for each name and each mounted file system. */
#define STEPS 48
/* Names begin below that, and the longest one (NAME_MAX and its 0) has its place behind it. */
#define NAMES_END 512
#define NAME_ROOM 256

_Static_assert(sizeof(((struct execution *)0)->path) == NAMES_END + NAME_ROOM, "the last name has its place");

/*
 * Where the walk up a path is: in memory that the verifier does not follow, or it would try each step for every way through those
 * before it, which kernels before 6.2 give up. The arguments come there later.
 */
struct walk {
    __u64 entry, mounted, parent, above;
    __u32 used, padding;
};

_Static_assert(sizeof(struct walk) <= sizeof(((struct execution *)0)->args), "it has its place");

/* One step up: a name, or a mounted file system. @returns 1 at the end, when the path's length is said if it is known */
INLINE int step_up(struct execution *e, struct walk *w)
{
    w->parent = FOLLOW(__u64, w->entry, entry_parent);
    BARRIER();
    if (w->entry == FOLLOW(__u64, w->mounted, mounted_root) && w->parent) {
        __u64 mount = w->mounted - CONSTANT(mount_mounted);
        w->above = FOLLOW(__u64, mount, mount_parent);
        BARRIER();
        if (w->above == mount || !w->above) {
            e->path_length = w->above ? w->used : 0;
            return 1;
        }
        w->entry = FOLLOW(__u64, mount, mount_point);
        w->mounted = w->above + CONSTANT(mount_mounted);
        return 0;
    }
    __u32 at = w->used;
    if (w->parent == w->entry && at) { /* moved out of what is mounted: no more is known of it, as in /proc */
        e->path_length = at;
        return 1;
    }
    if (!w->parent || at >= NAMES_END)
        return 1;
    OPAQUE(at);
    at &= NAMES_END - 1;
    long length = bpf_probe_read_kernel_str(e->path + at, NAME_ROOM, (void *)FOLLOW(__u64, w->entry, entry_name));
    if (length <= 0 || length > NAME_ROOM)
        return 1;
    w->used += length;
    BARRIER();
    if (w->parent == w->entry) { /* a file without a folder (memfd) */
        e->path_length = w->used;
        return 1;
    }
    w->entry = w->parent;
    return 0;
}

/*
 * The file's path as /proc/PID/exe shows it: up to the root of all that is mounted there, whatever the program takes for its
 * root, and however it was named (by a link, a relative path, a descriptor). The names come last first, each with its 0.
 * Its length stays 0 when it is unknown, or too long.
 */
INLINE void read_names(struct execution *e, __u64 file)
{
    struct walk *w = (struct walk *)e->args;
    w->entry = FOLLOW(__u64, file, file_entry);
    w->mounted = FOLLOW(__u64, file, file_mount);
    w->used = 0;
#pragma clang loop unroll(disable)
    for (int i = 0; i < STEPS; i++) {
        BARRIER();
        if (step_up(e, w))
            break;
    }
    BARRIER();
    __builtin_memset(w, 0, sizeof(*w));
}

/* The file that runs: of a script its interpreter, as in /proc/PID/exe. */
INLINE void read_file(struct execution *e, char *program)
{
    e->names = e->device = e->path_length = 0;
    e->inode = e->changed = 0;
    if (CONSTANT(have_program_file)) {
        __u64 file = FOLLOW(__u64, (__u64)program, program_file), inode = FOLLOW(__u64, file, file_inode);
        e->inode = FOLLOW(__u64, inode, inode_number);
        e->device = FOLLOW(__u32, FOLLOW(__u64, inode, inode_super), super_device);
        /* Where the nanoseconds are, the kernel keeps marks of its own in the highest bits. */
        if (CONSTANT(have_inode_change))
            e->changed = FOLLOW(__u64, inode, inode_change) * 1000000000ull +
                         (FOLLOW(__u32, inode, inode_change_part) & 0x3fffffff);
        read_names(e, file);
        e->names = 1;
        return;
    }
    long length = bpf_probe_read_kernel_str(e->path, NAME_ROOM, FIELD(char *, program, program_interp));
    /* One that fills all the room may have been cut. */
    e->path_length = length > 0 && length < NAME_ROOM ? length : 0;
}

/* void (struct task_struct *, pid_t old_pid, struct linux_binprm *), when the new program is in place */
SEC("tp_btf/sched_process_exec")
int program_started(__u64 *arguments)
{
    char *task = (char *)arguments[0], *program = (char *)arguments[2];
    struct execution *e = bpf_ringbuf_reserve(&ring, sizeof(struct execution), 0);
    if (!e)
        return 0;
    e->mark = EXECUTION_MARK;
    e->pid = FIELD(__u32, task, task_tgid);
    __u64 *comm = (__u64 *)(task + CONSTANT(task_comm));
    ((__u64 *)e->comm)[0] = comm[0];
    ((__u64 *)e->comm)[1] = comm[1];
    e->start = FIELD(__u64, task, task_start_boottime);
    e->program = FIELD(__u64, task, task_program);
    read_file(e, program);
    char *memory = FIELD(char *, task, task_mm);
    __u64 from = 0, size = 0;
    if (memory) {
        from = FIELD(__u64, memory, mm_arg_start);
        size = FIELD(__u64, memory, mm_arg_end) - from;
    }
    if (size > sizeof(e->args))
        size = sizeof(e->args);
    e->args_length = size && !bpf_probe_read_user(e->args, size, (void *)(unsigned long)from) ? size : 0;
    bpf_ringbuf_submit(e, BPF_RB_NO_WAKEUP);
    return 0;
}
