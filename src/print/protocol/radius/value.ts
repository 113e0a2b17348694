// Values of RADIUS attributes. Source: RFC 2865 to 2869, 3162, 4675, 5176, 5447, 5580, 6572.

import { hexAndAscii } from '../../hexdump.js';
import { below, bitsOf, hex, ipv6Text, wordOf } from '../../inline.js';
import { ntpTime } from '../../ntptime.js';
import type { Printer, Words } from '../../printer.js';
import { printers } from '../../table.js';
import { ENTERPRISES } from '../../tables/enterprises.js';
import * as numbers from './numbers.js';

/** Prints an attribute's value; false when it is invalid, and why was said. */
export type Value = (p: Printer, offset: number, length: number) => boolean;

const SELECTED_BY_USER = 0xffffffff;
const SELECTED_BY_NAS = 0xfffffffe;
/** Tags of tunnels are at most this; what is more is the value's first byte (RFC 2868). */
const LAST_TAG = 0x1f;

/** ` [name length != wanted]` and true, when they are not the same. */
function not(p: Printer, length: number, wanted: number): boolean {
  if (length !== wanted) p.text(` [length ${length} != ${wanted}]`);
  return length !== wanted;
}

/** ` [name value > most]` and true, when it is too large. */
export function above(p: Printer, name: string, value: number, most: number): boolean {
  if (value > most) p.text(` [${name} ${value} > ${most}]`);
  return value > most;
}

/** Bytes as ASCII, a dot for what is not; up to a zero byte unless `whole`. */
export function dotted(p: Printer, offset: number, length: number, whole = false): void {
  for (let i = 0; i < length; i++) {
    const c = p.u8(offset + i);
    if (c === 0 && !whole) return;
    p.char(c >= 0x20 && c < 0x7f ? c : 46);
  }
}

/** Nothing is known of the value. */
export const opaque: Value = () => true;

export const string: Value = (p, offset, length) => {
  p.need(offset, length);
  dotted(p, offset, length);
  return true;
};

const tagText = (tag: number): string => (tag === 0 ? 'Tag[Unused] ' : `Tag[${tag}] `);

export const tunnelPassword: Value = (p, offset, length) => {
  p.need(offset, length);
  if (below(p, 'length', length, 3)) return false;
  const tag = p.u8(offset);
  p.text(tagText(tag <= LAST_TAG ? tag : 0));
  p.text(`Salt ${p.u16(offset + 1)} `);
  dotted(p, offset + 3, length - 3);
  return true;
};

export const taggedString: Value = (p, offset, length) => {
  p.need(offset, length);
  const tag = p.u8(offset);
  const skip = tag <= LAST_TAG ? 1 : 0;
  if (skip === 1) p.text(tagText(tag));
  dotted(p, offset + skip, length - skip);
  return true;
};

function vlanTag(p: Printer, offset: number): string {
  const tag = p.u8(offset);
  return `${wordOf(numbers.VLAN_TAGS, tag, 'Unknown tag')} (0x${hex(tag, 2)}) `;
}

export const vlanName: Value = (p, offset, length) => {
  p.need(offset, length);
  p.text(vlanTag(p, offset));
  dotted(p, offset + 1, length - 1);
  return true;
};

export const eap: Value = (p, offset, length) => {
  p.need(offset, length);
  printers.eap(p, offset, length);
  return true;
};

/** A value of four bytes as `show` has it. */
function four(show: (p: Printer, offset: number) => void): Value {
  return (p, offset, length) => {
    if (not(p, length, 4)) return false;
    show(p, offset);
    return true;
  };
}

export const number = four((p, offset) => p.dec(p.u32(offset)));

/** A number with a word for some of its values, and another text for the rest. */
export function special(value: number, word: string): Value {
  return four((p, offset) => {
    const n = p.u32(offset);
    p.text(n === value ? word : String(n));
  });
}

export const ipxNetwork = special(SELECTED_BY_NAS, 'NAS Select');

/** One of `words`. */
export const named = (words: Words): Value => four((p, offset) => p.word(words, p.u32(offset), '#%u'));

/** A tag and one of `words`. */
export const taggedNamed = (words: Words): Value =>
  four((p, offset) => {
    p.text(tagText(p.u8(offset)));
    p.word(words, p.u24(offset + 1), '#%u');
  });

export const taggedNumber = four((p, offset) => {
  p.text(tagText(p.u8(offset)));
  p.dec(p.u24(offset + 1));
});

export const vlan = four((p, offset) => {
  p.text(vlanTag(p, offset));
  p.dec(p.u24(offset + 1));
});

/** A span of time. */
export const seconds = four((p, offset) => {
  const two = (n: number): string => String(n).padStart(2, '0');
  const s = p.u32(offset);
  const [hours, minutes] = [Math.floor(s / 3600), Math.floor((s % 3600) / 60)];
  if (s < 60) p.text(`${two(s)} secs`);
  else if (s < 3600) p.text(`${two(minutes)}:${two(s % 60)} min`);
  else p.text(`${two(hours)}:${two(minutes)}:${two(s % 60)} hours`);
});

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Seconds since 1970 as local date and time. */
export const date = four((p, offset) => {
  const d = new Date(p.u32(offset) * 1000);
  const day = String(d.getDate()).padStart(2);
  p.text(
    `${DAYS[d.getDay()]} ${MONTHS[d.getMonth()]} ${day} ${d.toTimeString().slice(0, 8)} ${d.getFullYear()}`,
  );
});

export const address = four((p, offset) => p.ipv4(offset));

