// File handles of NFS: opaque, but what they look like tells which system made them, and where that one puts the
// device and the inode. Source: the layouts of the servers of Mogul's time, as nfswatch and tcpdump know them.

import type { Printer } from '../../printer.js';

/** Words of a handle that are needed to tell its maker. */
const LEAST = 4;
/** Words of a handle that may be Ultrix' or UCX's. */
const ULTRIX_LEAST = 6;
const UCX_LEAST = 7;
/** Bytes of the name in a UCX handle. */
const UCX_NAME = 14;
/** Bytes of a handle without a maker that are shown. */
const MOST_OPAQUE = 32;
const MOST_NAME = 64;

/** File system and inode of a handle: a device, or a name with the handle itself or an inode behind it. */
interface Decoded {
  readonly fileSystem: string | readonly [major: number, minor: number];
  readonly inode: string | number;
}

/** A handle of `words` 32-bit words, all of them captured. */
export function printHandle(p: Printer, offset: number, words: number): void {
  if (p.options.undecodedHandles) {
    const shown = Array.from({ length: words }, (_, i) => p.u32(offset + 4 * i).toString(16));
    p.text(` fh[${shown.join(':')}]`);
    return;
  }
  const { fileSystem, inode } = decode(p, offset, words);
  p.text(' fh ');
  if (typeof fileSystem === 'string') {
    const [text = ''] = fileSystem.slice(0, nameLength(words)).split(/[ \0]/, 1);
    p.safeText(text);
  } else p.text(`${fileSystem[0]},${fileSystem[1]}`);
  p.text(`/${inode}`);
}

/** Characters of a name that are shown: as many as the handle has words. */
function nameLength(words: number): number {
  return Math.min(words, MOST_NAME);
}

function decode(p: Printer, at: number, words: number): Decoded {
  if (words < LEAST) return unknown(p, at, words);
  const b = (i: number): number => p.u8(at + i);
  const zero = (...places: number[]): boolean => places.every((i) => b(i) === 0);
  const osf = b(8) === 12 && b(9) === 0;
  if (zero(0, 1)) {
    if (zero(2, 3)) return { fileSystem: [b(6), b(7)], inode: p.u32(at + 12) };
    if (b(4) !== 0 && zero(5) && osf) return osfHandle(p, at);
    // IRIX 4 has a length where SunOS 4 has the file system's type.
    const irix = zero(4, 6, 7) && b(5) === 8;
    return { fileSystem: [b(2), b(3)], inode: p.u32(at + (irix ? 8 : 12)) };
  }
  if (zero(2, 3)) {
    if (zero(6, 7)) return { fileSystem: [b(1), b(0)], inode: p.le32(at + 12) };
    if (words >= ULTRIX_LEAST && zero(21, 23)) return { fileSystem: [b(1), b(0)], inode: p.le32(at + 4) };
    return b(9) === 10 ? sunos5(p, at) : unknown(p, at, words);
  }
  if (osf) return osfHandle(p, at);
  if (zero(8) && b(9) === 10) {
    // HP-UX has a file system's number of no more than 24 bits, and no type.
    if (zero(4, 5, 6, 7)) return { fileSystem: [b(0), p.u24(at + 1)], inode: p.u32(at + 12) };
    return sunos5(p, at);
  }
  return words >= UCX_LEAST && isUcx(p, at) ? ucx(p, at, words) : unknown(p, at, words);
}

function osfHandle(p: Printer, at: number): Decoded {
  const device = p.le32(at);
  return { fileSystem: [device >>> 20, device & 0xfffff], inode: p.le32(at + 12) };
}

function sunos5(p: Printer, at: number): Decoded {
  return { fileSystem: [p.u16(at) >> 2, p.u24(at + 1) & 0x3ffff], inode: p.u32(at + 12) };
}

/** VMS' UCX names the device: printable characters with nothing but zeros behind them. */
function isUcx(p: Printer, at: number): boolean {
  let ended = false;
  for (let i = 1; i < UCX_NAME; i++) {
    const c = p.u8(at + i);
    if (c === 0) ended = true;
    else if (c < 0x20 || c > 0x7e || ended) return false;
  }
  return true;
}

function ucx(p: Printer, at: number, words: number): Decoded {
  const inode = ((p.u16(at + 26) << 16) | p.le16(at + 22)) >>> 0;
  const name = p.view(at + 1, nameLength(words));
  return { fileSystem: String.fromCharCode(...name), inode };
}

function unknown(p: Printer, at: number, words: number): Decoded {
  const shown = p.view(at, Math.min(words * 4, MOST_OPAQUE));
  const inode = Array.from(shown, (byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join('');
  return { fileSystem: 'Unknown', inode };
}
