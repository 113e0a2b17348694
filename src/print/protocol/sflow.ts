// sFlow version 5 datagrams: samples of flows and of counters. Source: sflow.org "sFlow Datagram Version 5".

import { printUnknownData } from '../hexdump.js';
import { below, ipv4Text, ipv6Text, wordOf } from '../inline.js';
import type { Printer, Words } from '../printer.js';

const HEADER_LENGTH_IPV4 = 28;
const HEADER_LENGTH_IPV6 = 40;
const ENTRY_HEADER_LENGTH = 8;

const SAMPLES: Words = {
  1: 'flow sample',
  2: 'counter sample',
  3: 'expanded flow sample',
  4: 'expanded counter sample',
};
const FLOWS: Words = {
  1: 'Raw packet',
  2: 'Ethernet frame',
  3: 'IPv4 Data',
  4: 'IPv6 Data',
  1001: 'Extended Switch data',
  1002: 'Extended Router data',
  1003: 'Extended Gateway data',
  1004: 'Extended User data',
  1005: 'Extended URL data',
  1006: 'Extended MPLS data',
  1007: 'Extended NAT data',
  1008: 'Extended MPLS tunnel',
  1009: 'Extended MPLS VC',
  1010: 'Extended MPLS FEC',
  1011: 'Extended MPLS LVP FEC',
  1012: 'Extended VLAN Tunnel',
};
const COUNTERS: Words = {
  1: 'Generic counter',
  2: 'Ethernet counter',
  3: 'Token ring counter',
  4: '100 BaseVG counter',
  5: 'Vlan counter',
  1001: 'Processor counter',
};
const RAW_PROTOCOLS: Words = { 1: 'Ethernet', 11: 'IPv4', 12: 'IPv6' };
const DIRECTIONS: Words = { 0: 'unknown', 1: 'full-duplex', 2: 'half-duplex', 3: 'in', 4: 'out' };

/** Prints a record of a known form; its minimum length has been checked. */
interface RecordForm {
  readonly minimum: number;
  readonly print: (p: Printer, offset: number) => void;
}

/**
 * A record that is a row of numbers: each line is a template in which `#` stands for the next 32-bit number and `##` for
 * the next 64-bit one. A line is read whole before it is written.
 */
