// The rooms of the house: what each holds, what it may import, and by which doors it is entered. The sources are held to it, and the
// picture in docs/architecture.md is drawn from both.

import { cycles, type How, type SourceFile, wayRound } from './imports.js';

interface Room {
  readonly name: string;
  readonly holds: string;
  /** Rooms that it may import. */
  readonly may: readonly string[];
  /** Files besides index.ts that others may import, and why. */
  readonly doors?: Readonly<Record<string, string>>;
  /** Modules of Node's and packages that one folder or file of the room alone knows. */
  readonly only?: Readonly<Record<string, string>>;
}

/** Files beside the rooms that all may import; of the others, index.ts is the library's face. */
const COMMON: readonly string[] = ['builtin.ts', 'late.ts', 'options.ts', 'packagefolder.ts', 'thread.ts'];

/** From the ground up: a room imports none that stands below it here. */
export const ROOMS: readonly Room[] = [
  { name: 'packet', holds: 'the words every room uses: packets, processes, sources, outputs', may: [] },
  {
    name: 'system',
    holds: 'the C library, libpcap, bpf(2), netlink: the only room that knows koffi',
    may: [],
    doors: { 'darwin/index.ts': "macOS's own calls, which no other system loads" },
    only: { koffi: 'koffi.ts' },
  },
  {
    name: 'decode',
    holds: 'what a packet says: headers, flows, payloads, the list of fields',
    may: ['packet'],
    doors: { 'facts/index.ts': 'payloads and the list of fields, which few runs ask for' },
  },
  {
    name: 'filter',
    holds: 'metadata filters (-Q) and packet filters (by libpcap), each as a function and as eBPF',
    may: ['packet', 'system', 'decode'],
    doors: { 'metadata/index.ts': 'metadata filters, for where there is no libpcap' },
  },
  {
    name: 'savefile',
    holds: 'capture files: pcap, pcapng, PKTAP, process dialects, rotation, compression',
    may: ['packet', 'decode'],
  },
  {
    name: 'tap',
    holds: 'live capture behind one interface',
    may: ['packet', 'system', 'decode', 'filter'],
  },
  {
    name: 'print',
    holds: 'packets as tcpdump text: bytes, options and services in, bytes out',
    may: ['packet', 'decode'],
    doors: { 'options.ts': 'read before it is known whether there will be text' },
  },
  {
    name: 'names',
    holds: "names for addresses, numbers and interfaces, and DNS's thread",
    may: ['packet', 'system', 'print'],
  },
  {
    name: 'export',
    holds: 'packets as rows: JSON, CSV, Parquet',
    may: ['packet', 'decode', 'savefile'],
    doors: { 'parquet/index.ts': 'Parquet files, which few runs write' },
  },
  {
    name: 'stats',
    holds: 'packets counted: in groups of fields, and as traffic of processes, flows and hosts',
    may: ['packet', 'decode', 'export'],
    doors: { 'traffic/index.ts': 'live counts, which need no Node' },
  },
  {
    name: 'fleet',
    holds: 'many hosts as one capture: agents, the operator’s source, what goes between them',
    may: ['packet', 'decode', 'savefile', 'export'],
    only: { '@nats-io/transport-node': 'client.ts', '@nats-io/jetstream': '' },
  },
  {
    name: 'run',
    holds: 'a run as data, and the session that runs it: source → filters → outputs',
    may: [
      'packet',
      'system',
      'decode',
      'filter',
      'names',
      'savefile',
      'tap',
      'print',
      'export',
      'stats',
      'fleet',
    ],
  },
  {
    name: 'top',
    holds: 'the live view as frames of text: keys and counts in, cells out',
    may: ['packet', 'filter', 'print', 'stats', 'run'],
  },
  {
    name: 'view',
    holds: 'the live page as plain data: counts, bytes over time, packets; without Node',
    may: ['packet', 'print', 'stats'],
  },
  {
    name: 'web',
    holds: "the live page's server, and the capture or file that it shows",
    may: ['packet', 'filter', 'savefile', 'print', 'stats', 'run', 'view'],
  },
  {
    name: 'library',
    holds: 'what programs have besides: live captures as loops, packets as objects',
    may: ['packet', 'decode', 'tap'],
    doors: { 'decode.ts': 'packets as objects, for where there is no tap' },
  },
  {
    name: 'browser',
    holds: 'the library where there is no Node, and what stands in for it there',
    may: ['packet', 'decode', 'filter', 'savefile', 'print', 'export', 'stats', 'view', 'library'],
  },
  {
    name: 'cli',
    holds: 'the command: arguments, words, signals, exit status',
    may: [
      'packet',
      'system',
      'decode',
      'filter',
      'savefile',
      'tap',
      'print',
      'stats',
      'fleet',
      'run',
      'top',
      'web',
    ],
  },
];

/** The room of a file; `.` beside the rooms. */
export function roomOf(path: string): string {
  const slash = path.indexOf('/');
  return slash < 0 ? '.' : path.slice(0, slash);
}

/** How each room is imported by each other: by the room, then by what it imports. */
function between(files: ReadonlyMap<string, SourceFile>): Map<string, Map<string, Set<How>>> {
  const found = new Map<string, Map<string, Set<How>>>();
  for (const { path, imports } of files.values()) {
    const from = roomOf(path);
    for (const { to, how } of imports) {
      const room = roomOf(to);
      if (room === from || room === '.') continue;
      const rooms = found.get(from) ?? new Map<string, Set<How>>();
      found.set(from, rooms);
      rooms.set(room, (rooms.get(room) ?? new Set()).add(how));
    }
  }
  return found;
}

