// NFS, versions 2 and 3: calls, and replies up to what they say. Sources: RFC 1094, RFC 1813, RFC 5531.

import { completes, OVERRUN } from '../../endings.js';
import { hex, wordOf } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';
import { findCall, rememberCall } from './calls.js';
import { NfsFields, Procedure, printProcedure, TYPES, WRITE_MODES } from './fields.js';
import { printResults } from './reply.js';
import { Call, Reply, rpcAddresses } from './sunrpc.js';

const PORT = 2049;
const ACCEPTED = 0;
const DENIED = 1;
const RPC_MISMATCH = 0;
const AUTHENTICATION_ERROR = 1;
const AUTHENTICATION: Words = {
  0: 'OK',
  1: 'Bogus Credentials (seal broken)',
  2: 'Rejected Credentials (client should begin new session)',
  3: 'Bogus Verifier (seal broken)',
  4: 'Verifier expired or was replayed',
  5: 'Credentials are too weak',
  6: 'Bogus response verifier',
  7: 'Unknown failure',
};
const RIGHTS = ['READ', 'LOOKUP', 'MODIFY', 'EXTEND', 'DELETE', 'EXECUTE'];
const ALL_RIGHTS = 0x3f;
const BLOCK_DEVICE = 3;
const CHARACTER_DEVICE = 4;

/** A call, behind its transaction. */
export function printNfsRequest(p: Printer, offset: number, length: number): void {
  p.protocol = 'nfs';
  p.dec(length);
  if (!p.has(offset + Call.PROCEDURE, 4)) {
    p.truncated();
    return;
  }
  rememberCall(p, offset);
  const version = p.u32(offset + Call.VERSION);
  const procedure = printProcedure(p, version, p.u32(offset + Call.PROCEDURE));
  const fields = new NfsFields(p, offset + Call.CREDENTIALS, version);
  const print = CALLS[procedure];
  if (print === undefined) return;
  const whole = completes(() => {
    let left = length;
    left -= authentication(fields, left, 'credentials');
    if (authentication(fields, left, 'verifier') === left) throw OVERRUN;
    print(fields);
  });
  if (!whole) p.truncated();
}

/**
 * Goes past what shows who calls: its kind, its length and itself.
 * @param left bytes of the call, which its front is not taken from
 * @returns its size
 */
function authentication(fields: NfsFields, left: number, name: string): number {
  const { p, at } = fields;
  if (left < 8) throw OVERRUN;
  const length = p.u32(at + 4);
  if (length > left) {
    p.text(` [${name} length ${length} > ${left}]`);
    p.invalid();
    throw OVERRUN;
  }
  const padded = Math.ceil(length / 4) * 4;
  fields.askCaptured(8 + padded);
  if (8 + padded > left) throw OVERRUN;
  fields.pass(8 + padded);
  return 8 + padded;
}

const handle = (fields: NfsFields): void => fields.handle();
const handleAndName = (fields: NfsFields): void => fields.handleAndName();

/** What calls have behind their names. */
const CALLS: { readonly [procedure: number]: (fields: NfsFields) => void } = {
  [Procedure.GETATTR]: handle,
  [Procedure.SETATTR]: handle,
  [Procedure.READLINK]: handle,
  [Procedure.FSSTAT]: handle,
  [Procedure.FSINFO]: handle,
  [Procedure.PATHCONF]: handle,
  [Procedure.LOOKUP]: handleAndName,
  [Procedure.CREATE]: handleAndName,
  [Procedure.MKDIR]: handleAndName,
  [Procedure.REMOVE]: handleAndName,
  [Procedure.RMDIR]: handleAndName,
  [Procedure.ACCESS]: access,
  [Procedure.READ]: read,
  [Procedure.WRITE]: write,
  [Procedure.SYMLINK]: symlink,
  [Procedure.MKNOD]: mknod,
  [Procedure.RENAME]: (fields) => {
    fields.handleAndName();
    fields.p.text(' ->');
    fields.handleAndName();
  },
  [Procedure.LINK]: (fields) => {
    fields.handle();
    fields.p.text(' ->');
    fields.handleAndName();
  },
  [Procedure.READDIR]: readdir,
  [Procedure.READDIRPLUS]: readdirplus,
  [Procedure.COMMIT]: (fields) => {
    fields.handle();
    const { p, at } = fields;
    p.text(` ${p.u32(at + 8)} bytes @ ${p.u64(at)}`);
  },
};

