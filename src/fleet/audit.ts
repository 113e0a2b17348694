// The record of who asked for what: each host says what it was asked and what it did, where operators cannot change it. What the server
// does not take yet waits.

import { type Client, reasonOf } from './client.js';
import { Subject } from './names.js';
import { parseJson } from './request.js';

const MOST_WAITING = 1000;
const PATIENCE = 5000;
const AGAIN = 2000;

export interface AuditRecord {
  /** Milliseconds since 1970, by the host's clock. */
  readonly time: number;
  readonly operator: string;
  readonly capture: string;
  readonly what: 'started' | 'refused' | 'ended';
  readonly words: string;
  /** What was asked for, as far as the policy went; null: nothing that could be understood. */
  readonly request: object | null;
  readonly packets?: number;
  readonly bytes?: number;
}

/** What a host's record says; null: it is none. */
export function auditOf(bytes: Uint8Array): AuditRecord | null {
  const value = parseJson(bytes);
  if (value === null) return null;
  const { time, operator, capture, what, words, request, packets, bytes: sent } = value;
  if (typeof time !== 'number' || typeof operator !== 'string' || typeof capture !== 'string') return null;
  if (what !== 'started' && what !== 'refused' && what !== 'ended') return null;
  return {
    time,
    operator,
    capture,
    what,
    words: typeof words === 'string' ? words : '',
    request: typeof request === 'object' ? request : null,
    ...(typeof packets === 'number' ? { packets } : {}),
    ...(typeof sent === 'number' ? { bytes: sent } : {}),
  };
}

export class AuditLog {
  private readonly waiting: { readonly bytes: string; readonly id: string }[] = [];
  private busy = false;
  private count = 0;
  private told = false;

  constructor(
    private readonly client: Client,
    private readonly host: string,
    private readonly boot: string,
    private readonly say: (line: string) => void,
  ) {}

  add(record: AuditRecord): void {
    if (this.waiting.length >= MOST_WAITING) {
      if (!this.told)
        this.say('the server takes no audit records: those that come now are in this log alone');
      this.told = true;
      return;
    }
    this.waiting.push({ bytes: JSON.stringify(record), id: `${this.boot}-audit-${this.count++}` });
    void this.send();
  }

  /** Sends what waits. */
  async send(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    let failure = '';
    while (this.waiting.length > 0 && this.client.connected) {
      const { bytes, id } = this.waiting[0]!;
      try {
        await this.client.stream.publish(Subject.audit(this.host), bytes, { msgID: id, timeout: PATIENCE });
        this.waiting.shift();
        failure = '';
        this.told = false;
      } catch (error) {
        const reason = reasonOf(error);
        if (reason !== failure) this.say(`audit records wait: ${reason}`);
        failure = reason;
        await new Promise((done) => setTimeout(done, AGAIN).unref());
      }
    }
    this.busy = false;
  }
}
