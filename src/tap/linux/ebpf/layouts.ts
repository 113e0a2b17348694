// Made by layouts.js of kernel/record.h, entries.h and tap.c. Change those.

/** struct record: where its fields are, in bytes, and its size. */
export const RECORD = {
  SECONDS: 0,
  NANOSECONDS: 4,
  IFINDEX: 8,
  NETNS: 12,
  LENGTH: 16,
  CAPTURED: 20,
  DIRECTION: 24,
  FLAGS: 28,
  FLOW: 32,
  SERVICE: 36,
  VLAN_TCI: 40,
  VLAN_PROTO: 42,
  DROP_REASON: 44,
  DROP_PLACE: 48,
  OWNER: 56,
  DATA: 128,
  SIZE: 128,
} as const;

/** struct owner: where its fields are, in bytes, and its size. */
export const OWNER = {
  PID: 0,
  TID: 4,
  UID: 8,
  PPID: 12,
  COMM: 16,
  START: 32,
  CGROUP: 40,
  PROGRAM: 48,
  NETNS: 56,
  SEEN: 60,
  TREES: 62,
  CHECK: 64,
  REFUSED: 68,
  SIZE: 72,
} as const;

/** struct execution: where its fields are, in bytes, and its size. */
export const EXECUTION = {
  PID: 0,
  MARK: 4,
  DEVICE: 8,
  NAMES: 12,
  COMM: 16,
  START: 32,
  PROGRAM: 40,
  PATH_LENGTH: 48,
  ARGS_LENGTH: 52,
  INODE: 56,
  CHANGED: 64,
  PATH: 72,
  ARGS: 840,
  SIZE: 1864,
} as const;

/** struct flow_key: where its fields are, in bytes, and its size. */
export const FLOW_KEY = {
  SOURCE: 0,
  DESTINATION: 16,
  SOURCE_PORT: 32,
  DESTINATION_PORT: 34,
  PROTOCOL: 36,
  FAMILY: 38,
  IFINDEX: 40,
  NETNS: 44,
  DIRECTION: 48,
  SERVICE: 52,
  PID: 56,
  CHECK: 60,
  SIZE: 64,
} as const;

/** struct flow_count: where its fields are, in bytes, and its size. */
export const FLOW_COUNT = {
  OWNER: 0,
  PACKETS: 72,
  BYTES: 80,
  LAST: 88,
  RETRANSMISSIONS: 96,
  SIZE: 104,
} as const;

/** struct address: where its fields are, in bytes, and its size. */
export const ADDRESS = {
  WORDS: 0,
  NETNS: 16,
  FAMILY: 20,
  SIZE: 24,
} as const;

/** struct conversation: where its fields are, in bytes, and its size. */
export const CONVERSATION = {
  LOCAL: 0,
  REMOTE: 16,
  LOCAL_PORT: 32,
  REMOTE_PORT: 34,
  PROTOCOL: 36,
  FAMILY: 38,
  NETNS: 40,
  IFINDEX: 44,
  SIZE: 48,
} as const;

/** struct member: where its fields are, in bytes, and its size. */
export const MEMBER = {
  START: 0,
  TREES: 8,
  CHILDREN_ONLY: 12,
  SIZE: 16,
} as const;

/** struct held_socket: where its fields are, in bytes, and its size. */
export const HELD_SOCKET = {
  SOCKET: 0,
  PID: 8,
  FD: 12,
  SIZE: 16,
} as const;

/** struct tuple: where its fields are, in bytes, and its size. */
export const TUPLE = {
  SOURCE: 0,
  SOURCE_PORT: 16,
  FAMILY: 18,
  DESTINATION: 20,
  DESTINATION_PORT: 36,
  PROTOCOL: 38,
  DIRECTION: 39,
  SIZE: 40,
} as const;

/** enum counter. */
export const COUNT_RECEIVED = 0;
export const COUNT_NO_ROOM = 1;
export const COUNT_METADATA = 2;
export const COUNTS = 3;

/** enum packet_flag. */
export const FLAG_NEW_FLOW = 1;
export const FLAG_KEEP_ALIVE = 2;
export const FLAG_RETRANSMISSION = 4;
export const FLAG_SOCKET = 8;
export const FLAG_VLAN = 65536;
export const FLAG_NO_LINK_HEADER = 131072;
export const FLAG_NAMED_LATER = 262144;

/** enum ring_number. */
export const NAME_SIZE = 16;
export const EXECUTION_MARK = 4294967295;

