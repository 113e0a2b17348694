// Which way a capture is made: by eBPF, or where that is not allowed by packet sockets.

import { existsSync } from 'node:fs';
import { PermissionError } from '../../packet/index.js';
import { BpfError, VerifierError } from '../../system/index.js';
import type { Tap, TapOptions } from '../tap.js';
import { NetworkNamespace } from './network/namespaces.js';
import { PacketSocketTap } from './packetsocket.js';
import { canCapture, missingCapabilities } from './privileges.js';
import { causeOf } from './refusal.js';
import { LinuxTap } from './tap.js';

/**
 * Opens a tap or a plain device.
 * @throws Error that says what is missing
 */
export async function openTap(options: TapOptions): Promise<Tap> {
  if (!existsSync('/proc/self/status'))
    throw new Error('/proc is not mounted: live capture needs it (mount -t proc proc /proc)');
  const missing = missingCapabilities();
  const refused =
    process.env['PKTAP_ATTACH'] === 'packet' ? 'PKTAP_ATTACH=packet' : tooLittle(options, missing);
  if (refused === null) {
    try {
      return await LinuxTap.open(options);
    } catch (error) {
      if (!(error instanceof BpfError) || !canCapture()) throw error;
      if (options.verbose > 0 && error instanceof VerifierError) options.warn(error.detail);
      return bestEffort(options, causeOf(error), true);
    }
  }
  return bestEffort(options, refused, options.verbose > 0 || asksForProcesses(options));
}

function asksForProcesses({ interface: name, processes, command, metadataFilter }: TapOptions): boolean {
  const names = [name ?? 'pktap'].flat();
  return processes || command || metadataFilter !== null || names.some((each) => each.startsWith('pktap'));
}

/** Why eBPF need not be tried, or null. @throws Error when there is no other way either */
function tooLittle(options: TapOptions, missing: readonly string[]): string | null {
  if (missing.length === 0) return null;
  const them = missing.length > 1 ? 'them' : 'it';
  // Root of a container has no more than it was given.
  const isRoot = process.geteuid?.() === 0;
  const remedy = isRoot ? `a container gets ${them} by --cap-add` : `root has ${them}`;
  if (canCapture()) return `${missing.join(', ')} missing: ${remedy}`;
  const name = [options.interface ?? 'pktap'].flat().join(' -i ');
  throw new PermissionError(
    `${name}: You don't have permission to capture: ${missing.join(', ')} missing (${isRoot ? remedy : `run it as root: sudo pktap -i ${name}`})`,
  );
}

/** @param aloud whether it is said: always where more could be expected */
function bestEffort(options: TapOptions, why: string, aloud: boolean): Tap {
  if (aloud) {
    options.warn(
      `no eBPF (${why}): packets by AF_PACKET, processes by sock_diag and /proc, best effort (TCP and UDP only; short-lived programs are missed)`,
    );
  }
  const namespaces = NetworkNamespace.open(options.networkNamespaces);
  try {
    if (namespaces.length > 1) throw new Error('--netns: without eBPF only one namespace can be captured in');
    const [namespace] = namespaces as [NetworkNamespace];
    return namespace.within(() => new PacketSocketTap(options, (name) => namespace.qualified(name)));
  } finally {
    for (const namespace of namespaces) namespace.close();
  }
}
