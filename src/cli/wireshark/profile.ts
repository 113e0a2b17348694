// A configuration profile of Wireshark's: columns with the process, colours, and buttons for filters.

import { MARK } from './script.js';

/** Files of the profile `pktap`, by their names. A line that begins with # is a comment in each. */
export const PROFILE: Readonly<Record<string, string>> = {
  preferences: `# pktap: ${MARK}
gui.column.format: 
	"No.", "%m",
	"Time", "%t",
	"Process", "%Cus:pktap.cmdname:0:R",
	"PID", "%Cus:pktap.pid:0:R",
	"Interface", "%Cus:pktap.ifname:0:R",
	"Source", "%s",
	"Destination", "%d",
	"Protocol", "%p",
	"Length", "%L",
	"Info", "%i",
	"Comment", "%Cus:frame.comment:0:R"
`,
  colorfilters: `# pktap: ${MARK}
@No process@pktap && pktap.cmdname == ""@[61166,61166,61166][24672,24672,24672]
@TCP reset@tcp.flags.reset == 1@[42148,0,0][65535,64764,40092]
@DNS@dns@[56026,61166,65535][4626,10023,11822]
@TLS@tls@[58596,65535,51143][4626,10023,11822]
@HTTP@http || http2@[58596,65535,51143][4626,10023,11822]
`,
  dfilter_buttons: `# pktap: ${MARK}
"TRUE","Named","pktap.cmdname != \\"\\"","Packets whose process is known"
"TRUE","Nobody's","pktap.cmdname == \\"\\"","Packets that no process is known for"
"TRUE","New flows","pktap.flags & 0x4000","First packets of flows"
"TRUE","In","pktap.flags & 0x1","What comes in"
"TRUE","Out","pktap.flags & 0x2","What goes out"
`,
};
