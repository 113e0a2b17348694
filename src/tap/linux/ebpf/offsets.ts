// Where the kernel has what tells who sends: the registers of the current system call, its files, and the packets that wait for
// a neighbour's address. kernel/sender.c follows them.

import type { Btf } from './btf.js';
import { type ConstantName, TUPLE } from './layouts.js';

/** Constants of the programs, some of them. */
export type ConstantValues = { [name in ConstantName | 'have_neighbours']?: number };

/** Where a field is: what the programs call it, its structure, and the path to it. */
export type FieldPlace = readonly [name: ConstantName, structure: string, ...path: string[]];

/** Fields that are followed together or not at all, by the constant that says which. */
export const SENDER_FIELDS = {
  // A file's socket, by its number.
  have_files: [
    ['task_files', 'task_struct', 'files'],
    ['files_table', 'files_struct', 'fdt'],
    ['table_size', 'fdtable', 'max_fds'],
    ['table_files', 'fdtable', 'fd'],
    ['file_private', 'file', 'private_data'],
    ['socket_sk', 'socket', 'sk'],
  ],
  // What a worker of io_uring does.
  have_io_workers: [
    ['task_worker', 'task_struct', 'worker_private'],
    ['worker_work', 'io_worker', 'cur_work'],
    ['request_work', 'io_kiocb', 'work'],
    ['request_file', 'io_kiocb', 'file'],
  ],
  // Whether somebody is inside of a socket.
  have_lock: [['sock_locked', 'sock', 'sk_lock', 'owned']],
  // The request that stands for a socket until a connection is made.
  have_requests: [
    ['request_of', 'sk_buff', 'sk'],
    ['request_state', 'sock_common', 'skc_state'],
    ['request_listener', 'sock_common', 'skc_listener'],
  ],
  // Netfilter's entry of a packet, where it is part of the kernel itself or of a module that is loaded.
  have_conntrack: [
    ['skb_conntrack', 'sk_buff', '_nfct'],
    ['conntrack_status', 'nf_conn', 'status'],
    ['conntrack_tuples', 'nf_conn', 'tuplehash'],
    ['tuplehash_tuple', 'nf_conntrack_tuple_hash', 'tuple'],
  ],
  // Packets that wait for a neighbour.
  have_neighbours: [
    ['neighbour_queue', 'neighbour', 'arp_queue'],
    ['skb_previous', 'sk_buff', 'prev'],
    ['waiting_sk', 'sk_buff', 'sk'],
    ['waiting_len', 'sk_buff', 'len'],
  ],
} as const satisfies { readonly [flag: string]: readonly FieldPlace[] };

/**
 * Numbers of system calls, and of those that differ for 32-bit programs. Source: arch/x86/entry/syscalls/,
 * include/uapi/asm-generic/unistd.h, arch/arm/tools/syscall.tbl (arm has no socketcall).
 */
const CALLS = {
  x64: { call_io_uring_enter: 426, call_splice: 275, call_splice_32: 313, call_socketcall_32: 102 },
  arm64: { call_io_uring_enter: 426, call_splice: 76, call_splice_32: 340, call_socketcall_32: -1 },
} as const;

/**
 * What is known of netfilter's entries beside their fields.
 * @param haveFields whether all fields are there
 */
export function conntrackConstants(
  btf: Btf | null,
  haveFields: boolean,
): Record<'tuplehash_size' | 'have_conntrack', number> {
  const size = btf?.structSize('nf_conntrack_tuple_hash') ?? 0;
  const known = haveFields && size > 0 && btf?.structSize('nf_conntrack_tuple') === TUPLE.SIZE;
  return { tuplehash_size: size, have_conntrack: known ? 1 : 0 };
}

const NONE = {
  have_registers: 0,
  x86: 0,
  registers_size: 0,
  registers_call: 0,
  registers_first: 0,
  registers_third: 0,
  registers_ss: 0,
  registers_cs: 0,
  registers_state: 0,
  registers_first_32: 0,
  registers_second_32: 0,
  call_io_uring_enter: 0,
  call_splice: 0,
  call_splice_32: 0,
  call_socketcall_32: 0,
} satisfies ConstantValues;

