// A file as the origin of a copy: what it holds beside packets, and how the packet at hand lies in it.

import type { Interface } from '../../packet/index.js';
import { PcapDecoder, type PcapHeader } from '../pcap/reader.js';
import { PcapngDecoder } from '../pcapng/reader.js';
import type { PacketRecord, RawBlock, SectionInterface } from '../pcapng/records.js';
import type { CopyOrigin } from '../write/copy.js';
import type { Decoder, RawRecord } from './decoder.js';
import type { Input } from './input.js';

export class FileOrigin implements CopyOrigin {
  readonly merged = false;
  readonly raw: RawRecord;
  readonly header: PcapHeader | null;
  readonly record: PacketRecord | null;
  readonly #pcapng: PcapngDecoder | null;

  constructor(
    readonly format: 'pcap' | 'pcapng',
    readonly input: Input,
    readonly decoder: Decoder,
  ) {
    this.raw = decoder.raw;
    this.header = decoder instanceof PcapDecoder ? decoder.header : null;
    this.#pcapng = decoder instanceof PcapngDecoder ? decoder : null;
    this.record = this.#pcapng?.packets.record ?? null;
  }

  get onBlock(): ((block: RawBlock) => void) | null {
    return this.#pcapng?.section.onBlock ?? null;
  }

  set onBlock(listener: ((block: RawBlock) => void) | null) {
    if (this.#pcapng !== null) this.#pcapng.section.onBlock = listener;
  }

  get onMove(): (() => void) | null {
    return this.input.onMove;
  }

  set onMove(listener: (() => void) | null) {
    this.input.onMove = listener;
  }

  get pktapHeaderLength(): number {
    return this.decoder.unwrapper?.headerLength ?? 0;
  }

  detailsOf(of: Interface): SectionInterface | null {
    return this.#pcapng?.section.detailsOf(of) ?? null;
  }
}
