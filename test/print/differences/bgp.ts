// Differences of BGP and of what sets up labelled paths.

import type { Difference } from '../differences.js';

export const differences: readonly Difference[] = [
  {
    reason: '5.0 shows the subtype and the filter of a route refresh',
    find: /(Route Refresh Message \(5\), length: \d+\s+AFI [^\n]*?, SAFI [^\n]*? \(\d+\)), Subtype [^\n]*? \([012]?\d?\d\)(?:\s+ORF refresh \w+ \(\d+\), ORF type [^\n]*? \(\d+\), ORF length \d+)?/g,
    replace: '$1',
    ours: true,
  },
  {
    reason: '5.0 shows subcodes of BGP’s errors that have no words for them',
    find: /(, (?:Hold Timer Expired \(4\)|Unknown Error \(\d+\))), subcode \d+/g,
    replace: '$1',
    ours: true,
  },
  {
    reason: '5.0 knows more reasons why BGP ceases',
    find: /(?<=Cease \(6\), subcode )Unknown(?= \(8\))/g,
    replace: 'Out of Resources',
  },
  {
    reason: '5.0 knows more reasons why BGP ceases',
    find: /(?<=Cease \(6\), subcode )Unknown(?= \(10\))/g,
    replace: 'BFD Down',
  },
  {
    reason: '5.0 has no words for attributes of BGP that nobody may use any more',
    find: /(?<=\n\t +)(?:DPA(?= \(11\), length: \d)|Advertisers(?= \(12\), length: \d)|RCID Path \/ Cluster ID(?= \(13\), length: \d))/g,
    replace: 'Unknown Attribute',
  },
  {
    reason: '5.0 says what is wrong with an MSDP message',
    about: ': msdp',
    find: /(?<=: msdp(?: .*)?)(?: \[(?:length|len|type) \d+ [<>=]=? \d+\] \(invalid\)| \[\|msdp\])$/,
    replace: ' [|msdp]',
    both: true,
  },
  {
    reason: '5.0 wants all of an MSDP message captured',
    find: /(: msdp(?: .*)? (?:\d+ entries|Keepalive(?:\[len=\d+\] )?|Notification|\[type=\d+ len=\d+\])) \[\|msdp\]$/,
    replace: '$1',
    both: true,
  },
  {
    reason: '5.0 has words for LDP’s statuses',
    find: /Status(?:: 0x[0-9a-f]+| Code: [^,\n]+)(?=, Flags: \[(?:Fatal error|Advisory Notification) and )/g,
    replace: 'Status',
    both: true,
  },
  {
    reason: '5.0 shows which message an LDP status is about',
    find: /(\n\t {6}Status, Flags: \[[^\]]*\](?:, causing Message ID: 0x\w{8})?), Message Type: (?:Unknown|Hello|Notification|Initialization|Keepalive|Address(?: Withdraw)?|Label (?:Mapping|Request|Withdraw|Release|Abort Request))(?=\n| \[|$)/g,
    replace: '$1',
    ours: true,
  },
  {
    reason: '5.0 reads the flags of an LDP session where they are',
    find: /(?<=Keepalive: \d+s, Flags: \[)Downstream [\w ]+, Loop Detection \w+(?=\])/g,
    replace: '',
    both: true,
  },
  {
    reason: '5.0 shows all parameters of an LDP session',
    find: /\n\t {6}Path Vector Limit \d+, Max-PDU length: \d+, Receiver Label-Space-ID [\d.]+:\d+/g,
    replace: '',
    ours: true,
  },
  {
    reason: '5.0 wants all of an LDP status and of a session’s parameters',
    find: /(?<=(?:Status|Common Session Parameters) TLV \(0x0[35]00\), length: \d, Flags: \[[^\]]*\] \[tlv length \d < )(?:8|10|14)(?=\] \(invalid\))/g,
    replace: '',
    both: true,
  },
  {
    reason: '5.0 says that a parameter of RSVP’s services does not fit',
    about: 'RSVPv1',
    find: / \[obj_tlen \d+ < \d+\] \(invalid\)/g,
    replace: '',
    ours: true,
  },
];
