// The server of the live page: on this machine's own address alone, for who has the token.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { defaultPrintOptions, linePrinter, TextOutput } from '../print/index.js';
import { machineServices } from '../run/index.js';
import { type PacketQuery, PacketText, watchOf } from '../view/index.js';
import type { Capture } from './capture.js';
import { type PageFile, pageFiles } from './files.js';
import { Guard } from './guard.js';
import { Metrics } from './metrics.js';
import { Streams } from './streams.js';

const ADDRESS = '127.0.0.1';
const CONNECTIONS = 64;
/** Bytes of a question at most. */
const BODY = 64 * 1024;
/** Milliseconds that a request may take to come. */
const PATIENCE = 10_000;

const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; connect-src 'self'; " +
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
} as const;

/** What is answered with a status and a line. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

type Route = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

function answer(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

function answerData(response: ServerResponse, data: unknown): void {
  answer(response, 200, 'application/json', JSON.stringify(data));
}

/** Reads a question. JSON alone: a page of another site cannot ask so without asking first. */
async function question(request: IncomingMessage): Promise<Record<string, unknown>> {
  if (request.headers['content-type'] !== 'application/json')
    throw new Refusal(415, 'questions are application/json');
  let text = '';
  request.setEncoding('utf8');
  for await (const part of request) {
    text += part;
    if (text.length > BODY) throw new Refusal(413, 'the question is too long');
  }
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new Refusal(400, 'the question is no JSON');
  }
  if (typeof data !== 'object' || data === null) throw new Refusal(400, 'the question is no object');
  return data as Record<string, unknown>;
}

function wholeNumber(value: unknown): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw new Refusal(400, 'a number is wanted');
  return value as number;
}

function queryOf({ after, before, most }: Record<string, unknown>): PacketQuery {
  return {
    ...(after === undefined ? {} : { after: wholeNumber(after) }),
    ...(before === undefined ? {} : { before: wholeNumber(before) }),
    most: wholeNumber(most),
  };
}

export class WebServer {
  private readonly guard: Guard;
  private readonly files: ReadonlyMap<string, PageFile>;
  private readonly metrics: Metrics;
  private readonly streams: Streams;
  private readonly text: PacketText;
  private readonly server: Server;
  private readonly routes: Readonly<Record<string, Route>>;

  /**
   * Listens to nobody yet.
   * @param files read before root was given up
   */
  constructor(
    private readonly capture: Capture,
    token: string,
    files = pageFiles(),
  ) {
    this.guard = new Guard(token);
    this.files = files;
    this.metrics = new Metrics(capture.view.traffic);
    this.text = new PacketText({ TextOutput, linePrinter, defaultPrintOptions }, machineServices());
    this.streams = new Streams(
      () => this.frame(),
      () => this.version(),
    );
    this.routes = this.makeRoutes();
    this.server = createServer(
      { requestTimeout: PATIENCE, headersTimeout: PATIENCE, maxHeaderSize: 16_384 },
      (request, response) => void this.serve(request, response),
    );
    this.server.maxConnections = CONNECTIONS;
    // A client that goes away while it is answered is none of our business.
    this.server.on('clientError', (_, socket) => socket.destroy());
  }

  /**
   * @param port 0: any
   * @returns the port
   * @throws Error when the port is not to be had
   */
  listen(port: number): Promise<number> {
    const { server } = this;
    return new Promise((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => {
        const taken = error.code === 'EADDRINUSE' ? 'is in use' : error.message;
        reject(new Error(`port ${port} ${taken}`));
      });
      server.listen(port, ADDRESS, () => {
        const own = (server.address() as AddressInfo).port;
        this.guard.listensOn(own);
        resolve(own);
      });
    });
  }

  close(): void {
    this.streams.close();
    this.server.close();
    this.server.closeAllConnections();
  }

  private frame(): unknown {
    const { capture } = this;
    const { view, source, ended, error, notes, recording, live } = capture;
    return view.frame({
      ...{ source, ended, error, notes, time: capture.now() },
      recording: recording?.line ?? null,
      records: live && !ended,
      takesExpression: true,
    });
  }

  /** Of a file that was read there is nothing new until another list is asked for. */
  private version(): string | null {
    const { live, view, notes, error } = this.capture;
    return live ? null : JSON.stringify([view.version, notes, error, this.capture.ended]);
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    try {
      await this.route(request, response);
    } catch (error) {
      const { status = 500, message } = error as Error & { status?: number };
      if (response.headersSent) response.destroy();
      else {
        // What was not read of the question is not waited for.
        response.setHeader('Connection', 'close');
        if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
        answer(response, status, 'application/json', JSON.stringify({ error: message }));
      }
    }
  }

  private async route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { headers, method, url = '' } = request;
    const refusal = this.guard.refuses(headers);
    if (refusal === 421) throw new Refusal(421, 'this is no host of ours');
    if (refusal !== null) throw new Refusal(refusal, 'pages of other sites are refused');
    const path = url.split('?', 1)[0]!;
    const file = this.files.get(path);
    if (file !== undefined) {
      if (method !== 'GET') throw new Refusal(405, 'GET is wanted');
      answer(response, 200, file.type, file.body);
      return;
    }
    if (!this.guard.knows(headers)) throw new Refusal(401, 'the token is missing, or another');
    const key = `${method} ${path}`;
    const route = Object.hasOwn(this.routes, key) ? this.routes[key] : undefined;
    if (route === undefined) throw new Refusal(404, 'there is nothing of that name');
    await route(request, response);
  }

  private makeRoutes(): Record<string, Route> {
    const { capture, text } = this;
    const { view } = capture;
    return {
      'GET /metrics': (_, response) =>
        answer(response, 200, 'text/plain; version=0.0.4; charset=utf-8', this.metrics.text(capture)),
      'GET /api/stream': (_, response) => {
        if (this.streams.isFull) throw new Refusal(503, 'too many pages look on');
        response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
        this.streams.add(response);
      },
      'POST /api/packets': async (request, response) =>
        answerData(response, view.lines(queryOf(await question(request)), text)),
      'POST /api/packet': async (request, response) =>
        answerData(response, view.detail(wholeNumber((await question(request))['number']), text)),
      'POST /api/watch': async (request, response) => {
        const asked = await question(request);
        try {
          capture.watch(watchOf(asked));
        } catch (error) {
          throw new Refusal(400, (error as Error).message);
        }
        answerData(response, {});
      },
      'POST /api/recording': async (request, response) => {
        const { on } = await question(request);
        if (typeof on !== 'boolean') throw new Refusal(400, 'on is true or false');
        try {
          await capture.record(on);
        } catch (error) {
          throw new Refusal(409, (error as Error).message);
        }
        answerData(response, capture.recording?.line ?? null);
      },
      'GET /api/recording': (_, response) => this.download(response),
    };
  }

  private download(response: ServerResponse): void {
    const { recording } = this.capture;
    if (recording?.line.state !== 'done') throw new Refusal(404, 'there is no recording that has ended');
    response.writeHead(200, {
      'Content-Type': 'application/x-pcapng',
      'Content-Length': recording.line.bytes,
      'Content-Disposition': 'attachment; filename="recording.pcapng"',
    });
    // Who takes nothing for so long holds up the next recording.
    response.setTimeout(PATIENCE, () => response.destroy());
    const stream = recording.read();
    stream.pipe(response);
    stream.on('error', () => response.destroy());
    response.on('close', () => stream.destroy());
  }
}
