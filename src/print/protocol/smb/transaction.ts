// SMB transactions, by name: mailslots and the calls of LAN Manager. Source: MS-CIFS section 2.2.4.33.

import { announcement } from './browser.js';
import { byteCount, CHECK, type Layout, layout, printLayout, type Special, text } from './layout.js';
import { dec16, hex16, string } from './pieces.js';
import type { SmbState } from './state.js';

const requestWords: Layout = layout(
  dec16('TotParamCnt'),
  dec16('TotDataCnt'),
  dec16('MaxParmCnt'),
  dec16('MaxDataCnt'),
  dec16('MaxSCnt'),
  hex16('TransFlags'),
  hex16('Res1'),
  hex16('Res2'),
  hex16('Res3'),
  dec16('ParamCnt'),
  dec16('ParamOff'),
  dec16('DataCnt'),
  dec16('DataOff'),
  dec16('SUCnt'),
);
const replyWords: Layout = layout(
  dec16('TotParamCnt'),
  dec16('TotDataCnt'),
  dec16('Res1'),
  dec16('ParamCnt'),
  dec16('ParamOff'),
  dec16('Res2'),
  dec16('DataCnt'),
  dec16('DataOff'),
  dec16('Res3'),
  dec16('Lsetup'),
);
const name: Layout = layout(CHECK, string('Name'));
const unknown: Layout = layout(CHECK, text('Unknown '));
const parameters: Layout = layout(CHECK, text('Param '));
const data: Layout = layout(CHECK, text('Data '));
const call: Layout = layout(hex16('Command'), string('Str1'), string('Str2'));
const callData: Layout = layout(text('IPC '));

const BROWSE = '\\MAILSLOT\\BROWSE\0';
const LANMAN = '\\PIPE\\LANMAN\0';

/** Where, among the words, parameters and data are said to be: length and offset, then length and offset. */
const REQUEST_PLACES = 9;
const REPLY_PLACES = [3, 4, 6, 7] as const;

export const transaction: Special = (s, words, bytes, message, end) => {
  const { p } = s;
  const word = (n: number): number => words + 1 + 2 * n;
  const places = s.request ? [0, 1, 2, 3].map((n) => n + REQUEST_PLACES) : REPLY_PLACES;
  if (!p.has(word(places[3]!), 2)) {
    p.truncated();
    return;
  }
  const [paramLength, paramOffset, dataLength, dataOffset] = places.map((n) => p.le16(word(n))) as [
    number,
    number,
    number,
    number,
  ];
  const paramAt = message + paramOffset;
  const dataAt = message + dataOffset;
  printLayout(
    s,
    s.request ? requestWords : replyWords,
    words + 1,
    Math.min(words + 1 + 2 * p.u8(words), end),
  );
  if (byteCount(s, bytes) === 0) return;
  const nameAt = bytes + 2;
  printLayout(s, s.request ? name : unknown, nameAt, end - paramLength - dataLength);
  for (const [wanted, print] of NAMED) {
    if (!p.has(nameAt, wanted.length)) {
      p.truncated();
      return;
    }
    if (!is(s, nameAt, wanted)) continue;
    print(s, paramAt, paramLength, dataAt, dataLength);
    return;
  }
  if (paramLength > 0) printLayout(s, parameters, paramAt, Math.min(paramAt + paramLength, end));
  if (dataLength > 0) printLayout(s, data, dataAt, Math.min(dataAt + dataLength, end));
};

function is(s: SmbState, at: number, wanted: string): boolean {
  for (let i = 0; i < wanted.length; i++) if (s.p.u8(at + i) !== wanted.charCodeAt(i)) return false;
  return true;
}

function lanManager(
  s: SmbState,
  paramAt: number,
  paramLength: number,
  dataAt: number,
  dataLength: number,
): void {
  if (paramLength > 0) printLayout(s, call, paramAt, paramAt + paramLength);
  if (dataLength > 0) printLayout(s, callData, dataAt, dataAt + dataLength);
}

/** The longest first: it is asked for whether there is room for it. */
const NAMED = [
  [BROWSE, announcement],
  [LANMAN, lanManager],
] as const;
