// What runtimes' own files say of a container: its name and pod. No daemon is asked. Sources: Docker's and containerd's state
// folders, CRI-O's and Podman's containers/storage, Kubernetes' log folders (kubelet's ContainerLogsDir).

import { existsSync, readdirSync } from 'node:fs';
import { readJson, record, text } from './statefiles.js';

/** A container, as its cgroup's path tells it. */
export interface Found {
  readonly runtime: string;
  readonly id: string;
  readonly podId: string | null;
  /** Home of the user whose own runtime it is, or null for the system's. */
  readonly home: string | null;
}

export interface Names {
  readonly name: string | null;
  readonly pod: string | null;
  readonly namespace: string | null;
}

type Told = { readonly [name in keyof Names]?: string | null };

/** The runtimes' files. */
export class ContainerFiles {
  /** @param root folder that stands for `/` */
  constructor(private readonly root: string) {}

  /** A bare ID below kubepods says nothing of its runtime: whose files are there? */
  runtimeOf(id: string): string {
    if (existsSync(`${this.dockerFolder()}/containers/${id}`)) return 'docker';
    if (this.task(id) !== null) return 'containerd';
    return 'container';
  }

  namesOf(found: Found): Names {
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
      name: names.name ?? pod.name ?? null,
      pod: names.pod ?? pod.pod ?? null,
      namespace: names.namespace ?? pod.namespace ?? null,
    };
  }

  private dockerFolder(): string {
    const set = text(readJson(`${this.root}/etc/docker/daemon.json`)['data-root']);
    return `${this.root}${set ?? '/var/lib/docker'}`;
  }

  private docker({ id, home }: Found): Told {
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
  taskFolder(namespace: string, id: string): string | null {
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

  private containerd(id: string): Told {
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
  private storage({ id, home }: Found): Told {
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
      const names: Told = {
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
  private kubernetes({ id, podId }: Found): Told {
    if (podId === null) return {};
    const link = list(`${this.root}/var/log/containers`).find((name) => name.endsWith(`-${id}.log`));
    const parts = link?.slice(0, -(id.length + 5)).split('_');
    if (parts?.length === 3) return { pod: parts[0]!, namespace: parts[1]!, name: parts[2]! };
    const folder = list(`${this.root}/var/log/pods`).find((name) => name.endsWith(`_${podId}`));
    const [namespace, pod] = folder?.split('_') ?? [];
    return pod === undefined || namespace === undefined ? {} : { pod, namespace };
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
