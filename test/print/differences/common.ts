// Differences of the link layers, the Internet layer, transports and the older applications.

import type { Difference } from '../differences.js';

export const differences: readonly Difference[] = [
  {
    reason: '5.0 says without -v too that something follows a mobility header',
    find: /\(payload protocol \d+ should be 59\) /g,
    replace: '',
    both: true,
  },
  {
    reason: '5.0 prints a cut or wrong mobility header up to the fault, and its last option',
    find: / (?:(?:mobility: [^(]*|\(header length \d+ is too small for type \d\))? ?\[\|mobility\]|mobility: [^(]*\(.*)$/,
    replace: ' [|mobility]',
    both: true,
  },
  {
    reason: '5.0 says which version an IP header has',
    find: /(IP6? )?(IP\d+ \(invalid\)|version error: \d+ != 6| ?\[version \d+ != [46]\] \(invalid\)|IP6, wrong link-layer encapsulation \(invalid\))/g,
    replace: ' [|ip]',
    both: true,
  },
  {
    reason: '5.0 says an unknown version of raw IP in the words of a wrong one',
    find: /unknown ip \d+/g,
    replace: ' [|ip]',
  },
  {
    reason: '5.0 names the version of raw IP with -e',
    find: /^ip: (?=\(tos)/,
    replace: 'IP ',
  },
  {
    reason: '5.0 names the version of raw IP with -e',
    find: /^ip: (?=\(.*hlim)/,
    replace: 'IP6 ',
  },
  {
    reason: '5.0 names the version of raw IP with -e',
    find: /^ip: /,
    replace: '',
  },
  {
    reason:
      '5.0 says both lengths of an IPv4 packet whose total length is too small; 4.99 reads the whole header first',
    find: /(bad-len \d+| ?\[total length \d+ < header length \d+\] \(invalid\))/g,
    replace: ' [|ip]',
    both: true,
  },
  {
    reason: '5.0 takes the frame’s length for that of an IPv4 packet that says it is longer',
    find: /(?:truncated-ip - \d+ bytes missing! |\[total length \d+ > length \d+\] \(invalid\) )(.*: )(?:\[[^\]]*sum[^\]]*\] )?(?:UDP, (?:bad )?length [\d >]+|( ip-proto-\d+) \d+)$/s,
    replace: '$1$2',
    both: true,
  },
  {
    reason:
      '5.0 says both lengths of an IPv4 packet that is longer than the frame; 4.99 reads the whole header first',
    find: /(truncated-ip - \d+ bytes missing! |\[total length \d+ > length \d+\] \(invalid\) )/g,
    replace: '',
    both: true,
  },
  {
    reason:
      '5.0 says both lengths of an IPv6 packet that is longer than the frame; 4.99 reads the whole header first',
    find: /(truncated-ip6 - \d+ bytes missing!|\[header\+payload length \d+ > length \d+\] \(invalid\) )/g,
    replace: '',
    both: true,
  },
  {
    reason: '5.0 says how long a header is that is too short for IPv4 or IPv6',
    find: /(bad-hlen \d+| ?\[header length \d+ < 20\] \(invalid\)|truncated-ip6? \d+| ?\[length \d+ < [24]0\] \(invalid\))/g,
    replace: ' [|ip]',
    both: true,
  },
  {
    reason: '5.0 calls IPv6 options headers by their short names',
    find: /next-header Options \(0\)/g,
    replace: 'next-header HBH (0)',
  },
  {
    reason: '5.0 knows the name of destination options in a header',
    find: /(next-header|proto) unknown \(60\)/g,
    replace: '$1 DSTOPT (60)',
  },
  {
    reason: '5.0 calls the hop-by-hop options header by its short name',
    find: /\[\|hbhopt\]/g,
    replace: '[|hbh]',
  },
  {
    reason: '5.0 prints a cut routing header up to the cut',
    find: /(RT6 ?.*)? \[\|(rt6|ip6)\]$/,
    replace: ' [|ip6]',
    both: true,
  },
  {
    reason: '5.0 names the IP version before it reads the header',
    find: / *(IP6? *)?( *\[\|ip6?\])+/g,
    replace: ' [|ip]',
    both: true,
  },
  {
    reason: '5.0 puts the odd length of a routing header in square brackets',
    find: / \(invalid length (\d+)\) \(invalid\)/g,
    replace: ' [length $1] (invalid)',
  },
  {
    reason: '5.0 says which length of an IPv6 option is wrong',
    find: / \[((\(\w+\) (remaining )?length|remaining length) \d+ (<|!=) \d+\] \(invalid\)|\|hbh\]|\|dstopt\])$(?<!: OpenFlow[\s\S]*)/,
    replace: ' [|hbh]',
    both: true,
  },
  {
    reason: '5.0 names what it does not know of IPv6 options as such',
    find: /\(opt_type (0x\w+): len=(\d+)\)/g,
    replace: '(unknown opt-type $1 len=$2)',
  },
  {
    reason: '5.0 reads the whole of a fragment header before it shows any; 4.99 field by field',
    find: /((frag \(.*)? \[\|frag6\]|frag \(\d+\|\d+\) ?$)/,
    replace: ' [|frag6]',
    both: true,
  },
  {
    reason: '5.0 says how long a datagram is that is too short for UDP',
    find: /truncated-(udp|udplength) (\d+)/g,
    replace: ' [undersized-$1 $2 < 8] (invalid)',
  },
  {
    reason: '5.0 reads the checksum before it looks at the length',
    find: / \[(undersized-udplength \d+ < 8\] \(invalid\)|\|udp\])/g,
    replace: ' [|udp]',
    both: true,
  },
  {
    reason: '5.0 shows an acknowledgement or urgent pointer that has no flag',
    find: /, \[(ack|urg) \d+ != 0 while (ACK|URG) flag not set\]/g,
    replace: '',
    ours: true,
  },
  {
    reason: '5.0 closes no bracket behind a cut option',
    find: /\[\|(tcp|mptcp)\]>/g,
    replace: '[|$1]',
  },
  {
    reason: '5.0 shows the flags of a multipath key exchange',
    find: /( capable v\d) flags \[\w+\]/g,
    replace: '$1',
    ours: true,
  },
  {
    reason: '5.0 marks a cut payload of a reset as cut, with or without -v; 4.99 in the bracket',
    find: /( \[!?RST\+?.*\])?( \[\|tcp\])?$/s,
    replace: '',
    both: true,
  },
  {
    reason: '5.0 shows the ninth flag of TCP, AE',
    find: /Flags \[([FSRP.UEW]+)e\]/g,
    replace: 'Flags [$1]',
    ours: true,
  },
  {
    reason: '5.0 shows the ninth flag of TCP, AE',
    find: /Flags \[e\]/g,
    replace: 'Flags [none]',
    ours: true,
  },
  {
    reason: '5.0 says "payload length" of an IPv6 header and no colon after its names',
    find: /next-header (\S.*?) \((\d+)\) payload length: (\d+)\)/g,
    replace: 'next-header $1 ($2), payload length $3)',
  },
  {
    reason: '5.0 calls a SLARP message that is too short invalid, not truncated',
    find: /SLARP \(length: (\d|1[0-3])\), +\[\|chdlc_slarp\]/g,
    replace: 'SLARP [length $1 < 14] (invalid)',
  },
  {
    reason: '5.0 prints a cut GRE header up to the cut, 4.99 up to the last group of fields that is whole',
    find: /GRE(v\d.*)? \[\|gre\]$/s,
    replace: ' [|gre]',
    both: true,
  },
  {
    reason: '5.0 prints a cut VXLAN-GPE header up to the cut, 4.99 nothing of it',
    find: /VXLAN-GPE, .* \[\|vxlan_gpe\]$/s,
    replace: 'VXLAN-GPE,  [|vxlan_gpe]',
    both: true,
  },
  {
    reason: '5.0 marks what Geneve carries as cut, known or not',
    find: /(geneve-proto-0x\w+) \[\|geneve\]$/,
    replace: '$1',
    ours: true,
  },
  {
    reason: '5.0 prints cut Geneve options up to the cut, 4.99 none of them',
    find: /Geneve(, Flags .*)? \[\|geneve\]$/s,
    replace: 'Geneve [|geneve]',
    both: true,
  },
  {
    reason:
      '5.0 prints a cut ESP header up to the cut, 4.99 nothing of it, nor of one without a byte behind it',
    find: /ESP(\(spi=\w+(,seq=\w+\), length \d+)?)?( \[\|esp\])?$/,
    replace: ' [|esp]',
    both: true,
  },
  {
    reason: '5.0 has the right name of an IKEv2 notification',
    find: /\(no_protocol_chosen\)/g,
    replace: '(no_proposal_chosen)',
  },
  {
    reason: '5.0 shows no indexes of a Delete payload whose indexes have no size',
    find: /(spilen=0 nspi=\d+) spi=,*/g,
    replace: '$1',
  },
  {
    reason: '5.0 says which length of an OLSR packet is too small',
    find: /(OLSRv.*) \[(packet|message|name entry) length \d+ < \d+\] \(invalid\)$/s,
    replace: '$1 [|olsr]',
    ours: true,
  },
  {
    reason: '5.0 says how many neighbours a DVMRP list lacks',
    find: /\[ncount \d+\]/g,
    replace: '[invalid ncount]',
    ours: true,
  },
  {
    reason: '5.0 says that a message is HSRP before it reads the version',
    find: /(\.\d+:) {2}\[\|hsrp\]$/,
    replace: '$1 HSRP [|hsrp]',
  },
  {
    reason: '5.0 writes LAG in capitals',
    find: /Lag(?=, State)/,
    replace: 'LAG',
  },
  {
    reason: '5.0 ends a packet where it is cut, however deep; 4.99 says so for the layers around it too',
    find: /( \[\|\w+\]) \[\|icmp6?\]$/,
    replace: '$1',
  },
  {
    reason: '5.0 says that a quoted packet’s length is zero, 4.99 that it is cut',
    find: /\n\t \[\|icmp\]$/,
    replace: '\n\t [|ip]',
    both: true,
  },
  {
    reason: '5.0 has the word object in the names of ICMP’s extensions that it knows only',
    find: /unknown Object \(/g,
    replace: 'unknown (',
  },
  {
    reason: '5.0 says which of the fields of an RPL advertisement are its flags',
    find: /(Destination Advertisement Object \[dagid:[^\]]*),([0-9a-f]{2})\]/,
    replace: '$1,flags:$2]',
  },
  {
    reason: '5.0 reads no more of an RPL advertisement than it shows',
    find: /(Destination Advertisement Object(?: Ack)?)(?: \[dagid:<elided>[^\]]*\].*)?(?: \[\|icmp6\])?$/s,
    replace: '$1 [|icmp6]',
    both: true,
  },
  {
    reason: '5.0 shows the whole addresses of a cut list of home agents',
    find: /(ha discovery reply, .*) \[\|icmp6\]$/,
    replace: '$1',
    both: true,
  },
  {
    reason: '5.0 has one name for node information',
    find: /ICMP6, who-are-you request(?: node information query)?/g,
    replace: 'ICMP6, node information query',
  },
  {
    reason: '5.0 has one name for node information',
    find: /ICMP6, who-are-you reply(?: node information reply)?/g,
    replace: 'ICMP6, node information reply',
  },
  {
    reason: '5.0 knows the standard of node information only, not its drafts',
    find: /, 03 draft/g,
    replace: '',
  },
  {
    reason: '5.0 calls the name of a node that, not a DNS name',
    find: /(node information reply \(.*)DNS name/g,
    replace: '$1node name',
  },
  {
    reason: '5.0 names minimal encapsulation before it reads it',
    find: / (?:mobile: )?(?: \[length \d < 8\] \(invalid\)| \[\|mobile\])$/,
    replace: ' [|mobile]',
    both: true,
  },
  {
    reason: '5.0 says which length of an SCTP chunk is wrong',
    find: / (bogus chunk length \d+\]| ?\[chunk length \d+ (<|==) \d+\] \(invalid\))$/,
    replace: ' [bogus chunk]',
    both: true,
  },
  {
    reason: '5.0 says how long a packet is that is too short for SCTP',
    find: /(truncated-sctp - \d+ bytes missing!| ?\[length \d+ < 12\] \(invalid\))$/,
    replace: '[short sctp]',
    both: true,
  },
  {
    reason: '5.0 counts the seconds of NTP anew from 2036, 4.99 always from 1900',
    find: /(\d\.\d{9}) \((?:19[0-6]\d|20[3-9]\d|210\d)-[\d:TZ-]+\)/g,
    replace: '$1',
    both: true,
  },
  {
    reason: '5.0 names a field of NTP before it reads it',
    find: /(?:\n\t *|, )(?:Root Delay: |Root dispersion: |Reference-ID: .{0,12}|[\w -]+ Timestamp: *) \[\|ntp\]$/,
    replace: ' [|ntp]',
    ours: true,
  },
  {
    reason: '5.0 has a comma in front of the length of a RADIUS packet',
    find: /(RADIUS, .*id: 0x\w\w)(?= length)/,
    replace: '$1,',
  },
  {
    reason: '5.0 says which length of a RADIUS packet or attribute is wrong',
    find: /(?<=Value: )(?:ERROR|Error): (length \d+ !?[=<>]+ \d+)/g,
    replace: ' [$1] (invalid)',
  },
  {
    reason: '5.0 says which length of a RADIUS attribute is wrong, and in which way',
    find: /(?<=Value: )ERROR: (length 1) not in range \((\d)\.\.\d+\)/g,
    replace: ' [$1 < $2] (invalid)',
  },
  {
    reason: '5.0 says which length of a RADIUS attribute is wrong, and in which way',
    find: /(?<=Value: )ERROR: (length|netmask) (\d+) not in range \(\d\.\.(\d+)\)/g,
    replace: ' [$1 $2 > $3] (invalid)',
  },
  {
    reason: '5.0 calls a netmask in RADIUS a prefix length',
    find: /\[netmask (\d+ > 128\] \(invalid\))/g,
    replace: '[prefix length $1',
  },
  {
    reason: '5.0 counts the header of a vendor’s attribute in RADIUS to its length',
    find: /(Vendor Attribute: \d+, Length: )\d+(, Value)/g,
    replace: '$1$2',
    both: true,
  },
  {
    reason: '5.0 says how long a RADIUS packet is that is too short, or what is left of its attributes',
    find: /(?:RADIUS \[\|ip\]| \[length 1 < 2\] \(invalid\))$/,
    replace: ' [|radius]',
    both: true,
  },
  {
    reason: '5.0 ends a cut RADIUS packet at the cut, 4.99 says so for its attribute and what follows',
    find: /(?:RADIUS|(?:\n\t {2}\S[^\n]* Attribute \(\d+\), length: \d+(?:(?!\n\t {2}\S)[\s\S])*))? \[\|(?:radius|eap)\][\s\S]*$/,
    replace: ' [|radius]',
    both: true,
  },
  {
    reason: '5.0 marks wrong DHCP options as invalid, with a space where no colon is',
    find: /( length 0)?\[ERROR: ([^\]]*)\](?<=BOOTP[\s\S]*)/g,
    replace: '$1[$2] (invalid)',
  },
  {
    reason: '5.0 marks wrong DHCP options as invalid, with a space where no colon is',
    find: /( length 0) \[(length < \d bytes\] \(invalid\))/g,
    replace: '$1[$2',
    ours: true,
  },
  {
    reason: '5.0 shows all of short identifiers in DHCPv6, and with -vv of long ones',
    find: /((?:interface-ID|Subscriber-ID|Remote-ID \d+|LQ-relay-data \S+) )([0-9a-f]{0,20})[0-9a-f]*(?:\.\.\.)?\)/g,
    replace: '$1$2)',
    both: true,
  },
  {
    reason: '5.0 knows more options of DHCPv6 by name',
    find: /(?<= )opt_59(?=[ )])/g,
    replace: 'Bootfile-URL',
  },
  {
    reason: '5.0 knows more options of DHCPv6 by name',
    find: /(?<= )opt_136(?=[ )])/g,
    replace: 'SZTP-redirect',
  },
  {
    reason: '5.0 names Kerberos',
    find: /((?::|\]) )kerberos(?= (?:v\d|\[\|kerberos\])|$)/,
    replace: '$1',
    ours: true,
  },
  {
    reason: '5.0 names Kerberos in full where it is cut',
    find: /\[\|krb\]/,
    replace: '[|kerberos]',
  },
  {
    reason: '5.0 wants all of a lightweight resolver’s message of another version, 4.99 its header',
    find: /(lwres v[1-9]\d*) (?:\[len: \d+ != \d+\]|\[\|lwres\])$/,
    replace: '$1',
    both: true,
  },
  {
    reason: '5.0 dumps values of CDP with -v only',
    find: /(?<=CDPv\d+, ttl: \d+s(?!, checksum).*)\n\t {2}0x\w+: (?: [0-9a-f]{2,4})+/gs,
    replace: '',
  },
  {
    reason: '5.0 checks without -v too how long values of CDP are',
    find: /(?<=CDPv\d+, ttl: \d+s(?!, checksum).*) \(malformed TLV\)/gs,
    replace: '',
    both: true,
  },
  {
    reason: '5.0 shows types of CDP with four digits',
    find: /(?<=CDPv\d+, ttl.*\n\t.* \(0x)(\w\w)(?=\), (?:value|TLV) length)/gs,
    replace: '00$1',
  },
  {
    reason: '5.0 shows types of CDP with four digits',
    find: /(?<=CDPv\d+, ttl.*\n\t.* \(0x)(\w\w\w)(?=\), (?:value|TLV) length)/gs,
    replace: '0$1',
  },
  {
    reason: '5.0 says of CDP addresses too that they are malformed, and dumps them',
    find: / \(not enough space for num\)/g,
    replace: ' (malformed TLV)',
  },
  {
    reason: '5.0 says of CDP addresses too that they are malformed, and dumps them',
    find: /(\tAddress \(0x\w+\), value length: \d bytes?: {2}\(malformed TLV\))\n\t {2}0x0000:(?: {1,2}\w+)+/g,
    replace: '$1',
    ours: true,
  },
  {
    reason: '5.0 looks without -v at the heads only of the values it does not show, 4.99 at the values too',
    find: /(CDPv\d+, ttl: \d+s(?!, checksum).*?)(?: \(remaining [^)]*\) \(invalid\))?(?: \[\|cdp\]|, length \d+)$/s,
    replace: '$1',
    both: true,
  },
];
