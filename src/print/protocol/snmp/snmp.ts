// The Simple Network Management Protocol, versions 1, 2c and 3. Source: RFC 1157, 1905, 3412, 3414, 3416.

import { textOf } from '../../inline.js';
import type { Printer } from '../../printer.js';
import { Span } from '../../span.js';
import { type Element, Kind, octets, parse, show, string } from './asn1.js';

const Version = { ONE: 0, TWO: 1, THREE: 3 } as const;
const VERSIONS: Readonly<Record<number, string>> = { 0: 'SNMPv1', 1: 'SNMPv2c', 3: 'SNMPv3' };
const Pdu = { GET: 0, GET_NEXT: 1, RESPONSE: 2, TRAP: 4, GET_BULK: 5 } as const;
const LAST_PDU_OF_VERSION_1 = Pdu.TRAP;
const ENTERPRISE_SPECIFIC = 6;
const USER_BASED = 3;
const ERRORS = [
  ...['noError', 'tooBig', 'noSuchName', 'badValue', 'readOnly', 'genErr', 'noAccess', 'wrongType'],
  ...['wrongLength', 'wrongEncoding', 'wrongValue', 'noCreation', 'inconsistentValue'],
  ...['resourceUnavailable', 'commitFailed', 'undoFailed', 'authorizationError', 'notWritable'],
  'inconsistentName',
];
const TRAPS = [
  ...['coldStart', 'warmStart', 'linkDown', 'linkUp', 'authenticationFailure', 'egpNeighborLoss'],
  'enterpriseSpecific',
];
const DEFAULT_COMMUNITY = 'public';

/** Elements one after the other; `next` reads one and says what is wrong with one of another kind. */
class Elements extends Span {
  /** Bytes of the element read last. */
  size = 0;

  /** An element of any kind, null when it is none. */
  any(): Element | null {
    const element = parse(this.p, this.at, this.left);
    if (element === null) return null;
    this.size = element.size;
    this.pass(element.size);
    return element;
  }

  next(kind: Kind, complaint: string): Element | null {
    const element = this.any();
    if (element === null || element.kind === kind) return element;
    this.p.text(`[${complaint}]`);
    show(this.p, element);
    return null;
  }

  /** What an element of these holds. */
  in(element: Element): Elements {
    return new Elements(this.p, element.offset, element.length);
  }

  /** Says how much follows the last element, when it is anything. */
  extra(what: string, left = this.left): void {
    if (left > 0) this.p.text(`[${left} extra after ${what}]`);
  }

  /** The same inside a header of version 3, where as much as the last element's size is taken off once more. */
  lessExtra(what: string): void {
    this.extra(what, this.left - this.size);
  }
}

/** An SNMP message. */
export function printSnmp(p: Printer, offset: number, length: number): void {
  p.protocol = 'snmp';
  p.char(32);
  const outer = new Elements(p, offset, length);
  const all = outer.next(Kind.SEQUENCE, '!init SEQ');
  if (all === null) return;
  outer.extra('iSEQ');
  const message = outer.in(all);
  const version = message.next(Kind.INTEGER, 'version!=INT');
  if (version === null) return;
  const number = Number(version.value);
  const name = VERSIONS[number];
  if (name === undefined) {
    p.text(`SNMP [version = ${number}]`);
    return;
  }
  verbose(p, `{ ${name} `);
  if (number === Version.THREE) version3(p, message);
  else community(p, message, number);
  verbose(p, '} ');
}

function verbose(p: Printer, text: string): void {
  if (p.options.verbose > 0) p.text(text);
}

function community(p: Printer, message: Elements, version: number): void {
  const name = message.next(Kind.STRING, 'comm!=STR');
  if (name === null) return;
  if (textOf(p.view(name.offset, name.length)) !== DEFAULT_COMMUNITY) {
    p.text('C=');
    string(p, name);
    p.char(32);
  }
  pdu(p, message, version);
}

