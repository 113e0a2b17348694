// Home Networking Control Protocol. Source: RFC 7787 (DNCP), RFC 7788 with its erratum 5113.

import { counted } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';
import { hncpValue, Outcome } from './value.js';

const TLV_HEADER = 4;
/** Records in records, more than any message has. */
const MOST_NESTED = 32;
/** With so many -v every record has a line. */
const ALL_LINES = 3;
const TYPES: Words = {
  ...counted(1, 'Request network state|Request node state|Node endpoint|Network state|Node state'),
  ...counted(8, 'Peer|Keep-alive interval|Trust-Verdict'),
  ...counted(
    32,
    'HNCP-Version|External-Connection|Delegated-Prefix|Assigned-Prefix|Node-Address|DHCPv4-Data|DHCPv6-Data|' +
      'DNS-Delegated-Zone|Domain-Name|Node-Name|Managed-PSK|Prefix-Policy',
  ),
};

/** An HNCP message. */
export function printHncp(p: Printer, offset: number, length: number): void {
  p.protocol = 'hncp';
  p.text(`hncp (${length})`);
  records(p, offset, length, 1);
}

/** What types without a name are. */
function range(type: number): string {
  if (type === 0) return 'Reserved';
  if (type >= 44 && type <= 511) return 'Unassigned';
  return type >= 768 && type <= 1023 ? 'Private use' : 'Future use';
}

/** Names of records in one line, each with how many there are in a row. */
class Names {
  private name = '';
  private count = 0;
  private first = true;

  constructor(
    private readonly p: Printer,
    private readonly indent: number,
  ) {}

  add(name: string): void {
    if (name !== this.name) this.flush();
    this.name = name;
    this.count++;
  }

  flush(): void {
    if (this.count === 0) return;
    if (!this.first) this.p.text(', ');
    else this.p.text(this.indent > 1 ? `\n${'\t'.repeat(this.indent)}` : ' ');
    this.first = false;
    this.p.text(`${this.name}${this.count > 1 ? ` (x${this.count})` : ''}`);
    this.count = 0;
  }
}

/** Records, each on a line as deep as -v goes, the deeper ones by their names in one. */
function records(p: Printer, offset: number, length: number, indent: number): void {
  if (indent > MOST_NESTED) return;
  const { verbose } = p.options;
  const inLine = indent > verbose && verbose < ALL_LINES;
  const names = new Names(p, indent);
  for (let i = 0; i < length; ) {
    const at = offset + i;
    if (!inLine) p.text(`\n${'\t'.repeat(indent)}`);
    const cut = !p.has(at, TLV_HEADER);
    const size = cut || i + TLV_HEADER > length ? 0 : p.u16(at + 2);
    if (cut || (i + TLV_HEADER <= length && !p.has(at + TLV_HEADER, size))) {
      p.truncated();
      return;
    }
    if (i + TLV_HEADER + size > length) {
      p.invalid();
      return;
    }
    const type = p.u16(at);
    const name = TYPES[type];
    if (inLine) names.add(name ?? range(type));
    else {
      p.text(`${name ?? `${range(type)}: type=${type}`} (${size + TLV_HEADER})`);
      const outcome = hncpValue(p, type, at + TLV_HEADER, size, indent, (from, left) =>
        records(p, from, left, indent + 1),
      );
      if (outcome !== Outcome.RIGHT) p.invalid();
      if (outcome === Outcome.END) return;
    }
    i += TLV_HEADER + ((size + 3) & ~3);
  }
  names.flush();
}