/** Names of the constants that the programs ask for. */
export type ConstantName =
  | 'all6_bit'
  | 'all6_byte'
  | 'all6_in_ipv6'
  | 'all_bit'
  | 'all_byte'
  | 'call_io_uring_enter'
  | 'call_socketcall_32'
  | 'call_splice'
  | 'call_splice_32'
  | 'cgroup_node'
  | 'common_device'
  | 'common_family'
  | 'common_local'
  | 'common_local6'
  | 'common_net'
  | 'common_only6'
  | 'common_only6_bit'
  | 'common_port'
  | 'common_protocol'
  | 'common_remote'
  | 'common_remote6'
  | 'common_remote_port'
  | 'conntrack_status'
  | 'conntrack_tuples'
  | 'counts'
  | 'cred_uid'
  | 'data_map'
  | 'data_value'
  | 'drop_arguments'
  | 'element_data'
  | 'element_node'
  | 'entry_name'
  | 'entry_parent'
  | 'file_entry'
  | 'file_inode'
  | 'file_mount'
  | 'file_private'
  | 'files_table'
  | 'filter_of_owners'
  | 'group6_address'
  | 'group6_next'
  | 'group_address'
  | 'group_next'
  | 'group_program'
  | 'group_sockets'
  | 'have_cgroup'
  | 'have_conntrack'
  | 'have_encapsulation'
  | 'have_files'
  | 'have_groups'
  | 'have_held'
  | 'have_inode_change'
  | 'have_io_workers'
  | 'have_lock'
  | 'have_multipath'
  | 'have_own_table'
  | 'have_program_file'
  | 'have_receivers'
  | 'have_registers'
  | 'have_requests'
  | 'have_routes'
  | 'have_shared_table'
  | 'have_task'
  | 'held_family'
  | 'held_protocol'
  | 'held_sk'
  | 'ids_level'
  | 'ids_numbers'
  | 'immediate'
  | 'inet_ipv6'
  | 'inet_members'
  | 'inode_change'
  | 'inode_change_part'
  | 'inode_number'
  | 'inode_super'
  | 'ip6_groups'
  | 'ip_groups'
  | 'ipv6_members'
  | 'link_header'
  | 'member6_device'
  | 'member6_group'
  | 'member6_mode'
  | 'member6_next'
  | 'member6_sources'
  | 'member_device'
  | 'member_group'
  | 'member_mode'
  | 'member_next'
  | 'member_sources'
  | 'metadata'
  | 'mm_arg_end'
  | 'mm_arg_start'
  | 'mount_mounted'
  | 'mount_parent'
  | 'mount_point'
  | 'mounted_root'
  | 'neighbour_queue'
  | 'net_mix'
  | 'net_ns_inum'
  | 'net_table'
  | 'netdev_ifindex'
  | 'netdev_ip'
  | 'netdev_ip6'
  | 'netdev_name'
  | 'netdev_net'
  | 'netns'
  | 'netns_inode'
  | 'node_id'
  | 'nsproxy_net_ns'
  | 'preempt_by_task'
  | 'processes'
  | 'program_file'
  | 'program_interp'
  | 'protocol_table'
  | 'registers_call'
  | 'registers_cs'
  | 'registers_first'
  | 'registers_first_32'
  | 'registers_second_32'
  | 'registers_size'
  | 'registers_ss'
  | 'registers_state'
  | 'registers_third'
  | 'request_file'
  | 'request_listener'
  | 'request_of'
  | 'request_state'
  | 'request_work'
  | 'route_device'
  | 'set_cgroup'
  | 'skb_conntrack'
  | 'skb_data'
  | 'skb_data_len'
  | 'skb_dev'
  | 'skb_device'
  | 'skb_head'
  | 'skb_len'
  | 'skb_mac_header'
  | 'skb_network_header'
  | 'skb_previous'
  | 'skb_protocol'
  | 'skb_route'
  | 'skb_sk'
  | 'skb_skb_iif'
  | 'slot_size'
  | 'snapshot_length'
  | 'sock_cookie'
  | 'sock_group'
  | 'sock_locked'
  | 'sock_net'
  | 'sock_node'
  | 'sock_storage'
  | 'socket_encapsulation'
  | 'socket_sk'
  | 'sources6_count'
  | 'sources6_list'
  | 'sources_count'
  | 'sources_list'
  | 'stack_size'
  | 'storage_helper'
  | 'storage_list'
  | 'subflow_connection'
  | 'super_device'
  | 'table_files'
  | 'table_mask'
  | 'table_size'
  | 'table_slots'
  | 'task_btf'
  | 'task_cgroups'
  | 'task_comm'
  | 'task_cred'
  | 'task_files'
  | 'task_flags'
  | 'task_group_leader'
  | 'task_ids'
  | 'task_mm'
  | 'task_nsproxy'
  | 'task_pid'
  | 'task_preempt_count'
  | 'task_program'
  | 'task_real_parent'
  | 'task_stack'
  | 'task_start_boottime'
  | 'task_tgid'
  | 'task_worker'
  | 'tcp_upper'
  | 'trees'
  | 'tuplehash_size'
  | 'tuplehash_tuple'
  | 'uid_helper'
  | 'use_by_options'
  | 'verdict'
  | 'waiting_len'
  | 'waiting_sk'
  | 'wake_step'
  | 'worker_work'
  | 'x86';
