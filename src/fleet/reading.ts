// Packets out of a host's batches. Nothing in them is believed but bytes: whose they are says the subject that they came by, which the server
// holds the host to.

import { type Interface, makeInterface, type Packet, type Process } from '../packet/index.js';
import { type ByteStream, openSavefileStream, SavefileError } from '../savefile/index.js';

/** The first bytes of a section: what else a savefile can be (compressed, above all) no host sends. */
const SECTION = 0x0a0d0d0a;
/** Interfaces and processes that are remembered of a host. */
const MOST_INTERFACES = 1024;
const MOST_PROCESSES = 8192;
const SMALLEST = 28;

type Savefile = Awaited<ReturnType<typeof openSavefileStream>>;

/** Bytes that are there. */
class Bytes implements ByteStream {
  private at = 0;

  constructor(private bytes: Uint8Array) {}

  read(buffer: Uint8Array, offset: number, length: number): number {
    const some = this.bytes.subarray(this.at, this.at + length);
    buffer.set(some, offset);
    this.at += some.length;
    return some.length;
  }

  cancel(): void {}

  close(): void {
    this.bytes = new Uint8Array(0);
  }
}

function factsOf(process: Process): string {
  return JSON.stringify(process, (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value instanceof Uint8Array ? Array.from(value) : value,
  );
}

/** What is known of one host: the same interface and the same process is one object, in whatever batch it comes. */
export class HostObjects {
  private readonly interfaces = new Map<string, Interface>();
  private readonly processes = new Map<string, Process>();

  constructor(readonly host: string) {}

  interfaceOf(face: Interface): Interface {
    const key = `${face.linkType} ${face.snapshotLength} ${face.index} ${face.mac?.join(':')} ${face.name}`;
    let known = this.interfaces.get(key);
    if (known === undefined) {
      if (this.interfaces.size >= MOST_INTERFACES) this.interfaces.clear();
      const { host } = this;
      const said = face.description ?? '';
      known = makeInterface({
        ...face,
        name: `${face.name}@${host}`,
        description: said === '' ? `host ${host}` : `${said}, host ${host}`,
        host,
      });
      this.interfaces.set(key, known);
    }
    return known;
  }

  processOf(process: Process): Process {
    const key = factsOf(process);
    let known = this.processes.get(key);
    if (known === undefined) {
      if (this.processes.size >= MOST_PROCESSES) this.processes.clear();
      known = process;
      this.processes.set(key, known);
    }
    return known;
  }
}

/** A batch that is being read: `packet` is the one at hand. */
export class BatchReader {
  readonly packet: Packet;
  private face: Interface | null = null;
  private ownFace: Interface | null = null;
  private readonly own = new WeakMap<Process, Process>();

  private constructor(
    private readonly file: Savefile,
    private readonly objects: HostObjects,
    readonly size: number,
    private readonly broken: (reason: string) => void,
  ) {
    this.packet = file.packet;
  }

  /** @returns null for what is no batch, or holds no packet; why is told */
  static async open(
    bytes: Uint8Array,
    objects: HostObjects,
    broken: (reason: string) => void,
  ): Promise<BatchReader | null> {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    if (bytes.length < SMALLEST || view.getUint32(0, true) !== SECTION) {
      broken('it is no section of pcapng');
      return null;
    }
    try {
      const file = await openSavefileStream(new Bytes(bytes), objects.host, {
        windowSize: bytes.length,
        maximumBlock: bytes.length,
      });
      const reader = new BatchReader(file, objects, bytes.length, broken);
      return reader.advance() ? reader : null;
    } catch (error) {
      if (!(error instanceof SavefileError)) throw error;
      broken(error.message);
      return null;
    }
  }

  /** Goes on to the next packet. @returns whether there is one */
  advance(): boolean {
    let more: boolean;
    try {
      // All of it is there: nothing is waited for.
      more = this.file.advance() === true;
    } catch (error) {
      if (!(error instanceof SavefileError)) throw error;
      this.broken(error.message);
      more = false;
    }
    if (!more) this.file.close();
    else this.name();
    return more;
  }

  /** Puts this host's objects in the place of the batch's. */
  private name(): void {
    const { packet } = this;
    if (packet.interface !== null) {
      if (packet.interface !== this.face) {
        this.face = packet.interface;
        this.ownFace = this.objects.interfaceOf(packet.interface);
      }
      packet.interface = this.ownFace;
    }
    const { metadata } = packet;
    if (metadata === null) return;
    if (metadata.process !== null) metadata.process = this.processOf(metadata.process);
    if (metadata.effectiveProcess !== null)
      metadata.effectiveProcess = this.processOf(metadata.effectiveProcess);
  }

  private processOf(process: Process): Process {
    let known = this.own.get(process);
    if (known === undefined) {
      known = this.objects.processOf(process);
      this.own.set(process, known);
    }
    return known;
  }
}
