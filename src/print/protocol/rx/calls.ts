// What the calls of AFS' services say, and the replies to them: those with more than a number.

import type { Words } from '../../printer.js';
import {
  acl,
  callbacks,
  date,
  type Field,
  type Fields,
  fid,
  int,
  list,
  server,
  sites,
  skip,
  storeStatus,
  string,
  ticket,
  u64,
  uint,
  unseen,
  uuid,
  version,
  volumeRest,
  volumeType,
  wide,
  yesNo,
} from './fields.js';
import {
  AUTHENTICATION_CALLS,
  CALLBACK_CALLS,
  FILE_CALLS,
  LOCATION_CALLS,
  OVERSEER_CALLS,
  PROTECTION_CALLS,
  UBIK_CALLS,
  VOLUME_CALLS,
} from './names.js';

const name = string(256);
const principalName = string(64);
const PROTECTION_NAME = 64;
const VOLUME_NAME = 65;

/** Fields of several calls by their numbers. */
type ByCall = { [call: number]: Fields };

/** The calls of each group have its fields. */
function each(...groups: readonly (readonly [calls: readonly number[], ...fields: Fields])[]): ByCall {
  const found: ByCall = {};
  for (const [calls, ...fields] of groups) for (const call of calls) found[call] = fields;
  return found;
}

/** A service: what it is called, its calls, what they and the replies to them say. */
export interface Service {
  readonly name: string;
  readonly names: Words;
  readonly calls: ByCall;
  readonly replies: ByCall;
  /** Its database is replicated: calls may be those of Ubik. */
  readonly replicated?: boolean;
}

const file: Service = {
  name: 'fs',
  names: FILE_CALLS,
  calls: each(
    [[130], fid, ' offset', uint, ' length', uint],
    [[131, 132, 143, 144, 145, 156, 157, 158], fid],
    [[133], fid, storeStatus, ' offset', uint, ' length', uint, ' flen', uint],
    [[134], fid, acl],
    [[135], fid, storeStatus],
    [[136, 142], fid, name],
    [[137, 141], fid, name, storeStatus],
    [[138], ' old', fid, name, ' new', fid, name],
    [[139], fid, name, ' link to', name],
    [[140], fid, name, ' link to', fid],
    [[148], name],
    [[149, 150], ' volid', uint],
    [[154], ' volname', name],
    [[155, 65536], list([fid], ',')],
    [[65537], fid, ' offset', u64, ' length', u64],
    [[65538], fid, storeStatus, ' offset', u64, ' length', u64, ' flen', u64],
    [[65541], ' addr', uint],
  ),
  replies: each([[131], acl], [[137, 141], ' new', fid], [[151], ' root volume', name], [[153], date]),
};

const callback: Service = {
  name: 'cb',
  names: CALLBACK_CALLS,
  calls: each([[204], list([fid], ','), callbacks], [[214], ' afsuuid', uuid]),
  replies: each([[213], uuid]),
};

const protectionName = string(PROTECTION_NAME);
const wideNames = list([wide(PROTECTION_NAME)]);
const numbers = list([int]);
/** A field behind ` ids:`, which stands there before the list is read. */
const ids: Fields = [' ids:', numbers];

const protection: Service = {
  name: 'pt',
  names: PROTECTION_CALLS,
  replicated: true,
  calls: each(
    [[500], protectionName, ' id', int, ' oldid', int],
    [[501, 506, 508, 512, 514, 517, 518, 519, 530], ' id', int],
    [[502], ' pos', int],
    [[503, 507, 515], ' uid', int, ' gid', int],
    [[504], wideNames],
    [[505], ...ids],
    [[509], protectionName, ' flag', int, ' oid', int],
    [[511], ' id', int, ' gflag', int],
    [[513], ' id', int, protectionName, ' oldid', int, ' newid', int],
    [[520], ' id', int, protectionName],
  ),
  replies: each(
    [[504], ...ids],
    [[505], wideNames],
    [[508, 514, 517, 518, 519], numbers],
    [[510], ' maxuid', int, ' maxgid', int],
  ),
};

const volumeName = string(VOLUME_NAME);
const wideVolumeName = wide(VOLUME_NAME);
const indexes: Fields = [' count', int, ' nextindex', int];
const entry: Fields = [wideVolumeName, skip(4), sites(8, false)];
const entryN: Fields = [wideVolumeName, sites(13, false)];

const location: Service = {
  name: 'vldb',
  names: LOCATION_CALLS,
  replicated: true,
  calls: each(
    [[501, 517], wideVolumeName],
    [[502, 503, 507, 508, 509, 518], ' volid', int, volumeType],
    [[504, 519, 524, 527], volumeName],
    [[505], ' bump', int],
    [[506, 520], ' volid', int, volumeType, wideVolumeName],
    [[510, 521], ' index', int],
  ),
  replies: each(
    [[503, 504], ...entry],
    [[510], ...indexes, ...entry],
    [[505], ' newvol', uint],
    [[518, 519], ...entryN],
    [[521, 529], ...indexes, ...entryN],
    [[526, 527], wideVolumeName, sites(13, true)],
  ),
};

