// A capture that Wireshark runs: what there is to say goes to its toolbar's log, where it has one, and a filter comes from there.

import { compileMetadataFilter } from '../../filter/metadata/index.js';
import type { Host, Session } from '../../run/index.js';
import { tell } from '../messages.js';
import type { Arguments } from '../parsed.js';
import { lineOf } from '../words.js';
import { Toolbar } from './toolbar.js';

export class WiresharkCapture {
  readonly host: Partial<Host>;
  readonly #toolbar: Toolbar | null = null;
  #session: Session | null = null;

  /** @throws Error for a toolbar that is not the user's */
  constructor({ toolbar }: Arguments) {
    if (toolbar !== null)
      this.#toolbar = new Toolbar(toolbar.input!, toolbar.output!, (text) => this.#show(text));
    this.host = {
      narrows: toolbar !== null,
      notice: (notice) => {
        const line = lineOf(notice);
        this.#toolbar?.log(line);
        // Wireshark shows standard error in a dialogue when the capture has ended.
        tell(line);
      },
    };
  }

  begin(session: Session): void {
    this.#session = session;
    const { tap } = session.source;
    this.#toolbar?.log(`listening on ${tap!.name}, snapshot length ${tap!.snapshotLength} bytes`);
  }

  /** The toolbar's filter: a wrong one changes nothing. */
  #show(text: string): void {
    if (text.trim() === '') {
      this.#session?.narrow(null);
      this.#say('showing all packets');
      return;
    }
    try {
      const { matches } = compileMetadataFilter(text);
      this.#session?.narrow(matches);
      this.#say(`showing ${text}`);
    } catch (error) {
      this.#toolbar!.log(`${text}: ${(error as Error).message}`);
      this.#toolbar!.warn(`${(error as Error).message}: the filter stays as it was`);
    }
  }

  #say(text: string): void {
    this.#toolbar!.log(text);
    this.#toolbar!.status(`pktap: ${text}`);
  }

  end(): void {
    const counts = this.#session?.counts();
    if (counts !== undefined)
      this.#toolbar?.log(`${counts.captured} packets captured, ${counts.droppedByKernel} dropped by kernel`);
    this.#toolbar?.close();
  }
}
