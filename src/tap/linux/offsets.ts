// Where the kernel's own types have the fields that the eBPF programs follow, as constants for them. A group that is not whole is
// left out, and its flag with it: the programs then do without.

import type { Btf } from './btf.js';

/** Offsets of the kernel's fields that the programs follow. */
export function taskConstants(btf: Btf | null): { [name: string]: number } {
  if (btf === null) return { have_task: 0 };
  const offsets: { [name: string]: number } = {
    task_flags: btf.offset('task_struct', 'flags'),
    task_group_leader: btf.offset('task_struct', 'group_leader'),
    task_comm: btf.offset('task_struct', 'comm'),
    task_real_parent: btf.offset('task_struct', 'real_parent'),
    task_tgid: btf.offset('task_struct', 'tgid'),
    task_pid: btf.offset('task_struct', 'pid'),
    task_cred: btf.offset('task_struct', 'cred'),
    cred_uid: btf.offset('cred', 'uid'),
    task_start_boottime: btf.offset('task_struct', 'start_boottime'),
    task_nsproxy: btf.offset('task_struct', 'nsproxy'),
    nsproxy_net_ns: btf.offset('nsproxy', 'net_ns'),
    net_ns_inum: btf.offset('net', 'ns', 'inum'),
  };
  const known = Object.values(offsets).every((offset) => offset >= 0);
  return known
    ? { ...offsets, ...contextConstants(btf), ...callConstants(btf), ...socketConstants(btf), have_task: 1 }
    : { have_task: 0 };
}

/** Offsets with a flag that says they are there, where all of them are. */
function all(flag: string, offsets: { [name: string]: number }): { [name: string]: number } {
  return Object.values(offsets).every((offset) => offset >= 0) ? { ...offsets, [flag]: 1 } : {};
}

/** Where the kernel notes the sockets that share a port, those above Multipath TCP's subflows, and which device a packet goes to. */
function socketConstants(btf: Btf): { [name: string]: number } {
  return {
    ...all('have_groups', {
      sock_group: btf.offset('sock', 'sk_reuseport_cb'),
      group_program: btf.offset('sock_reuseport', 'prog'),
      group_sockets: btf.offset('sock_reuseport', 'num_socks'),
    }),
    ...all('have_multipath', {
      tcp_upper: btf.offset('inet_connection_sock', 'icsk_ulp_data'),
      subflow_connection: btf.offset('mptcp_subflow_context', 'conn'),
      sock_cookie: btf.offset('sock_common', 'skc_cookie'),
    }),
    ...all('have_routes', {
      skb_route: btf.offset('sk_buff', '_skb_refdst'),
      route_device: btf.offset('dst_entry', 'dev'),
      netdev_ifindex: btf.offset('net_device', 'ifindex'),
    }),
    ...all('have_lock', { sock_locked: btf.offset('sock', 'sk_lock', 'owned') }),
    ...all('have_neighbours', {
      neighbour_queue: btf.offset('neighbour', 'arp_queue'),
      skb_previous: btf.offset('sk_buff', 'prev'),
      skb_sk: btf.offset('sk_buff', 'sk'),
      skb_len: btf.offset('sk_buff', 'len'),
    }),
  };
}

/** Bytes of a kernel stack where the kernel's types do not say it. */
const KERNEL_STACK = 16384;

/** How a system call is told from an interrupt: by where the kernel counts soft interrupts, linux/preempt.h, or by the stack. */
function contextConstants(btf: Btf): { [name: string]: number } {
  const realTime = btf.offset('task_struct', 'softirq_disable_cnt');
  const count = realTime >= 0 ? realTime : btf.offset('task_struct', 'thread_info', 'preempt_count');
  const stack = btf.offset('task_struct', 'stack');
  return {
    ...(count >= 0 ? { preempt_by_task: 1, task_preempt_count: count } : {}),
    task_stack: stack,
    // Where neither is known, a stack of no bytes: no frame lies in it.
    stack_size: stack < 0 ? 0 : btf.unionSize('thread_union') || KERNEL_STACK,
  };
}


/** Numbers of system calls. Source: arch/x86/entry/syscalls/, include/uapi/asm-generic/unistd.h. */
const CALLS = {
  x64: { call_io_uring_enter: 426, call_splice: 275, call_socketcall_32: 102 },
  arm64: { call_io_uring_enter: 426, call_splice: 76, call_socketcall_32: -1 },
} as const;

/** Which registers say what the current system call works on, and how its file's socket is found. */
function callConstants(btf: Btf): { [name: string]: number } {
  const { arch } = process;
  if (arch !== 'x64' && arch !== 'arm64') return {};
  const register = (name: string): number => btf.offset('pt_regs', name);
  const registers =
    arch === 'x64'
      ? {
          registers_call: register('orig_ax'),
          registers_first: register('di'),
          registers_third: register('dx'),
          registers_ss: register('ss'),
          registers_cs: register('cs'),
          registers_first_32: register('bx'),
          registers_second_32: register('cx'),
        }
      : {
          registers_call: register('syscallno'),
          registers_first: register('orig_x0'),
          registers_third: register('regs') < 0 ? -1 : register('regs') + 16,
        };
  const worker = btf.offset('task_struct', 'worker_private');
  return {
    ...all('have_registers', {
      ...registers,
      registers_size: btf.structSize('pt_regs') || -1,
      task_files: btf.offset('task_struct', 'files'),
      files_table: btf.offset('files_struct', 'fdt'),
      table_size: btf.offset('fdtable', 'max_fds'),
      table_files: btf.offset('fdtable', 'fd'),
      file_private: btf.offset('file', 'private_data'),
      socket_sk: btf.offset('socket', 'sk'),
    }),
    ...all('have_io_workers', {
      task_worker: worker >= 0 ? worker : btf.offset('task_struct', 'pf_io_worker'),
      worker_work: btf.offset('io_worker', 'cur_work'),
      request_work: btf.offset('io_kiocb', 'work'),
      request_file: btf.offset('io_kiocb', 'file'),
    }),
    ...CALLS[arch],
    x86: arch === 'x64' ? 1 : 0,
  };
}
