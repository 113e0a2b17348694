// Packets that the kernel dropped, by process, reason and function, as droptap tells them.

import { type PacketMetadata, visible } from '../packet/index.js';
import type { DropLine } from './messages.js';

const ROWS = 1024;

interface Count {
  readonly process: string | null;
  readonly pid: number | null;
  readonly reason: string;
  readonly place: string;
  packets: number;
  bytes: number;
}

export class Drops {
  private readonly rows = new Map<string, Count>();

  count({ process, dropReason, dropReasonName, dropFunction }: PacketMetadata, bytes: number): void {
    const reason = dropReasonName || `${dropReason}`;
    const key = JSON.stringify([process?.pid, process?.name, reason, dropFunction]);
    let row = this.rows.get(key);
    if (row === undefined) {
      const full = this.rows.size >= ROWS;
      const others = full ? this.rows.get('') : undefined;
      row = others ?? {
        process: full || process === null ? null : visible(process.name),
        pid: full ? null : (process?.pid ?? null),
        reason: full ? 'others' : visible(reason),
        place: full ? '' : visible(dropFunction),
        packets: 0,
        bytes: 0,
      };
      this.rows.set(full ? '' : key, row);
    }
    row.packets++;
    row.bytes += bytes;
  }

  lines(most: number): DropLine[] {
    return [...this.rows.values()]
      .sort((a, b) => b.packets - a.packets)
      .slice(0, most)
      .map((row) => ({ ...row }));
  }
}