function version3(p: Printer, message: Elements): void {
  const header = message.next(Kind.SEQUENCE, '!message');
  if (header === null) return;
  const inside = message.in(header);
  const model = version3Header(p, inside);
  if (model === null) return;
  // What follows is looked for behind the last field, wherever the header says it ends.
  message.left += message.at - inside.at;
  message.at = inside.at;
  verbose(p, '} ');
  if (model !== USER_BASED) {
    p.text(`[security model ${model}]`);
    return;
  }
  verbose(p, '{ USM ');
  const security = message.next(Kind.STRING, 'msgSecurityParameters!=STR');
  if (security === null) return;
  userBased(p, message.in(security));
  verbose(p, '} ');
  verbose(p, '{ ScopedPDU ');
  scoped(p, message);
  verbose(p, '} ');
}

/** @returns the number of the security model, null when the header is wrong */
function version3Header(p: Printer, header: Elements): number | null {
  verbose(p, '{ ');
  if (header.next(Kind.INTEGER, 'msgID!=INT') === null) return null;
  if (header.next(Kind.INTEGER, 'msgMaxSize!=INT') === null) return null;
  const flags = header.next(Kind.STRING, 'msgFlags!=STR');
  if (flags === null) return null;
  if (flags.length !== 1) {
    p.text(`[msgFlags size ${flags.length}]`);
    return null;
  }
  const bits = p.u8(flags.offset);
  // Privacy without authentication there is not.
  if (bits > 7 || (bits & 3) === 2) {
    p.text(`[msgFlags=0x${bits.toString(16).toUpperCase().padStart(2, '0')}]`);
    return null;
  }
  p.text(`F=${['a', 'p', 'r'].filter((_, i) => bits & (1 << i)).join('')} `);
  const model = header.next(Kind.INTEGER, 'msgSecurityModel!=INT');
  if (model === null) return null;
  header.lessExtra('message SEQ');
  return Number(model.value);
}

/** The user-based security model's parameters. */
function userBased(p: Printer, outer: Elements): void {
  const all = outer.next(Kind.SEQUENCE, '!usm');
  if (all === null) return;
  const parameters = outer.in(all);
  if (parameters.next(Kind.STRING, 'msgAuthoritativeEngineID!=STR') === null) return;
  const boots = parameters.next(Kind.INTEGER, 'msgAuthoritativeEngineBoots!=INT');
  if (boots === null) return;
  verbose(p, `B=${boots.value} `);
  const time = parameters.next(Kind.INTEGER, 'msgAuthoritativeEngineTime!=INT');
  if (time === null) return;
  verbose(p, `T=${time.value} `);
  const user = parameters.next(Kind.STRING, 'msgUserName!=STR');
  if (user === null) return;
  p.text('U=');
  string(p, user);
  p.char(32);
  if (parameters.next(Kind.STRING, 'msgAuthenticationParameters!=STR') === null) return;
  if (parameters.next(Kind.STRING, 'msgPrivacyParameters!=STR') === null) return;
  parameters.lessExtra('usm SEQ');
}

function scoped(p: Printer, outer: Elements): void {
  const all = outer.next(Kind.SEQUENCE, '!scoped PDU');
  if (all === null) return;
  const parts = outer.in(all);
  const engine = parts.next(Kind.STRING, 'contextEngineID!=STR');
  if (engine === null) return;
  p.text('E=');
  octets(p, engine);
  p.char(32);
  const name = parts.next(Kind.STRING, 'contextName!=STR');
  if (name === null) return;
  p.text('C=');
  string(p, name);
  p.char(32);
  pdu(p, parts, Version.THREE);
}

