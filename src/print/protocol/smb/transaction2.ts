// SMB transactions of the second kind, by number. Source: MS-CIFS section 2.2.4.46 and 2.2.6.

import {
  bare,
  byteCount,
  CHECK,
  dump,
  type Layout,
  layout,
  line,
  plain,
  printLayout,
  type Special,
  text,
} from './layout.js';
import {
  attributes,
  COUNTED_STRING,
  COUNTED_TEXT,
  DEC8,
  DEC16,
  dec16,
  dec32,
  hex16,
  hex32,
  int32,
  LENGTH8,
  LENGTH32,
  STRING,
  SWAPPED_DOS_TIME,
  skip,
  string,
  time,
  words as wordsOf,
} from './pieces.js';
import type { SmbState } from './state.js';

/** How parameters and data of a subcommand are printed. */
type Print = (s: SmbState, param: number, data: number, paramLength: number, dataLength: number) => void;

interface Subcommand {
  readonly name: string;
  readonly print?: Print;
  /** Parameters' layouts. */
  readonly request?: Layout;
  readonly reply?: Layout;
}

const newline = text('\n');
const findRequest: Layout = layout(
  attributes('Attribute'),
  dec16('SearchCount'),
  hex16('Flags'),
  line('Level', DEC16, skip(4)),
  string('File'),
);
const findReply: Layout = layout(
  hex16('Handle'),
  dec16('Count'),
  hex16('EOS'),
  dec16('Eoffset'),
  hex16('LastNameOfs'),
);
const levelAsked: Layout = dec16('InfoLevel');
const LEVELS: { readonly [level: number]: Layout } = {
  1: layout(hex32('idFileSystem'), dec32('SectorUnit'), dec32('Unit'), dec32('Avail'), dec16('SectorSize')),
  2: layout(time('CreationTime'), line('VolNameLength', LENGTH8), line('VolumeLabel', COUNTED_TEXT)),
  0x105: layout(
    hex32('Capabilities'),
    dec32('MaxFileLen'),
    line('VolNameLen', LENGTH32),
    line('Volume', COUNTED_STRING),
  ),
};
const unknownLevel: Layout = layout(text('UnknownLevel\n'));

const findFirst: Print = (s, param, data, paramLength, dataLength) => {
  printLayout(s, s.request ? findRequest : findReply, param, param + paramLength);
  dataOf(s, data, dataLength);
};

const fileSystem: Print = (s, param, data, paramLength, dataLength) => {
  if (s.request) {
    s.level = s.p.le16(param);
    printLayout(s, levelAsked, param, param + paramLength);
  } else printLayout(s, LEVELS[s.level] ?? unknownLevel, data, data + dataLength);
  dataOf(s, data, dataLength);
};

function dataOf(s: SmbState, data: number, length: number): void {
  if (length === 0) return;
  s.p.text('data:\n');
  dump(s, data, length);
}

const OPEN: Subcommand = {
  name: 'OPEN',
  request: layout(
    hex16('Flags2'),
    hex16('Mode'),
    attributes('SearchAttrib'),
    attributes('Attrib'),
    line('Time', SWAPPED_DOS_TIME),
    hex16('OFun'),
    dec32('Size'),
    wordsOf('Res', 5, ', '),
    newline,
    plain('Path', STRING),
  ),
  reply: layout(
    dec16('Handle'),
    attributes('Attrib'),
    line('Time', SWAPPED_DOS_TIME),
    dec32('Size'),
    hex16('Access'),
    hex16('Type'),
    hex16('State'),
    hex16('Action'),
    hex32('Inode'),
    dec16('OffErr'),
    CHECK,
    dec16('EALength'),
  ),
};

const SUBCOMMANDS: readonly Subcommand[] = [
  OPEN,
  { name: 'FINDFIRST', print: findFirst },
  { name: 'FINDNEXT' },
  { name: 'QFSINFO', print: fileSystem },
  { name: 'SETFSINFO' },
  { name: 'QPATHINFO' },
  { name: 'SETPATHINFO' },
  { name: 'QFILEINFO' },
  { name: 'SETFILEINFO' },
  { name: 'FSCTL' },
  { name: 'IOCTL' },
  { name: 'FINDNOTIFYFIRST' },
  { name: 'FINDNOTIFYNEXT' },
  { name: 'MKDIR' },
];

