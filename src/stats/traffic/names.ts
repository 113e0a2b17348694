// Names of addresses, from what packets say: answers of DNS. Nobody is asked. Who answers is believed for what was asked alone: an
// address counts that the name asked for leads to, by aliases too.

import type { Dns } from '../../decode/facts/index.js';

/** Multicast DNS and LLMNR: anybody on the link answers, and for names of the link alone. */
const LOCAL_PORTS: ReadonlySet<number> = new Set([5353, 5355]);

export class Names {
  private readonly byAddress = new Map<string, string>();

  /** @param most addresses whose names are kept: those named last */
  constructor(private readonly most: number) {}

  of(address: string): string | null {
    return this.byAddress.get(address) ?? null;
  }

  /**
   * Takes a DNS message.
   * @param port that it came from
   * @param named called for each address that has a name now
   */
  learn(dns: Dns, port: number, named: (address: string, name: string) => void): void {
    const { response, code, question, answers } = dns;
    if (!response || code !== 0 || question === null) return;
    if (LOCAL_PORTS.has(port) && question.includes('.') && !/\.local$/i.test(question)) return;
    const leadsTo = new Set([question.toLowerCase()]);
    for (const { name, type, value } of answers) {
      if (value === null || !leadsTo.has(name.toLowerCase())) continue;
      if (type === 'CNAME') leadsTo.add(value.toLowerCase());
      else if (type === 'A' || type === 'AAAA') {
        this.set(value, question);
        named(value, question);
      }
    }
  }

  private set(address: string, name: string): void {
    this.byAddress.delete(address);
    if (this.byAddress.size >= this.most) this.byAddress.delete(this.byAddress.keys().next().value!);
    this.byAddress.set(address, name);
  }
}
