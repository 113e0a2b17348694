// Where a run's packets come from, opened: a tap, whose kernel side filters, or files with their filters.

import type { Expressions } from '../filter/index.js';
import { linkTypeName, linkTypesOf, type PacketFilter, type Source } from '../packet/index.js';
import { type Credentials, loadCredentials } from '../system/index.js';
import type { Tap } from '../tap/index.js';
import { type FilesRead, openFiles } from './files.js';
import type { Notice } from './notices.js';
import { packetExpressions, userFilters } from './packets.js';
import type { FilesSpec, FleetSpec, RunSpec, TapSpec } from './spec.js';

/** A source of packets, and what there is to know of it. */
export interface SessionSource {
  readonly source: Source;
  /** One of the two at most. */
  readonly tap: Tap | null;
  readonly files: FilesRead | null;
  /** What packets are captured on or read from, for eyes. */
  readonly name: string;
  /** Whether packets come as they are sent: they wait in no buffer. */
  readonly live: boolean;
  /** Whether packets come with their processes. */
  readonly tapped: boolean;
  /** What is asked of each packet that it hands on. */
  readonly filters: readonly PacketFilter[];
  /** The packet filter of files; null: there is none. */
  readonly expressions: Expressions | null;
}

/**
 * Opens a tap.
 * @param meanwhile what can be done while the kernel is busy with the capture
 */
export async function openTapSource(
  { filter, snapshotLength, user }: RunSpec,
  spec: TapSpec,
  say: (notice: Notice) => void,
  meanwhile: () => void,
): Promise<SessionSource> {
  const { openTap } = await import('../tap/index.js');
  const { interfaces, linkType } = spec;
  const tap = await openTap({
    interface: interfaces.length === 0 ? null : interfaces,
    processes: spec.processes,
    snapshotLength,
    bufferSize: spec.bufferSize,
    promiscuous: spec.promiscuous,
    immediate: spec.immediate,
    direction: filter.direction,
    metadataFilter: filter.metadata,
    command: spec.command,
    expression: filter.expression,
    optimize: filter.optimize,
    networkNamespaces: spec.networkNamespaces,
    counts: spec.counts,
    host: spec.host,
    verbose: spec.verbose,
    warn: (message) => say({ kind: 'warning', message }),
    meanwhile,
  });
  if (linkType !== null && !linkTypesOf(tap.linkType).includes(linkType)) {
    tap.close();
    throw new Error(`${linkTypeName(linkType)} is not one of the DLTs supported by this device`);
  }
  if (user !== null) tap.dropPrivileges(user);
  const { name, tapped } = tap;
  return { source: tap, tap, files: null, name, live: true, tapped, filters: [], expressions: null };
}

/**
 * Opens files.
 * @param counts whether their packets are counted, and no more
 */
export async function openFileSource(
  spec: RunSpec,
  fileSpec: FilesSpec,
  counts: boolean,
  say: (notice: Notice) => void,
): Promise<SessionSource> {
  const { yieldsTo } = spec;
  let ahead: Credentials | null = null;
  if (yieldsTo !== null && process.platform === 'linux') {
    const { mayRead, yieldRoot } = await import('./yielding.js');
    const { becomeUser } = await loadCredentials();
    await yieldRoot(spec, say, (to) => {
      // What root alone may open is opened first.
      if (mayRead(fileSpec.paths, to)) becomeUser(to);
      else ahead = to;
    });
  }
  const expressions = await packetExpressions(spec);
  // What is not root has nothing to give up.
  const user = spec.user ?? (ahead as Credentials | null);
  const becomes = user !== null && process.geteuid!() === 0;
  const credentials = becomes ? await loadCredentials() : null;
  const giveUpRoot = credentials === null ? null : () => credentials.becomeUser(user!);
  const files = await openFiles(spec, fileSpec, expressions, counts, giveUpRoot, say);
  if (expressions !== null) {
    const { checkSense, saySenseless } = await import('./sense.js');
    // With -V tcpdump ends at such a file; here those behind it are read.
    saySenseless(expressions, say, () => {
      if (fileSpec.order !== 'single') files.broken = true;
    });
    await checkSense(expressions, files.sources);
  }
  return {
    source: files.source,
    tap: null,
    files,
    name: fileSpec.paths.join(', '),
    live: false,
    tapped: false,
    filters: await userFilters(spec, expressions),
    expressions,
  };
}

/** Opens a fleet: hosts that capture, with the filters in their kernels, or what they have captured. */
export async function openFleetSource(
  spec: RunSpec,
  fleet: FleetSpec,
  say: (notice: Notice) => void,
): Promise<SessionSource> {
  const { FleetSource, readSecret } = await import('../fleet/index.js');
  const { filter, user } = spec;
  const secret = fleet.key === null ? null : readSecret(fleet.key);
  const source = await FleetSource.open({
    connection: { url: fleet.url, secret, ca: fleet.ca, name: secret?.name ?? fleet.operator },
    hosts: fleet.hosts,
    request:
      fleet.since !== null
        ? null
        : {
            hosts: fleet.hosts,
            interfaces: fleet.interfaces,
            direction: filter.direction,
            metadata: filter.metadata,
            expression: filter.expression,
            optimize: filter.optimize,
            snapshotLength: spec.snapshotLength,
            headersOnly: spec.headersOnly,
            promiscuous: fleet.promiscuous,
            processes: fleet.processes,
            bufferSize: fleet.bufferSize,
            seconds: fleet.seconds,
            bytes: fleet.bytes,
            rate: fleet.rate,
            flows: fleet.flows,
          },
    since: fleet.since === null ? 0 : Date.now() - fleet.since * 1000,
    capture: fleet.capture,
    say: (message) => say({ kind: 'warning', message }),
  });
  try {
    if (user !== null && process.geteuid!() === 0) (await loadCredentials()).becomeUser(user);
    // Hosts that capture have asked already.
    const expressions = fleet.since === null ? null : await packetExpressions(spec);
    if (expressions !== null) {
      const { saySenseless } = await import('./sense.js');
      expressions.check();
      saySenseless(expressions, say);
    }
    const filters = fleet.since === null ? [] : await userFilters(spec, expressions);
    const { name } = source;
    return { source, tap: null, files: null, name, live: true, tapped: true, filters, expressions };
  } catch (error) {
    source.close();
    throw error;
  }
}