function pdu(p: Printer, message: Elements, version: number): void {
  const element = message.any();
  if (element === null) return;
  if (element.kind !== Kind.PDU) {
    p.text('[no PDU]');
    return;
  }
  message.extra('PDU');
  verbose(p, '{ ');
  show(p, element);
  p.char(32);
  const { id } = element;
  if (version === Version.ONE && id > LAST_PDU_OF_VERSION_1) {
    p.text('[v2 PDU in v1 message]');
    return;
  }
  if (version === Version.TWO && id === Pdu.TRAP) {
    p.text('[v1 PDU in v2 message]');
    return;
  }
  const fields = message.in(element);
  if (id === Pdu.TRAP) trap(p, fields);
  else request(p, fields, id);
  verbose(p, ' } ');
}

const errorName = (error: number): string => ERRORS[error] ?? `err=${error >>> 0}`;

/** A PDU of any kind but the trap of version 1. */
function request(p: Printer, fields: Elements, id: number): void {
  const number = fields.next(Kind.INTEGER, 'reqId!=INT');
  if (number === null) return;
  verbose(p, `R=${number.value} `);
  const first = fields.next(Kind.INTEGER, 'errorStatus!=INT');
  if (first === null) return;
  const status = Number(first.value);
  if (id === Pdu.GET_BULK) p.text(` N=${status}`);
  else if (status !== 0)
    p.text(id === Pdu.RESPONSE ? ` ${errorName(status)}` : `[errorStatus(${errorName(status)})!=0]`);
  const second = fields.next(Kind.INTEGER, 'errorIndex!=INT');
  if (second === null) return;
  const index = Number(second.value);
  if (id === Pdu.GET_BULK) p.text(` M=${index}`);
  else if (index !== 0) {
    if (id !== Pdu.RESPONSE) p.text(`[errorIndex(${index})!=0]`);
    else p.text(status === 0 ? `[errorIndex(${index}) w/o errorStatus]` : `@${index}`);
  } else if (id === Pdu.RESPONSE && status !== 0) p.text('[errorIndex==0]');
  variables(p, fields, id);
}

function trap(p: Printer, fields: Elements): void {
  p.char(32);
  const enterprise = fields.next(Kind.OBJECT, 'enterprise!=OID');
  if (enterprise === null) return;
  show(p, enterprise);
  p.char(32);
  const agent = fields.next(Kind.ADDRESS, 'agent-addr!=INETADDR');
  if (agent === null) return;
  show(p, agent);
  const generic = fields.next(Kind.INTEGER, 'generic-trap!=INT');
  if (generic === null) return;
  const type = Number(generic.value);
  p.text(` ${TRAPS[type] ?? `gt=${type}`}`);
  const specific = fields.next(Kind.INTEGER, 'specific-trap!=INT');
  if (specific === null) return;
  if (type === ENTERPRISE_SPECIFIC) p.text(` s=${specific.value}`);
  else if (specific.value !== 0) p.text(`[specific-trap(${specific.value})!=0]`);
  p.char(32);
  const time = fields.next(Kind.UNSIGNED, 'time-stamp!=TIMETICKS');
  if (time === null) return;
  show(p, time);
  variables(p, fields, Pdu.TRAP);
}

/** Names and values; requests have no values. */
function variables(p: Printer, fields: Elements, id: number): void {
  const all = fields.next(Kind.SEQUENCE, '!SEQ of varbind');
  if (all === null) return;
  fields.extra('SEQ of varbind');
  const asked = id === Pdu.GET || id === Pdu.GET_NEXT || id === Pdu.GET_BULK;
  for (const list = fields.in(all); list.left > 0; ) {
    p.char(32);
    const binding = list.next(Kind.SEQUENCE, '!varbind');
    if (binding === null) return;
    const pair = list.in(binding);
    const name = pair.next(Kind.OBJECT, 'objName!=OID');
    if (name === null) return;
    show(p, name);
    if (!asked) p.char(61);
    const value = pair.any();
    if (value === null) return;
    if (value.kind === Kind.NULL) continue;
    if (asked) p.text('[objVal!=NULL]');
    show(p, value);
  }
}
