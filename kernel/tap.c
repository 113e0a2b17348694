// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The tap. Read top to bottom: maps; who is current; which socket a packet belongs to; what is said of it; the packet
 * hooks, which put it into the ring; the socket hooks, which write down who uses each socket.
 *
 * Constants (CONSTANT(name)) and the bodies of the two filters are put in by the loader, src/tap/linux/ebpf/loader.ts.
 */

#include "bpf.h"
#include "facts.h"
#include "entries.h"
#include "record.h"

/* ---- maps ---- */

/* Packets, to user space. max_entries (bytes) is set by the loader. */
struct map ring SEC("maps") = { .type = BPF_MAP_TYPE_RINGBUF };

/* Last user of each socket; freed with the socket, inherited by the sockets a listener accepts. */
struct map owners SEC("maps") = {
    .type = BPF_MAP_TYPE_SK_STORAGE,
    .key_size = 4,
    .value_size = sizeof(struct owner),
    .flags = BPF_F_NO_PREALLOC | BPF_F_CLONE,
};

/* Owners of what has no socket to ask: closing TCP connections, ICMP echo, later fragments. */
struct map remembered SEC("maps") = {
    .type = BPF_MAP_TYPE_LRU_HASH,
    .key_size = sizeof(struct conversation),
    .value_size = sizeof(struct owner),
    .max_entries = 16384,
};

/* Interface -> ID of the namespace at a veth's other end. */
struct map peers SEC("maps") = {
    .type = BPF_MAP_TYPE_HASH,
    .key_size = 8,
    .value_size = 4,
    .max_entries = 16384,
};

/* Addresses that are ours, as user space reads them. */
struct map addresses SEC("maps") = {
    .type = BPF_MAP_TYPE_HASH,
    .key_size = sizeof(struct address),
    .value_size = 4,
    .max_entries = 16384,
};

/*
 * Ends of ours that packets leave from which came from elsewhere: their addresses are translated (NAT, a container's published
 * port), and so are those of what arrives there. The value is when that was seen last.
 */
struct end {
    struct address address;
    __u16 port;
    __u16 protocol;
};

struct map translated SEC("maps") = {
    .type = BPF_MAP_TYPE_LRU_HASH,
    .key_size = sizeof(struct end),
    .value_size = 8,
    .max_entries = 16384,
};

/*
 * Owners of Multipath TCP's sockets that are older than the tap, by their cookie: user space cannot reach the TCP sockets below
 * them, to which the packets belong.
 */
struct map multipath SEC("maps") = {
    .type = BPF_MAP_TYPE_HASH,
    .key_size = 8,
    .value_size = sizeof(struct owner),
    .max_entries = 16384,
};

/*
 * Processes that belong to a tree somebody asks for, by ID: user space enters those that are there, and a member's
 * children become members as they are forked.
 */
struct map members SEC("maps") = {
    .type = BPF_MAP_TYPE_HASH,
    .key_size = 4,
    .value_size = sizeof(struct member),
    .max_entries = 65536,
};

struct map counters SEC("maps") = {
    .type = BPF_MAP_TYPE_PERCPU_ARRAY,
    .key_size = 4,
    .value_size = 8,
    .max_entries = COUNTS,
};

INLINE void count(__u32 which)
{
    __u64 *counter = bpf_map_lookup_elem(&counters, &which);
    if (counter)
        *counter += 1;
}

/* ---- who is current ---- */

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

/* As bpf_get_current_cgroup_id, which packet hooks may not ask everywhere. */
INLINE __u64 current_cgroup(void)
{
    if (!CONSTANT(have_cgroup))
        return 0;
    __u64 set = FOLLOW(__u64, bpf_get_current_task(), task_cgroups);
    return FOLLOW(__u64, FOLLOW(__u64, FOLLOW(__u64, set, set_cgroup), cgroup_node), node_id);
}

