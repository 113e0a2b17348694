// Texts of SMB and NetBIOS under --smb, as tcpdump 4.99.6 configured with --enable-smb prints the same packets.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Packet } from '../../../src/packet/index.js';
import { defaultPrintOptions, type PrintOptions, TextOutput } from '../../../src/print/index.js';
import { writePcap } from '../generator.js';
import { printPacket } from '../run.js';
import { type Sample, samples } from '../smbsamples.js';

/** The text behind addresses and what TCP and UDP show. */
function body(text: string): string {
  return text
    .replace(/^[\s\S]*10\.0\.0\.2\.\d+: (Flags .*?, length \d+)?/, '')
    .replace(/^IPX.*: (?=ipx-)/, '');
}

function text(sample: Sample, options: Partial<PrintOptions>, captured = sample.bytes.length): string {
  return body(
    printPacket(
      sample.bytes.subarray(0, captured),
      { smb: true, ...options },
      sample.linkType,
      sample.bytes.length,
    ),
  );
}

/** By sample: without -v and with -vv. */
const TEXTS: {
  readonly [name in Exclude<keyof typeof samples, 'endless' | 'fileSystemReply'>]: readonly [string, string];
} = {
  keepalive: [
    ` NBT Session Packet: Session Keepalive`,
    `
>>> NBT Session Packet
NBT Session Keepalive
Flags=0x0
Length=0 (0x0)
`,
  ],
  reject: [
    ` NBT Session Packet: Session Reject, Called name not present`,
    `
>>> NBT Session Packet
NBT SessionReject
Flags=0x0
Length=4 (0x4)
Reason=0x82
Data: (3 bytes)
[000] 00 00 00                                          ^@^@^@ 
Called name not present
`,
  ],
  request: [
    ` NBT Session Packet: Session Request`,
    `
>>> NBT Session Packet
NBT Session Request
Flags=0x0
Length=68 (0x44)
Destination=SERVER          NameType=0x20 (Server)
Source=CLIENT          NameType=0x00 (Workstation)
`,
  ],
  negotiation: [
    ` SMB PACKET: SMBnegprot (REQUEST)`,
    ` 
SMB PACKET: SMBnegprot (REQUEST)
SMB Command   =  0x72
Error class   =  0x0
Error code    =  0 (0x0)
Flags1        =  0x8
Flags2        =  0x53
Tree ID       =  1 (0x1)
Proc ID       =  2 (0x2)
UID           =  3 (0x3)
MID           =  4 (0x4)
Word Count    =  0 (0x0)
smb_bcc=12
Dialect=NT LM 0.12
`,
  ],
  negotiated: [
    ` NBT Session Packet: Session Message`,
    `
>>> NBT Session Packet
NBT Session Message
Flags=0x0
Length=77 (0x4d)

SMB PACKET: SMBnegprot (REPLY)
SMB Command   =  0x72
Error class   =  0x0
Error code    =  0 (0x0)
Flags1        =  0x88
Flags2        =  0x0
Tree ID       =  1 (0x1)
Proc ID       =  2 (0x2)
UID           =  3 (0x3)
MID           =  4 (0x4)
Word Count    =  17 (0x11)
NT1 Protocol
DialectIndex=0 (0x0)
SecMode=0x3
MaxMux=50 (0x32)
NumVcs=1 (0x1)
MaxBuffer=16644 (0x4104)
RawSize=65536 (0x10000)
SessionKey=0x7
Capabilities=0x8001F3FD
ServerTime=1970-01-01 00:00:01
TimeZone=0 (0x0)
CryptKey=Data: (1 bytes)
[000] 08                                                ^H 
smb_bcc=8
[000] 63 68 61 6C 6C 65 6E 67                           challeng 
`,
  ],
  setup: [
    ` SMB PACKET: SMBsesssetupX (REPLY)`,
    ` 
SMB PACKET: SMBsesssetupX (REPLY)
SMB Command   =  0x73
Error class   =  0x0
Error code    =  0 (0x0)
Flags1        =  0x88
Flags2        =  0x0
Tree ID       =  1 (0x1)
Proc ID       =  2 (0x2)
UID           =  3 (0x3)
MID           =  4 (0x4)
Word Count    =  3 (0x3)
Com2=0xFF
Off2=0 (0x0)
Action=0x1
smb_bcc=33
[000] 00 55 00 6E 00 69 00 78  00 00 00 53 00 61 00 6D  ^@U^@n^@i^@x ^@^@^@S^@a^@m
[010] 00 62 00 61 00 00 00 48  00 4F 00 4D 00 45 00 00  ^@b^@a^@^@^@H ^@O^@M^@E^@^@
[020] 00                                                ^@ 
`,
  ],
  refused: [
    ` SMB PACKET: SMBntcreateX (REPLY)`,
    ` 
SMB PACKET: SMBntcreateX (REPLY)
SMB Command   =  0xA2
Error class   =  0x22
Error code    =  49152 (0xc000)
Flags1        =  0x88
Flags2        =  0x0
Tree ID       =  1 (0x1)
Proc ID       =  2 (0x2)
UID           =  3 (0x3)
MID           =  4 (0x4)
Word Count    =  0 (0x0)
NTError = STATUS_ACCESS_DENIED
smb_bcc=0
`,
  ],
  locked: [
    ` SMB PACKET: SMBopen (REPLY)`,
    ` 
SMB PACKET: SMBopen (REPLY)
SMB Command   =  0x2
Error class   =  0x1
Error code    =  33 (0x21)
Flags1        =  0x88
Flags2        =  0x0
Tree ID       =  1 (0x1)
Proc ID       =  2 (0x2)
UID           =  3 (0x3)
MID           =  4 (0x4)
Word Count    =  0 (0x0)
SMBError = ERRDOS - ERRlock (A Lock request conflicted with an existing lock or specified an invalid mode, or an Unlock requested attempte
smb_bcc=0
`,
  ],
  open: [
    ` SMB PACKET: SMBopen (REQUEST)`,
    ` 
SMB PACKET: SMBopen (REQUEST)
SMB Command   =  0x2
Error class   =  0x0
Error code    =  0 (0x0)
Flags1        =  0x8
Flags2        =  0x0
Tree ID       =  1 (0x1)
Proc ID       =  2 (0x2)
UID           =  3 (0x3)
MID           =  4 (0x4)
Word Count    =  2 (0x2)
Mode=0x42
Attribute=HIDDEN SYSTEM DIR 
smb_bcc=16
Path=\\AUTO.EXEC.BAT
`,
  ],
  chain: [
    ` SMB PACKET: SMBtconX (REQUEST)`,
    ` 
SMB PACKET: SMBtconX (REQUEST)
SMB Command   =  0x75
Error class   =  0x0
Error code    =  0 (0x0)
Flags1        =  0x8
Flags2        =  0x0
Tree ID       =  1 (0x1)
Proc ID       =  2 (0x2)
UID           =  3 (0x3)
MID           =  4 (0x4)
Word Count    =  4 (0x4)
Com2=0x2E
Off2=47 (0x2f)
Flags=0x0
PassLen=1 (0x1)
Passwd&Path&Device=
smb_bcc=4
smb_buf[]=
[000] 00 41 3A 00                                       ^@A:^@ 

SMB PACKET: SMBreadX (REQUEST) (CHAINED)
Com2=0xFF
Off2=0 (0x0)
Handle=5 (0x5)
Offset=100 (0x64)
MaxCount=10 (0xa)
MinCount=10 (0xa)
TimeOut=0 (0x0)
CountLeft=0 (0x0)
smb_bcc=0
`,
  ],
  announcement: [
    `NBT UDP PACKET(138)`,
    `
>>> NBT UDP PACKET(138) Res=0x110A ID=0x7 IP=10 (0xa).0 (0x0).0 (0x0).1 (0x1) Port=138 (0x8a) Length=200 (0xc8) Res2=0x0
SourceName=SERVER          NameType=0x00 (Workstation)
DestName=WORKGROUP       NameType=0x1E (Browser Server)

SMB PACKET: SMBtrans (REQUEST)
SMB Command   =  0x25
Error class   =  0x0
Error code    =  0 (0x0)
Flags1        =  0x8
Flags2        =  0x0
Tree ID       =  1 (0x1)
Proc ID       =  2 (0x2)
UID           =  3 (0x3)
MID           =  4 (0x4)
Word Count    =  17 (0x11)
TotParamCnt=0 (0x0)
TotDataCnt=32 (0x20)
MaxParmCnt=0 (0x0)
MaxDataCnt=0 (0x0)
MaxSCnt=0 (0x0)
TransFlags=0x0
Res1=0x3E8
Res2=0x0
Res3=0x0
ParamCnt=0 (0x0)
ParamOff=0 (0x0)
DataCnt=32 (0x20)
DataOff=86 (0x56)
SUCnt=3 (0x3)
Data: (6 bytes)
[000] 01 00 01 00 02 00                                 ^A^@^A^@^B^@ 
smb_bcc=49
Name=\\MAILSLOT\\BROWSE
BROWSE PACKET
BROWSE PACKET:
Type=0x1 (HostAnnouncement)
UpdateCount=0x6000
Res1=0xEA
AnnounceInterval=0 (0x0)
Name=SERVER          NameType=0x00 (Workstation)
MajorVersion=0x4
MinorVersion=0x9
ServerType=0x9003
ElectionVersion=0x10F
BrowserConstant=0xAA55
`,
  ],
  fileSystemRequest: [
    ` SMB PACKET: SMBtrans2 (REQUEST)`,
    ` 
SMB PACKET: SMBtrans2 (REQUEST)
SMB Command   =  0x32
Error class   =  0x0
Error code    =  0 (0x0)
Flags1        =  0x8
Flags2        =  0x0
Tree ID       =  1 (0x1)
Proc ID       =  2 (0x2)
UID           =  3 (0x3)
MID           =  4 (0x4)
Word Count    =  15 (0xf)
TRANSACT2_QFSINFO param_length=2 data_length=0
TotParam=2 (0x2)
TotData=0 (0x0)
MaxParam=0 (0x0)
MaxData=560 (0x230)
MaxSetup=0 (0x0)
Flags=0x0
TimeOut=0 (0x0)
Res1=0x0
ParamCnt=2 (0x2)
ParamOff=66 (0x42)
DataCnt=0 (0x0)
DataOff=0 (0x0)
SetupCnt=1 (0x1)
smb_bcc=3
InfoLevel=2 (0x2)
`,
  ],
  query: [
    `NBT UDP PACKET(137): QUERY; REQUEST; BROADCAST`,
    `
>>> NBT UDP PACKET(137): QUERY; REQUEST; BROADCAST
TrnID=0x1234
OpCode=0
NmFlags=0x11
Rcode=0
QueryCount=1
AnswerCount=0
AuthorityCount=0
AddressRecCount=0
QuestionRecords:
Name=SERVER          NameType=0x20 (Server)
QuestionType=0x20
QuestionClass=0x1
`,
  ],
  answer: [
    `NBT UDP PACKET(137): QUERY; POSITIVE; RESPONSE; UNICAST`,
    `
>>> NBT UDP PACKET(137): QUERY; POSITIVE; RESPONSE; UNICAST
TrnID=0x1234
OpCode=0
NmFlags=0x50
Rcode=0
QueryCount=0
AnswerCount=1
AuthorityCount=0
AddressRecCount=0

ResourceRecords:
Name=SERVER          NameType=0x20 (Server)
ResType=0x21
ResClass=0x1
TTL=300 (0x12c)
ResourceLength=37
ResourceData=
NumNames=0x2
Name=SERVER          NameType=0x00 (Workstation)	B <ACTIVE> 
Name=WORKGROUP       NameType=0x1E (Browser Server)	<GROUP> B <ACTIVE> 
`,
  ],
  netbeui: [
    `NBF Packet: Datagram`,
    `
>>> NBF Packet
Type=0x3 Length=44 (0x2c) Signature=0xEFFF Command=0x8
Datagram:
Destination=WORKGROUP       NameType=0x1E (Browser Server)
Source=SERVER          NameType=0x20 (Server)
`,
  ],
  ipx: [
    `(NOV-ETHII) IPX 00000001.03:03:03:03:03:03.0553 > 00000001.02:02:02:02:02:02.0553: ipx-nwlink-dgm 70
>>> IPX transport Data: (4 bytes)
[000] 01 02 03 04                                       ^A^B^C^D 
SMB PACKET: SMBtrans2 (REPLY)`,
    `(NOV-ETHII) IPX 00000001.03:03:03:03:03:03.0553 > 00000001.02:02:02:02:02:02.0553: ipx-nwlink-dgm 70
>>> IPX transport Data: (4 bytes)
[000] 01 02 03 04                                       ^A^B^C^D 

SMB PACKET: SMBtrans2 (REPLY)
SMB Command   =  0x32
Error class   =  0x0
Error code    =  0 (0x0)
Flags1        =  0x88
Flags2        =  0x0
Tree ID       =  1 (0x1)
Proc ID       =  2 (0x2)
UID           =  3 (0x3)
MID           =  4 (0x4)
Word Count    =  10 (0xa)
TRANSACT2_OPEN param_length=0 data_length=10
TotParam=0 (0x0)
TotData=10 (0xa)
Res1=0x0
ParamCnt=0 (0x0)
ParamOff=0 (0x0)
ParamDisp0 (0x0)
DataCnt=10 (0xa)
DataOff=56 (0x38)
DataDisp=0 (0x0)
SetupCnt=0 (0x0)
smb_bcc=11
Handle=Data=
Data: (10 bytes)
[000] 00 00 00 00 05 44 52 49  56 45                    ^@^@^@^@^EDRI VE
`,
  ],
};