/** Which registers say what the current system call is and works on. Source: asm/ptrace.h of both architectures. */
export function callConstants(btf: Btf | null): typeof NONE {
  const { arch } = process;
  if (btf === null || (arch !== 'x64' && arch !== 'arm64')) return NONE;
  const register = (name: string): number => btf.offset('pt_regs', name);
  const registers: ConstantValues =
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
          registers_first_32: register('orig_x0'),
          registers_third: register('regs') < 0 ? -1 : register('regs') + 16,
          registers_state: register('pstate'),
        };
  if (Object.values(registers).some((offset) => offset < 0)) return NONE;
  const size = btf.structSize('pt_regs');
  return {
    ...NONE,
    ...registers,
    ...CALLS[arch],
    registers_size: size,
    x86: arch === 'x64' ? 1 : 0,
    have_registers: size > 0 ? 1 : 0,
  };
}

/** Bytes of the smallest kernel stack of both architectures. */
const KERNEL_STACK = 16384;

/**
 * Bytes of a kernel stack: as the kernel's types say (x86's do), else by the rule of both architectures: twice as many for a kernel that
 * checks its memory, and no less than a page. Source: asm/memory.h (arm64), asm/page_64_types.h (x86).
 */
export function stackSize(btf: Btf, pageSize: number): number {
  const checked = btf.offset('task_struct', 'kasan_depth') >= 0;
  return btf.unionSize('thread_union') || Math.max(KERNEL_STACK * (checked ? 2 : 1), pageSize);
}

/** The file that a program runs, and its path, followed together or not at all. kernel/program.c follows them. */
export const PROGRAM_FILE = [
  ['program_file', 'linux_binprm', 'file'],
  ['file_inode', 'file', 'f_inode'],
  ['inode_number', 'inode', 'i_ino'],
  ['inode_super', 'inode', 'i_sb'],
  ['super_device', 'super_block', 's_dev'],
  ['file_mount', 'file', 'f_path', 'mnt'],
  ['file_entry', 'file', 'f_path', 'dentry'],
  ['entry_parent', 'dentry', 'd_parent'],
  ['entry_name', 'dentry', 'd_name', 'name'],
  ['mounted_root', 'vfsmount', 'mnt_root'],
  ['mount_mounted', 'mount', 'mnt'],
  ['mount_parent', 'mount', 'mnt_parent'],
  ['mount_point', 'mount', 'mnt_mountpoint'],
] as const satisfies readonly FieldPlace[];

/** Where an inode says when it was changed: since 6.11, since 6.6, before. */
const INODE_CHANGE: readonly (readonly [seconds: readonly string[], part: readonly string[]])[] = [
  [['i_ctime_sec'], ['i_ctime_nsec']],
  [
    ['__i_ctime', 'tv_sec'],
    ['__i_ctime', 'tv_nsec'],
  ],
  [
    ['i_ctime', 'tv_sec'],
    ['i_ctime', 'tv_nsec'],
  ],
];

export const NO_CHANGE = {
  have_program_file: 0,
  inode_change: 0,
  inode_change_part: 0,
  have_inode_change: 0,
} satisfies ConstantValues;

/** What tells which file a program runs. */
export function programFileConstants(btf: Btf): ConstantValues & typeof NO_CHANGE {
  const constants: ConstantValues & typeof NO_CHANGE = { ...NO_CHANGE };
  const offsets = PROGRAM_FILE.map(([, structure, ...path]) => btf.offset(structure, ...path));
  const known = offsets.every((offset) => offset >= 0);
  PROGRAM_FILE.forEach(([name], i) => {
    constants[name] = known ? offsets[i]! : 0;
  });
  constants.have_program_file = known ? 1 : 0;
  const change = INODE_CHANGE.map((paths) => paths.map((path) => btf.offset('inode', ...path))).find((both) =>
    both.every((offset) => offset >= 0),
  );
  if (change === undefined) return constants;
  return { ...constants, inode_change: change[0]!, inode_change_part: change[1]!, have_inode_change: 1 };
}
