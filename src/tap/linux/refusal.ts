// Why the kernel refuses eBPF, in words of whoever could allow it.

import { readFileSync } from 'node:fs';
import { BpfError, callAllowed, memoryLock, VerifierError } from '../../system/index.js';

const EPERM = 1;
const ENOSYS = 38;
/** All of the host's user IDs: not a user namespace of its own. Source: user_namespaces(7). */
const HOSTS_USERS = /^\s*0\s+0\s+4294967295\s*$/;

/** The kernel has no way to attach eBPF to an interface. */
export class NoAttachmentError extends BpfError {
  override readonly message =
    'this kernel attaches no eBPF to interfaces: it has neither tcx (6.6 has it) nor the modules sch_ingress and cls_bpf';
}

/** What is in the way. */
export function causeOf(error: BpfError): string {
  if (error instanceof VerifierError || (error.errno !== EPERM && error.errno !== ENOSYS))
    return error.message;
  const allowed = callAllowed();
  const filtered = /^Seccomp:\s*2$/m.test(readFileSync('/proc/self/status', 'latin1'));
  if (!allowed && filtered) return 'not allowed here: this container’s seccomp profile forbids bpf(2)';
  if (error.errno === ENOSYS) return 'this kernel is built without bpf(2)';
  if (!HOSTS_USERS.test(readFileSync('/proc/self/uid_map', 'latin1')))
    return 'not allowed in a user namespace: CAP_BPF of the host’s is needed';
  const limit = memoryLock();
  if (limit !== null)
    return `this kernel counts eBPF as locked memory, of which ${limit >> 10} KiB are allowed: ulimit -l unlimited, or CAP_SYS_RESOURCE`;
  return error.message;
}