for (const [name, [short, long]] of Object.entries(TEXTS)) {
  test(`SMB: ${name}`, () => {
    const sample = samples[name as keyof typeof samples];
    assert.equal(text(sample, {}), short);
    assert.equal(text(sample, { verbose: 2 }), long);
  });
}

test('without the option nothing of SMB is decoded', () => {
  for (const name of ['open', 'query', 'announcement', 'keepalive'] as const) {
    assert.match(text(samples[name], { smb: false, verbose: 2 }), /^(|(\[no cksum\] )?UDP, length \d+)$/);
  }
  assert.match(text(samples.netbeui, { smb: false }), /NetBeui/);
  assert.match(text(samples.ipx, { smb: false }), /ipx-nwlink-dgm \d+$/);
});

test('an answer is printed by what was asked', () => {
  let printed = '';
  const options = { ...defaultPrintOptions(), numeric: true, timestamp: 1, verbose: 2, smb: true };
  const output = new TextOutput(options, (block) => {
    printed += Buffer.from(block).toString('latin1');
  });
  for (const { bytes, linkType } of [samples.fileSystemRequest, samples.fileSystemReply]) {
    const record = new Packet();
    record.buffer = bytes;
    record.capturedLength = bytes.length;
    record.length = bytes.length;
    record.linkType = linkType;
    output.packet(record);
  }
  output.close();
  assert.match(printed, /TRANSACT2_QFSINFO param_length=2 data_length=0\n/);
  assert.match(printed, /TRANSACT2_QFSINFO param_length=0 data_length=10\n/);
  assert.match(printed, /smb_bcc=11\nCreationTime=NULL\nVolNameLength=5\nVolumeLabel=DRIVE\ndata:\n/);
});

