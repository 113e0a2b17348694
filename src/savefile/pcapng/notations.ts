// How other programs write down whose a packet is, where they have only text for it: comments of packets, descriptions of
// interfaces.

import type { Container, Direction, Process } from '../../packet/index.js';

export type ProcessFacts = { -readonly [K in keyof Process]?: Process[K] };

/** What a comment says. */
export interface Said {
  readonly process: ProcessFacts | null;
  readonly effective: ProcessFacts | null;
  /** Whether that is enough to say which process it is: other comments add to it. */
  readonly named: boolean;
  readonly threadId: number;
  readonly direction: Direction;
  readonly serviceClass: number;
  /** There is nothing in it that has no other place. */
  readonly nothingElse: boolean;
}

const NOTHING: Said = {
  process: null,
  effective: null,
  named: false,
  threadId: 0,
  direction: 0,
  serviceClass: -1,
  nothingElse: true,
};

/** Longest comment that is looked at: what these programs write is short. One line of it is shorter still. */
const LONGEST = 64 * 1024;
const LONGEST_LINE = 4096;
const MAXIMUM_PID = 0x7fff_ffff;

/** @returns what a comment says of a packet's process, null when it is about something else */
export function whatCommentSays(comment: string): Said | null {
  if (comment.length > LONGEST) return null;
  const text = withoutEnd(comment);
  if (text.length > LONGEST_LINE) return ofLines(text);
  return ofPhone(text) ?? ofRustNet(text) ?? ofWindows(text) ?? ofLines(text);
}

/** A text without the NULs and blanks at its end. */
function withoutEnd(text: string): string {
  let end = text.length;
  while (end > 0 && (text.charCodeAt(end - 1) === 0 || /\s/.test(text[end - 1]!))) end--;
  return text.slice(0, end);
}

/** pymobiledevice3: `PID: 4711, ProcName: curl, EPID: 93, EProcName: Safari, SVC: 0`. */
function ofPhone(text: string): Said | null {
  const match =
    /^PID: (-?\d{1,10}), ProcName: (.*), EPID: (-?\d{1,10}), EProcName: (.*), SVC: (-?\d{1,10})$/s.exec(text);
  if (match === null) return null;
  const process = numbered(match[1]!, match[2]!);
  const effective = numbered(match[3]!, match[4]!);
  const named = process !== null;
  return { ...NOTHING, process, effective, named, serviceClass: Number(match[5]) | 0, nothingElse: named };
}

function numbered(pid: string, name: string): ProcessFacts | null {
  const number = processId(pid);
  return number === null && name === '' ? null : { pid: number ?? -1, name };
}

/** RustNet: `rustnet process=curl pid=4711 ppid=4000 uid=1000 dir=out`, each where it is known. */
function ofRustNet(text: string): Said | null {
  if (!text.startsWith('rustnet ')) return null;
  const process: ProcessFacts = {};
  let direction: Direction = 0;
  let nothingElse = true;
  // A name may have blanks in it.
  for (const [, key, value] of text.matchAll(/(?<= )(\w+)=(.*?)(?= \w+=|$)/gs)) {
    const number = processId(value!);
    if (key === 'process') process.name = value!;
    else if (key === 'pid' && number !== null) process.pid = number;
    else if (key === 'ppid' && number !== null) process.parentPid = number;
    else if (key === 'uid' && /^\d{1,10}$/.test(value!)) process.uid = Number(value);
    else if (key === 'dir') direction = value === 'out' ? 2 : value === 'in' ? 1 : 0;
    else nothingElse = false;
  }
  const named = process.pid !== undefined || process.name !== undefined;
  return { ...NOTHING, process, named, direction, nothingElse };
}

/** etl2pcapng: `PID=4711 TID=4712 …`; FakeNet-NG: `PID 4711`. */
function ofWindows(text: string): Said | null {
  const match = /^PID[= ](\d{1,10})(?: TID=(\d{1,10}))?((?: \w+=\S*)*)$/.exec(text);
  const pid = match === null ? null : processId(match[1]!);
  if (match === null || pid === null) return null;
  const threadId = Number(match[2] ?? 0);
  return { ...NOTHING, process: { pid }, named: true, threadId, nothingElse: match[3] === '' };
}

