// Prints where the fields of macOS's structures are, a line each: on a Mac as its own headers have them, elsewhere as structures.h does.

#include <stddef.h>
#include <stdio.h>

#ifdef __APPLE__
#include <libproc.h>
#include <net/bpf.h>
#include <net/if_dl.h>
#include <netinet/in.h>
#include <pcap/pcap.h>
#include <pwd.h>
#include <sys/proc_info.h>
#include <sys/socket.h>
#define T(name) struct name
#define IF T(pcap_if)
#define ADDRESS T(pcap_addr)
#else
#include "structures.h"
#define T(name) struct name##_apple
#define IF T(pcap_if)
#define ADDRESS T(pcap_addr)
#endif

#define AT(group, name, type, field) printf(group "." name " %zu\n", offsetof(type, field))
#define SIZE(group, type) printf(group ".SIZE %zu\n", sizeof(type))

int main(void) {
  AT("Passwd", "NAME", T(passwd), pw_name);
  AT("Passwd", "UID", T(passwd), pw_uid);
  AT("Passwd", "GID", T(passwd), pw_gid);
  AT("Passwd", "HOME", T(passwd), pw_dir);
  AT("Passwd", "SHELL", T(passwd), pw_shell);
  SIZE("Passwd", T(passwd));
  AT("BsdInfo", "PID", T(proc_bsdinfo), pbi_pid);
  AT("BsdInfo", "PARENT", T(proc_bsdinfo), pbi_ppid);
  AT("BsdInfo", "UID", T(proc_bsdinfo), pbi_uid);
  AT("BsdInfo", "COMMAND", T(proc_bsdinfo), pbi_comm);
  AT("BsdInfo", "START_SECONDS", T(proc_bsdinfo), pbi_start_tvsec);
  AT("BsdInfo", "START_MICROSECONDS", T(proc_bsdinfo), pbi_start_tvusec);
  printf("BsdInfo.COMMAND_SIZE %zu\n", sizeof ((T(proc_bsdinfo) *)0)->pbi_comm);
  SIZE("BsdInfo", T(proc_bsdinfo));
#ifndef __APPLE__
  // Apple publishes this one with XNU alone.
  AT("UniqueInfo", "UUID", T(proc_uniqidentifierinfo), p_uuid);
  AT("UniqueInfo", "UNIQUE_ID", T(proc_uniqidentifierinfo), p_uniqueid);
  SIZE("UniqueInfo", T(proc_uniqidentifierinfo));
#endif
  AT("BpfHeader", "CAPTURED", T(bpf_hdr), bh_caplen);
  AT("BpfHeader", "LENGTH", T(bpf_hdr), bh_datalen);
  AT("BpfHeader", "HEADER_LENGTH", T(bpf_hdr), bh_hdrlen);
  printf("BpfHeader.END %zu\n", offsetof(T(bpf_hdr), bh_hdrlen) + sizeof ((T(bpf_hdr) *)0)->bh_hdrlen);
  AT("PcapIf", "NEXT", IF, next);
  AT("PcapIf", "NAME", IF, name);
  AT("PcapIf", "DESCRIPTION", IF, description);
  AT("PcapIf", "ADDRESSES", IF, addresses);
  AT("PcapIf", "FLAGS", IF, flags);
  SIZE("PcapIf", IF);
  AT("PcapAddress", "NEXT", ADDRESS, next);
  AT("PcapAddress", "ADDRESS", ADDRESS, addr);
  AT("PcapAddress", "NETMASK", ADDRESS, netmask);
  SIZE("PcapAddress", ADDRESS);
  AT("PcapStat", "RECEIVED", T(pcap_stat), ps_recv);
  AT("PcapStat", "DROPPED", T(pcap_stat), ps_drop);
  AT("PcapStat", "DROPPED_BY_INTERFACE", T(pcap_stat), ps_ifdrop);
  SIZE("PcapStat", T(pcap_stat));
  AT("SockaddrDl", "LENGTH", T(sockaddr_dl), sdl_len);
  AT("SockaddrDl", "FAMILY", T(sockaddr_dl), sdl_family);
  AT("SockaddrDl", "INDEX", T(sockaddr_dl), sdl_index);
  AT("SockaddrDl", "TYPE", T(sockaddr_dl), sdl_type);
  AT("SockaddrDl", "NAME_LENGTH", T(sockaddr_dl), sdl_nlen);
  AT("SockaddrDl", "ADDRESS_LENGTH", T(sockaddr_dl), sdl_alen);
  AT("SockaddrDl", "DATA", T(sockaddr_dl), sdl_data);
  AT("SockaddrIn", "ADDRESS", T(sockaddr_in), sin_addr);
  return 0;
}
