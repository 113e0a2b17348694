// A stream of small pcapng sections, each of which can be read without the others: with its interfaces, its processes and its length.

import type { Output, Packet } from '../../packet/index.js';
import { type FactsOptions, ProcessFacts } from '../facts.js';
import { OutputFile } from '../node/outputfile.js';
import type { SectionInfo } from '../pcapng/writeoptions.js';
import { PcapngEncoder } from '../pcapng/writer.js';

/** Where a section header says how long the section behind it is. Source: draft-ietf-opsawg-pcapng, 4.1. */
const LENGTH_AT = 16;
const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

export interface SectionsOptions extends FactsOptions {
  readonly linkType: number;
  readonly snapshotLength: number;
  readonly section: SectionInfo;
  /** Bytes after which a section ends with the packet at hand. */
  readonly sectionSize: number;
}

/** Writes sections to standard output, each by one system call. */
export class SectionsOutput implements Output {
  sections = 0;
  private readonly file: OutputFile;
  private readonly encoder: PcapngEncoder;
  private readonly facts: ProcessFacts | null;
  private begun = false;

  constructor(private readonly options: SectionsOptions) {
    this.file = OutputFile.openSync('-');
    this.facts = ProcessFacts.of(options);
    this.encoder = new PcapngEncoder({
      linkType: options.linkType,
      snapshotLength: options.snapshotLength,
      precision: 'nano',
      littleEndian: LITTLE_ENDIAN,
      fcsLength: null,
      copy: false,
      section: options.section,
      interfaces: [],
      statistics: null,
      only: null,
      restricted: this.facts !== null,
      comments: 'none',
      entries: false,
      memory: null,
    });
  }

  packet(packet: Packet): void {
    const { file, facts } = this;
    const { metadata } = packet;
    if (!this.begun) {
      this.encoder.begin(file);
      this.begun = true;
    }
    if (facts !== null && metadata !== null) facts.packet(packet, metadata, this.encoder);
    else this.encoder.packet(packet);
    if (file.at >= this.options.sectionSize) this.flush();
  }

  /** @throws SavefileSystemError when nobody reads any more */
  flush(): void {
    if (!this.begun) return;
    const { file } = this;
    const header = file.view.getUint32(4, LITTLE_ENDIAN);
    file.view.setUint32(LENGTH_AT, file.at - header, LITTLE_ENDIAN);
    file.view.setUint32(LENGTH_AT + 4, 0, LITTLE_ENDIAN);
    this.begun = false;
    this.sections++;
    file.flush();
  }

  close(): void {
    try {
      this.flush();
    } finally {
      this.file.close();
    }
  }
}
