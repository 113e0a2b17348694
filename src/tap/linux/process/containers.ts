// Which container a process is in: its ID and runtime by the cgroup's path, its name and pod by the runtime's own files
// (containerfiles.ts). Those of a user's own runtime another thread reads (containerthread.ts): a user may make them cost, and the
// capturing thread waits for little of it.

import { milliseconds } from '../../../builtin.js';
import type { Container } from '../../../packet/index.js';
import { accountById, withReserve } from '../../../system/index.js';
import { Answer, Thread } from '../../../thread.js';
import { ContainerFiles, type Found, type Names } from './containerfiles.js';

/** Cgroups remembered: containers come and go. */
const LIMIT = 4096;

/** Milliseconds that a container without a name is not looked for at most. */
const MOST_PATIENCE = 60_000;
/** Milliseconds that files may take without a pause, and how many times as long the pause is. */
const CHEAP = 1;
const SHARE = 100;
/** Milliseconds that a packet waits for what the thread reads, in steps. */
const MOST_WAIT = 100;
const STEP = 1;
/** Bytes of the thread's answer, and MiB that it may take. */
const ANSWER_ROOM = 16_384;
const THREAD_MEMORY = 64;

/** What the thread is asked. */
export interface FilesQuestion {
  readonly root: string;
  readonly found: Found;
  /** An `Answer`'s memory. */
  readonly answer: SharedArrayBuffer;
}

/** What it answers, as JSON. */
export interface FilesAnswer {
  readonly names: Names;
  /** Milliseconds that it took. */
  readonly took: number;
}

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

/** systemd's way to write what a unit's name may not hold: `\x2d`. Source: systemd.unit(5). */
function unescapeUnit(name: string): string {
  return name.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

interface Known {
  readonly container: Container | null;
  /** Milliseconds until one that has no name is looked for again, twice as long each time; and when that is. */
  readonly wait: number;
  readonly again: number;
  readonly home: string | null;
  /** What the thread will say. */
  readonly answer: Answer | null;
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
  private readonly mayWait: () => boolean;
  private readonly files: ContainerFiles;
  private readonly known = new Map<string, Known>();
  private readonly budget = new Budget();
  private thread: Thread | null = null;
  private isClosed = false;

  /**
   * @param root folder that stands for `/`, where the runtimes' files are looked for
   * @param patience milliseconds after which one that had no name is asked for again: it may be written late
   * @param mayWait whether there is time to wait for the thread: packets are not lost for it
   */
  constructor(root = '', patience = 1000, mayWait = (): boolean => true) {
    this.root = root;
    this.patience = patience;
    this.mayWait = mayWait;
    this.files = new ContainerFiles(root);
  }

  /**
   * @param paths of a process's cgroups, one for each hierarchy
   * @returns the container, or null when it is in none
   */
  of(paths: readonly string[]): Container | null {
    for (const path of paths) {
      let known = this.known.get(path);
      if (known === undefined || (known.container?.name === null && milliseconds() >= known.again))
        known = this.look(path, known);
      else if (known.answer?.text !== undefined) known = this.told(path, known, known.container!);
      if (known.container !== null) return known.container;
    }
    return null;
  }

  /** The capture is over: nobody is asked any more. */
  close(): void {
    this.isClosed = true;
    this.thread?.end();
    this.thread = null;
  }

  /** Looks for a container's names, which is seldom done again when they are not told. */
  private look(path: string, before: Known | undefined): Known {
    const found = withReserve(() => this.recognise(path));
    const wait = before === undefined ? this.patience : Math.min(2 * before.wait, MOST_PATIENCE);
    const home = found?.home ?? null;
    const keep = (container: Container | null, answer: Answer | null = null): Known => {
      if (this.known.size >= LIMIT) this.known.delete(this.known.keys().next().value!);
      const known = { container, wait, again: milliseconds() + wait, home, answer };
      this.known.set(path, known);
      return known;
    };
    if (found === null) return keep(null);
    const { id, runtime } = found;
    // The system's own files are root's.
    if (home === null) return keep({ id, runtime, ...withReserve(() => this.files.namesOf(found)) });
    const container = before?.container ?? { ...NAMELESS, id, runtime };
    // Nothing is kept but what the path says: it is asked for again soon.
    if (!this.budget.allows(home, milliseconds()))
      return { container, wait: 0, again: 0, home, answer: null };
    const answer = this.ask(found);
    if (answer === null) return keep(container);
    // Until it is known what it took: of one user's questions only one is waited for.
    this.budget.spend(home, milliseconds(), MOST_WAIT);
    const begin = milliseconds();
    while (answer.text === undefined && milliseconds() - begin < MOST_WAIT && this.mayWait())
      answer.wait(STEP);
    const known = keep(container, answer);
    return answer.text === undefined ? known : this.told(path, known, container);
  }

  /** Takes in what the thread said. */
  private told(path: string, before: Known, { id, runtime }: Container): Known {
    const { names, took } = JSON.parse(before.answer!.text!) as FilesAnswer;
    if (before.home !== null) this.budget.spend(before.home, milliseconds(), took);
    const known = { ...before, container: { id, runtime, ...names }, answer: null };
    this.known.set(path, known);
    return known;
  }

  /** @returns what the thread will say, null: there is none */
  private ask(found: Found): Answer | null {
    if (this.isClosed) return null;
    if (this.thread === null) {
      const thread = new Thread('./tap/linux/process/containerthread.js', null, THREAD_MEMORY);
      // One that took too much, or could not begin: there are no names, and the next question begins another.
      thread.worker.on('error', () => {
        if (this.thread === thread) this.thread = null;
      });
      thread.worker.unref();
      this.thread = thread;
    }
    const answer = Answer.room(ANSWER_ROOM);
    const question: FilesQuestion = { root: this.root, found, answer: answer.memory };
    this.thread.worker.postMessage(question);
    return answer;
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
        const runtime = PREFIXES[match[1] ?? ''] ?? PARENTS[parent] ?? this.files.runtimeOf(id);
        return { runtime, id, podId, home };
      }
      const lxc = LXC.exec(part)?.[1] ?? (parent === 'lxc' ? part : null);
      if (lxc !== null) return { runtime: 'lxc', id: lxc, podId: null, home: null };
      const machine = MACHINE.exec(part)?.[1];
      if (machine !== undefined)
        return { runtime: 'machine', id: unescapeUnit(machine), podId: null, home: null };
    }
    // containerd's own containers go by any name.
    if (parts.length === 2 && this.files.taskFolder(parts[0]!, parts[1]!) !== null)
      return { runtime: 'containerd', id: parts[1]!, podId: null, home: null };
    return null;
  }
}