/** What is wrong with one import; null: nothing. */
function wrong(from: string, to: string, rooms: ReadonlyMap<string, Room>): string | null {
  const own = roomOf(from);
  const room = roomOf(to);
  if (room === own)
    return own !== '.' && to === `${own}/index.ts` ? `${from} imports the index of its own room` : null;
  if (room === '.')
    return COMMON.includes(to) ? null : `${from} imports ${to}, which is the library's and no room's`;
  if (own !== '.' && rooms.get(own)?.may.includes(room) !== true)
    return `${from} imports ${to}: ${own}/ may not import ${room}/`;
  const door = to.slice(room.length + 1);
  if (door === 'index.ts' || Object.hasOwn(rooms.get(room)?.doors ?? {}, door)) return null;
  return `${from} imports ${to} past the index of ${room}/`;
}

/** Packages that a file must not know. */
function wrongPackages({ path, packages }: SourceFile): string[] {
  return ROOMS.flatMap(({ name, only = {} }) =>
    Object.entries(only)
      .filter(([known, where]) => packages.includes(known) && !path.startsWith(`${name}/${where}`))
      .map(([known, where]) => `${path} imports ${known}: only ${name}/${where} may`),
  );
}

/** Permissions that nobody uses, and doors that nobody enters by: the table says no more than there is. */
function unused(files: ReadonlyMap<string, SourceFile>): string[] {
  const used = between(files);
  const entered = new Set([...files.values()].flatMap(({ imports }) => imports.map(({ to }) => to)));
  return ROOMS.flatMap(({ name, may, doors = {} }) => [
    ...may.filter((room) => !used.get(name)?.has(room)).map((room) => `${name}/ does not import ${room}/`),
    ...Object.keys(doors)
      .filter((door) => !entered.has(`${name}/${door}`))
      .map((door) => `nobody imports ${name}/${door}`),
  ]);
}

/** All that is wrong with what the files import, a line each. */
export function faults(files: ReadonlyMap<string, SourceFile>): string[] {
  const rooms = new Map(ROOMS.map((room) => [room.name, room]));
  const lines: string[] = [];
  for (const file of files.values()) {
    const own = roomOf(file.path);
    if (own !== '.' && !rooms.has(own)) lines.push(`${file.path}: ${own}/ is no room of tools/rooms.ts`);
    for (const { to } of file.imports) {
      const fault = files.has(to) ? wrong(file.path, to, rooms) : `${file.path} imports ${to}: no such file`;
      if (fault !== null) lines.push(fault);
    }
    lines.push(...wrongPackages(file));
  }
  for (const { name } of ROOMS)
    if (!files.has(`${name}/index.ts`) && name !== 'cli') lines.push(`${name}/ has no index.ts`);
  ROOMS.forEach(({ name, may }, i) => {
    for (const room of may)
      if (!ROOMS.slice(0, i).some((below) => below.name === room))
        lines.push(`${name}/ may import ${room}/, which does not stand below it`);
  });
  for (const group of cycles(files)) lines.push(`a cycle: ${wayRound(files, group).join(' → ')}`);
  return [...new Set([...lines, ...unused(files)])];
}

/** How a room imports another, as a sign: at once, late alone, types alone. */
function sign(hows: ReadonlySet<How> | undefined): string {
  if (hows === undefined) return '·';
  if (hows.has('value') || hows.has('thread')) return '●';
  return hows.has('late') ? '○' : 't';
}

/** The picture: which room imports which, and how, and what each holds. */
export function picture(files: ReadonlyMap<string, SourceFile>): string {
  const used = between(files);
  const names = ROOMS.map(({ name }) => name);
  const wide = Math.max(...names.map((name) => name.length));
  const row = (name: string, cells: readonly string[]): string =>
    `    ${name.padEnd(wide)}  ${cells.map((cell, i) => cell.padEnd(names[i]!.length)).join('  ')}`.trimEnd();
  const above = [...ROOMS].reverse();
  const matrix = [
    row('', names),
    ...above.map(({ name }, i) =>
      row(
        name,
        names.slice(0, names.length - 1 - i).map((room) => sign(used.get(name)?.get(room))),
      ),
    ),
  ];
  const doors = ROOMS.flatMap(({ name, doors = {} }) =>
    Object.entries(doors).map(([door, why]) => `\`${name}/${door}\` (${why})`),
  );
  const table = above.map(({ name, holds, may }) => `| \`${name}/\` | ${holds} | ${may.join(', ') || '–'} |`);
  return [
    'Each row imports the columns with a sign: ● at once, ○ when it is needed, t types alone, · not.',
    '',
    ...matrix,
    '',
    `Beside its \`index.ts\` a room is entered by ${doors.join(', ')}.`,
    `All may import ${COMMON.map((file) => `\`src/${file}\``).join(', ')}.`,
    '',
    '| folder of `src/` | what lives there | may import |',
    '| --- | --- | --- |',
    ...table,
  ].join('\n');
}

const BEGIN = '<!-- made by npm run picture -->\n';
const END = '\n<!-- end -->';

/** The part of a document that is the picture. @returns null where there is none */
export function pictureIn(text: string): string | null {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END, begin);
  return begin < 0 || end < 0 ? null : text.slice(begin + BEGIN.length, end);
}

/** The document with another picture. */
export function withPicture(text: string, picture: string): string {
  const old = pictureIn(text);
  if (old === null) throw new Error('there is no place for the picture');
  return text.replace(BEGIN + old + END, () => BEGIN + picture + END);
}
