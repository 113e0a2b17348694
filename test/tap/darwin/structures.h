// macOS's structures on 64 bits, as its headers have them: what the stand-in fills in, and what the product's offsets are compared with.
// On a Mac layouts.c takes the system's own headers in their place.

#include <stdint.h>

struct pcap_stat_apple { uint32_t ps_recv, ps_drop, ps_ifdrop; };

struct pcap_addr_apple { void *next, *addr, *netmask, *broadaddr, *dstaddr; };

struct pcap_if_apple {
  struct pcap_if_apple *next;
  const char *name, *description;
  struct pcap_addr_apple *addresses;
  uint32_t flags;
};

struct sockaddr_dl_apple {
  uint8_t sdl_len, sdl_family;
  uint16_t sdl_index;
  uint8_t sdl_type, sdl_nlen, sdl_alen, sdl_slen;
  char sdl_data[12];
};

struct sockaddr_in_apple {
  uint8_t sin_len, sin_family;
  uint16_t sin_port;
  uint8_t sin_addr[4], sin_zero[8];
};

struct proc_bsdinfo_apple {
  uint32_t pbi_flags, pbi_status, pbi_xstatus, pbi_pid, pbi_ppid, pbi_uid, pbi_gid, pbi_ruid, pbi_rgid, pbi_svuid, pbi_svgid, rfu_1;
  char pbi_comm[16], pbi_name[32];
  uint32_t pbi_nfiles, pbi_pgid, pbi_pjobc, e_tdev, e_tpgid;
  int32_t pbi_nice;
  uint64_t pbi_start_tvsec, pbi_start_tvusec;
};

struct proc_uniqidentifierinfo_apple {
  uint8_t p_uuid[16];
  uint64_t p_uniqueid, p_puniqueid;
  int32_t p_idversion, p_orig_ppidversion;
  uint64_t p_reserve2, p_reserve3;
};

struct passwd_apple {
  char *pw_name, *pw_passwd;
  uint32_t pw_uid, pw_gid;
  int64_t pw_change;
  char *pw_class, *pw_gecos, *pw_dir, *pw_shell;
  int64_t pw_expire;
};

struct bpf_hdr_apple {
  int32_t tv_sec, tv_usec;
  uint32_t bh_caplen, bh_datalen;
  uint16_t bh_hdrlen;
};