/* The same for the same fields, and for a mixture of two owners' not: src/tap/linux/ebpf/record.ts computes it too. */
INLINE __u32 check_of(const struct owner *owner)
{
    const __u64 *words = (const __u64 *)owner;
    __u64 mixed = 0;
#pragma unroll
    for (int i = 0; i < 6; i++)
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

INLINE void current_owner(struct owner *owner)
{
    owner->seen = 0;
    owner->trees = 0;
    owner->refused = 0;
    if (CONSTANT(have_task)) {
        owner->pid = CURRENT(__u32, task_tgid);
        owner->tid = CURRENT(__u32, task_pid);
        owner->uid = current_uid();
        owner->cgroup = current_cgroup();
        __u64 leader = FOLLOW(__u64, bpf_get_current_task(), task_group_leader);
        read_name((__u64 *)owner->comm, leader);
        owner->start = FOLLOW(__u64, leader, task_start_boottime);
        owner->ppid = FOLLOW(__u32, FOLLOW(__u64, leader, task_real_parent), task_tgid);
        __u64 namespaces = FOLLOW(__u64, leader, task_nsproxy);
        owner->netns = namespaces ? FOLLOW(__u32, FOLLOW(__u64, namespaces, nsproxy_net_ns), net_ns_inum) : 0;
        if (CONSTANT(trees)) {
            struct member *member = member_of(owner->pid, owner->start);
            if (member && !member->children_only)
                owner->trees = member->trees;
        }
    } else {
        __u64 id = bpf_get_current_pid_tgid();
        owner->pid = id >> 32;
        owner->tid = (__u32)id;
        owner->uid = (__u32)bpf_get_current_uid_gid();
        owner->cgroup = bpf_get_current_cgroup_id();
        bpf_get_current_comm(owner->comm, sizeof(owner->comm));
        end_name((__u64 *)owner->comm); /* not every kernel's fills it up */
        owner->start = 0;
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
 * while a socket's user lives; exec changes the name.
 */
INLINE int is_current_thread(const struct owner *known)
{
    if (!is_current(known))
        return 0;
    __u32 tid = CURRENT(__u32, task_pid);
    if (known->tid != tid)
        return 0;
    if (tid == known->pid) /* the leader itself */
        return known->start == CURRENT(__u64, task_start_boottime);
    return known->start == FOLLOW(__u64, FOLLOW(__u64, bpf_get_current_task(), task_group_leader), task_start_boottime);
}

/* ---- what a packet says of itself ---- */

#define ETH_P_IP 0x0800
#define ETH_P_IPV6 0x86dd
#define AF_INET 2
#define AF_INET6 10
#define AF_PACKET 17
#define SOCK_STREAM 1
#define SOCK_RAW 3
#define IPPROTO_ICMP 1
#define IPPROTO_IGMP 2
#define IPPROTO_TCP 6
#define IPPROTO_UDP 17
#define IPPROTO_FRAGMENT 44
#define IPPROTO_AH 51
#define IPPROTO_ICMPV6 58
#define IPPROTO_UDPLITE 136

#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_ACK 0x10

struct headers {
    __u32 source[4];
    __u32 destination[4];
    __u16 source_port;      /* network order, as the next; ICMP echo: the identifier in both */
    __u16 destination_port;
    __u16 protocol;         /* of the transport; 0xffff: not IP */
    __u16 family;           /* AF_INET, AF_INET6 or 0 */
    __u32 payload;          /* TCP: bytes after its header */
    __u32 sequence;         /* TCP, host order */
    __u32 fragment_id;
    __u32 at;               /* where the header that is read next begins */
    __u32 end;              /* of the IP packet */
    __u8 tcp_flags;
    __u8 traffic_class;
    __u8 has_ports;
    __u8 later_fragment;
    __u8 fragmented;
    __u8 echo_request;
    __u8 echo_reply;
    __u8 is_error;          /* ICMP, about another packet, which begins 8 bytes behind `at` */
    __u8 is_report;         /* IGMP or MLD: of a membership, which begins at `at` */
};

/* Bytes as they are in the packet's data: tags that the card took off are not among them. */
INLINE int load(struct __sk_buff *skb, __u32 offset, void *to, __u32 length)
{
    if (offset < 256) {
        /* Bounded where it is added: old verifiers forget what was compared in another register, or before it lay on the stack. */
        __u32 place = offset;
        OPAQUE(place);
        place &= 255;
        __u8 *at = (__u8 *)(unsigned long)skb->data + place;
        if (at + length <= (__u8 *)(unsigned long)skb->data_end) {
            __builtin_memcpy(to, at, length);
            return 1;
        }
    }
    return bpf_skb_load_bytes(skb, offset, to, length) == 0;
}

/*
 * Where to read on: through memory that the verifier does not follow, or it would try all that comes after for every place
 * where it may begin.
 */
INLINE __u32 read_on(struct headers *h, __u32 at)
{
    h->at = at;
    BARRIER();
    return h->at;
}

/* What lies behind the end that IP's length says is no part of the packet. */
INLINE void parse_transport(struct __sk_buff *skb, __u32 offset, struct headers *h)
{
    __u32 room = h->end > offset ? h->end - offset : 0;
    if (h->later_fragment)
        return;
    if (h->protocol == IPPROTO_TCP || h->protocol == IPPROTO_UDP || h->protocol == IPPROTO_UDPLITE) {
        __u16 ports[2];
        if (room < sizeof(ports) || !load(skb, offset, ports, sizeof(ports)))
            return;
        h->source_port = ports[0];
        h->destination_port = ports[1];
        h->has_ports = 1;
        __u8 tcp[14];
        if (h->protocol != IPPROTO_TCP || room < sizeof(tcp) || !load(skb, offset, tcp, sizeof(tcp)))
            return;
        h->sequence = (__u32)tcp[4] << 24 | (__u32)tcp[5] << 16 | (__u32)tcp[6] << 8 | tcp[7];
        h->tcp_flags = tcp[13];
        __u32 header = (tcp[12] >> 4) * 4;
        if (header < 20)
            header = 20;
        h->payload = room > header ? room - header : 0;
    } else if (h->protocol == (h->family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6)) {
        __u8 icmp[8];
        if (room < sizeof(icmp) || !load(skb, offset, icmp, sizeof(icmp)))
            return;
        __u8 request = h->protocol == IPPROTO_ICMP ? 8 : 128;
        __u8 reply = h->protocol == IPPROTO_ICMP ? 0 : 129;
        if (icmp[0] == request || icmp[0] == reply) {
            h->echo_request = icmp[0] == request;
            h->echo_reply = icmp[0] == reply;
            h->source_port = h->destination_port = *(__u16 *)(icmp + 4);
            h->has_ports = 1;
        } else if (h->protocol == IPPROTO_ICMP) { /* RFC 792: unreachable, source quench, time exceeded, parameter problem */
            h->is_error = icmp[0] == 3 || icmp[0] == 4 || icmp[0] == 11 || icmp[0] == 12;
        } else { /* RFC 4443: 1 to 4; RFC 2710, RFC 3810: reports, and done */
            h->is_error = icmp[0] >= 1 && icmp[0] <= 4;
            h->is_report = icmp[0] == 131 || icmp[0] == 132 || icmp[0] == 143;
        }
    } else if (h->protocol == IPPROTO_IGMP) {
        __u8 type;
        if (load(skb, offset, &type, 1)) /* RFC 9776: reports of all versions, and leave */
            h->is_report = type == 0x12 || type == 0x16 || type == 0x17 || type == 0x22;
    }
}

INLINE void parse_ip(struct __sk_buff *skb, __u32 offset, struct headers *h)
{
    __u8 ip[20];
    if (!load(skb, offset, ip, sizeof(ip)) || ip[0] >> 4 != 4 || (ip[0] & 15) < 5)
        return;
    h->family = AF_INET;
    h->protocol = ip[9];
    h->traffic_class = ip[1];
    h->source[0] = *(__u32 *)(ip + 12);
    h->destination[0] = *(__u32 *)(ip + 16);
    __u32 fragment = (ip[6] & 0x3f) << 8 | ip[7];
    h->fragmented = fragment != 0;
    h->later_fragment = (fragment & 0x1fff) != 0;
    h->fragment_id = *(__u16 *)(ip + 4);
    __u32 length = (__u32)ip[2] << 8 | ip[3];
    /* GSO packets too large for the field carry 0 */
    h->end = length ? offset + length : skb->len;
    h->at = offset + (ip[0] & 15) * 4;
}

INLINE void parse_ipv6(struct __sk_buff *skb, __u32 offset, struct headers *h)
{
    __u32 ip[10];
    if (!load(skb, offset, ip, sizeof(ip)) || ((__u8 *)ip)[0] >> 4 != 6)
        return;
    h->family = AF_INET6;
    h->traffic_class = ntohl(ip[0]) >> 20;
#pragma unroll
    for (int i = 0; i < 4; i++) {
        h->source[i] = ip[2 + i];
        h->destination[i] = ip[6 + i];
    }
    __u32 length = ntohs((__u16)ip[1]);
    h->end = length ? offset + 40 + length : skb->len;
    h->protocol = ((__u8 *)ip)[6];
    h->at = offset + 40;
}

/*
 * One header between IP's and the transport's: hop-by-hop, routing, fragment, AH, destination options; below IPv4 AH alone.
 * @returns 0: there is none
 */
INLINE int skip_extension(struct __sk_buff *skb, struct headers *h)
{
    __u16 next = h->protocol;
    __u32 at = h->at;
    if (next != 0 && next != 43 && next != IPPROTO_FRAGMENT && next != IPPROTO_AH && next != 60)
        return 0;
    if (h->later_fragment || (h->family == AF_INET && next != IPPROTO_AH))
        return 0;
    __u8 extension[8]; /* by the helper: these are rare, and the verifier has one way less */
    if (bpf_skb_load_bytes(skb, at, extension, sizeof(extension)))
        return 0;
    if (next == IPPROTO_FRAGMENT) {
        h->fragmented = 1;
        h->later_fragment = ((__u32)extension[2] << 8 | (extension[3] & 0xf8)) != 0;
        h->fragment_id = *(__u32 *)(extension + 4);
        at += 8;
    } else if (next == IPPROTO_AH) {
        at += (extension[1] + 2) * 4;
    } else {
        at += (extension[1] + 1) * 8;
    }
    h->at = at;
    h->protocol = extension[0];
    return 1;
}

/*
 * More than six are an attack, not a packet. Where the next one is stays in memory that the verifier does not follow: it looks at each
 * step once, not once for every way through those before.
 */
INLINE void parse_extensions(struct __sk_buff *skb, struct headers *h)
{
#pragma clang loop unroll(disable)
    for (int i = 0; i < 6; i++) {
        BARRIER();
        if (!skip_extension(skb, h))
            break;
    }
    BARRIER();
}

INLINE void parse(struct __sk_buff *skb, struct headers *h)
{
    h->protocol = 0xffff;
    __u32 offset = CONSTANT(link_header);
    __u16 type;
    if (offset) {
        if (!load(skb, offset - 2, &type, sizeof(type)))
            return;
        type = ntohs(type);
#pragma unroll
        for (int i = 0; i < 4; i++) {
            if (type != 0x8100 && type != 0x88a8)
                break;
            if (bpf_skb_load_bytes(skb, offset + 2, &type, sizeof(type)))
                return;
            type = ntohs(type);
            offset = read_on(h, offset + 4);
        }
    } else {
        type = ntohs((__u16)skb->protocol);
    }
    if (type == ETH_P_IP)
        parse_ip(skb, offset, h);
    else if (type == ETH_P_IPV6)
        parse_ipv6(skb, offset, h);
    BARRIER();
    if (!h->family)
        return;
    parse_extensions(skb, h);
    parse_transport(skb, h->at, h);
}

/* ---- which socket, and so whose packet ---- */

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

#include "sender.c"

/* A field of the kernel structure at an address; 0 where it cannot be read. */
#define KERNEL(type, address, name)                                                                                    \
    ({                                                                                                                 \
        type field = 0;                                                                                                \
        bpf_probe_read_kernel(&field, sizeof(field), (void *)(unsigned long)((address) + CONSTANT(name)));             \
        field;                                                                                                         \
    })

#define PACKET_OTHERHOST 3 /* linux/if_packet.h */
#define PACKET_LOOPBACK 5

#define CURRENT_NETNS ((__u64)-1)

/* The packet's conversation as the end sees it that the packet arrives at (in) or comes from (out). */
INLINE void conversation_of(const struct headers *h, __u32 direction, struct conversation *c)
{
    const __u32 *local = direction == DIRECTION_IN ? h->destination : h->source;
    const __u32 *remote = direction == DIRECTION_IN ? h->source : h->destination;
#pragma unroll
    for (int i = 0; i < 4; i++) {
        c->local[i] = local[i];
        c->remote[i] = remote[i];
    }
    c->local_port = direction == DIRECTION_IN ? h->destination_port : h->source_port;
    c->remote_port = direction == DIRECTION_IN ? h->source_port : h->destination_port;
    c->protocol = h->protocol;
    c->family = h->family;
    c->netns = CONSTANT(netns);
    c->ifindex = 0;
}

#include "receivers.c"

/*
 * The socket that the kernel itself would hand a packet from c->remote to c->local to; with `bpf_sk_release` owed for it.
 */
INLINE struct bpf_sock *lookup(struct __sk_buff *skb, const struct conversation *c, __u64 netns)
{
    struct bpf_sock_tuple tuple = {};
    __u32 size = sizeof(tuple.ipv6);
    if (c->family == AF_INET) {
        tuple.ipv4.saddr = c->remote[0];
        tuple.ipv4.daddr = c->local[0];
        tuple.ipv4.sport = c->remote_port;
        tuple.ipv4.dport = c->local_port;
        size = sizeof(tuple.ipv4);
    } else {
#pragma unroll
        for (int i = 0; i < 4; i++) {
            tuple.ipv6.saddr[i] = c->remote[i];
            tuple.ipv6.daddr[i] = c->local[i];
        }
        tuple.ipv6.sport = c->remote_port;
        tuple.ipv6.dport = c->local_port;
    }
    return c->protocol == IPPROTO_TCP ? bpf_sk_lookup_tcp(skb, &tuple, size, netns, 0)
                                      : bpf_sk_lookup_udp(skb, &tuple, size, netns, 0);
}

/* Notes that a socket's packet was seen. New flow: its first one since the tap is there. */
INLINE void see(struct owner *known, __u32 *flags)
{
    if (!(known->seen & SEEN)) {
        known->seen |= SEEN;
        *flags |= FLAG_NEW_FLOW;
    }
}

/*
 * Whether the metadata filter refused what the record says when it was asked last. A filter that only asks who it is answers
 * the same for every packet of a record, and most records that a filter refuses are refused for each of their packets.
 */
INLINE int refused_before(const struct owner *known)
{
    __u32 refused = known->refused;
    return CONSTANT(filter_of_owners) && refused && refused == known->check;
}

/* Copies a socket's owner out, unless the packet is refused for it and leaves nothing to remember. */
INLINE void copy_owner(struct owner *known, struct owner *to, __u32 *flags, struct answer *answer,
                       struct owner **record)
{
    if (!known)
        return;
    if (!answer->remembers && refused_before(known)) {
        answer->refused = 1;
        return;
    }
    see(known, flags);
    *record = known;
    answer->found = read_owner(known, to);
}

/* Whether a socket is bound to no address: a lookup finds it for packets to any, also for those that only pass through. */
INLINE int is_wildcard(const struct bpf_sock *sk, __u16 family)
{
    return family == AF_INET ? !sk->src_ip4 : !(sk->src_ip6[0] | sk->src_ip6[1] | sk->src_ip6[2] | sk->src_ip6[3]);
}

INLINE void local_address(const struct conversation *c, struct address *address)
{
#pragma unroll
    for (int i = 0; i < 4; i++)
        address->words[i] = c->local[i];
    address->netns = CONSTANT(netns);
    address->family = c->family;
}

INLINE int is_ours(const struct conversation *c)
{
    struct address address;
    local_address(c, &address);
    return (c->family == AF_INET && (__u8)c->local[0] == 127) || bpf_map_lookup_elem(&addresses, &address) != NULL;
}

/* Whether the kernel keeps a packet that comes in, by its routes; or hands it on, as a router does. */
NOINLINE int is_kept(struct __sk_buff *skb, const struct conversation *c, struct work *work)
{
    __u8 first = (__u8)c->local[0];
    if (c->family == AF_INET ? first >= 224 : first == 0xff) /* multicast, broadcast */
        return 1;
    struct bpf_fib_lookup *route = &work->route;
    __builtin_memset(route, 0, sizeof(*route));
    route->family = c->family;
    route->ifindex = skb->ifindex;
    if (c->family == AF_INET) {
        route->ipv4_src = c->remote[0];
        route->ipv4_dst = c->local[0];
    } else {
#pragma unroll
        for (int i = 0; i < 4; i++) {
            route->ipv6_src[i] = c->remote[i];
            route->ipv6_dst[i] = c->local[i];
        }
    }
    switch (bpf_fib_lookup(skb, route, sizeof(*route), 0)) {
    case BPF_FIB_LKUP_RET_NOT_FWDED:
        return 1;
    case BPF_FIB_LKUP_RET_FWD_DISABLED: {
        /* It is for us, or, by its link-layer address, for whoever is bridged here; unless that is one of our upper devices. */
        if (skb->pkt_type != PACKET_OTHERHOST)
            return 1;
        struct address address;
        local_address(c, &address);
        return bpf_map_lookup_elem(&addresses, &address) != NULL;
    }
    default:
        return 0;
    }
}

/* A socket's record. Multipath TCP's sockets from before the tap get theirs when their first packet passes. */
INLINE struct owner *record_of(struct bpf_sock *sk, struct work *work)
{
    struct owner *known = bpf_sk_storage_get(&owners, sk, NULL, 0);
    if (known || !CONSTANT(have_multipath) || sk->protocol != IPPROTO_TCP)
        return known;
    __u64 subflow = KERNEL(__u64, address_of(sk, work), tcp_upper);
    __u64 connection = subflow ? KERNEL(__u64, subflow, subflow_connection) : 0;
    __u64 cookie = connection ? KERNEL(__u64, connection, sock_cookie) : 0;
    struct owner *older = cookie ? bpf_map_lookup_elem(&multipath, &cookie) : NULL;
    return older ? bpf_sk_storage_get(&owners, sk, older, BPF_SK_STORAGE_GET_F_CREATE) : NULL;
}

#define SOCKET_CONNECTED 1 /* TCP_ESTABLISHED; UDP has it too */
#define SOCKET_LISTENS 10 /* TCP_LISTEN */

/* Whether a socket takes packets of anybody: a listener, or one that is not connected. */
INLINE int takes_anybodys(const struct bpf_sock *sk, const struct conversation *c)
{
    return c->protocol == IPPROTO_TCP ? sk->state == SOCKET_LISTENS : sk->state != SOCKET_CONNECTED;
}

/*
 * Whether a program of the application's (SO_ATTACH_REUSEPORT_EBPF, _CBPF) will pick the socket among several on one port: a
 * lookup, which has no packet to show to it, picks another.
 */
INLINE int is_picked_by_program(const struct bpf_sock *sk, const struct conversation *c, struct work *work)
{
    if (!CONSTANT(have_groups))
        return 0;
    if (!takes_anybodys(sk, c) || (c->protocol == IPPROTO_TCP && !work->answer.opens))
        return 0;
    __u64 group = KERNEL(__u64, address_of(sk, work), sock_group);
    return group && KERNEL(__u64, group, group_program) && KERNEL(__u16, group, group_sockets) > 1;
}

#define TRANSLATED_FOR 600000000000ull /* nanoseconds */

INLINE void local_end(const struct conversation *c, struct end *end)
{
    local_address(c, &end->address);
    end->port = c->local_port;
    end->protocol = c->protocol;
}

/* A packet passes through: is its source made one of ours? */
INLINE void note_translation(const struct conversation *c)
{
    struct end end;
    local_end(c, &end);
    if (!bpf_map_lookup_elem(&addresses, &end.address))
        return;
    __u64 now = bpf_ktime_get_boot_ns();
    bpf_map_update_elem(&translated, &end, &now, BPF_ANY);
}

/* Whether a packet to a socket that takes anybody's is not for it: its destination will be another one. */
INLINE int is_translated(struct bpf_sock *sk, const struct conversation *c)
{
    if (!takes_anybodys(sk, c))
        return 0;
    struct end end;
    local_end(c, &end);
    __u64 *seen = bpf_map_lookup_elem(&translated, &end);
    if (!seen || bpf_ktime_get_boot_ns() - *seen >= TRANSLATED_FOR)
        return 0;
    /* A program that was started since has the port for itself, or it would have no packets. */
    struct owner *known = bpf_sk_storage_get(&owners, sk, NULL, 0);
    return !known || known->start < *seen;
}

/* Owners of a datagram that comes in for every socket that wants it. */
GLOBAL(owner_of_many)
{
    struct work *work = this_work();
    if (!work)
        return 0;
    struct conversation c;
    conversation_of(&work->headers, DIRECTION_IN, &c);
    if (!is_for_many(skb, &c))
        return 0;
    work->answer.for_many = 1;
    struct bpf_sock *sk = lookup(skb, &c, CURRENT_NETNS);
    if (!sk)
        return 0;
    __u64 known = address_of(sk, work);
    bpf_sk_release(sk);
    __u64 packet = address_of(skb, work), storage = address_of(&owners, work);
    work->answer.receivers = find_receivers(skb, packet, known, &c, storage);
    struct receiving *r = this_walk();
    if (!r || !work->answer.receivers)
        return 0;
    work->flags |= FLAG_SOCKET;
    work->owner = r->owners[0];
    work->answer.found = 1;
    return 0;
}

/* Owner by looking the socket up in a namespace. */
INLINE void owner_by_lookup(struct __sk_buff *skb, const struct conversation *c, __u64 netns, __u32 direction,
                            struct work *work, struct owner **record)
{
    struct bpf_sock *sk = lookup(skb, c, netns);
    if (!sk)
        return;
    if (netns == CURRENT_NETNS && direction == DIRECTION_OUT && is_wildcard(sk, c->family) &&
        !forgotten(is_ours(c), work)) { /* a macvlan's packet on its parent: the port alone says nothing */
        bpf_sk_release(sk);
        return;
    }
    if (netns == CURRENT_NETNS && direction == DIRECTION_IN &&
        ((is_wildcard(sk, c->family) && !forgotten(is_kept(skb, c, work), work)) ||
         forgotten(is_translated(sk, c), work))) {
        bpf_sk_release(sk);
        return;
    }
    work->flags |= FLAG_SOCKET;
    if (forgotten(is_picked_by_program(sk, c, work), work))
        work->answer.open = 1;
    else
        copy_owner(record_of(sk, work), &work->owner, &work->flags, &work->answer, record);
    bpf_sk_release(sk);
}

/* Retransmission and keep-alive, by what the sending socket knows. Source: RFC 9293 3.8; RFC 1122 4.2.3.6. */
INLINE __u32 tcp_flags(struct bpf_sock *sk, const struct headers *h)
{
    struct bpf_tcp_sock *tcp = bpf_tcp_sock(sk);
    if (!tcp)
        return 0;
    if (!(h->tcp_flags & (TCP_SYN | TCP_FIN | TCP_RST)) && h->payload <= 1 && h->sequence == tcp->snd_una - 1)
        return FLAG_KEEP_ALIVE;
    if ((h->tcp_flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK)) /* Fast Open: the socket is there before its answer */
        return 0;
    int occupies = h->payload > 0 || (h->tcp_flags & (TCP_SYN | TCP_FIN));
    /* One that is sent for the first time may have waited for its neighbour's address, and have been counted as sent. */
    if (occupies && tcp->total_retrans && (__s32)(h->sequence - tcp->snd_nxt) < 0)
        return FLAG_RETRANSMISSION;
    return 0;
}

/*
 * Whether a packet that leaves is here on its way straight from its socket: on the device that it was routed to, and not in a
 * tunnel. On those below, who works may be another sender that empties the queue of the one above.
 */
INLINE int is_straight_from(struct __sk_buff *skb, const struct bpf_sock *sk, const struct headers *h, struct work *work)
{
    if (sk->family == AF_PACKET || !CONSTANT(have_routes))
        return 1;
    if (sk->type != SOCK_RAW && (sk->protocol != h->protocol || (h->has_ports && sk->src_port != ntohs(h->source_port))))
        return 0;
    __u64 route = KERNEL(__u64, address_of(skb, work), skb_route) & ~1ull; /* SKB_DST_NOREF */
    if (!route)
        return 0;
    __u64 device = KERNEL(__u64, route, route_device);
    return device && KERNEL(__u32, device, netdev_ifindex) == skb->ifindex;
}

/* Whether the current task, which is in its own call, sends on a socket. */
INLINE int current_sends(const struct bpf_sock *sk, __u64 address, const struct owner *known)
{
    int is_tcp = sk->protocol == IPPROTO_TCP && sk->type == SOCK_STREAM;
    if (is_tcp && !known) /* made by the kernel below another socket */
        return !CONSTANT(have_lock) || FOLLOW(__u32, address, sock_locked) ? SENDS : SENDS_NOT;
    __u64 upper = 0;
    if (CONSTANT(have_multipath) && is_tcp) {
        __u64 subflow = FOLLOW(__u64, address, tcp_upper);
        upper = subflow ? FOLLOW(__u64, subflow, subflow_connection) : 0;
    }
    return current_sends_on(address, upper, is_tcp);
}

/* Owner of a packet that leaves, by its own socket. */
INLINE void find_by_socket(struct __sk_buff *skb, struct work *work, struct owner **record)
{
    const struct headers *h = &work->headers;
    struct owner *owner = &work->owner;
    struct answer *answer = &work->answer;
    __u32 *flags = &work->flags;
    if (!skb->sk)
        return;
    struct bpf_sock *sk = bpf_sk_fullsock(skb->sk);
    if (!sk)
        return;
    struct owner *known = record_of(sk, work);
    /* Sockets that the kernel made for itself send nobody's packets; those that it made below another socket are streams. */
    if (!known && sk->family != AF_PACKET && (sk->protocol != IPPROTO_TCP || sk->type != SOCK_STREAM))
        return;
    *flags |= FLAG_SOCKET;
    if (h->protocol == IPPROTO_TCP)
        *flags |= tcp_flags(sk, h);
    int is_stream = h->protocol == IPPROTO_TCP;
    answer->shared = known && !is_stream && is_shared(known);
    BARRIER();
    /* Its own system call or an interrupt in the middle of it: the owner is the same. */
    if (known && !answer->shared && is_current_thread(known)) {
        copy_owner(known, owner, flags, answer, record);
        if (answer->found || answer->refused)
            return;
    }
    /*
     * The tracepoints tell of a send when it is over. The sender itself is at work here, so the first packet that a
     * forked worker sends on a socket it inherited is its own. Bare acknowledgements and FINs are the kernel's doing.
     */
    __u64 address = address_of(sk, work);
    if (!is_stream || h->payload || h->tcp_flags & TCP_SYN) {
        answer->sends = SENDS_NOT;
        if (in_system_call(work) && forgotten(is_straight_from(skb, sk, h, work), work))
            answer->sends = current_sends(sk, address, known);
        BARRIER();
        /* Without the task's structure it is never so, but the verifier does not know that. */
        if (CONSTANT(have_task) && answer->sends == SENDS) {
            current_owner(owner);
            if (!known)
                known = bpf_sk_storage_get(&owners, sk, owner, BPF_SK_STORAGE_GET_F_CREATE);
            else if (known->pid != owner->pid || known->tid != owner->tid || known->check != owner->check)
                write_owner(known, owner);
            if (known)
                see(known, flags);
            *record = known;
            answer->found = 1;
            return;
        }
    }
    if (!known)
        return;
    if (!is_stream) {
        /* io_uring's first packet on a socket that was another's, or one of that other's that waited */
        if (CONSTANT(have_task) && answer->sends == SENDS_PERHAPS && known->pid != CURRENT(__u32, task_tgid))
            answer->shared = 1;
        if (waited(address_of(skb, work), address, skb->len - CONSTANT(link_header), owner)) {
            see(known, flags);
            answer->found = owner->pid != 0;
            answer->open = owner->pid == 0;
            return;
        }
        /* It left earlier than it passes here, and meanwhile the socket went to another process: whose it was is not known. */
        BARRIER();
        if (answer->shared) {
            answer->open = 1;
            return;
        }
    }
    copy_owner(known, owner, flags, answer, record);
}

GLOBAL(owner_by_socket)
{
    struct work *work = this_work();
    struct owner *record = NULL;
    if (work)
        find_by_socket(skb, work, &record);
    if (work && record)
        work->answer.recorded = 1;
    return 0;
}

INLINE int remembered_owner(const struct conversation *c, struct owner *owner, __u32 *flags)
{
    struct owner *known = bpf_map_lookup_elem(&remembered, c);
    if (!known)
        return 0;
    *owner = *known;
    *flags |= FLAG_SOCKET;
    return 1;
}

#include "passing.c"
#include "errors.c"
#include "tunnels.c"
#include "groups.c"

/*
 * Whose packet is it? Fills the work's owner (pid 0: nobody's) and flags, unless the answer is that it is refused. `record` is the
 * socket's that says so, if one does.
 */
INLINE void attribute(struct __sk_buff *skb, __u32 direction, struct work *work, struct owner **record)
{
    const struct headers *h = &work->headers;
    struct owner *owner = &work->owner;
    struct answer *answer = &work->answer;
    __u32 *flags = &work->flags;
    __u32 came_from = skb->ingress_ifindex;
    OPAQUE(came_from); /* read here, or the compiler makes a pointer into skb of it, which the verifier refuses */
    answer->closes = h->protocol == IPPROTO_TCP && h->tcp_flags & (TCP_FIN | TCP_RST);
    answer->opens = h->protocol == IPPROTO_TCP && (h->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
    answer->asks = h->echo_request && direction == DIRECTION_OUT;
    BARRIER();
    answer->remembers = answer->closes | answer->opens | answer->asks | h->fragmented;
    BARRIER();
    if (direction == DIRECTION_OUT) {
        owner_by_socket(skb, 0);
        BARRIER();
        if (!answer->found && !came_from && h->protocol == IPPROTO_TCP && h->tcp_flags & TCP_SYN)
            answer->found = owner_by_listener(skb, 0);
        BARRIER();
        /* An answer to a connection's first packet is a listener's, whose record has been seen before. */
        int answers = (h->tcp_flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK);
        if (answer->found && h->has_ports && (answer->opens | answers | (*flags & FLAG_NEW_FLOW)))
            note_own(skb, 0);
        BARRIER();
    }
    if (!h->family || answer->refused || answer->open || (answer->found && !answer->remembers))
        return;

    if (h->is_error) {
        answer->found = owner_by_error(skb, 0);
        return;
    }
    if (h->is_report) {
        if (direction == DIRECTION_OUT && !came_from)
            answer->found = owner_by_group(skb, 0);
        return;
    }
    struct conversation c;
    conversation_of(h, direction, &c);
    if (answer->opens) /* the ports are used again, by whomever */
        bpf_map_delete_elem(&remembered, &c);
    int lookable = h->has_ports && (h->protocol == IPPROTO_TCP || h->protocol == IPPROTO_UDP);
    /* Outgoing without a socket of its own comes here too: a RST is its listener's. What only passes through does not. */
    if (direction == DIRECTION_OUT && came_from) {
        if (lookable)
            note_translation(&c);
    } else if (!answer->found && lookable && !answer->for_many)
        owner_by_lookup(skb, &c, CURRENT_NETNS, direction, work, record);
    if (answer->refused || answer->open)
        return;
    /* Before the other end of a veth is asked, which knows the connection's other end. */
    if (!answer->found && h->protocol == IPPROTO_TCP && lookable)
        answer->found = remembered_owner(&c, owner, flags);
    BARRIER();
    if (!answer->found && direction == DIRECTION_IN && is_tunnel(h))
        answer->found = owner_by_carried(skb, 0);
    BARRIER();
    if (!answer->found && h->has_ports && !answer->for_many) {
        if (direction == DIRECTION_IN)
            answer->travels = answer->found = owner_by_sender(skb, 0);
        BARRIER();
    }
    if (!answer->found && lookable && !answer->for_many) {
        /* The host's end of a veth: the other end's namespace may know the socket. What comes in here left there. */
        struct {
            __u32 netns, ifindex;
        } key = { CONSTANT(netns), skb->ifindex };
        __s32 *peer = bpf_map_lookup_elem(&peers, &key);
        if (peer) {
            struct conversation there;
            conversation_of(h, direction == DIRECTION_IN ? DIRECTION_OUT : DIRECTION_IN, &there);
            if (!is_for_many(skb, &there)) /* who receives it there cannot be told from here */
                owner_by_lookup(skb, &there, *peer, direction, work, record);
            if (answer->refused || answer->open)
                return;
            answer->travels = answer->found & (direction == DIRECTION_IN);
        }
    }
    BARRIER();
    /* After the other end of a veth: that is the end which the device leads to. */
    if (!answer->found && h->has_ports && !answer->for_many && (direction == DIRECTION_IN || came_from))
        answer->found = owner_by_travel(skb, direction);
    BARRIER();
    if (answer->travels) {
        note_travel(skb, 0);
        note_travel(skb, 1);
    }
    if (h->fragmented) {
        /* Only the first fragment has ports: the others ask for what it found. */
        c.local_port = (__u16)h->fragment_id;
        c.remote_port = (__u16)(h->fragment_id >> 16);
        c.ifindex = skb->ifindex;
    }
    if (answer->found) {
        if (answer->closes | answer->asks | h->fragmented)
            bpf_map_update_elem(&remembered, &c, owner, BPF_ANY);
    } else if (h->later_fragment || lookable || (h->echo_reply && direction == DIRECTION_IN)) {
        answer->found = remembered_owner(&c, owner, flags);
    }
}

INLINE __u32 mix(__u32 x)
{
    x ^= x >> 16;
    x *= 0x85ebca6b;
    x ^= x >> 13;
    x *= 0xc2b2ae35;
    return x ^ x >> 16;
}

INLINE __u32 mix_end(const __u32 *address, __u16 port, __u16 family)
{
    __u32 x = mix(address[0]);
    if (family == AF_INET6)
        x = mix(mix(mix(x ^ address[1]) ^ address[2]) ^ address[3]);
    return mix(x ^ port);
}

/* The same number for both directions of a conversation, all its life. */
INLINE __u32 flow_id(const struct headers *h)
{
    if (!h->family)
        return 0;
    __u32 id = mix(mix_end(h->source, h->source_port, h->family) +
                   mix_end(h->destination, h->destination_port, h->family) + h->protocol);
    return id ? id : 1;
}

/* Apple's service class of a packet: by its DSCP, and by the socket's priority where DSCP says nothing. */
INLINE __s32 service_class(struct __sk_buff *skb, const struct headers *h)
{
    if (!h->family)
        return 0;
    switch (h->traffic_class >> 2) {
    case 8:  /* CS1 */
    case 10: /* AF11 */
        return 200; /* BK */
    case 18: /* AF21 */
        return 300; /* RD */
    case 16: /* CS2 */
        return 400; /* OAM */
    case 26: /* AF31 */
        return 500; /* AV */
    case 32: /* CS4 */
        return 600; /* RV */
    case 24: /* CS3, signalling */
    case 34: /* AF41 */
        return 700; /* VI */
    case 46: /* EF */
        return 800; /* VO */
    case 48: /* CS6 */
        return 900; /* CTL */
    case 0:
        break;
    default:
        return 0;
    }
    switch (skb->priority) { /* SO_PRIORITY: linux/pkt_sched.h, TC_PRIO_* */
    case 1:
        return 100; /* filler: BK_SYS */
    case 2:
        return 200; /* bulk: BK */
    case 4:
        return 300; /* interactive bulk: RD */
    case 6:
        return 700; /* interactive: VI */
    case 7:
        return 900; /* control: CTL */
    default:
        return 0; /* BE */
    }
}

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

/* The record of a packet's own socket. */
INLINE struct owner *record_of_packet(struct __sk_buff *skb)
{
    struct bpf_sock *sk = skb->sk ? bpf_sk_fullsock(skb->sk) : NULL;
    return sk ? bpf_sk_storage_get(&owners, sk, NULL, 0) : NULL;
}

/* Takes a packet apart. */
GLOBAL(parse_packet)
{
    struct work *work = this_work();
    if (work)
        parse(skb, &work->headers);
    return 0;
}

/* A packet that the packet filter lets through. */
INLINE void tap(struct __sk_buff *skb, __u32 direction)
{
    __u32 zero = 0;
    struct work *work = bpf_map_lookup_elem(&workplaces, &zero);
    if (!work)
        return;
    if (direction == DIRECTION_OUT)
        __builtin_memset(work, 0, sizeof(*work));
    if (!CONSTANT(processes)) {
        /* a plain device, and nobody asks whose packets they are */
        count(COUNT_RECEIVED);
        store(skb, direction, 0, 0, -1, &work->owner);
        return;
    }
    if (direction == DIRECTION_OUT)
        parse_packet(skb, 0);
    struct owner *record = NULL; /* the socket's, which `owner` was read from */
    attribute(skb, direction, work, &record);
    if (work->answer.refused) {
        count(COUNT_METADATA);
        return;
    }
    if (work->headers.protocol == IPPROTO_TCP) {
        /* A connection's first packet is its SYN, whatever its listener has seen. */
        work->flags &= ~FLAG_NEW_FLOW;
        if ((work->headers.tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN)
            work->flags |= FLAG_NEW_FLOW;
    }
    __u32 flow = flow_id(&work->headers);
    __s32 service = service_class(skb, &work->headers);

    if (CONSTANT(metadata) && !passes_metadata(work, direction, service, flow)) {
        if (CONSTANT(filter_of_owners) && !record && work->answer.recorded)
            record = record_of_packet(skb);
        if (CONSTANT(filter_of_owners) && record)
            record->refused = work->owner.check;
        count(COUNT_METADATA);
        return;
    }
    count(COUNT_RECEIVED);
    __u32 flags = work->flags;
    if (!work->owner.pid && work->answer.opens && (direction == DIRECTION_IN || skb->ingress_ifindex))
        flags |= FLAG_NAMED_LATER;
    store(skb, direction, flags, flow, service, &work->owner);
}

/*
 * Whether a packet is one that leaves nothing to remember: by its first bytes alone, as far as they say so without a doubt.
 */
INLINE int is_plain(struct __sk_buff *skb)
{
    __u8 *ip = (__u8 *)(unsigned long)skb->data + CONSTANT(link_header);
    if (ip + 40 > (__u8 *)(unsigned long)skb->data_end)
        return 0;
    __u32 tcp;
    if (skb->protocol == htons(ETH_P_IP) && ip[0] == 0x45 && !(*(__u16 *)(ip + 6) & htons(0x3fff))) {
        if (ip[9] == IPPROTO_UDP)
            return 1;
        if (ip[9] != IPPROTO_TCP)
            return 0;
        tcp = ip[20 + 13];
    } else if (skb->protocol == htons(ETH_P_IPV6) && ip[0] >> 4 == 6) {
        if (ip[6] == IPPROTO_UDP)
            return 1;
        if (ip[6] != IPPROTO_TCP || ip + 54 > (__u8 *)(unsigned long)skb->data_end)
            return 0;
        tcp = ip[40 + 13];
    } else {
        return 0;
    }
    return !(tcp & (TCP_FIN | TCP_SYN | TCP_RST));
}

/* What a metadata filter refuses of busy senders is refused by little, before the packet is taken apart. */
INLINE int refused_at_once(struct __sk_buff *skb)
{
    if (!CONSTANT(filter_of_owners) || !skb->sk)
        return 0;
    struct bpf_sock *sk = bpf_sk_fullsock(skb->sk);
    if (!sk)
        return 0;
    struct owner *known = bpf_sk_storage_get(&owners, sk, NULL, 0);
    return known && refused_before(known) && !is_shared(known) && is_current(known) && is_plain(skb);
}

/* Functions of their own, for a stack frame of their own: the filter needs one too, and all together have 512 bytes. */
/* What comes in is read first, and its receivers found where there may be many: on a stack of its own. */
static __attribute__((noinline)) int prepare_in(struct __sk_buff *skb)
{
    __u32 zero = 0;
    struct work *work = bpf_map_lookup_elem(&workplaces, &zero);
    if (!work)
        return 0;
    __builtin_memset(work, 0, sizeof(*work));
    if (!CONSTANT(processes))
        return 0;
    parse_packet(skb, 0);
    if (work->headers.protocol == IPPROTO_UDP && work->headers.has_ports)
        owner_of_many(skb, 0);
    return 0;
}

static __attribute__((noinline)) int tap_in(struct __sk_buff *skb)
{
    tap(skb, DIRECTION_IN);
    return 0;
}

static __attribute__((noinline)) int tap_out(struct __sk_buff *skb)
{
    tap(skb, DIRECTION_OUT);
    return 0;
}

SEC("classifier/ingress")
int tap_ingress(struct __sk_buff *skb)
{
    /* A multicast packet's copy for members here has crossed no interface, and has no Ethernet header yet. */
    if (skb->pkt_type != PACKET_LOOPBACK && packet_filter(skb, CONSTANT(link_header))) {
        prepare_in(skb);
        tap_in(skb);
    }
    return CONSTANT(verdict);
}

SEC("classifier/egress")
int tap_egress(struct __sk_buff *skb)
{
    if (!packet_filter(skb, CONSTANT(link_header)))
        return CONSTANT(verdict);
    if (refused_at_once(skb)) {
        count(COUNT_METADATA);
        return CONSTANT(verdict);
    }
    tap_out(skb);
    return CONSTANT(verdict);
}

/* ---- socket hooks ---- */

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

/* ---- trees of processes ---- */

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

#include "program.c"
#include "drop.c"