const requestWords: Layout = layout(
  dec16('TotParam'),
  dec16('TotData'),
  dec16('MaxParam'),
  dec16('MaxData'),
  plain('MaxSetup', DEC8),
  bare(skip(1)),
  newline,
  hex16('Flags'),
  int32('TimeOut'),
  hex16('Res1'),
  dec16('ParamCnt'),
  dec16('ParamOff'),
  dec16('DataCnt'),
  dec16('DataOff'),
  plain('SetupCnt', DEC8),
  bare(skip(1)),
  newline,
);
const replyWords: Layout = layout(
  dec16('TotParam'),
  dec16('TotData'),
  hex16('Res1'),
  dec16('ParamCnt'),
  dec16('ParamOff'),
  text('ParamDisp'),
  bare(DEC16),
  newline,
  dec16('DataCnt'),
  dec16('DataOff'),
  dec16('DataDisp'),
  plain('SetupCnt', DEC8),
  bare(skip(1)),
  newline,
);
const secondaryWords: Layout = layout(
  text('Trans2Secondary\n'),
  dec16('TotParam'),
  dec16('TotData'),
  dec16('ParamCnt'),
  dec16('ParamOff'),
  dec16('ParamDisp'),
  dec16('DataCnt'),
  dec16('DataOff'),
  dec16('DataDisp'),
  dec16('Handle'),
);
const parameters: Layout = layout(text('Parameters=\n'));
const noLayout: Layout = layout(text('Data=\n'));

/** Words of a secondary request. */
const SECONDARY = 8;
/** Which words say length and offset of parameters and of data, and how many there are before the setup. */
const REQUEST = { paramLength: 9, paramOffset: 10, dataLength: 11, dataOffset: 12, subcommand: 14 } as const;
const REPLY = { paramLength: 3, paramOffset: 4, dataLength: 6, dataOffset: 7 } as const;
const REQUEST_WORDS = 14;
const REPLY_WORDS = 10;

export const transaction2: Special = (s, words, bytes, message, end) => {
  const { p, request } = s;
  const word = (n: number): number => words + 1 + 2 * n;
  const title = (): string => `TRANSACT2_${SUBCOMMANDS[s.subcommand]!.name}`;
  if (!p.has(words, 1)) {
    p.truncated();
    return;
  }
  const count = p.u8(words);
  if (!request && count === 0) {
    p.text(`${title()}\nTrans2Interim\n`);
    return;
  }
  const places = request ? REQUEST : REPLY;
  if (!p.has(word(request ? REQUEST.subcommand : REPLY.dataOffset), 2)) {
    p.truncated();
    return;
  }
  const paramLength = p.le16(word(places.paramLength));
  const param = message + p.le16(word(places.paramOffset));
  const dataLength = p.le16(word(places.dataLength));
  const data = message + p.le16(word(places.dataOffset));
  if (request) {
    const number = p.le16(word(REQUEST.subcommand));
    s.subcommand = number < SUBCOMMANDS.length ? number : 0;
  }
  const { print, ...layouts } = SUBCOMMANDS[s.subcommand]!;
  p.text(`${title()} param_length=${paramLength} data_length=${dataLength}\n`);
  if (request && count === SECONDARY) {
    printLayout(s, secondaryWords, words + 1, end);
    return;
  }
  printLayout(s, request ? requestWords : replyWords, words + 1, word(request ? REQUEST_WORDS : REPLY_WORDS));
  byteCount(s, bytes);
  if (print !== undefined) print(s, param, data, paramLength, dataLength);
  else {
    printLayout(s, (request ? layouts.request : layouts.reply) ?? parameters, param, param + paramLength);
    printLayout(s, noLayout, data, data + dataLength);
  }
};
