// The browser service's datagrams. Source: MS-BRWS section 2.2.

import { bare, CHECK, type Layout, layout, line, printLayout, REPEAT, text } from './layout.js';
import { dec16, HEX8, HEX32, hex8, hex16, hex32, PLAIN_NAME, string } from './pieces.js';
import type { SmbState } from './state.js';

/** A kind of datagram: its name behind the type, and its fields. */
function frame(name: string, ...fields: readonly Layout[]): Layout {
  return layout(text('BROWSE PACKET:\nType='), bare(HEX8), text(` (${name})\n`), ...fields);
}

const server: Layout = layout(
  hex16('UpdateCount'),
  hex8('Res1'),
  dec16('AnnounceInterval'),
  line('Name', PLAIN_NAME),
  hex8('MajorVersion'),
  hex8('MinorVersion'),
  hex32('ServerType'),
);
const election: Layout = layout(hex16('ElectionVersion'), hex16('BrowserConstant'));

const FRAMES: { readonly [type: number]: Layout } = {
  0x01: frame('HostAnnouncement', server, election),
  0x02: frame('AnnouncementRequest', hex8('Flags'), string('ReplySystemName')),
  0x08: frame(
    'ElectionFrame',
    hex8('ElectionVersion'),
    hex32('OSSummary'),
    line('Uptime', '(', HEX32, ', ', HEX32, ')'),
    string('ServerName'),
  ),
  0x09: frame('GetBackupList', hex8('ListCount?'), hex32('Token')),
  0x0a: frame('BackupListResponse', hex8('ServerCount?'), hex32('Token'), [REPEAT], string('Name')),
  0x0b: frame('BecomeBackupBrowser', string('Name')),
  0x0c: frame('WorkgroupAnnouncement', server, hex32('CommentPointer'), string('ServerName')),
  0x0d: frame('MasterAnnouncement', string('MasterName')),
  0x0e: frame('ResetBrowser', hex8('Options')),
  0x0f: frame('LocalMasterAnnouncement', server, election),
};
const unknown: Layout = layout(text('Unknown Browser Frame '));
const parameters: Layout = layout(text('BROWSE PACKET\n'), CHECK, text('Param '));

export function announcement(
  s: SmbState,
  paramAt: number,
  paramLength: number,
  dataAt: number,
  dataLength: number,
): void {
  const type = s.p.u8(dataAt);
  printLayout(s, parameters, paramAt, paramAt + paramLength);
  printLayout(s, FRAMES[type] ?? unknown, dataAt, dataAt + dataLength);
}
