// A host of a fleet: it waits for captures, runs what its policy allows, and says how it is.

import { randomBytes } from 'node:crypto';
import { milliseconds } from '../builtin.js';
import { AuditLog } from './audit.js';
import { type Client, type ConnectOptions, connect, reasonOf } from './client.js';
import { type CaptureOwner, type Capturer, HostCapture } from './hostcapture.js';
import { controlOfSubject, isCaptureId, matchesAny, Subject } from './names.js';
import { ownTraffic } from './owntraffic.js';
import { allowed, type Policy } from './policy.js';
import { type CaptureRequest, controlOf } from './request.js';
import { type CaptureStatus, type HostStatus, statusBytes } from './status.js';

/** Milliseconds between two words of how it is. */
const HEARTBEAT = 10_000;
/** Within which it answers: all hosts at once would be a flood. */
const ANSWER = 300;
/** Milliseconds that a capture which is over is told of still, after the operator was heard last. */
const REMEMBERED = 60_000;
/** Captures that are remembered, and refusals. */
const MOST_KNOWN = 64;
/** Milliseconds for captures to end with the agent. */
const LEAVING = 3000;

/** What does not change while the agent runs. */
export interface HostFacts {
  readonly version: string;
  readonly kernel: string;
  readonly rights: string;
  interfaces(): readonly string[];
}

export interface AgentOptions {
  /** The host's name. */
  readonly name: string;
  readonly connection: Omit<ConnectOptions, 'name' | 'waits'>;
  readonly policy: Policy;
  readonly facts: HostFacts;
  readonly capturer: Capturer;
  /** Takes a line for the log. */
  readonly say: (line: string) => void;
}

/** A request in one line of a log. */
function inWords(request: CaptureRequest): string {
  const { interfaces, metadata, direction, expression, snapshotLength, headersOnly, seconds, bytes } =
    request;
  return [
    ...interfaces.map((name) => `-i ${name}`),
    ...(direction === null ? [] : [`-Q ${direction}`]),
    ...(metadata === null ? [] : [`-Q ${JSON.stringify(metadata)}`]),
    headersOnly ? 'headers alone' : `-s ${snapshotLength}`,
    ...(expression === null || expression === '' ? [] : [JSON.stringify(expression)]),
    `for ${seconds} s, ${bytes} bytes`,
  ].join(' ');
}

export class Agent implements CaptureOwner {
  private readonly captures = new Map<string, HostCapture>();
  /** Captures that were refused, and why: they are asked for again and again. */
  private readonly refused = new Map<string, CaptureStatus>();
  private readonly began = milliseconds();
  private echo: { sent: number; came: number } | null = null;
  private answer: NodeJS.Timeout | null = null;
  private readonly timers: NodeJS.Timeout[] = [];
  private leaving = false;
  /** Packet filters of the connections to the servers. */
  private own: readonly string[] = [];
  /** When the connection has ended for good, and why; null: it was closed. */
  readonly closed: Promise<void>;
  failure: string | null = null;

  private constructor(
    private readonly options: AgentOptions,
    readonly client: Client,
    readonly boot: string,
    private readonly audit: AuditLog,
  ) {
    this.closed = client.connection.closed().then((error) => {
      if (error instanceof Error) this.failure = reasonOf(error);
      // Nobody can ask, and nothing be sent, any more.
      for (const timer of this.timers) clearTimeout(timer);
      for (const capture of this.captures.values()) capture.kill();
    });
  }

  get host(): string {
    return this.options.name;
  }

  /**
   * Connects, and waits for captures from then on. A server that is not there is waited for.
   * @throws Error for a server, key or certificate that cannot be used
   */
  static async start(options: AgentOptions): Promise<Agent> {
    const { name, say } = options;
    const to: { agent: Agent | null } = { agent: null };
    let refusal = '';
    const client = await connect(
      { ...options.connection, name, waits: true },
      {
        connected: () => to.agent?.back(),
        lost: () => say('the server has gone: captures go on, and what they have waits'),
        error: (reason) => {
          if (reason !== refusal) say(reason);
          refusal = reason;
        },
      },
    );
    // It keeps what this start sends apart from what others did.
    const boot = randomBytes(6).toString('hex');
    const agent = new Agent(options, client, boot, new AuditLog(client, name, boot, say));
    to.agent = agent;
    agent.own = await ownTraffic(options.connection.url);
    agent.listen();
    return agent;
  }

  private listen(): void {
    this.client.connection.subscribe(Subject.controlOfAll, {
      callback: (error, message) => {
        if (error === null) this.control(message.subject, message.data);
        else this.options.say(`control messages do not come: ${error.message}`);
      },
    });
    // Hosts that were started together do not speak together.
    const begin = setTimeout(() => {
      this.tell();
      this.timers.push(setInterval(() => this.tell(), HEARTBEAT));
    }, Math.random() * ANSWER);
    this.timers.push(begin);
  }

  private back(): void {
    this.options.say('the server is there again');
    for (const capture of this.captures.values()) capture.resume();
    void this.audit.send();
    this.changed();
  }