const principal: Fields = [' principal', principalName, principalName];

const authentication: Service = {
  name: 'kauth',
  names: AUTHENTICATION_CALLS,
  replicated: true,
  calls: each(
    [[1, 2, 5, 6, 7, 8, 14, 15, 21, 22], ...principal],
    [[3, 23], ' kvno', int, ' domain', principalName, ticket, ...principal],
    [[4], ...principal, ' kvno', int],
    [[12], ' name', principalName],
  ),
  replies: {},
};

/** Dates behind words. */
const dates = (...words: readonly string[]): (string | Field)[] =>
  words.flatMap((word) => [` ${word}`, date]);
/** Numbers behind words. */
const uints = (...words: readonly string[]): (string | Field)[] =>
  words.flatMap((word) => [` ${word}`, uint]);
const from: Fields = [...uints('fromtrans'), ...dates('fromdate')];

const volume: Service = {
  name: 'vol',
  names: VOLUME_CALLS,
  calls: each(
    [[100], ...uints('partition'), ' name', name, ...uints('type', 'parent')],
    [[101, 104, 107], ...uints('trans')],
    [[102], ...uints('totrans', 'flags')],
    [[103], ...from, server, ' desttrans', int],
    [[105], ...uints('trans', 'purgevol', 'newtype'), ' newname', name],
    [[106], ...uints('trans', 'flags')],
    [[108], ...uints('vol', 'partition', 'flags')],
    // The size of a dump has no fields: tcpdump looks for it under a number with a digit too many.
    [[109, 655537], ...from],
    [[110], ...uints('index')],
    [[111], ...uints('tid', 'newsite')],
    [[112, 113], ' tid'],
    [[114], ' name', name, ...uints('type', 'pid', 'cloneid')],
    [[116], ...uints('partition', 'flags')],
    [[117], ...uints('tid'), ' name', name, ...uints('type', 'pid', 'clone', 'backup')],
    [[119], ' name', name],
    [[120, 126], ...uints('tid')],
    [[121, 122, 124, 125, 65536], ...uints('partid', 'volid')],
    [[123], ...uints('tid'), ...dates('date')],
    [[128], ...from, list([server], ',')],
    [[65538], ...from, ...uints('flags')],
  ),
  replies: each(
    [[100], ...uints('volid', 'trans')],
    [[104, 107], uint],
    [[105], ...uints('newvol')],
    [[108], ...uints('trans')],
    [[110], ...uints('volume', 'partition')],
    [[112], name],
    [
      [113],
      ...uints('volid', 'nextuniq', 'type', 'parentid', 'clone', 'backup', 'restore', 'maxquota', 'minquota'),
      ...uints('owner'),
      ...dates('create', 'access', 'update', 'expire', 'backup', 'copy'),
    ],
    [[116, 121], list([' name', wide(32), ...uints('volid'), ' type', volumeRest], ',')],
  ),
};

const overseer: Service = {
  name: 'bos',
  names: OVERSEER_CALLS,
  calls: each(
    [[80], ' type', name, ' instance', name],
    [[81, 83, 85, 87, 88, 93, 96, 97, 104, 106, 108, 112, 114], name],
    [[82, 98], name, ' status', int],
    [[86], name, ' num', int],
    [[84, 89, 90, 91, 92, 95], int],
    [[105], name, ' size', int, ' flags', int, ' date', int],
  ),
  replies: {},
};

const transaction: Fields = [' tid', version];

/** Ubik, the replication of databases. */
export const UBIK: Service = {
  name: 'ubik',
  names: UBIK_CALLS,
  calls: each(
    [[10000], yesNo(' syncsite'), ...dates('votestart'), ' dbversion', version, ...transaction],
    [[10003], ...uints('site')],
    [[20000, 20001, 20007, 20008, 20010], ...transaction],
    [[20002], ...transaction, ' file', int, ' pos', int, ' length', int, unseen],
    [[20003], ...transaction, ' file', int, ' pos', int],
    [[20005], ' file', int],
    [[20006], ' file', int, ' length', int, ' dbversion', version],
    [[20009], ...transaction, ' file', int, ' length', int],
    [[20012], ...transaction, ' oldversion', version, ' newversion', version],
  ),
  replies: each([[10000], ' vote no'], [[20004], ' dbversion', version]),
};

/** Services by their ports. */
export const SERVICES: { readonly [port: number]: Service } = {
  7000: file,
  7001: callback,
  7002: protection,
  7003: location,
  7004: authentication,
  7005: volume,
  7007: overseer,
};
