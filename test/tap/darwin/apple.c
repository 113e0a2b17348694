// A stand-in for macOS's libpcap, /dev/bpf, libproc and user database, for tests where there is no Mac. What is called is written to a
// file, and what is read of the descriptor is what a script says, one whole buffer at a read, as /dev/bpf gives it.
//
// APPLE_LOG     a line for each call, with its arguments
// APPLE_SCRIPT  buffers: 4 bytes of length, the bytes
// APPLE_PROCESSES, APPLE_USERS  tables, a line an entry, fields between tabs
// APPLE_DLT     the DLT_ number of plain devices
// APPLE_DENY    not empty: the user has no rights
// APPLE_DROPPED packets that the kernel had no room for
//
// Compiled with -DWITHOUT_TAP it is a libpcap of which Apple took the private functions away.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "structures.h"

static void note(const char *format, ...) {
  const char *path = getenv("APPLE_LOG");
  if (!path) return;
  FILE *log = fopen(path, "a");
  if (!log) return;
  va_list list;
  va_start(list, format);
  vfprintf(log, format, list);
  va_end(list);
  fputc('\n', log);
  fclose(log);
}

// libpcap's handles are of two kinds here: ours, and those of this system's own libpcap, which compiles filters.
struct handle {
  uint64_t magic;
  int fd, feeder, dlt, tap, timeout, size;
  char error[256];
};
#define MAGIC 0x6170706c65706361ULL
static struct handle *handles[16];

static struct handle *ours(void *p) {
  for (int i = 0; i < 16; i++)
    if (handles[i] && handles[i] == p) return p;
  return NULL;
}

static void *theirs(const char *name) {
  static void *library;
  if (!library) library = dlopen("libpcap.so.0.8", RTLD_NOW);
  return library ? dlsym(library, name) : NULL;
}

void *pcap_open_dead(int dlt, int snap) { return ((void *(*)(int, int))theirs("pcap_open_dead"))(dlt, snap); }
void *pcap_fopen_offline(void *f, char *e) { return ((void *(*)(void *, char *))theirs("pcap_fopen_offline"))(f, e); }
int pcap_compile(void *p, void *program, const char *text, int optimize, unsigned mask) {
  return ((int (*)(void *, void *, const char *, int, unsigned))theirs("pcap_compile"))(p, program, text, optimize, mask);
}
void pcap_freecode(void *program) { ((void (*)(void *))theirs("pcap_freecode"))(program); }

char *pcap_geterr(void *p) {
  struct handle *h = ours(p);
  return h ? h->error : ((char *(*)(void *))theirs("pcap_geterr"))(p);
}
const char *pcap_statustostr(int status) { return status == -8 ? "You don't have permission" : "status"; }

static int denied(void) {
  const char *deny = getenv("APPLE_DENY");
  return deny && *deny;
}

void *pcap_create(const char *device, char *error) {
  note("create %s", device);
  int tap = !strncmp(device, "pktap", 5) || !strncmp(device, "iptap", 5) || !strncmp(device, "droptap", 7);
  if (tap && denied()) {
    strcpy(error, "pcap_setup_pktap_interface: ioctl(SIOCIFCREATE) fail - Operation not permitted");
    return NULL;
  }
  for (int i = 0; i < 16; i++) {
    if (handles[i]) continue;
    struct handle *h = handles[i] = calloc(1, sizeof *h);
    h->magic = MAGIC;
    h->tap = tap;
    h->fd = h->feeder = -1;
    h->size = 4096;
    h->dlt = tap ? 12 : atoi(getenv("APPLE_DLT") ? getenv("APPLE_DLT") : "1");
    return h;
  }
  strcpy(error, "too many");
  return NULL;
}

#define SETTER(name, word)                 \
  int name(struct handle *h, int value) {  \
    note(word " %d", value);               \
    (void)h;                               \
    return 0;                              \
  }
SETTER(pcap_set_snaplen, "snaplen")
SETTER(pcap_set_promisc, "promisc")
SETTER(pcap_set_immediate_mode, "immediate")
SETTER(pcap_setdirection, "direction")
int pcap_set_timeout(struct handle *h, int value) {
  note("timeout %d", value);
  h->timeout = value;
  return 0;
}
int pcap_set_buffer_size(struct handle *h, int value) {
  note("buffer %d", value);
  // The kernel gives at most so much.
  h->size = value > 131072 ? 131072 : value;
  return 0;
}
#ifndef WITHOUT_TAP
SETTER(pcap_set_want_pktap, "want_pktap")
#endif
int pcap_set_datalink(struct handle *h, int value) {
  note("datalink %d", value);
  h->dlt = value;
  return 0;
}
int pcap_datalink(struct handle *h) { return h->dlt; }
int pcap_bufsize(struct handle *h) { return h->size; }
int pcap_fileno(struct handle *h) { return h->fd; }