test('a message that is cut says so, and how much more is needed', () => {
  const { open } = samples;
  assert.match(
    text(open, { verbose: 2 }, 60),
    /^ WARNING: Short packet\. Try increasing the snap length by 3\d\n\nSMB PACKET: SMBopen \(REQUEST\)\n/,
  );
  for (let captured = 1; captured < open.bytes.length; captured++)
    assert.match(text(open, { verbose: 2 }, captured), /\[\||continuation|smb_bcc/);
});

test('names are made safe for a terminal', () => {
  const bytes = samples.netbeui.bytes.slice();
  bytes.set([0x1b, 0x5b, 0x9b], bytes.length - 32);
  assert.match(
    text({ bytes, linkType: 1 }, { verbose: 2 }),
    /Destination=\^\[\[M-\^\[KGROUP {7}NameType=0x1E/,
  );
});

test('a chain of commands is not followed for ever', () => {
  const printed = text(samples.endless, { verbose: 2 });
  assert.equal(printed.match(/CHAINED/g)?.length, 32);
  assert.match(printed, /\n\(too many commands\)\n$/);
});

test('the command decodes it too: its printers are in the bundle', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pktap-smb-'));
  try {
    const file = join(folder, 'smb.pcap');
    const { bytes } = samples.open;
    writePcap(file, 101, [{ bytes, captured: bytes.length, length: bytes.length }]);
    const run = (...args: string[]): string =>
      execFileSync('bin/pktap', ['-ntr', file, ...args], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    assert.equal(body(run('--smb')), `${TEXTS.open[0]}\n`);
    assert.equal(body(run()), '\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