/** What ptcpdump's lines are about; `null`: known, and there is no place for it. */
const LINES: { readonly [key: string]: ((facts: ProcessFacts, value: string) => void) | null } = {
  PID: (facts, value) => {
    const pid = processId(value);
    if (pid !== null) facts.pid = pid;
  },
  Cmd: (facts, value) => {
    if (value === '') return;
    facts.name = value.slice(value.lastIndexOf('/') + 1);
    facts.path = value;
  },
  Args: (facts, value) => {
    if (value !== '') facts.args = value.split(' ');
  },
  UserId: (facts, value) => {
    if (/^\d{1,10}$/.test(value)) facts.uid = Number(value);
  },
  ParentPID: (facts, value) => {
    const pid = processId(value);
    if (pid !== null) facts.parentPid = pid;
  },
  ParentCmd: null,
  ParentArgs: null,
  ThreadName: null,
  ContainerName: (facts, value) => {
    if (value !== '') facts.container = { ...container(facts), name: value };
  },
  ContainerId: (facts, value) => {
    facts.container = { ...container(facts), id: value };
  },
  PodName: (facts, value) => {
    if (value !== '') facts.container = { ...container(facts), pod: value };
  },
  PodNamespace: (facts, value) => {
    if (value !== '') facts.container = { ...container(facts), namespace: value };
  },
};

function container(facts: ProcessFacts): Container {
  return facts.container ?? { id: '', runtime: '', name: null, pod: null, namespace: null };
}

/** ptcpdump: lines `Key: value`, the packet's process in one comment, its user, parent and container in others. */
function ofLines(text: string): Said | null {
  const facts: ProcessFacts = {};
  const seen = new Set<string>();
  let threadId = 0;
  let nothingElse = true;
  for (const line of text.split('\n')) {
    const match = /^(\w+): ?(.*)$/s.exec(line);
    const key = match?.[1] ?? '';
    const value = withoutEnd(match?.[2] ?? '');
    if (key === 'ThreadId') threadId = processId(value) ?? 0;
    else if (!Object.hasOwn(LINES, key)) {
      nothingElse = false;
      continue;
    } else if (!seen.has(key)) LINES[key]?.(facts, value);
    seen.add(key);
  }
  if (seen.size === 0) return null;
  return { ...NOTHING, process: facts, named: facts.pid !== undefined, threadId, nothingElse };
}

function processId(text: string): number | null {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : -1;
  return number >= 0 && number <= MAXIMUM_PID ? number : null;
}

/**
 * Tracee writes a capture for each process, whose interface is described in JSON: `{"processName":"ping","process":
 * {"hostProcessId":191684,"userId":0},"container":{"id":"c373","name":"web"}}`.
 * @returns the process that all packets of the interface are of, null for other descriptions
 */
export function whatDescriptionSays(description: string | null | undefined): ProcessFacts | null {
  if (description === null || description === undefined || !description.startsWith('{')) return null;
  let all: Json;
  try {
    all = new Json(JSON.parse(description));
  } catch {
    return null;
  }
  const process = all.of('process');
  const pid = process.number('hostProcessId') ?? process.number('processId');
  const name = all.text('processName');
  if (pid === null || pid > MAXIMUM_PID || name === null) return null;
  const facts: ProcessFacts = { pid, name };
  const uid = process.number('userId');
  const parentPid = process.number('hostParentProcessId');
  const path = process.of('executable').text('path');
  if (uid !== null) facts.uid = uid;
  if (parentPid !== null && parentPid > 0 && parentPid <= MAXIMUM_PID) facts.parentPid = parentPid;
  if (path !== null) facts.path = path;
  const box = all.of('container');
  const pod = all.of('kubernetes');
  const id = box.text('id');
  if (id !== null) {
    facts.container = {
      id,
      runtime: '',
      name: box.text('name'),
      pod: pod.text('podName'),
      namespace: pod.text('podNamespace'),
    };
  }
  return facts;
}

/** JSON of which nothing is known. */
class Json {
  constructor(private readonly value: unknown) {}

  private get(key: string): unknown {
    const value = this.value;
    return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
      ? (value as Record<string, unknown>)[key]
      : undefined;
  }

  of(key: string): Json {
    return new Json(this.get(key));
  }

  /** Null: there is none, or it is empty. */
  text(key: string): string | null {
    const value = this.get(key);
    return typeof value === 'string' && value !== '' ? value : null;
  }

  /** A whole number that is not negative. */
  number(key: string): number | null {
    const value = this.get(key);
    return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 0xffff_ffff
      ? (value as number)
      : null;
  }
}
