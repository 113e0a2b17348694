// The UUID of a program: the first 16 bytes of its ELF build ID. Source: elf(5), NT_GNU_BUILD_ID.

import { closeSync, fstatSync, readSync } from 'node:fs';
import { withReserve } from '../../../system/index.js';
import { openRegular } from './guardedfiles.js';

const PT_NOTE = 4;
const NT_GNU_BUILD_ID = 3;
/** A header table or notes larger than that are none. */
const MOST = 64 * 1024;
/** Files remembered. */
const LIMIT = 1024;

const known = new Map<string, Uint8Array | null>();

/**
 * @param path of an executable
 * @returns 16 bytes, or null when it has no build ID, is no ELF file or cannot be read
 */
export function buildId(path: string): Uint8Array | null {
  return buildIdOf(withReserve(() => openRegular(path, true)));
}

/**
 * @param fd of a regular file, which is closed; -1: none
 * @returns as `buildId`
 */
export function buildIdOf(fd: number): Uint8Array | null {
  if (fd < 0) return null;
  try {
    const { dev, ino, mtimeMs, size } = fstatSync(fd);
    const key = `${dev}:${ino}:${mtimeMs}:${size}`;
    let id = known.get(key);
    if (id === undefined) {
      id = readBuildId(fd);
      if (known.size >= LIMIT) known.delete(known.keys().next().value!);
      known.set(key, id);
    }
    return id;
  } catch {
    return null;
  } finally {
    closeSync(fd);
  }
}

function part(fd: number, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(Math.min(length, MOST));
  return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, offset));
}

function readBuildId(fd: number): Uint8Array | null {
  const file = part(fd, 0, 64);
  // Every architecture Linux runs on here is little-endian.
  if (file.length < 64 || file.readUInt32BE(0) !== 0x7f454c46 || file[5] !== 1) return null;
  const wide = file[4] === 2;
  const offset = wide ? Number(file.readBigUInt64LE(32)) : file.readUInt32LE(28);
  const entry = file.readUInt16LE(wide ? 54 : 42);
  if (entry < (wide ? 56 : 32)) return null;
  const table = part(fd, offset, entry * file.readUInt16LE(wide ? 56 : 44));
  for (let at = 0; at + entry <= table.length; at += entry) {
    if (table.readUInt32LE(at) !== PT_NOTE) continue;
    const start = wide ? Number(table.readBigUInt64LE(at + 8)) : table.readUInt32LE(at + 4);
    const size = wide ? Number(table.readBigUInt64LE(at + 32)) : table.readUInt32LE(at + 16);
    const id = buildIdNote(part(fd, start, size));
    if (id !== null) return id;
  }
  return null;
}

function buildIdNote(notes: Buffer): Uint8Array | null {
  for (let at = 0; at + 12 <= notes.length; ) {
    const name = at + 12;
    const description = name + ((notes.readUInt32LE(at) + 3) & ~3);
    const size = notes.readUInt32LE(at + 4);
    if (description < name || description + size > notes.length) return null;
    if (
      notes.readUInt32LE(at + 8) === NT_GNU_BUILD_ID &&
      notes.toString('latin1', name, name + 4) === 'GNU\0' &&
      size >= 16
    )
      return new Uint8Array(notes.subarray(description, description + 16));
    at = description + ((size + 3) & ~3);
  }
  return null;
}
