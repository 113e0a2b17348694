// The Zephyr notification service. Source: MIT's zephyr/zephyr.h and lib/ZParseNot.c.

import { wordOf } from '../inline.js';
import type { Printer, Words } from '../printer.js';
import { Span } from '../span.js';

const KINDS: Words = {
  0: 'unsafe',
  1: 'unacked',
  2: 'acked',
  3: 'hm-ack',
  4: 'hm-ctl',
  5: 'serv-ack',
  6: 'serv-nak',
  7: 'client-ack',
  8: 'stat',
};
const SERVER_ACKNOWLEDGEMENT = 5;
/** Places of a notice's fields, in their order. */
const Field = {
  VERSION: 0,
  KIND: 2,
  CLASS: 8,
  INSTANCE: 9,
  OPERATION: 10,
  SENDER: 11,
  RECIPIENT: 12,
} as const;
const FIELDS = 17;
/** Longest text that is made of fields. */
const MOST = 255;
const SUBSCRIPTIONS = new Map([
  ['SUBSCRIBE', 'sub'],
  ['SUBSCRIBE_NODEFS', 'unsub-nodefs'],
  ['UNSUBSCRIBE', 'unsub'],
]);
const CLIENT = new Map([
  ['GIMME', 'ret'],
  ['GIMMEDEFS', 'gimme-defs'],
  ['CLEARSUB', 'clear-subs'],
]);
const REALM = new Map([
  ['ADD_SUBSCRIBE', ' realm add-subs'],
  ['REQ_SUBSCRIBE', ' realm req-subs'],
  ['RLM_SUBSCRIBE', ' realm rlm-sub'],
  ['RLM_UNSUBSCRIBE', ' realm rlm-unsub'],
]);
const EXPOSURES = ['NONE', 'OPSTAFF', 'REALM-VISIBLE', 'REALM-ANNOUNCED', 'NET-VISIBLE', 'NET-ANNOUNCED'];

/** A notice's fields, texts that end with a zero byte. */
class Fields extends Span {
  /** The next field, null when there is none. */
  next(): string | null {
    let text = '';
    while (this.left > 0) {
      const c = this.u8();
      if (c === 0) return text;
      text += String.fromCharCode(c);
    }
    return null;
  }

  /** Several fields, null when one is missing. */
  several(count: number): string[] | null {
    const fields: string[] = [];
    for (let i = 0; i < count; i++) {
      const field = this.next();
      if (field === null) return null;
      fields.push(field);
    }
    return fields;
  }
}

const lower = (text: string): string =>
  text.slice(0, MOST).replace(/[A-Z]/g, (letter) => letter.toLowerCase());

const triple = (group: string, instance: string, recipient: string): string =>
  `<${group},${instance},${recipient === '' ? '*' : recipient}>`.slice(0, MOST);

/** A hexadecimal number at the beginning of a text, as C's strtol reads it into an int. */
function hexadecimal(text: string): number {
  const [, sign, digits] = /^[ \t-\r]*([+-]?)(?:0x(?=[0-9a-f]))?([0-9a-f]*)/i.exec(text)!;
  const most = sign === '-' ? 1n << 63n : (1n << 63n) - 1n;
  const size = digits === '' ? 0n : BigInt(`0x${digits}`);
  const value = size > most ? most : size;
  return Number(BigInt.asIntN(32, sign === '-' ? -value : value));
}

/** A Zephyr notice. */
export function printZephyr(p: Printer, offset: number, length: number): void {
  p.protocol = 'zephyr';
  const fields = new Fields(p, offset, length);
  const version = fields.next();
  if (version !== null && !version.startsWith('ZEPH')) return;
  const rest = version === null ? null : fields.several(FIELDS - 1);
  if (version === null || rest === null) {
    p.invalid();
    return;
  }
  p.text(' zephyr');
  if (version.startsWith('0.2', 4)) notice(p, fields, [version, ...rest]);
  else {
    p.text(' v');
    p.safeText(version.slice(4));
  }
}

/** Text of ours and of the notice. */
function say(p: Printer, label: string, text: string): void {
  p.text(label);
  p.safeText(text);
}

function notice(p: Printer, fields: Fields, notice: readonly string[]): void {
  const kind = hexadecimal(notice[Field.KIND]!);
  const group = notice[Field.CLASS]!;
  const instance = notice[Field.INSTANCE]!;
  const operation = notice[Field.OPERATION]!;
  const sender = notice[Field.SENDER]!;
  p.text(` ${wordOf(KINDS, kind, 'type %d')}`);
  if (kind === SERVER_ACKNOWLEDGEMENT) {
    const acknowledged = fields.next();
    if (acknowledged !== null && acknowledged !== 'SENT') say(p, '/', lower(acknowledged));
  }
  if (sender !== '') say(p, ' ', sender);
  if (known(p, fields, kind, group, instance, operation)) return;
  say(p, ' to ', triple(group, instance, notice[Field.RECIPIENT]!));
  if (operation !== '') say(p, ' op ', operation);
}

/** The notices of the service itself. @returns whether it was one */
function known(
  p: Printer,
  fields: Fields,
  kind: number,
  group: string,
  instance: string,
  operation: string,
): boolean {
  switch (group) {
    case 'USER_LOCATE':
      if (operation === 'USER_HIDE') p.text(' hide');
      else if (operation === 'USER_UNHIDE') p.text(' unhide');
      else say(p, ' locate ', instance);
      return true;
    case 'ZEPHYR_ADMIN':
      say(p, ' zephyr-admin ', lower(operation));
      return true;
    case 'ZEPHYR_CTL':
      return control(p, fields, kind, instance, operation);
    case 'HM_CTL':
    case 'WG_CTL':
      say(p, ` ${group.toLowerCase()} `, lower(instance));
      say(p, ' ', lower(operation));
      return true;
    case 'HM_STAT':
      if (instance !== 'HMST_CLIENT' || operation !== 'GIMMESTATS') return false;
      p.text(' get-client-stats');
      return true;
    case 'LOGIN':
      if (operation === 'USER_FLUSH') p.text(' flush_locs');
      else if (EXPOSURES.includes(operation)) say(p, ' set-exposure ', lower(operation));
      else return false;
      return true;
    default:
      return false;
  }
}

function control(p: Printer, fields: Fields, kind: number, instance: string, operation: string): boolean {
  if (instance === 'REALM') p.text(REALM.get(operation) ?? '');
  else if (instance === 'HM') say(p, ' ', lower(operation));
  else if (instance === 'CLIENT') {
    const subscription = SUBSCRIPTIONS.get(operation);
    if (subscription === undefined) say(p, ' ', CLIENT.get(operation) ?? lower(operation));
    else {
      p.text(` ${subscription}`);
      const to = kind === SERVER_ACKNOWLEDGEMENT ? null : fields.several(3);
      if (to !== null) say(p, ' ', triple(to[0]!, to[1]!, to[2]!));
    }
  } else return false;
  return true;
}