  private control(subject: string, bytes: Uint8Array): void {
    const from = controlOfSubject(subject);
    if (from === null || this.leaving) return;
    const { operator, capture } = from;
    const said = controlOf(bytes);
    if (typeof said === 'string') {
      if (isCaptureId(capture)) this.refuse(capture, operator, said, null);
      return;
    }
    if (said.kind === 'ping') {
      if (matchesAny(this.host, said.hosts)) this.answerTo(said.sent);
    } else if (!isCaptureId(capture)) return;
    else if (said.kind === 'cancel') {
      const known = this.captures.get(capture);
      if (known?.operator === operator) known.stop('it was cancelled');
    } else if (matchesAny(this.host, said.request.hosts)) {
      this.ask(capture, operator, said.request);
      this.answerTo(said.sent);
    }
  }

  /** A capture is asked for, for the first time or again. */
  private ask(id: string, operator: string, request: CaptureRequest): void {
    const known = this.captures.get(id);
    if (known !== undefined) {
      if (known.operator === operator) known.heard = milliseconds();
      return;
    }
    if (this.refused.has(id)) return;
    const { policy, capturer, say } = this.options;
    const may = allowed(policy, operator, request);
    if (typeof may === 'string') {
      this.refuse(id, operator, may, request);
      return;
    }
    this.forget();
    const running = [...this.captures.values()].filter(({ over }) => !over).length;
    if (running >= policy.captures) {
      // Another may end: it is asked for again soon.
      this.refuse(id, operator, `${running} captures run here already`, request, REMEMBERED / 10);
      return;
    }
    say(`${operator} captures ${id}: ${inWords(may)}`);
    this.record('started', id, operator, '', may);
    const capture = new HostCapture(id, operator, may, this);
    this.captures.set(id, capture);
    capture.start(capturer, this.own);
  }

  private refuse(
    id: string,
    operator: string,
    words: string,
    request: CaptureRequest | null,
    remembered = REMEMBERED,
  ): void {
    if (this.refused.has(id) || this.refused.size >= MOST_KNOWN) return;
    this.options.say(`${operator} is refused ${id}: ${words}`);
    this.record('refused', id, operator, words, request);
    const none = new HostCapture(id, operator, request ?? NOTHING, this).status();
    this.refused.set(id, { ...none, state: 'refused', words, left: 0 });
    setTimeout(() => this.refused.delete(id), remembered).unref();
    this.changed();
  }

  /** Those that are over and that nobody has asked for in a while. */
  private forget(): void {
    const now = milliseconds();
    for (const [id, { over, heard }] of this.captures)
      if (over && (now - heard > REMEMBERED || this.captures.size > MOST_KNOWN)) this.captures.delete(id);
  }

  private record(
    what: 'started' | 'refused' | 'ended',
    capture: string,
    operator: string,
    words: string,
    request: CaptureRequest | null,
    more: { packets?: number; bytes?: number } = {},
  ): void {
    this.audit.add({ time: Date.now(), operator, capture, what, words, request, ...more });
  }

  ended(capture: HostCapture): void {
    const { id, operator, words, request } = capture;
    const { packets, bytes } = capture.status();
    this.options.say(`${id} of ${operator} is over: ${words}; ${packets} packets sent`);
    this.record('ended', id, operator, words, request, { packets, bytes });
  }

  changed(): void {
    this.answer ??= setTimeout(() => this.tell(), Math.random() * ANSWER);
  }

  private answerTo(sent: number): void {
    this.echo ??= { sent, came: milliseconds() };
    this.changed();
  }

  /** Says how it is. */
  private tell(): void {
    if (this.answer !== null) clearTimeout(this.answer);
    this.answer = null;
    this.forget();
    const echo = this.echo;
    this.echo = null;
    // What is published without a server waits without an end.
    if (!this.client.connected || this.client.connection.isClosed()) return;
    const { facts } = this.options;
    const status: HostStatus = {
      version: facts.version,
      kernel: facts.kernel,
      rights: facts.rights,
      interfaces: facts.interfaces(),
      uptime: Math.round((milliseconds() - this.began) / 1000),
      echo: echo === null ? null : { sent: echo.sent, held: milliseconds() - echo.came },
      captures: [...[...this.captures.values()].map((capture) => capture.status()), ...this.refused.values()],
      time: Date.now(),
    };
    this.client.connection.publish(Subject.status(this.host), statusBytes(status));
  }

  /** Ends all captures, and the connection when what they had is sent or a while is over. */
  async stop(): Promise<void> {
    this.leaving = true;
    for (const timer of this.timers) clearTimeout(timer);
    const running = [...this.captures.values()].filter(({ over }) => !over);
    for (const capture of running) capture.stop('its agent ends');
    const until = milliseconds() + LEAVING;
    while (milliseconds() < until && running.some(({ over }) => !over))
      await new Promise((done) => setTimeout(done, 20));
    for (const capture of running) capture.kill();
    await this.audit.send();
    this.tell();
    await this.client.close();
  }
}

/** In the place of a request that could not be understood. */
const NOTHING: CaptureRequest = {
  hosts: [],
  interfaces: [],
  direction: null,
  metadata: null,
  expression: null,
  optimize: true,
  snapshotLength: 1,
  headersOnly: true,
  promiscuous: false,
  processes: true,
  bufferSize: null,
  seconds: 1,
  bytes: 1,
  rate: null,
  flows: false,
};