static void *feed(void *p) {
  struct handle *h = p;
  const char *path = getenv("APPLE_SCRIPT");
  FILE *script = path ? fopen(path, "rb") : NULL;
  unsigned char size[4];
  while (script && fread(size, 1, 4, script) == 4) {
    size_t length = size[0] | size[1] << 8 | size[2] << 16 | (size_t)size[3] << 24;
    unsigned char *bytes = malloc(length + 1);
    if (fread(bytes, 1, length, script) != length || send(h->feeder, bytes, length, MSG_NOSIGNAL) < 0) break;
    free(bytes);
  }
  if (script) fclose(script);
  return NULL;
}

int pcap_activate(struct handle *h) {
  note("activate");
  if (denied()) {
    strcpy(h->error, "(there are no BPF devices)");
    return -8;
  }
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) < 0) return -1;
  struct timeval wait = {h->timeout / 1000, h->timeout % 1000 * 1000};
  setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
  h->fd = pair[0];
  h->feeder = pair[1];
  pthread_t thread;
  pthread_create(&thread, NULL, feed, h);
  pthread_detach(thread);
  return 0;
}

int pcap_stats(struct handle *h, struct pcap_stat_apple *stats) {
  (void)h;
  memset(stats, 0, sizeof *stats);
  stats->ps_drop = atoi(getenv("APPLE_DROPPED") ? getenv("APPLE_DROPPED") : "0");
  return 0;
}

void pcap_close(void *p) {
  struct handle *h = ours(p);
  if (!h) {
    ((void (*)(void *))theirs("pcap_close"))(p);
    return;
  }
  note("close");
  for (int i = 0; i < 16; i++)
    if (handles[i] == h) handles[i] = NULL;
  // The other end stays with its thread.
  if (h->fd >= 0) close(h->fd);
}

// Interfaces: loopback, Ethernet, a tunnel, one that is down.
static struct sockaddr_dl_apple links[] = {
    {.sdl_len = 20, .sdl_family = 18, .sdl_index = 1, .sdl_type = 24, .sdl_nlen = 3, .sdl_data = "lo0"},
    {.sdl_len = 20, .sdl_family = 18, .sdl_index = 4, .sdl_type = 6, .sdl_nlen = 3, .sdl_alen = 6,
     .sdl_data = "en0\x02\x11\x22\x33\x44\x55"},
    {.sdl_len = 20, .sdl_family = 18, .sdl_index = 9, .sdl_type = 1, .sdl_nlen = 5, .sdl_data = "utun3"},
    {.sdl_len = 20, .sdl_family = 18, .sdl_index = 5, .sdl_type = 6, .sdl_nlen = 3, .sdl_data = "en1"},
};
static struct sockaddr_in_apple addresses[] = {
    {.sin_len = 16, .sin_family = 2, .sin_addr = {127, 0, 0, 1}},
    {.sin_len = 16, .sin_family = 2, .sin_addr = {192, 168, 5, 82}},
};
// The kernel leaves the zeros at the end of a mask out.
static struct sockaddr_in_apple masks[] = {
    {.sin_len = 5, .sin_addr = {255, 0xee, 0xee, 0xee}},
    {.sin_len = 7, .sin_addr = {255, 255, 255, 0xee}},
};
static struct pcap_addr_apple four[] = {
    {NULL, &addresses[0], &masks[0], NULL, NULL},
    {NULL, &addresses[1], &masks[1], NULL, NULL},
};
static struct pcap_addr_apple first[] = {
    {&four[0], &links[0], NULL, NULL, NULL},
    {&four[1], &links[1], NULL, NULL, NULL},
    {NULL, &links[2], NULL, NULL, NULL},
    {NULL, &links[3], NULL, NULL, NULL},
};
static struct pcap_if_apple devices[] = {
    {&devices[1], "en0", NULL, &first[1], 2 | 4 | 8 | 0x10},
    {&devices[2], "utun3", "a tunnel", &first[2], 2 | 4 | 0x30},
    {&devices[3], "lo0", NULL, &first[0], 1 | 2 | 4 | 0x30},
    {NULL, "en1", NULL, &first[3], 0x20},
};
int pcap_findalldevs(struct pcap_if_apple **list, char *error) {
  (void)error;
  *list = devices;
  return 0;
}
void pcap_freealldevs(struct pcap_if_apple *list) { note(list == devices ? "freed" : "freed another list"); }

