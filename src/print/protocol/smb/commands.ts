// The commands of SMB, and what their words and bytes are. Source: MS-CIFS section 2.2.4, X/Open CAE C209.

import { CHECK, type Layout, layout, line, plain, REPEAT, text } from './layout.js';
import {
  ASCII,
  ATTRIBUTES8,
  attributes,
  COUNTED_STRING,
  DEC8,
  DOS_TIME,
  dec16,
  dec32,
  dec64,
  FILE_TIME,
  fixedText,
  HEX8,
  hex8,
  hex16,
  hex32,
  int32,
  LENGTH16,
  string,
  time,
  typed,
  words,
} from './pieces.js';

export interface Body {
  readonly words?: Layout;
  readonly bytes?: Layout;
}

export interface Command {
  /** Without `SMB` in front. */
  readonly name: string;
  /** Another command may follow in the same message. */
  readonly chained?: boolean;
  readonly request?: Body;
  readonly reply?: Body;
}

const newline = text('\n');
const handle: Layout = dec16('Handle');
const count: Layout = dec16('Count');
const path: Layout = typed('Path');
const groupId: Layout = dec16('GroupID');
const people: Layout = layout(typed('Source'), typed('Dest'));
/** The command that follows, and where. */
const next: Layout = layout(hex16('Com2'), dec16('Off2'));
const transfer: Layout = layout(handle, dec16('ByteCount'), int32('Offset'), dec16('CountLeft'));
const range: Layout = layout(handle, dec32('Count'), int32('Offset'));
const dataPlace: Layout = layout(dec16('DataSize'), dec16('DataOff'));
const rawRead: Layout = layout(
  handle,
  int32('Offset'),
  dec16('MaxCount'),
  dec16('MinCount'),
  int32('TimeOut'),
);
const rawWrite: Layout = layout(
  hex16('Res'),
  int32('Offset'),
  int32('TimeOut'),
  hex16('WMode'),
  hex32('Res2'),
);
const readReply: Layout = layout(count, words('Res', 4), newline);

// Searches: what is looked for, and the entries found.
const block: Layout = layout(hex8('BlkType'), dec16('BlkLen'));
const resumeKey: Layout = layout(
  hex8('Res1'),
  line('Mask', fixedText(11)),
  hex8('Srv1'),
  dec16('DirIndex'),
  hex16('Srv2'),
);
const searchWords: Layout = layout(count, attributes('Attrib'));
const entries: Layout = layout(
  block,
  REPEAT,
  newline,
  resumeKey,
  hex32('Res2'),
  line('Attrib', ATTRIBUTES8),
  time('Time', DOS_TIME),
  dec32('Size'),
  line('Name', fixedText(13)),
);
const find = (name: string): Command => ({
  name,
  request: { words: searchWords, bytes: layout(path, block, CHECK, resumeKey) },
  reply: { words: count, bytes: entries },
});

const create = (name: string): Command => ({
  name,
  request: { words: layout(attributes('Attrib'), time('Time')), bytes: path },
  reply: { words: handle },
});
const writing = (name: string): Command => ({
  name,
  request: { words: transfer },
  reply: { words: count },
});
const copying = (name: string, counted: string): Command => ({
  name,
  request: {
    words: layout(dec16('TreeID2'), hex16('OFun'), hex16('Flags')),
    bytes: layout(string('Path'), string('NewPath')),
  },
  reply: { words: dec16(counted), bytes: layout(CHECK, string('ErrStr')) },
});
const asking = (name: string, requestWords?: Layout, requestBytes?: Layout): Command => ({
  name,
  request: { ...(requestWords && { words: requestWords }), ...(requestBytes && { bytes: requestBytes }) },
});

