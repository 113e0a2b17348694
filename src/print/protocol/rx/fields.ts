// Fields of the calls and replies of AFS over Rx: a call is a list of words and fields. Sources: OpenAFS' interface
// descriptions (afsint.xg, ptint.xg, vldbint.xg, volint.xg, bosint.xg, ubik_int.xg).

import { OVERRUN } from '../../endings.js';
import { hex } from '../../inline.js';
import type { Span } from '../../span.js';
import { printAcl } from './acl.js';

const OPAQUE_MOST = 1024;
const VOLUME_TYPES = ['read-write', 'read-only', 'backup'];
const DESCRIPTION_REST = 84;

/** A field's printer. */
export type Field = (r: Span) => void;

/** What a call consists of: words as they are, and fields. */
export type Fields = readonly (string | Field)[];

/** Prints words and fields one after the other. */
export function printFields(r: Span, fields: Fields): void {
  for (const field of fields) {
    if (typeof field === 'string') r.p.text(field);
    else field(r);
  }
}

export const uint: Field = (r) => r.p.text(` ${r.u32()}`);
export const int: Field = (r) => r.p.text(` ${r.u32() | 0}`);

export const u64: Field = (r) => {
  r.p.text(` ${r.u64()}`);
};

/** Three numbers with something between them. */
function three(word: string, between: string): Field {
  return (r) => {
    r.askCaptured(12);
    r.p.text(` ${word} ${r.u32()}${between}${r.u32()}${between}${r.u32()}`);
  };
}

export const fid: Field = three('fid', '/');
export const server: Field = three('server', ':');

/** Seconds since 1970 as local time. */
export const date: Field = (r) => {
  const t = new Date((r.u32() | 0) * 1000);
  const two = (n: number): string => String(n).padStart(2, '0');
  const day = `${t.getFullYear()}-${two(t.getMonth() + 1)}-${two(t.getDate())}`;
  r.p.text(` ${day} ${two(t.getHours())}:${two(t.getMinutes())}:${two(t.getSeconds())}`);
};

/** Text of at most `most` bytes behind its length, padded to four bytes. */
export function string(most: number): Field {
  return (r) => {
    const { p } = r;
    const length = p.u32(r.at);
    if (length > most) throw OVERRUN;
    r.pass(4);
    p.text(' "');
    const captured = Math.min(length, p.available(r.at));
    p.safeBytes(r.at, captured);
    if (captured < length) throw OVERRUN;
    p.char(34);
    r.pass((length + 3) & ~3);
  };
}

/** Text whose characters take four bytes each. */
export function wide(count: number): Field {
  return (r) => {
    const { p } = r;
    r.askCaptured(count * 4);
    p.text(' "');
    for (let i = 0; i < count; i++) {
      const c = p.u8(r.at + 4 * i + 3);
      if (c === 0) break;
      p.safeChar(c);
    }
    p.char(34);
    r.pass(count * 4);
  };
}

/** What a store sets: those values that its mask names. */
export const storeStatus: Field = (r) => {
  const { p } = r;
  r.askCaptured(24);
  const mask = r.u32();
  if (mask !== 0) p.text(' StoreStatus');
  if ((mask & 1) !== 0) {
    p.text(' date');
    date(r);
  } else r.pass(4);
  const [owner, group, mode, size] = [r.u32(), r.u32(), r.u32(), r.u32()];
  if ((mask & 2) !== 0) p.text(` owner ${owner}`);
  if ((mask & 4) !== 0) p.text(` group ${group}`);
  if ((mask & 8) !== 0) p.text(` mode ${(mode & 0o7777).toString(8)}`);
  if ((mask & 16) !== 0) p.text(` segsize ${size}`);
  if ((mask & 1024) !== 0) p.text(' fsync');
};

/** A version of a replicated database. */
export const version: Field = (r) => {
  r.askCaptured(8);
  r.p.text(` ${r.u32()}.${r.u32()}`);
};

/** A UUID whose parts take four bytes each. */
export const uuid: Field = (r) => {
  r.askCaptured(44);
  let text = ` ${hex(r.u32(), 8)}${hex(r.u32(), 4)}${hex(r.u32(), 4)}`;
  for (let i = 0; i < 8; i++) text += hex(r.u32() & 0xff, 2);
  r.p.text(text);
};

/** Fields as often as the number in front of them says. */
export function list(fields: Fields, between = ''): Field {
  return (r) => {
    const count = r.u32();
    for (let i = 0; i < count; i++) {
      printFields(r, fields);
      if (i < count - 1) r.p.text(between);
    }
    if (count === 0) r.p.text(' <none!>');
  };
}

/** A list of who may do what, as text. */
export const acl: Field = (r) => {
  const length = r.u32();
  r.askCaptured(length);
  printAcl(r.p, r.p.view(r.at, Math.min(length, OPAQUE_MOST)));
};

/** The versions and dates of callbacks, behind what they are about; their types are not shown. */
export const callbacks: Field = (r) => {
  const count = r.u32();
  if (count !== 0) r.p.char(59);
  for (let i = 0; i < count; i++) {
    printFields(r, [' ver', int, ' expires', date]);
    r.u32();
  }
};

export const volumeType: Field = (r) => {
  const type = VOLUME_TYPES[r.u32()];
  if (type !== undefined) r.p.text(` type ${type}`);
};

/** A ticket, not shown. */
export const ticket: Field = (r) => {
  const length = r.u32();
  r.askCaptured(length);
  r.pass(length);
};

/** Whether a number is not zero, behind a word that is shown when the number is there. */
export const yesNo =
  (word: string): Field =>
  (r) =>
    r.p.text(`${word}${r.u32() === 0 ? ' no' : ' yes'}`);

/** A number that must be there and is not shown. */
export const unseen: Field = (r) => {
  r.u32();
};

/** The rest of a volume's description. */
export const volumeRest: Field = (r) => {
  r.pass(DESCRIPTION_REST);
};

/** Where the sites of a volume are: `most` places for servers and partitions, the first ones in use. */
export function sites(most: number, uuids: boolean): Field {
  return (r) => {
    const { p } = r;
    p.text(' numservers');
    const count = r.u32();
    p.text(` ${count} servers`);
    for (let i = 0; i < most; i++) {
      if (!uuids) {
        r.askCaptured(4);
        if (i < count) {
          p.char(32);
          p.ipv4Number(r.at);
        }
        r.pass(4);
      } else if (i < count) printFields(r, [' afsuuid', uuid]);
      else skip(44)(r);
    }
    if (uuids) skip(4 * most)(r);
    p.text(' partitions');
    for (let i = 0; i < most; i++) {
      const partition = r.u32();
      if (i < count) p.text(partition <= 26 ? ` ${String.fromCharCode(0x61 + partition)}` : ` ${partition}`);
    }
    skip(4 * most)(r);
    printFields(r, [' rwvol', uint, ' rovol', uint, ' backup', uint]);
  };
}

/** Bytes that must be there and are not shown. */
export function skip(length: number): Field {
  return (r) => {
    r.askCaptured(length);
    r.pass(length);
  };
}