function access(fields: NfsFields): void {
  fields.handle();
  const rights = fields.u32();
  const { p } = fields;
  if ((rights & ~ALL_RIGHTS) !== 0) p.text(` ${hex(rights, 4)}`);
  else if (rights === ALL_RIGHTS) p.text(' NFS_ACCESS_FULL');
  else if (rights !== 0) {
    const names = RIGHTS.filter((_, bit) => ((rights >> bit) & 1) !== 0).map((name) => `NFS_ACCESS_${name}`);
    p.text(` ${names.join('|')}`);
  }
}

function read(fields: NfsFields): void {
  fields.handle();
  const { p, at, v3 } = fields;
  p.text(v3 ? ` ${p.u32(at + 8)} bytes @ ${p.u64(at)}` : ` ${p.u32(at + 4)} bytes @ ${p.u32(at)}`);
}

function write(fields: NfsFields): void {
  fields.handle();
  const { p, at, v3, verbose } = fields;
  if (v3) {
    p.text(` ${p.u32(at + 16)} (${p.u32(at + 8)}) bytes @ ${p.u64(at)}`);
    if (verbose > 0) p.text(` <${wordOf(WRITE_MODES, p.u32(at + 12), '#%d')}>`);
  } else {
    p.text(` ${p.u32(at + 12)} (${p.u32(at + 8)}) bytes @ ${p.u32(at + 4)} (${p.u32(at)})`);
  }
}

function symlink(fields: NfsFields): void {
  fields.handleAndName();
  fields.p.text(' ->');
  const set = fields.v3 ? fields.newAttributes() : null;
  fields.name();
  if (set !== null && fields.verbose > 0) fields.printNew(set);
}

function mknod(fields: NfsFields): void {
  fields.handleAndName();
  const type = fields.u32();
  const set = fields.newAttributes();
  const { p, at, verbose } = fields;
  p.text(` ${wordOf(TYPES, type, 'unk-ft %u')}`);
  if (verbose < 1) return;
  if (type === CHARACTER_DEVICE || type === BLOCK_DEVICE) p.text(` ${p.u32(at)}/${p.u32(at + 4)}`);
  fields.printNew(set);
}

function readdir(fields: NfsFields): void {
  fields.handle();
  const { p, at, v3, verbose } = fields;
  if (v3) {
    p.text(` ${p.u32(at + 16)} bytes @ ${p.s64(at)}`);
    if (verbose > 0) p.text(` verf ${hex(p.u32(at + 8), 8)}${hex(p.u32(at + 12), 8)}`);
  } else p.text(` ${p.u32(at + 4)} bytes @ ${p.u32(at)}`);
}

function readdirplus(fields: NfsFields): void {
  fields.handle();
  const { p, at, verbose } = fields;
  p.text(` ${p.u32(at + 16)} bytes @ ${p.s64(at)}`);
  if (verbose > 0) {
    p.text(` max ${p.u32(at + 20)} verf ${hex(p.u32(at + 8), 8)}${hex(p.u32(at + 12), 8)}`);
  }
}

/** A reply with addresses in front of it, for -T rpc. */
export function printRpcReply(p: Printer, offset: number, length: number): void {
  p.protocol = 'nfs';
  rpcAddresses(p, p.options.numeric ? String(PORT) : 'nfs', String(p.u32(offset + Call.XID)));
  printNfsReply(p, offset, length);
}

/** A reply, behind its transaction. */
export function printNfsReply(p: Printer, offset: number, length: number): void {
  p.protocol = 'nfs';
  if (!reply(p, offset, length)) p.truncated();
}

/** @returns false when it was cut */
function reply(p: Printer, offset: number, length: number): boolean {
  if (!p.has(offset + Reply.STATUS, 4)) return false;
  const status = p.u32(offset + Reply.STATUS);
  if (status === ACCEPTED) {
    p.text(`reply ok ${length}`);
    const call = findCall(p, offset);
    if (call !== null) printResults(p, offset, length, call);
  } else if (status === DENIED) {
    p.text(`reply ERR ${length}: `);
    return denied(p, offset);
  } else p.text(`reply Unknown rpc response code=${status} ${length}`);
  return true;
}

function denied(p: Printer, offset: number): boolean {
  if (!p.has(offset + Reply.REJECTED, 4)) return false;
  const reason = p.u32(offset + Reply.REJECTED);
  if (reason === RPC_MISMATCH) {
    if (!p.has(offset + Reply.HIGH, 4)) return false;
    p.text(`RPC Version mismatch (${p.u32(offset + Reply.LOW)}-${p.u32(offset + Reply.HIGH)})`);
  } else if (reason === AUTHENTICATION_ERROR) {
    if (!p.has(offset + Reply.WHY, 4)) return false;
    p.text(`Auth ${wordOf(AUTHENTICATION, p.u32(offset + Reply.WHY), 'Invalid failure code %u')}`);
  } else p.text(`Unknown reason for rejecting rpc message ${reason}`);
  return true;
}