function numbers(...lines: readonly string[]): RecordForm {
  const minimum = [...lines.join('').matchAll(/##?/g)].reduce((sum, [field]) => sum + field.length * 4, 0);
  return {
    minimum,
    print: (p, offset) => {
      for (const line of lines) {
        const text = line.replace(/##?/g, (field) => {
          const at = offset;
          offset += field.length * 4;
          return String(field === '#' ? p.u32(at) : p.u64(at));
        });
        p.text(`\n\t      ${text}`);
      }
    },
  };
}

const COUNTER_FORMS: { readonly [type: number]: RecordForm } = {
  1: { minimum: 88, print: printGenericCounter },
  2: numbers(
    'align errors #, fcs errors #, single collision #, multiple collision #, test error #',
    'deferred #, late collision #, excessive collision #, mac trans error #',
    'carrier error #, frames too long #, mac receive errors #, symbol errors #',
  ),
  3: { minimum: 0, print: () => {} },
  4: numbers(
    'in high prio frames #, in high prio octets ##',
    'in norm prio frames #, in norm prio octets ##',
    'in ipm errors #, oversized #, in data errors #, null addressed frames #',
    'out high prio frames #, out high prio octets ##, trans into frames #',
    'in hc high prio octets ##, in hc norm prio octets ##, out hc high prio octets ##',
  ),
  5: numbers('vlan_id #, octets ##, unicast_pkt #, multicast_pkt #, broadcast_pkt #, discards #'),
  1001: numbers('5sec #, 1min #, 5min #, total_mem ##, total_mem ##'),
};

function printGenericCounter(p: Printer, offset: number): void {
  const direction = p.u32(offset + 16);
  const status = p.u32(offset + 20);
  p.text(
    `\n\t      ifindex ${p.u32(offset)}, iftype ${p.u32(offset + 4)}, ifspeed ${p.u64(offset + 8)}` +
      `, ifdirection ${direction} (${wordOf(DIRECTIONS, direction, 'Unknown')})`,
  );
  p.text(`\n\t      ifstatus ${status}, adminstatus: ${(status & 1) !== 0 ? 'up' : 'down'}`);
  p.text(`, operstatus: ${(status & 2) !== 0 ? 'up' : 'down'}`);
  const packets = 'unicast pkts #, multicast pkts #, broadcast pkts #, discards #';
  numbers(
    `In octets ##, ${packets}`,
    'In errors #, unknown protos #',
    `Out octets ##, ${packets}`,
    'Out errors #, promisc mode #',
  ).print(p, offset + 24);
}

const FLOW_FORMS: { readonly [type: number]: RecordForm } = {
  1: {
    minimum: 16,
    print: (p, offset) => {
      const protocol = p.u32(offset);
      const name = wordOf(RAW_PROTOCOLS, protocol, 'Unknown');
      p.text(`\n\t      protocol ${name} (${protocol}), length ${p.u32(offset + 4)}`);
      p.text(`, stripped bytes ${p.u32(offset + 8)}, header_size ${p.u32(offset + 12)}`);
    },
  },
  2: {
    minimum: 24,
    print: (p, offset) => p.text(`\n\t      frame len ${p.u32(offset)}, type ${p.u32(offset + 20)}`),
  },
  1001: numbers('src vlan #, src pri #, dst vlan #, dst pri #'),
};

/** An sFlow datagram. */
export function printSflow(p: Printer, offset: number, length: number): void {
  p.protocol = 'sflow';
  const version = p.u32(offset);
  const ipVersion = p.u32(offset + 4);
  const four = ipVersion === 1;
  const minimum = four ? HEADER_LENGTH_IPV4 : ipVersion === 2 ? HEADER_LENGTH_IPV6 : 0;
  if (length < minimum) {
    p.text(`sFlowv${version} [length ${length} < ${HEADER_LENGTH_IPV4}]`);
    p.invalid();
    return;
  }
  p.need(offset, HEADER_LENGTH_IPV4);
  if (version !== 5) {
    p.text(`sFlow version ${version} packet not supported`);
    return;
  }
  const rest = offset + (four ? 12 : 24);
  const samples = p.options.verbose > 0 ? p.u32(rest + 12) : 0;
  const agent = four ? ipv4Text(p, offset + 8) : ipv6Text(p, offset + 8);
  let text = `sFlowv${version}, ${four ? 'IPv4' : 'IPv6'} agent ${agent}, agent-id ${p.u32(rest)}`;
  if (p.options.verbose > 0) {
    text += `, seqnum ${p.u32(rest + 4)}, uptime ${p.u32(rest + 8)}, samples ${samples}`;
  }
  p.text(`${text}, length ${length}`);
  if (p.options.verbose === 0) return;
  const end = offset + length;
  const header = four ? HEADER_LENGTH_IPV4 : HEADER_LENGTH_IPV6;
  if (below(p, 'tlen', length, header)) {
    p.invalid();
    p.need(offset, length);
    return;
  }
  offset += header;
  for (let i = 0; i < samples && offset < end; i++) {
    const next = printSample(p, offset, end);
    if (next === null) return;
    offset = next;
  }
}

/** @returns where the next sample is, or null when there is none to be read */
function printSample(p: Printer, offset: number, end: number): number | null {
  const type = p.u32(offset) & 0xfff;
  const length = p.u32(offset + 4);
  if (end - offset < ENTRY_HEADER_LENGTH) return invalid(p, offset, end);
  offset += ENTRY_HEADER_LENGTH;
  p.text(`\n\t${wordOf(SAMPLES, type, 'Unknown')} (${type}), length ${length},`);
  if (type === 0 || length === 0) return null;
  if (end - offset < length) return invalid(p, offset, end);
  p.need(offset, length);
  let valid = true;
  if (type === 1 || type === 3) valid = printFlowSample(p, offset, end, type === 3);
  else if (type === 2 || type === 4) valid = printCounterSample(p, offset, end, type === 4);
  else if (p.options.verbose <= 1) printUnknownData(p, '\n\t    ', offset, length);
  return valid ? offset + length : invalid(p, offset, end);
}

function invalid(p: Printer, offset: number, end: number): null {
  p.invalid();
  p.need(offset, end - offset);
  return null;
}

/** The type and index of a sample's source: one word, or in an expanded sample two. */
function source(p: Printer, offset: number, expanded: boolean): string {
  const type = expanded ? p.u32(offset) : p.u8(offset);
  return `type ${type}, idx ${expanded ? p.u32(offset + 4) : p.u24(offset + 1)}`;
}

function printFlowSample(p: Printer, offset: number, end: number, expanded: boolean): boolean {
  const size = expanded ? 44 : 32;
  if (end - offset < size) return false;
  const records = p.u32(offset + size - 4);
  const rate = offset + (expanded ? 12 : 8);
  p.text(` seqnum ${p.u32(offset)}, ${source(p, offset + 4, expanded)}`);
  p.text(`, rate ${p.u32(rate)}, pool ${p.u32(rate + 4)}, drops ${p.u32(rate + 8)},`);
  if (!expanded) p.text(` input ${p.u32(offset + 20)} output ${p.u32(offset + 24)}`);
  p.text(` records ${records}`);
  return printRecords(p, offset + size, end, records, FLOWS, FLOW_FORMS, 12, ' ');
}

function printCounterSample(p: Printer, offset: number, end: number, expanded: boolean): boolean {
  const size = expanded ? 16 : 12;
  if (end - offset < size) return false;
  const records = p.u32(offset + size - 4);
  p.text(` seqnum ${p.u32(offset)}, ${source(p, offset + 4, expanded)}, records ${records}`);
  return printRecords(p, offset + size, end, records, COUNTERS, COUNTER_FORMS, 20, ', ');
}

/** @param shift bits of a format that are not its enterprise: twelve, and in counters what tcpdump takes for it */
function printRecords(
  p: Printer,
  offset: number,
  end: number,
  records: number,
  names: Words,
  forms: { readonly [type: number]: RecordForm },
  shift: number,
  separator: string,
): boolean {
  for (let i = 0; i < records; i++) {
    if (end - offset < ENTRY_HEADER_LENGTH) return false;
    const format = p.u32(offset);
    const type = format & 0xfff;
    const enterprise = format >>> shift;
    const length = p.u32(offset + 4);
    const name = enterprise === 0 ? wordOf(names, type, 'Unknown') : 'Unknown';
    p.text(`\n\t    enterprise ${enterprise}${separator}${name} (${type}) length ${length}`);
    offset += ENTRY_HEADER_LENGTH;
    if (end - offset < length) return false;
    if (enterprise === 0) {
      const form = forms[type];
      if (form !== undefined) {
        if (end - offset < form.minimum) return false;
        form.print(p, offset);
      } else if (names[type] === undefined && p.options.verbose <= 1) {
        printUnknownData(p, '\n\t\t', offset, length);
      }
    }
    offset += length;
  }
  return true;
}
