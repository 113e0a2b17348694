// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The socket hooks: who uses which socket. */

/* The current process uses this socket. */
INLINE void use(void *sk)
{
    struct owner *known = bpf_sk_storage_get(&owners, sk, NULL, 0);
    if (known && is_current_thread(known) && known->check == check_of(known))
        return;
    if (current_is_kernel_thread())
        return;
    struct owner now;
    current_owner(&now);
    if (known)
        write_owner(known, &now);
    else
        bpf_sk_storage_get(&owners, sk, &now, BPF_SK_STORAGE_GET_F_CREATE);
}

/* Also when it is bound. */
SEC("cgroup/sock_create")
int socket_created(struct bpf_sock *sk)
{
    use(sk);
    return 1;
}

/* int (struct sock *sk, int ret, int flags), after the send or receive */
SEC("tp_btf/sock_send_length")
int socket_sent(__u64 *arguments)
{
    use((void *)arguments[0]);
    return 0;
}

SEC("tp_btf/sock_recv_length")
int socket_received(__u64 *arguments)
{
    use((void *)arguments[0]);
    return 0;
}

/* connect, and accept with an address (getpeername); sendmsg and recvmsg where the tracepoints are missing */
SEC("cgroup/sock_addr")
int socket_address(struct bpf_sock_addr *context)
{
    if (context->sk)
        use(context->sk);
    return 1;
}

SEC("cgroup/setsockopt")
int socket_option(struct bpf_sockopt *context)
{
    /* A copy of what is longer than a page is not whole, and old kernels refuse the call: 0 says that they are to take the original. */
    if (context->optlen > 4096)
        context->optlen = 0;
    else
        note_membership(context);
    if (CONSTANT(use_by_options) && context->sk)
        use(context->sk);
    return 1;
}
