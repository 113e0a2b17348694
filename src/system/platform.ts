// What differs by system, in one place: libraries by their files, and error numbers by their words.

/** macOS. What is no macOS is Linux, or fails where its libraries are loaded. */
export const DARWIN = process.platform === 'darwin';

/**
 * The C library. On macOS both are named by their paths, though no such files are there (dyld has them in its cache): by a bare name dyld
 * looks in other folders too, the current one among them.
 */
export const C_LIBRARY = DARWIN ? '/usr/lib/libSystem.B.dylib' : 'libc.so.6';

/** libpcap's names, the first that is there counts. macOS: Apple's own, which knows PKTAP. */
export const PACKET_LIBRARIES: readonly string[] = DARWIN
  ? ['/usr/lib/libpcap.A.dylib']
  : ['libpcap.so.0.8', 'libpcap.so.1'];

/** What to do where there is no libpcap. */
export const PACKET_LIBRARY_MISSING = DARWIN
  ? `need libpcap: ${PACKET_LIBRARIES[0]} cannot be loaded`
  : 'need libpcap, which is not installed (apt install libpcap0.8)';

/** The same everywhere. Source: errno.h. */
const COMMON: Readonly<Record<number, string>> = {
  1: 'Operation not permitted',
  2: 'No such file or directory',
  3: 'No such process',
  4: 'Interrupted system call',
  7: 'Argument list too long',
  9: 'Bad file descriptor',
  12: 'Cannot allocate memory',
  13: 'Permission denied',
  16: 'Device or resource busy',
  17: 'File exists',
  19: 'No such device',
  22: 'Invalid argument',
  24: 'Too many open files',
  28: 'No space left on device',
};

const LINUX_ERRORS: Readonly<Record<number, string>> = {
  ...COMMON,
  11: 'Resource temporarily unavailable',
  38: 'Function not implemented',
  95: 'Operation not supported',
  97: 'Address family not supported by protocol',
  100: 'Network is down',
  524: 'Operation not supported by the kernel',
};

/** Source: XNU bsd/sys/errno.h. */
const DARWIN_ERRORS: Readonly<Record<number, string>> = {
  ...COMMON,
  6: 'Device not configured',
  35: 'Resource temporarily unavailable',
  45: 'Operation not supported',
  47: 'Address family not supported by protocol family',
  50: 'Network is down',
  78: 'Function not implemented',
  102: 'Operation not supported on socket',
};

/** strerror of the few errors the native calls meet. */
export function errorText(number: number, darwin: boolean = DARWIN): string {
  return (darwin ? DARWIN_ERRORS : LINUX_ERRORS)[number] ?? `error ${number}`;
}
