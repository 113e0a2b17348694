// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Trees of processes, followed by forks and ends. */

/* void (struct task_struct *parent, struct task_struct *child), before the child runs */
SEC("tp_btf/sched_process_fork")
int process_forked(__u64 *arguments)
{
    char *parent = (char *)arguments[0], *child = (char *)arguments[1];
    __u32 pid = FIELD(__u32, child, task_tgid);
    if (FIELD(__u32, child, task_pid) != pid) /* a thread */
        return 0;
    char *leader = FIELD(char *, parent, task_group_leader);
    struct member *of = member_of(FIELD(__u32, parent, task_tgid), FIELD(__u64, leader, task_start_boottime));
    if (!of)
        return 0;
    struct member member = { .start = FIELD(__u64, child, task_start_boottime) / TICK, .trees = of->trees };
    bpf_map_update_elem(&members, &pid, &member, BPF_ANY);
    return 0;
}

/* void (struct task_struct *), when its parent has taken its status and its ID may be given again */
SEC("tp_btf/sched_process_free")
int process_freed(__u64 *arguments)
{
    char *task = (char *)arguments[0];
    __u32 pid = FIELD(__u32, task, task_tgid);
    if (FIELD(__u32, task, task_pid) == pid && member_of(pid, FIELD(__u64, task, task_start_boottime)))
        bpf_map_delete_elem(&members, &pid);
    return 0;
}
