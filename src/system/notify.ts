// Words to a service manager, by the socket that it names in NOTIFY_SOCKET. Source: sd_notify(3), unix(7).

import { addressOf, errno, libc, SYSCALL, SystemError } from './libc.js';
import { Family } from './needs.js';

const SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
const MSG_DONTWAIT_NOSIGNAL = 0x40 | 0x4000;
/** Bytes of an address's path, in struct sockaddr_un. */
const PATH = 108;

/** A socket that is connected: no name is needed once connections are refused. */
export class Notifier {
  private constructor(private readonly descriptor: number) {}

  /**
   * @param path of the socket; `@` begins an abstract one's name
   * @throws SystemError, RangeError for a path that is none
   */
  static open(path: string): Notifier {
    const name = Buffer.from(path);
    if (!/^[/@]./s.test(path) || name.length >= PATH) throw new RangeError(`no socket's path: ${path}`);
    if (path.startsWith('@')) name[0] = 0;
    const address = new Uint8Array(2 + name.length + (path.startsWith('/') ? 1 : 0));
    new Uint16Array(address.buffer, 0, 1)[0] = Family.UNIX;
    address.set(name, 2);
    const descriptor = libc().socket(Family.UNIX, SOCK_DGRAM_CLOEXEC, 0);
    if (descriptor < 0) throw new SystemError('socket', errno());
    const at = Number(addressOf(address));
    if (libc().syscall6(SYSCALL.connect, descriptor, at, address.length, 0, 0) < 0) {
      const number = errno();
      libc().close(descriptor);
      throw new SystemError(path, number);
    }
    return new Notifier(descriptor);
  }

  /** Says something; what the manager has no room for is lost, and it does not wait. */
  say(text: string): void {
    const bytes = Buffer.from(text);
    libc().send(this.descriptor, bytes, bytes.length, MSG_DONTWAIT_NOSIGNAL);
  }
}
