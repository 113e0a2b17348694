// SMB commands that begin a session, and locks: what their fields are depends on how many there are. Source: MS-CIFS
// sections 2.2.4.32, 2.2.4.52 and 2.2.4.53.

import {
  bare,
  byteCount,
  CHECK,
  dumpUpTo,
  type Layout,
  layout,
  line,
  plain,
  printLayout,
  REPEAT,
  type Special,
  text,
} from './layout.js';
import {
  DEC16,
  DOS_TIME,
  dec16,
  dec32,
  FILE_TIME,
  hex8,
  hex16,
  hex32,
  int32,
  MIXED64,
  skip,
  string,
  TYPED_ASCII,
  time,
} from './pieces.js';
import type { SmbState } from './state.js';

/** Layouts of a command's words by how many there are; `other` for all other numbers. */
interface ByCount {
  readonly [count: number]: Layout;
  readonly other?: Layout;
}

/** Words and bytes by their layouts, each in hexadecimal where there is none. */
function print(
  s: SmbState,
  words: number,
  bytes: number,
  end: number,
  wordLayouts: ByCount,
  byteLayout: Layout | null,
): void {
  const count = s.p.u8(words);
  const known = wordLayouts[count] ?? wordLayouts.other;
  if (known !== undefined) printLayout(s, known, words + 1, Math.min(words + 1 + 2 * count, end));
  else dumpUpTo(s, words + 1, 2 * count, end);
  printBytes(s, bytes, end, byteLayout);
}

function printBytes(s: SmbState, bytes: number, end: number, byteLayout: Layout | null): void {
  const size = byteCount(s, bytes);
  if (size === 0) return;
  if (byteLayout !== null) printLayout(s, byteLayout, bytes + 2, Math.min(bytes + 2 + size, end));
  else dumpUpTo(s, bytes + 2, size, end);
}

const dialects: Layout = layout(REPEAT, CHECK, line('Dialect', TYPED_ASCII));
const negotiated: ByCount = {
  1: layout(text('Core Protocol\n'), plain('DialectIndex', DEC16)),
  13: layout(
    text('Coreplus/Lanman1/Lanman2 Protocol\n'),
    dec16('DialectIndex'),
    hex16('SecMode'),
    dec16('MaxXMit'),
    dec16('MaxMux'),
    dec16('MaxVcs'),
    hex16('BlkMode'),
    hex32('SessionKey'),
    time('ServerTime', DOS_TIME),
    dec16('TimeZone'),
    hex32('Res'),
    text('CryptKey='),
  ),
  17: layout(
    text('NT1 Protocol\n'),
    dec16('DialectIndex'),
    hex8('SecMode'),
    dec16('MaxMux'),
    dec16('NumVcs'),
    dec32('MaxBuffer'),
    dec32('RawSize'),
    hex32('SessionKey'),
    hex32('Capabilities'),
    time('ServerTime', FILE_TIME),
    dec16('TimeZone'),
    text('CryptKey='),
  ),
};

export const negotiation: Special = (s, words, bytes, _message, end) => {
  if (s.request) print(s, words, bytes, end, {}, dialects);
  else print(s, words, bytes, end, negotiated, null);
};

const setupRequest: ByCount = {
  10: layout(
    hex16('Com2'),
    dec16('Off2'),
    dec16('BufSize'),
    dec16('MpxMax'),
    dec16('VcNum'),
    hex32('SessionKey'),
    dec16('PassLen'),
    dec16('CryptLen'),
    dec16('CryptOff'),
    text('Pass&Name=\n'),
  ),
  other: layout(
    hex8('Com2'),
    hex8('Res1'),
    dec16('Off2'),
    dec16('MaxBuffer'),
    dec16('MaxMpx'),
    dec16('VcNumber'),
    hex32('SessionKey'),
    dec16('CaseInsensitivePasswordLength'),
    dec16('CaseSensitivePasswordLength'),
    hex32('Res'),
    hex32('Capabilities'),
    text('Pass1&Pass2&Account&Domain&OS&LanMan=\n'),
  ),
};
const setupReply: ByCount = {
  3: layout(hex16('Com2'), dec16('Off2'), hex16('Action')),
  13: layout(hex8('Com2'), hex8('Res'), dec16('Off2'), hex16('Action')),
};
const systemNames: Layout = layout(string('NativeOS'), string('NativeLanMan'), string('PrimaryDomain'));

export const sessionSetup: Special = (s, words, bytes, _message, end) => {
  if (s.request) print(s, words, bytes, end, setupRequest, null);
  else print(s, words, bytes, end, setupReply, s.p.u8(words) === 13 ? systemNames : null);
};

/** Of a lock's type: offsets and lengths have 64 bits. */
const LARGE_FILES = 0x10;
const LOCK_TYPE = 7;
const lockRequest: Layout = layout(
  hex16('Com2'),
  dec16('Off2'),
  dec16('Handle'),
  hex16('LockType'),
  int32('TimeOut'),
  dec16('UnlockCount'),
  dec16('LockCount'),
);
const lockReply: Layout = layout(hex16('Com2'), dec16('Off2'));
const locks: Layout = layout(REPEAT, dec16('Process'), int32('Offset'), dec32('Length'));
const largeLocks: Layout = layout(
  REPEAT,
  dec16('Process'),
  bare(skip(2)),
  line('Offset', MIXED64),
  line('Length', MIXED64),
);

export const locking: Special = (s, words, bytes, _message, end) => {
  const count = s.p.u8(words);
  const large = s.request && (s.p.u8(words + LOCK_TYPE) & LARGE_FILES) !== 0;
  if (count > 0) {
    const most = Math.min(words + 1 + 2 * count, end);
    printLayout(s, s.request ? lockRequest : lockReply, words + 1, most);
  }
  printBytes(s, bytes, end, s.request ? (large ? largeLocks : locks) : null);
};
