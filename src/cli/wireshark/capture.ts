// A capture that Wireshark runs: what there is to say goes to its toolbar's log, where it has one, and a filter comes from there.

import { readFileSync } from 'node:fs';
import { compileMetadataFilter } from '../../filter/metadata/index.js';
import type { Host, Session } from '../../run/index.js';
import { tell } from '../messages.js';
import type { Arguments } from '../parsed.js';
import { lineOf } from '../words.js';
import { Toolbar } from './toolbar.js';

/** Milliseconds between two looks at whether Wireshark is there. */
const LOOK = 500;

/** When a process was started, by which it is told from a later one of its ID; null: it is no more. Source: proc_pid_stat(5). */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? null : fields[19]!;
  } catch {
    return null;
  }
}

export class WiresharkCapture {
  readonly host: Partial<Host>;
  readonly #toolbar: Toolbar | null = null;
  #session: Session | null = null;
  readonly #parent: number | null;
  #timer: NodeJS.Timeout | null = null;

  /** @throws Error for a toolbar that is not the user's */
  constructor({ toolbar, extcapParent }: Arguments) {
    this.#parent = extcapParent;
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
    // Its dumpcap goes on reading when Wireshark is killed, as long as no packet comes.
    const parent = this.#parent;
    const born = parent === null ? null : startOf(parent);
    if (parent !== null)
      this.#timer = setInterval(() => {
        if (born === null || startOf(parent) !== born) session.stop();
      }, LOOK);
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
    if (this.#timer !== null) clearInterval(this.#timer);
    const counts = this.#session?.counts();
    if (counts !== undefined)
      this.#toolbar?.log(`${counts.captured} packets captured, ${counts.droppedByKernel} dropped by kernel`);
    this.#toolbar?.close();
  }
}
