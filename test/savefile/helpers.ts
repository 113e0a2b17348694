// What the savefile tests share: files in a folder of their own, packets as plain values, other programs as judges.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import {
  type Interface,
  makeInterface,
  Packet,
  PacketMetadata,
  type Process,
} from '../../src/packet/index.js';
import { type OpenOptions, openSavefile } from '../../src/savefile/index.js';

export { udp } from './build.js';

/** A folder that goes when the file's tests have ended. */
export const folder = mkdtempSync(join(tmpdir(), 'pktap-savefile-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;

/** Writes bytes to a new file and returns its path. */
export function fileOf(bytes: Uint8Array, suffix = ''): string {
  const path = newPath(suffix);
  writeFileSync(path, bytes);
  return path;
}

/** A path nothing is at yet. */
export function newPath(suffix = ''): string {
  return join(folder, `${++count}${suffix}`);
}

/** A packet with everything it carries, as values that can be kept and compared. */
export interface Kept {
  seconds: number;
  nanoseconds: number;
  length: number;
  linkType: number;
  data: string;
  interface: Interface | null;
  metadata: PacketMetadata | null;
  comments: readonly string[] | null;
  dropCount: number;
}

export function keep(packet: Packet): Kept {
  return {
    seconds: packet.seconds,
    nanoseconds: packet.nanoseconds,
    length: packet.length,
    linkType: packet.linkType,
    data: Buffer.from(packet.data).toString('hex'),
    interface: packet.interface,
    metadata: packet.metadata === null ? null : Object.assign(new PacketMetadata(), packet.metadata),
    comments: packet.comments,
    dropCount: packet.dropCount,
  };
}

/** Every packet of a file. An error ends them and comes out beside them. */
export async function readAll(
  path: string,
  options: OpenOptions = {},
): Promise<{ packets: Kept[]; error: Error | null }> {
  const packets: Kept[] = [];
  try {
    const source = await openSavefile(path, options);
    try {
      await source.run((packet) => {
        packets.push(keep(packet));
        return true;
      });
    } finally {
      source.close();
    }
  } catch (error) {
    return { packets, error: error as Error };
  }
  return { packets, error: null };
}

/** A packet to write. */
export function packetOf(
  facts: Partial<Omit<Packet, 'metadata' | 'data'>> & {
    data?: Uint8Array;
    metadata?: Partial<PacketMetadata> | null;
  },
): Packet {
  const { data = new Uint8Array(0), metadata, ...rest } = facts;
  const packet = new Packet();
  packet.buffer = data;
  packet.capturedLength = data.length;
  packet.length = data.length;
  packet.linkType = 1;
  Object.assign(packet, rest);
  packet.metadata =
    metadata === undefined || metadata === null ? null : Object.assign(new PacketMetadata(), metadata);
  return packet;
}

export const ethernet = makeInterface({
  name: 'eth0',
  description: 'the first one',
  linkType: 1,
  snapshotLength: 262_144,
  mac: Uint8Array.of(2, 0, 0, 0, 0, 1),
  speed: 10_000_000_000n,
  os: 'Linux 6.1',
  hardware: 'virtio',
  filter: 'port 80',
});

/** Runs a program and returns what it prints on standard output. */
export function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, TZ: 'UTC' },
  });
}

/** Whether a program is here to be asked. */
export function has(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A process without the fields that are not known. */
export function factsOf(process: Process | null | undefined): object | null {
  if (process === null || process === undefined) return null;
  return Object.fromEntries(Object.entries(process).filter(([, value]) => value !== null));
}

/** A file system of a megabyte, where one may be made. */
export function smallDisk(): string | null {
  const folder = newPath('.disk');
  mkdirSync(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'pktap-test', folder], { stdio: 'ignore' });
    return folder;
  } catch {
    return null;
  }
}
