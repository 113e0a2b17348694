// A process's block (dialect 1), with the facts that we put into it, and Wireshark's entry (dialect 3), as they are read.

import { makeProcess, type Process } from '../../packet/index.js';
import * as Format from './format.js';
import { BODY, FACTS_MAGIC, ProcessOption } from './format.js';
import { withLeftovers } from './leftovers.js';
import { Options } from './options.js';
import { type Facts, takeFacts } from './processfacts.js';

/** A process's block. */
export interface ReadBlock {
  readonly process: Process;
  /** All that is known of the process is in it. */
  readonly whole: boolean;
}

export class ProcessReader {
  readonly #options = new Options();

  /** The block at a place in a buffer; it is long enough for its fixed part. */
  block(buffer: Uint8Array, view: DataView, start: number, length: number, little: boolean): ReadBlock {
    const facts: Facts = { pid: view.getUint32(start + BODY, little) | 0 };
    const other: Uint8Array[] = [];
    const further: Uint8Array[] = [];
    const options = this.#options.begin(buffer, view, start + BODY + 4, start + length - 4, little);
    while (options.next()) {
      switch (options.code) {
        case Format.Option.COMMENT:
          facts.comment = options.text();
          other.push(options.whole());
          break;
        case ProcessOption.NAME:
          facts.name = options.text();
          break;
        case ProcessOption.PATH:
          facts.path = options.text();
          break;
        case ProcessOption.UUID:
          if (options.length === 16) facts.uuid = options.bytes();
          break;
        case ProcessOption.FACTS: {
          const list = ourFacts(options.bytes());
          if (list === null) other.push(options.whole());
          else further.push(list);
          break;
        }
        default:
          other.push(options.whole());
      }
    }
    const entry = further.length === 0 ? null : this.#further(further, facts);
    const process = makeProcess(facts);
    const more = other.length > 0 || (entry !== null && entry.length > 0);
    const leftovers = {
      block: other.length === 0 ? null : Buffer.concat(other),
      entry,
      littleEndian: little,
    };
    return { process: more ? withLeftovers(process, leftovers) : process, whole: further.length > 0 };
  }

  /** What we put into the block. What the block itself says is not said there. @returns what nobody here knows */
  #further(pieces: readonly Uint8Array[], facts: Facts): Uint8Array {
    const list = Buffer.concat(pieces);
    const view = new DataView(list.buffer, list.byteOffset, list.length);
    const { comment, name, path, uuid } = facts;
    const said = { comment, name, path, uuid };
    const rest = takeFacts(this.#options.begin(list, view, 0, list.length, true), facts);
    for (const [fact, value] of Object.entries(said))
      if (value !== undefined) Object.assign(facts, { [fact]: value });
    return rest;
  }

  /**
   * A custom block that may be an entry.
   * @returns null: it is somebody else's, or says another thing
   */
  entry(buffer: Uint8Array, view: DataView, start: number, length: number, little: boolean): Process | null {
    const body = start + BODY;
    const end = start + length - 4;
    if (end - body < 16 || view.getUint32(body, little) !== Format.WIRESHARK_ENTERPRISE) return null;
    if (view.getUint32(body + 4, true) !== Format.WIRESHARK_PROCESS_ENTRY) return null;
    const entryLength = view.getUint32(body + 8, true);
    if (entryLength < 4 || entryLength > end - body - 12) return null;
    const entry = body + 12;
    const facts: Facts = { pid: view.getInt32(entry, true) };
    const rest = takeFacts(this.#options.begin(buffer, view, entry + 4, entry + entryLength, true), facts);
    const process = makeProcess(facts);
    return rest.length === 0
      ? process
      : withLeftovers(process, { block: null, entry: rest, littleEndian: little });
  }
}

/** The list that an option holds; null: it is another's option of the same number. */
function ourFacts(value: Uint8Array): Uint8Array | null {
  const { length } = FACTS_MAGIC;
  return Buffer.compare(value.subarray(0, length), FACTS_MAGIC) === 0 ? value.subarray(length) : null;
}
