// Writes what TypeScript knows of the eBPF object, as the compiler has it: where the fields of shared structures are, the
// shared numbers (BTF of dist/layouts.o), and the names of the constants that the programs ask for (dist/kernel/tap.o). Run
// by `npm run build`, before tsc: a constant that nobody gives is a type that does not fit.

import { readFileSync, writeFileSync } from 'node:fs';

const TAP = 'src/tap/linux/ebpf/layouts.ts';
const FILTER = 'src/filter/metadata/layouts.ts';
/** In which file each structure is. */
const STRUCTURES = {
  record: TAP,
  owner: TAP,
  execution: TAP,
  flow_key: TAP,
  flow_count: TAP,
  address: TAP,
  conversation: TAP,
  member: TAP,
  held_socket: TAP,
  tuple: TAP,
  packet_facts: FILTER,
};
const CONSTANT = 'constant_';
const Kind = { INT: 1, ARRAY: 3, STRUCT: 4, UNION: 5, ENUM: 6, FUNC_PROTO: 13, VAR: 14, DATASEC: 15 };
/** Bytes behind a type's first twelve, by its kind: so many, and so many for each member. */
const TRAILING = { [Kind.INT]: 4, [Kind.ARRAY]: 12, [Kind.VAR]: 4 };
const TRAILING_EACH = {
  [Kind.STRUCT]: 12,
  [Kind.UNION]: 12,
  [Kind.ENUM]: 8,
  [Kind.FUNC_PROTO]: 8,
  [Kind.DATASEC]: 12,
};

/** Sections of a little-endian ELF64 file, by name. */
function sectionsOf(bytes) {
  const table = Number(bytes.readBigUInt64LE(40));
  const headers = Array.from({ length: bytes.readUInt16LE(60) }, (_, i) => {
    const at = table + i * bytes.readUInt16LE(58);
    const start = Number(bytes.readBigUInt64LE(at + 24));
    return {
      name: bytes.readUInt32LE(at),
      data: bytes.subarray(start, start + Number(bytes.readBigUInt64LE(at + 32))),
    };
  });
  const names = headers[bytes.readUInt16LE(62)].data;
  return new Map(headers.map(({ name, data }) => [text(names, name), data]));
}

function text(strings, at) {
  return strings.toString('latin1', at, strings.indexOf(0, at));
}

/** Structures and enumerations that a BTF section describes, in its order. */
function typesOf(btf) {
  const header = btf.readUInt32LE(4);
  const types = btf.subarray(header + btf.readUInt32LE(8));
  const end = btf.readUInt32LE(12);
  const strings = btf.subarray(header + btf.readUInt32LE(16));
  const found = [];
  for (let at = 0; at < end; ) {
    const name = text(strings, types.readUInt32LE(at));
    const info = types.readUInt32LE(at + 4);
    const kind = (info >>> 24) & 31;
    const count = info & 0xffff;
    const members = [];
    for (let i = 0; i < count && (kind === Kind.STRUCT || kind === Kind.ENUM); i++) {
      const member = at + 12 + i * TRAILING_EACH[kind];
      const value =
        kind === Kind.STRUCT ? types.readUInt32LE(member + 8) / 8 : types.readUInt32LE(member + 4);
      members.push([text(strings, types.readUInt32LE(member)), value]);
    }
    if (members.length > 0) found.push({ kind, name, size: types.readUInt32LE(at + 8), members });
    at += 12 + (TRAILING[kind] ?? 0) + count * (TRAILING_EACH[kind] ?? 0);
  }
  return found;
}

/** Names of the numbers that the loader writes into the instructions: symbols `constant_NAME`. */
function constantsOf(sections) {
  const symbols = sections.get('.symtab');
  const names = Array.from({ length: symbols.length / 24 }, (_, i) =>
    text(sections.get('.strtab'), symbols.readUInt32LE(i * 24)),
  );
  return names
    .filter((name) => name.startsWith(CONSTANT))
    .map((name) => name.slice(CONSTANT.length))
    .sort();
}

const types = typesOf(sectionsOf(readFileSync('dist/layouts.o')).get('.BTF'));
const constants = constantsOf(sectionsOf(readFileSync('dist/kernel/tap.o')));

for (const file of [TAP, FILTER]) {
  const parts = [
    `// Made by layouts.js of ${file === TAP ? 'kernel/record.h, entries.h and tap.c' : 'kernel/facts.h'}. Change those.\n`,
  ];
  for (const { kind, name, size, members } of types) {
    if (kind === Kind.STRUCT && STRUCTURES[name] === file) {
      parts.push(`/** struct ${name}: where its fields are, in bytes, and its size. */`);
      parts.push(`export const ${name.toUpperCase()} = {`);
      for (const [field, offset] of members) parts.push(`  ${field.toUpperCase()}: ${offset},`);
      parts.push(`  SIZE: ${size},`, '} as const;\n');
    } else if (kind === Kind.ENUM && file === TAP) {
      parts.push(`/** enum ${name}. */`);
      for (const [word, value] of members) parts.push(`export const ${word} = ${value};`);
      parts.push('');
    }
  }
  if (file === TAP) {
    parts.push('/** Names of the constants that the programs ask for. */');
    parts.push('export type ConstantName =', `${constants.map((name) => `  | '${name}'`).join('\n')};\n`);
  }
  const made = `${parts.join('\n').trimEnd()}\n`;
  // A file that stays the same is not compiled anew.
  let before = '';
  try {
    before = readFileSync(file, 'utf8');
  } catch {
    // There is none yet.
  }
  if (made !== before) writeFileSync(file, made);
}
