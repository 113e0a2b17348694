// Where the kernel has what says who receives a multicast: the table of UDP's sockets, their memberships, their storage.
// kernel/receivers.c walks them.

import type { Btf } from './ebpf/btf.js';
import type { ConstantValues, FieldPlace } from './ebpf/offsets.js';

/** Fields that are followed together or not at all, by the constant that says which. */
export const RECEIVER_FIELDS = {
  // The table of UDP's sockets: the protocol has it (until UDP-Lite went), since 6.2 the namespace too.
  have_shared_table: [['protocol_table', 'proto', 'h', 'udp_table']],
  have_own_table: [['net_table', 'net', 'ipv4', 'udp_table']],
  have_receivers: [
    ['common_net', 'sock_common', 'skc_net', 'net'],
    ['common_port', 'sock_common', 'skc_num'],
    ['common_remote_port', 'sock_common', 'skc_dport'],
    ['common_device', 'sock_common', 'skc_bound_dev_if'],
    ['common_family', 'sock_common', 'skc_family'],
    ['common_local', 'sock_common', 'skc_rcv_saddr'],
    ['common_remote', 'sock_common', 'skc_daddr'],
    ['common_local6', 'sock_common', 'skc_v6_rcv_saddr'],
    ['common_remote6', 'sock_common', 'skc_v6_daddr'],
    ['common_protocol', 'sock_common', 'skc_prot'],
    ['net_mix', 'net', 'hash_mix'],
    ['table_slots', 'udp_table', 'hash'],
    ['table_mask', 'udp_table', 'mask'],
    ['sock_node', 'sock_common', 'skc_node'],
    ['sock_storage', 'sock', 'sk_bpf_storage'],
    ['storage_list', 'bpf_local_storage', 'list'],
    ['element_node', 'bpf_local_storage_elem', 'snode'],
    ['element_data', 'bpf_local_storage_elem', 'sdata'],
    ['data_map', 'bpf_local_storage_data', 'smap'],
    ['data_value', 'bpf_local_storage_data', 'data'],
    ['skb_device', 'sk_buff', 'dev'],
    ['netdev_ip', 'net_device', 'ip_ptr'],
    ['netdev_ip6', 'net_device', 'ip6_ptr'],
    ['ip_groups', 'in_device', 'mc_list'],
    ['ip6_groups', 'inet6_dev', 'mc_list'],
    ['group_address', 'ip_mc_list', 'multiaddr'],
    ['group6_address', 'ifmcaddr6', 'mca_addr'],
    ['group_next', 'ip_mc_list', 'next_rcu'],
    ['group6_next', 'ifmcaddr6', 'next'],
    ['inet_ipv6', 'inet_sock', 'pinet6'],
    ['inet_members', 'inet_sock', 'mc_list'],
    ['ipv6_members', 'ipv6_pinfo', 'ipv6_mc_list'],
    ['member_group', 'ip_mc_socklist', 'multi', 'imr_multiaddr'],
    ['member6_group', 'ipv6_mc_socklist', 'addr'],
    ['member_device', 'ip_mc_socklist', 'multi', 'imr_ifindex'],
    ['member6_device', 'ipv6_mc_socklist', 'ifindex'],
    ['member_mode', 'ip_mc_socklist', 'sfmode'],
    ['member6_mode', 'ipv6_mc_socklist', 'sfmode'],
    ['member_next', 'ip_mc_socklist', 'next_rcu'],
    ['member6_next', 'ipv6_mc_socklist', 'next'],
    ['member_sources', 'ip_mc_socklist', 'sflist'],
    ['member6_sources', 'ipv6_mc_socklist', 'sflist'],
    ['sources_count', 'ip_sf_socklist', 'sl_count'],
    ['sources6_count', 'ip6_sf_socklist', 'sl_count'],
    ['sources_list', 'ip_sf_socklist', 'sl_addr'],
    ['sources6_list', 'ip6_sf_socklist', 'sl_addr'],
  ],
} as const satisfies { readonly [flag: string]: readonly FieldPlace[] };

const NONE = {
  slot_size: 16,
  common_only6: 0,
  common_only6_bit: 0,
  all_byte: 0,
  all_bit: 0,
  all6_byte: 0,
  all6_bit: 0,
  all6_in_ipv6: 0,
} satisfies ConstantValues;

/**
 * Bits and sizes beside the fields.
 * @returns null where one is not found
 */
function bitsOf(btf: Btf): typeof NONE | null {
  const flags = btf.offset('inet_sock', 'inet_flags');
  /** A bit field of its own, or since 6.6 one of the flags. */
  const bit = (structure: string, field: string, flag: string): { byte: number; bit: number } | null => {
    const own = btf.bit(structure, field);
    if (own !== null || flags < 0) return own;
    const number = btf.enumerator(flag);
    return number < 0 ? null : { byte: flags + (number >> 3), bit: 1 << (number & 7) };
  };
  const only6 = btf.bit('sock_common', 'skc_ipv6only');
  const all = bit('inet_sock', 'mc_all', 'INET_FLAGS_MC_ALL');
  const all6 = bit('ipv6_pinfo', 'mc_all', 'INET_FLAGS_MC6_ALL');
  const size = btf.structSize('udp_hslot');
  if (only6 === null || all === null || all6 === null || size === 0) return null;
  return {
    slot_size: size,
    common_only6: only6.byte,
    common_only6_bit: only6.bit,
    all_byte: all.byte,
    all_bit: all.bit,
    all6_byte: all6.byte,
    all6_bit: all6.bit,
    all6_in_ipv6: btf.bit('ipv6_pinfo', 'mc_all') === null ? 0 : 1,
  };
}

/**
 * Constants beside the fields.
 * @param haveFields whether all fields are there
 */
export function receiverConstants(
  btf: Btf | null,
  haveFields: boolean,
): typeof NONE & { have_receivers: number } {
  const bits = btf === null || !haveFields ? null : bitsOf(btf);
  return { ...NONE, ...bits, have_receivers: bits === null ? 0 : 1 };
}
