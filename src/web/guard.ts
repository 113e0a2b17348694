// Who is let in. A page of any site can send requests to this machine, and names can be made to lead here (DNS rebinding): so the host
// asked for is one of ours to the letter, no other site's page asks, and what is data needs the token.

import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

const HTTP_PORT = 80;

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

export class Guard {
  private hosts: ReadonlySet<string> = new Set();
  private readonly wanted: Buffer;

  constructor(token: string) {
    this.wanted = digest(`Bearer ${token}`);
  }

  /** Says which port we have. Until then nobody is let in. */
  listensOn(port: number): void {
    const names = ['127.0.0.1', 'localhost', '[::1]'];
    this.hosts = new Set([
      ...names.map((name) => `${name}:${port}`),
      // Clients leave out the usual port.
      ...(port === HTTP_PORT ? names : []),
    ]);
  }

  /** @returns the status that a request is refused with, whatever it asks for; null: it is not */
  refuses({ host, origin, 'sec-fetch-site': site }: IncomingHttpHeaders): 403 | 421 | null {
    if (host === undefined || !this.hosts.has(host)) return 421;
    if (site !== undefined && site !== 'same-origin' && site !== 'none') return 403;
    if (origin !== undefined && origin !== `http://${host}`) return 403;
    return null;
  }

  /** Whether a request has the token. Takes as long for a wrong one as for another. */
  knows({ authorization }: IncomingHttpHeaders): boolean {
    return timingSafeEqual(digest(authorization ?? ''), this.wanted);
  }
}