export const selectedAddress = four((p, offset) => {
  const n = p.u32(offset);
  if (n === SELECTED_BY_USER) p.text('User Selected');
  else if (n === SELECTED_BY_NAS) p.text('NAS Select');
  else p.ipv4(offset);
});

export const address6: Value = (p, offset, length) => {
  if (not(p, length, 16)) return false;
  p.ipv6(offset);
  return true;
};

/** A prefix of as many bytes as it needs, behind a reserved byte and its length in bits. */
export const prefix6: Value = (p, offset, length) => {
  if (below(p, 'length', length, 2) || above(p, 'length', length, 18)) return false;
  p.need(offset, length);
  const bits = p.u8(offset + 1);
  if (above(p, 'prefix length', bits, 128)) return false;
  const prefix = new Uint8Array(16);
  prefix.set(p.view(offset + 2, length - 2));
  p.pushBuffer(prefix);
  const text = ipv6Text(p, 0);
  p.pop();
  p.text(`${text}/${bits}`);
  if (bits > 8 * (length - 2)) p.text(' (inconsistent prefix length)');
  return true;
};

export const homeLinkPrefix: Value = (p, offset, length) => {
  if (not(p, length, 17)) return false;
  p.need(offset, length);
  const bits = p.u8(offset);
  if (above(p, 'prefix length', bits, 128)) return false;
  p.text(`${ipv6Text(p, offset + 1)}/${bits}`);
  return true;
};

export const mobileFeatures: Value = (p, offset, length) => {
  if (not(p, length, 8)) return false;
  p.char(91);
  const features = p.u64(offset);
  const words = numbers.MOBILE_FEATURES.filter(([bit]) => (features >> BigInt(bit)) & 1n).map(
    ([, word]) => word,
  );
  p.text(`${words.join(', ')}]`);
  return true;
};

export const operator: Value = (p, offset, length) => {
  p.need(offset, length);
  if (below(p, 'length', length, 2)) return false;
  p.text(`[${wordOf(numbers.NAMESPACES, p.u8(offset), 'unknown namespace %u')}] `);
  p.safeBytes(offset + 1, length - 1);
  return true;
};

export const location: Value = (p, offset, length) => {
  p.need(offset, length);
  if (below(p, 'length', length, 21)) return false;
  const code = wordOf(numbers.LOCATION_CODES, p.u8(offset + 2), 'Unknown (%u)');
  const entity = wordOf(numbers.ENTITIES, p.u8(offset + 3), 'Unknown (%u)');
  p.text(`index ${p.u16(offset)}, code ${code}, entity ${entity}, `);
  p.text(`sighting time ${ntpTime(p, offset + 4)}, time to live ${ntpTime(p, offset + 12)}, method "`);
  p.safeBytes(offset + 20, length - 20);
  p.char(34);
  return true;
};

export const locationData: Value = (p, offset, length) => {
  p.need(offset, length);
  if (below(p, 'length', length, 3)) return false;
  p.text(`index ${p.u16(offset)}, location`);
  hexAndAscii(p, '\n\t    ', offset + 2, length - 2);
  return true;
};

export const policy: Value = (p, offset, length) => {
  p.need(offset, length);
  if (below(p, 'length', length, 10)) return false;
  p.text(`flags [${bitsOf(numbers.POLICIES, p.u16(offset), 'none')}], `);
  p.text(`retention expires ${ntpTime(p, offset + 2)}`);
  if (length === 10) return true;
  p.text(', note well "');
  p.safeBytes(offset + 10, length - 10);
  p.char(34);
  return true;
};

/** Bytes in hexadecimal, up to where they are cut. */
function capitals(p: Printer, offset: number, length: number): void {
  for (let i = 0; i < length; i++) p.text(hex(p.u8(offset + i), 2).toUpperCase());
}

export const arapPassword: Value = (p, offset, length) => {
  if (not(p, length, 16)) return false;
  p.text('User_challenge (');
  capitals(p, offset, 8);
  p.text(') User_resp(');
  capitals(p, offset + 8, 8);
  p.char(41);
  return true;
};

export const arapFeatures: Value = (p, offset, length) => {
  if (not(p, length, 14)) return false;
  p.text(p.u8(offset) === 0 ? 'User cannot change password' : 'User can change password');
  p.text(`, Min password length: ${p.u8(offset + 1)}`);
  p.text(', created at: ');
  capitals(p, offset + 2, 4);
  p.text(', expires in: ');
  capitals(p, offset + 6, 4);
  p.text(', Current Time: ');
  capitals(p, offset + 10, 4);
  return true;
};

export const arapResponse: Value = (p, offset, length) => {
  if (not(p, length, 8)) return false;
  capitals(p, offset, 8);
  return true;
};

export const errorCause = four((p, offset) => {
  const cause = p.u32(offset);
  p.text(`Error cause ${cause}: ${wordOf(numbers.ERROR_CAUSES, cause, 'Error-Cause %u not known')}`);
});

export const vendor: Value = (p, offset, length) => {
  if (below(p, 'length', length, 4)) return false;
  const owner = p.u32(offset);
  p.text(`Vendor: ${wordOf(ENTERPRISES, owner, 'Unknown')} (${owner})`);
  const end = offset + length;
  for (let at = offset + 4; end - at >= 2; ) {
    const size = p.u8(at + 1);
    p.text(`\n\t    Vendor Attribute: ${p.u8(at)}, length: ${size}`);
    if (below(p, 'length', size, 2) || above(p, 'length', size, end - at)) return false;
    p.need(at + 2, size - 2);
    p.text(', value: ');
    dotted(p, at + 2, size - 2, true);
    at += size;
  }
  return true;
};