export const COMMANDS: { readonly [code: number]: Command } = {
  0x00: asking('mkdir', undefined, path),
  0x01: asking('rmdir', undefined, path),
  0x02: {
    name: 'open',
    request: { words: layout(hex16('Mode'), attributes('Attribute')), bytes: path },
    reply: {
      words: layout(handle, attributes('OAttrib'), time('Time'), dec32('Size'), hex16('Access')),
    },
  },
  0x03: create('create'),
  0x04: asking('close', layout(handle, time('Time'))),
  0x05: asking('flush', handle),
  0x06: asking('unlink', attributes('Attrib'), path),
  0x07: asking('mv', attributes('Attrib'), layout(typed('OldPath'), typed('NewPath'))),
  0x08: {
    name: 'getatr',
    request: { bytes: path },
    reply: {
      words: layout(attributes('Attribute'), time('Time'), dec32('Size'), words('Res', 5), newline),
    },
  },
  0x09: asking('setatr', layout(attributes('Attribute'), time('Time'), words('Res', 5), newline), path),
  0x0a: { name: 'read', request: { words: transfer }, reply: { words: readReply } },
  0x0b: writing('write'),
  0x0c: asking('lock', range),
  0x0d: asking('unlock', range),
  0x0e: { name: 'ctemp' },
  0x0f: create('mknew'),
  0x10: asking('chkpth', undefined, path),
  0x11: { name: 'exit' },
  0x12: asking('lseek', layout(handle, hex16('Mode'), int32('Offset')), int32('Offset')),
  0x13: { name: 'lockread', request: { words: transfer }, reply: { words: readReply } },
  0x14: writing('writeunlock'),
  0x1a: asking('readbraw', layout(rawRead, dec16('Res'))),
  0x1b: {
    name: 'readBmpx',
    request: { words: layout(rawRead, hex16('Res')) },
    reply: {
      words: layout(
        int32('Offset'),
        dec16('TotCount'),
        dec16('Remaining'),
        words('Res', 2),
        newline,
        dataPlace,
      ),
    },
  },
  0x1c: { name: 'readBs' },
  0x1d: {
    name: 'writebraw',
    request: { words: layout(handle, dec16('TotalCount'), rawWrite, CHECK, dataPlace) },
    reply: { words: layout(text('WriteRawAck')) },
  },
  0x1e: {
    name: 'writeBmpx',
    request: { words: layout(handle, dec16('TotCount'), rawWrite, dataPlace) },
    reply: { words: dec16('Remaining') },
  },
  0x1f: {
    name: 'writeBs',
    request: { words: layout(handle, dec16('TotCount'), int32('Offset'), hex32('Res'), dataPlace) },
    reply: { words: count },
  },
  0x20: { name: 'writec', reply: { words: count } },
  0x22: asking('setattrE', layout(handle, time('CreationTime'), time('AccessTime'), time('ModifyTime'))),
  0x23: {
    name: 'getattrE',
    request: { words: handle },
    reply: {
      words: layout(
        time('CreationTime'),
        time('AccessTime'),
        time('ModifyTime'),
        dec32('Size'),
        dec32('AllocSize'),
        attributes('Attribute'),
      ),
    },
  },
  0x24: { name: 'lockingX', chained: true },
  0x25: { name: 'trans' },
  0x26: { name: 'transs' },
  0x27: { name: 'ioctl' },
  0x28: { name: 'ioctls' },
  0x29: copying('copy', 'CopyCount'),
  0x2a: copying('move', 'MoveCount'),
  0x2b: {
    name: 'echo',
    request: { words: dec16('ReverbCount') },
    reply: { words: dec16('SequenceNum') },
  },
  0x2c: {
    name: 'writeclose',
    request: { words: layout(handle, count, int32('Offset'), time('Time'), words('Res', 6)) },
    reply: { words: count },
  },
  0x2d: {
    name: 'openX',
    chained: true,
    request: {
      words: layout(
        next,
        hex16('Flags'),
        hex16('Mode'),
        attributes('SearchAttrib'),
        attributes('Attrib'),
        time('Time'),
        hex16('OFun'),
        dec32('Size'),
        int32('TimeOut'),
        hex32('Res'),
      ),
      bytes: string('Path'),
    },
    reply: {
      words: layout(
        next,
        handle,
        attributes('Attrib'),
        time('Time'),
        dec32('Size'),
        hex16('Access'),
        hex16('Type'),
        hex16('State'),
        hex16('Action'),
        hex32('FileID'),
        hex16('Res'),
      ),
    },
  },
  0x2e: {
    name: 'readX',
    chained: true,
    request: { words: layout(next, rawRead, dec16('CountLeft')) },
    reply: {
      words: layout(next, dec16('Remaining'), hex32('Res'), dataPlace, words('Res', 4), newline),
    },
  },
  0x2f: {
    name: 'writeX',
    chained: true,
    request: {
      words: layout(
        next,
        handle,
        int32('Offset'),
        int32('TimeOut'),
        hex16('WMode'),
        dec16('CountLeft'),
        hex16('Res'),
        dataPlace,
      ),
    },
    reply: { words: layout(next, count, dec16('Remaining'), hex32('Res')) },
  },
  0x32: { name: 'trans2' },
  0x33: { name: 'transs2' },
  0x34: asking('findclose', handle),
  0x35: asking('findnclose', handle),
  0x70: {
    name: 'tcon',
    request: { bytes: layout(path, typed('Password'), typed('Device')) },
    reply: { words: layout(dec16('MaxXmit'), dec16('TreeId')) },
  },
  0x71: { name: 'tdis' },
  0x72: { name: 'negprot' },
  0x73: { name: 'sesssetupX', chained: true },
  0x74: { name: 'ulogoffX', chained: true },
  0x75: {
    name: 'tconX',
    chained: true,
    request: { words: layout(next, hex16('Flags'), dec16('PassLen'), text('Passwd&Path&Device=\n')) },
    reply: { words: next, bytes: line('ServiceType', ASCII) },
  },
  0x80: {
    name: 'dskattr',
    reply: {
      words: layout(
        dec16('TotalUnits'),
        dec16('BlocksPerUnit'),
        dec16('BlockSize'),
        dec16('FreeUnits'),
        hex16('Media'),
      ),
    },
  },
  0x81: {
    name: 'search',
    request: { words: searchWords, bytes: layout(path, block, CHECK, resumeKey, hex32('Res2')) },
    reply: { words: count, bytes: entries },
  },
  0x82: find('ffirst'),
  0x83: find('funique'),
  0x84: find('fclose'),
  0xa0: { name: 'nttrans' },
  0xa1: { name: 'nttranss' },
  0xa2: {
    name: 'ntcreateX',
    chained: true,
    request: {
      words: layout(
        next,
        line('Res', DEC8),
        line('NameLen', LENGTH16),
        hex32('Flags'),
        dec32('RootDirectoryFid'),
        hex32('AccessMask'),
        dec64('AllocationSize'),
        hex32('ExtFileAttributes'),
        hex32('ShareAccess'),
        hex32('CreateDisposition'),
        hex32('CreateOptions'),
        hex32('ImpersonationLevel'),
        line('SecurityFlags', DEC8),
      ),
      bytes: line('Path', COUNTED_STRING),
    },
    reply: {
      words: layout(
        next,
        line('OplockLevel', DEC8),
        dec16('Fid'),
        hex32('CreateAction'),
        time('CreateTime', FILE_TIME),
        time('LastAccessTime', FILE_TIME),
        time('LastWriteTime', FILE_TIME),
        time('ChangeTime', FILE_TIME),
        hex32('ExtFileAttributes'),
        dec64('AllocationSize'),
        dec64('EndOfFile'),
        hex16('FileType'),
        hex16('DeviceState'),
        line('Directory', DEC8),
      ),
    },
  },
  0xa4: { name: 'ntcancel' },
  0xc0: {
    name: 'splopen',
    request: { words: layout(dec16('SetupLen'), hex16('Mode')), bytes: typed('Ident') },
    reply: { words: handle },
  },
  0xc1: asking('splwr', handle),
  0xc2: asking('splclose', handle),
  0xc3: {
    name: 'splretq',
    request: { words: layout(dec16('MaxCount'), dec16('StartIndex')) },
    reply: {
      words: layout(count, dec16('Index')),
      bytes: layout(
        REPEAT,
        time('Time'),
        hex8('Status'),
        dec16('JobID'),
        dec32('Size'),
        plain('Res', HEX8),
        line('Name', fixedText(16)),
      ),
    },
  },
  0xd0: asking('sends', undefined, people),
  0xd1: asking('sendb', undefined, people),
  0xd2: { name: 'fwdname' },
  0xd3: { name: 'cancelf' },
  0xd4: { name: 'getmac' },
  0xd5: { name: 'sendstrt', request: { bytes: people }, reply: { words: groupId } },
  0xd6: asking('sendend', groupId),
  0xd7: asking('sendtxt', groupId),
};

export const UNKNOWN: Command = { name: 'unknown' };
