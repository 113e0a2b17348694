// Which container a process is in: its ID and runtime by the cgroup's path, its name and pod by the runtime's own files. No
// daemon is asked. Sources: Docker's and containerd's state folders, CRI-O's and Podman's containers/storage, Kubernetes'
// log folders (kubelet's ContainerLogsDir), systemd's scopes.

import { existsSync, readdirSync } from 'node:fs';
import { milliseconds } from '../../../builtin.js';
import type { Container } from '../../../packet/index.js';
import { accountById } from '../../../system/index.js';
import { readJson, record, text } from './statefiles.js';

/** Cgroups remembered: containers come and go. */
const LIMIT = 4096;

/** Milliseconds that a container without a name is not looked for at most. */
const MOST_PATIENCE = 60_000;
/** Milliseconds that files may take without a pause, and how many times as long the pause is. */
const CHEAP = 1;
const SHARE = 100;

/** Runtimes by the word in front of the ID in a systemd scope's name. */
const PREFIXES: Readonly<Record<string, string>> = {
  docker: 'docker',
  'cri-containerd': 'containerd',
  nerdctl: 'containerd',
  containerd: 'containerd',
  crio: 'cri-o',
  libpod: 'podman',
};
/** And by the folder that a bare ID lies in. */
const PARENTS: Readonly<Record<string, string>> = {
  docker: 'docker',
  libpod_parent: 'podman',
  'k8s.io': 'containerd',
  default: 'containerd',
};

