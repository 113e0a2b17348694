// A capture of an agent's, in a process of its own: it has the tap and the packets, but no connection, and gives up what it can. It ends
// with the agent, however that ends.
//
// Standard input is one line, what to capture, and ends when the capture is to. Sections of pcapng go to standard output, and lines
// of JSON to descriptor 3.

import { readSync, writeSync } from 'node:fs';
import { builtin } from '../../builtin.js';
import { gate, OPEN_POLICY, type Policy, requestOf } from '../../fleet/index.js';
import type { Output, Packet } from '../../packet/index.js';
import { type Host, openSession, type RunSpec, tapSpec } from '../../run/index.js';
import { SectionsOutput } from '../../savefile/index.js';
import type { FlowRecords } from '../../stats/index.js';
import { accountByName } from '../../system/index.js';
import { application } from '../usage.js';
import { lineOf } from '../words.js';
import type { Asked } from './words.js';

/** Bytes of a batch: one acknowledgement for some hundred packets. */
const SECTION_SIZE = 56 * 1024;
/** Milliseconds between two counts, and between two reports of flows. */
const COUNTS = 1000;
const FLOWS = 10_000;
/** KiB of the kernel's buffer: the agent may wait for a processor longer than a pipe holds. */
const BUFFER = 32 * 1024;
/** The agent hears of us here. */
const REPORTS = 3;
const MOST_LINE = 256 * 1024;

/** The first line of standard input. */
function readLine(): string {
  const parts: Buffer[] = [];
  let length = 0;
  for (;;) {
    const some = Buffer.alloc(16 * 1024);
    const got = readSync(0, some);
    if (got === 0) throw new Error('no capture is asked for');
    const end = some.subarray(0, got).indexOf(10);
    parts.push(some.subarray(0, end < 0 ? got : end));
    length += got;
    if (end >= 0) return Buffer.concat(parts).toString();
    if (length > MOST_LINE) throw new Error('what is asked for has no end');
  }
}

function report(message: object): void {
  writeSync(REPORTS, `${JSON.stringify(message)}\n`);
}

/** Packets to the agent, as far as the policy lets them. */
class Sending implements Output {
  withheld = 0;
  private readonly lets;

  constructor(
    policy: Policy,
    private readonly sections: SectionsOutput,
    private readonly flows: FlowRecords | null,
  ) {
    this.lets = gate(policy);
  }

  packet(packet: Packet): void {
    if (this.lets !== null && !this.lets(packet)) {
      this.withheld++;
      return;
    }
    this.sections.packet(packet);
    this.flows?.packet(packet);
  }

  flush(): void {
    this.sections.flush();
  }

  close(): void {
    this.sections.close();
  }
}

/** Runs one capture. @returns the exit status */
export async function captureForAgent(): Promise<number> {
  const asked = JSON.parse(readLine()) as Asked;
  const request = requestOf(asked.request);
  if (typeof request === 'string') throw new Error(request);
  const policy = { ...OPEN_POLICY, ...asked.policy };
  const { host } = asked;
  const root = process.geteuid!() === 0;
  const spec: RunSpec = tapSpec(request.interfaces, {
    filter: {
      direction: request.direction,
      metadata: request.metadata,
      expression: asked.expression,
      optimize: request.optimize,
    },
    snapshotLength: request.snapshotLength,
    headersOnly: request.headersOnly,
    user: root && accountByName('nobody') !== null ? 'nobody' : null,
    sandbox: { told: false, writes: 'outputs', serves: false },
  });
  const front: Host = {
    notice: (notice) => report({ said: lineOf(notice).replace(/^pktap: /, '') }),
    write: () => {},
  };
  const os = builtin('node:os');
  const sections = new SectionsOutput({
    linkType: 258,
    snapshotLength: request.snapshotLength,
    section: { os: `${os.type()} ${os.release()}`, application: application() },
    sectionSize: SECTION_SIZE,
    commandLines: policy.commandLines,
  });
  const flows = request.flows ? new (await import('../../stats/index.js')).FlowRecords() : null;
  const sending = new Sending(policy, sections, flows);
  const session = await openSession(
    {
      ...spec,
      source: {
        ...spec.source,
        host,
        bufferSize: request.bufferSize ?? BUFFER,
        promiscuous: request.promiscuous,
        processes: request.processes,
      } as RunSpec['source'],
    },
    front,
    [sending],
  );
  const stop = (): void => session.stop();
  process.on('SIGTERM', stop).on('SIGINT', () => {});
  // The agent ends it by closing this, and when it is killed the system does.
  process.stdin.on('end', stop).on('error', stop).on('close', stop).resume();
  setTimeout(stop, request.seconds * 1000).unref();
  const tell = (): void => {
    const { received, droppedByKernel } = session.counts();
    report({ counts: { received, droppedByKernel, withheld: sending.withheld } });
  };
  const tellFlows = (): void => {
    for (const lines of flows?.take() ?? []) report({ flows: lines });
  };
  const timers: NodeJS.Timeout[] = [];
  const { failed } = await session.run(() => {
    report({ opened: true });
    timers.push(setInterval(tell, COUNTS), setInterval(tellFlows, FLOWS));
  });
  for (const timer of timers) clearInterval(timer);
  tellFlows();
  tell();
  return failed ? 1 : 0;
}