// libproc, sysctl, getpw*_r. Fields of processes: pid, parent, uid, start seconds, microseconds, unique ID, UUID in hex, name, path, arguments.
static int line_of(const char *table, int column, const char *wanted, char *line, char *fields[], int most) {
  const char *path = getenv(table);
  FILE *file = path ? fopen(path, "r") : NULL;
  int found = 0;
  while (file && !found && fgets(line, 4096, file)) {
    line[strcspn(line, "\n")] = 0;
    int n = 0;
    char *rest = line;
    while (n < most && (fields[n] = strsep(&rest, "\t"))) n++;
    found = n > column && !strcmp(fields[column], wanted) ? n : 0;
  }
  if (file) fclose(file);
  return found;
}

static int process(int pid, char *line, char *fields[]) {
  char number[16];
  snprintf(number, sizeof number, "%d", pid);
  return line_of("APPLE_PROCESSES", 0, number, line, fields, 40);
}

int proc_pidinfo(int pid, int flavor, uint64_t argument, void *buffer, int size) {
  (void)argument;
  char line[4096], *fields[40];
  if (process(pid, line, fields) < 9) return 0;
  if (flavor == 3 && size >= (int)sizeof(struct proc_bsdinfo_apple)) {
    struct proc_bsdinfo_apple *info = buffer;
    memset(info, 0, sizeof *info);
    info->pbi_pid = pid;
    info->pbi_ppid = atoi(fields[1]);
    info->pbi_uid = atoi(fields[2]);
    info->pbi_start_tvsec = strtoull(fields[3], NULL, 10);
    info->pbi_start_tvusec = strtoull(fields[4], NULL, 10);
    strncpy(info->pbi_comm, fields[7], 15);
    return sizeof *info;
  }
  if (flavor == 17 && size >= (int)sizeof(struct proc_uniqidentifierinfo_apple)) {
    struct proc_uniqidentifierinfo_apple *info = buffer;
    memset(info, 0, sizeof *info);
    for (int i = 0; i < 16; i++) {
      unsigned byte = 0;
      sscanf(fields[6] + 2 * i, "%2x", &byte);
      info->p_uuid[i] = byte;
    }
    info->p_uniqueid = strtoull(fields[5], NULL, 10);
    return sizeof *info;
  }
  return 0;
}

int proc_pidpath(int pid, void *buffer, uint32_t size) {
  char line[4096], *fields[40];
  if (process(pid, line, fields) < 9 || !*fields[8]) return 0;
  snprintf(buffer, size, "%s", fields[8]);
  return strlen(buffer);
}

int sysctl(int *name, unsigned count, void *old, size_t *length, void *fresh, size_t fresh_length) {
  (void)fresh;
  (void)fresh_length;
  char line[4096], *fields[40];
  int found = count == 3 && name[0] == 1 && name[1] == 49 ? process(name[2], line, fields) : 0;
  if (found < 10) {
    errno = EINVAL;
    return -1;
  }
  char *at = old, *end = at + *length;
  int arguments = found - 9;
  memcpy(at, &arguments, 4);
  at += 4;
  at = stpcpy(at, fields[8]) + 1;
  while ((at - (char *)old) % 8) *at++ = 0;
  for (int i = 9; i < found && at + strlen(fields[i]) + 1 < end; i++) at = stpcpy(at, fields[i]) + 1;
  at = stpcpy(at, "SECRET=environment") + 1;
  *length = at - (char *)old;
  return 0;
}

static int password(int column, const char *who, struct passwd_apple *entry, char *buffer, size_t size, void **result) {
  char line[4096], *fields[8];
  *result = NULL;
  if (line_of("APPLE_USERS", column, who, line, fields, 5) < 5) return 0;
  memset(entry, 0, sizeof *entry);
  char *at = buffer;
#define COPY(field, text)                                         \
  if (at + strlen(text) + 1 > buffer + size) return ERANGE;       \
  entry->field = at;                                              \
  at = stpcpy(at, text) + 1;
  COPY(pw_shell, fields[4])
  COPY(pw_name, fields[0])
  COPY(pw_dir, fields[3])
  entry->pw_uid = atoi(fields[1]);
  entry->pw_gid = atoi(fields[2]);
  *result = entry;
  return 0;
}
int getpwnam_r(const char *name, struct passwd_apple *entry, char *buffer, size_t size, void **result) {
  return password(0, name, entry, buffer, size, result);
}
int getpwuid_r(uint32_t uid, struct passwd_apple *entry, char *buffer, size_t size, void **result) {
  char number[16];
  snprintf(number, sizeof number, "%u", uid);
  return password(1, number, entry, buffer, size, result);
}