const ID = /^(?:([a-z-]+)-)?([0-9a-f]{64})(?:\.scope)?$/;
const POD = /pod([0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|[0-9a-f]{32})/;
const LXC = /^lxc\.payload\.(.+)$/;
const MACHINE = /^machine-(.+)\.scope$/;
const USER = /\/user-(\d+)\.slice\//;

interface Found {
  readonly runtime: string;
  readonly id: string;
  readonly podId: string | null;
  /** Home of the user whose own runtime it is, or null for the system's. */
  readonly home: string | null;
}

/** systemd's way to write what a unit's name may not hold: `\x2d`. Source: systemd.unit(5). */
function unescapeUnit(name: string): string {
  return name.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

interface Known {
  readonly container: Container | null;
  /** Milliseconds until one that has no name is looked for again, twice as long each time; and when that is. */
  readonly wait: number;
  readonly again: number;
}

const NAMELESS = { name: null, pod: null, namespace: null } as const;

/** What files cost: those of one user may take a hundredth of the time, so that nobody's keep the capture busy. */
class Budget {
  private readonly next = new Map<string, number>();

  /** @param whose home of the user */
  allows(whose: string, now: number): boolean {
    return now >= (this.next.get(whose) ?? 0);
  }

  spend(whose: string, now: number, took: number): void {
    if (this.next.size >= LIMIT) this.next.delete(this.next.keys().next().value!);
    // What takes no time is no burden: many containers may begin at once.
    this.next.set(whose, took < CHEAP ? 0 : now + took * SHARE);
  }
}

/** Containers by their cgroups' paths. */
export class Containers {
  private readonly root: string;
  private readonly patience: number;
  private readonly known = new Map<string, Known>();
  private readonly budget = new Budget();

  /**
   * @param root folder that stands for `/`, where the runtimes' files are looked for
   * @param patience milliseconds after which one that had no name is asked for again: it may be written late
   */
  constructor(root = '', patience = 1000) {
    this.root = root;
    this.patience = patience;
  }

  /**
   * @param paths of a process's cgroups, one for each hierarchy
   * @returns the container, or null when it is in none
   */
  of(paths: readonly string[]): Container | null {
    for (const path of paths) {
      const known = this.known.get(path);
      const container =
        known === undefined || (known.container?.name === null && milliseconds() >= known.again)
          ? this.look(path, known)
          : known.container;
      if (container !== null) return container;
    }
    return null;
  }

  /** Reads the files of a container, which are seldom looked at again when they do not tell its name. */
  private look(path: string, known: Known | undefined): Container | null {
    const begin = milliseconds();
    const found = this.recognise(path);
    // The system's own files are root's.
    const whose = found?.home ?? null;
    if (found !== null && whose !== null && !this.budget.allows(whose, begin)) {
      // Nothing of it is kept but what the path says: it is asked for again soon.
      return known?.container ?? { ...NAMELESS, id: found.id, runtime: found.runtime };
    }
    const container = found === null ? null : this.describe(found);
    const end = milliseconds();
    if (whose !== null) this.budget.spend(whose, end, end - begin);
    const wait = known === undefined ? this.patience : Math.min(2 * known.wait, MOST_PATIENCE);
    if (this.known.size >= LIMIT) this.known.delete(this.known.keys().next().value!);
    this.known.set(path, { container, wait, again: end + wait });
    return container;
  }

  /** The innermost container of a path. */
  private recognise(path: string): Found | null {
    const parts = path.split('/').filter((part) => part !== '');
    const podId = POD.exec(path)?.[1]?.replaceAll('_', '-') ?? null;
    const uid = USER.exec(path)?.[1];
    const home = uid === undefined ? null : (accountById(Number(uid))?.home ?? null);
    for (let i = parts.length - 1; i >= 0; i--) {
      const [part, parent] = [parts[i]!, parts[i - 1] ?? ''];
      const match = ID.exec(part);
      if (match !== null && (match[1] === undefined || PREFIXES[match[1]] !== undefined)) {
        const id = match[2]!;
        const runtime = PREFIXES[match[1] ?? ''] ?? PARENTS[parent] ?? this.runtimeOf(id);
        return { runtime, id, podId, home };
      }
      const lxc = LXC.exec(part)?.[1] ?? (parent === 'lxc' ? part : null);
      if (lxc !== null) return { runtime: 'lxc', id: lxc, podId: null, home: null };
      const machine = MACHINE.exec(part)?.[1];
      if (machine !== undefined)
        return { runtime: 'machine', id: unescapeUnit(machine), podId: null, home: null };
    }
    // containerd's own containers go by any name.
    if (parts.length === 2 && this.taskFolder(parts[0]!, parts[1]!) !== null)
      return { runtime: 'containerd', id: parts[1]!, podId: null, home: null };
    return null;
  }

  /** A bare ID below kubepods says nothing of its runtime: whose files are there? */
  private runtimeOf(id: string): string {
    if (existsSync(`${this.dockerFolder()}/containers/${id}`)) return 'docker';
    if (this.task(id) !== null) return 'containerd';
    return 'container';
  }

  private describe(found: Found): Container {
    const { runtime, id } = found;
    const names =
      runtime === 'docker'
        ? this.docker(found)
        : runtime === 'cri-o' || runtime === 'podman'
          ? this.storage(found)
          : runtime === 'lxc' || runtime === 'machine'
            ? { name: id }
            : this.containerd(id);
    const pod = names.pod === undefined || names.pod === null ? this.kubernetes(found) : {};
    return {
      id,
      runtime,
      name: names.name ?? pod.name ?? null,
      pod: names.pod ?? pod.pod ?? null,
      namespace: names.namespace ?? pod.namespace ?? null,
    };
  }

  private dockerFolder(): string {
    const set = text(readJson(`${this.root}/etc/docker/daemon.json`)['data-root']);
    return `${this.root}${set ?? '/var/lib/docker'}`;
  }

  private docker({ id, home }: Found): Names {
    const path = `containers/${id}/config.v2.json`;
    const config =
      home === null
        ? readJson(this.dockerFolder(), path)
        : readJson(`${this.root}${home}`, `.local/share/docker/${path}`, true);
    const labels = record(record(config['Config'])['Labels']);
    return {
      name: text(labels['io.kubernetes.container.name']) ?? text(config['Name'])?.replace(/^\//, '') ?? null,
      pod: text(labels['io.kubernetes.pod.name']),
      namespace: text(labels['io.kubernetes.pod.namespace']),
    };
  }

  /** A task's folder below containerd's state, or null. */
  private taskFolder(namespace: string, id: string): string | null {
    for (const state of ['/run/containerd', '/run/k3s/containerd']) {
      const folder = `${this.root}${state}/io.containerd.runtime.v2.task/${namespace}/${id}`;
      if (namespace !== '..' && id !== '..' && existsSync(folder)) return folder;
    }
    return null;
  }

  private task(id: string): string | null {
    for (const namespace of ['k8s.io', 'moby', 'default', ...this.namespaces()]) {
      const folder = this.taskFolder(namespace, id);
      if (folder !== null) return folder;
    }
    return null;
  }

  private namespaces(): string[] {
    return list(`${this.root}/run/containerd/io.containerd.runtime.v2.task`);
  }

  private containerd(id: string): Names {
    const folder = this.task(id);
    if (folder === null) return {};
    const notes = record(readJson(`${folder}/config.json`)['annotations']);
    return {
      name: text(notes['io.kubernetes.cri.container-name']) ?? text(notes['nerdctl/name']),
      pod: text(notes['io.kubernetes.cri.sandbox-name']),
      namespace: text(notes['io.kubernetes.cri.sandbox-namespace']),
    };
  }

  /** CRI-O and Podman keep theirs alike. */
  private storage({ id, home }: Found): Names {
    const places: [string, string][] =
      home === null
        ? [
            ['/run/containers/storage', 'overlay-containers'],
            ['/var/lib/containers/storage', 'overlay-containers'],
          ]
        : [[home, '.local/share/containers/storage/overlay-containers']];
    for (const [place, below] of places) {
      const read = (path: string) => readJson(`${this.root}${place}`, `${below}/${path}`, home !== null);
      const notes = record(read(`${id}/userdata/config.json`)['annotations']);
      const listed = Object.values(read('containers.json'))
        .map(record)
        .find((entry) => entry['id'] === id);
      const names: Names = {
        name:
          text(notes['io.kubernetes.container.name']) ?? text(Object.values(record(listed?.['names']))[0]),
        pod: text(notes['io.kubernetes.pod.name']),
        namespace: text(notes['io.kubernetes.pod.namespace']),
      };
      if (names.name !== null || names.pod !== null) return names;
    }
    return {};
  }

  /** By the folders of logs that kubelet makes: `NAMESPACE_POD_UID`, and links `POD_NAMESPACE_CONTAINER-ID.log`. */
  private kubernetes({ id, podId }: Found): Names {
    if (podId === null) return {};
    const link = list(`${this.root}/var/log/containers`).find((name) => name.endsWith(`-${id}.log`));
    const parts = link?.slice(0, -(id.length + 5)).split('_');
    if (parts?.length === 3) return { pod: parts[0]!, namespace: parts[1]!, name: parts[2]! };
    const folder = list(`${this.root}/var/log/pods`).find((name) => name.endsWith(`_${podId}`));
    const [namespace, pod] = folder?.split('_') ?? [];
    return pod === undefined || namespace === undefined ? {} : { pod, namespace };
  }
}

interface Names {
  readonly name?: string | null;
  readonly pod?: string | null;
  readonly namespace?: string | null;
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
