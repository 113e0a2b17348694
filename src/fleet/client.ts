// The connection to the server: NATS's own client, an optional package that is loaded here alone, and in words what it says.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isIP } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import type { ConsumerMessages, JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type { Authenticator, NatsConnection, TlsOptions } from '@nats-io/transport-node';
import { inboxOf } from './names.js';
import type { Secret } from './secrets.js';
import { type Servers, serversOf } from './servers.js';

type Transport = typeof import('@nats-io/transport-node');
type JetStream = typeof import('@nats-io/jetstream');

export type { ConsumerMessages };

/** Milliseconds for a connection, and for what is asked of the server. */
const PATIENCE = 5000;
/** Milliseconds between two attempts to connect again, and a part of them at random: many hosts lose a server at once. */
const AGAIN = 1000;
const AGAIN_APART = 3000;
const PING = 10_000;

/** What it takes to connect. */
export interface ConnectOptions {
  /** One URL, or several of one cluster, with commas. */
  readonly url: string;
  readonly secret: Secret | null;
  /** A file of certificates that the server's is signed by; null: the system's. */
  readonly ca: string | null;
  /** Who connects: replies go where nobody else may listen. */
  readonly name: string;
  /** Whether a server that is not there is waited for. */
  readonly waits: boolean;
}

let loaded: { transport: Transport; jetstream: JetStream } | null = null;

/** @throws Error that says what to install */
export function loadClient(): { transport: Transport; jetstream: JetStream } {
  if (loaded === null) {
    const require = createRequire(import.meta.url);
    try {
      loaded = {
        transport: require('@nats-io/transport-node') as Transport,
        jetstream: require('@nats-io/jetstream') as JetStream,
      };
    } catch (error) {
      if ((error as { code?: string }).code !== 'MODULE_NOT_FOUND') throw error;
      throw new Error(
        "a fleet needs NATS's client: npm install @nats-io/transport-node@3.3.1 @nats-io/jetstream@3.3.1",
      );
    }
  }
  return loaded;
}

/** In a few words, what went wrong with a server. */
export function reasonOf(error: unknown): string {
  const { name = '', message = String(error), cause } = error as Error;
  if (name === 'AuthorizationError' || name === 'UserAuthenticationExpiredError')
    return 'the server does not take the key';
  if (name === 'PermissionViolationError') {
    const { operation = 'use', subject = '' } = error as { operation?: string; subject?: string };
    return `the server does not permit to ${operation} ${subject}`;
  }
  if (name === 'NoRespondersError' || /503/.test(message)) return 'the server keeps no stream for it';
  if (name === 'TimeoutError' || /timeout/i.test(message)) return 'the server does not answer';
  const inner = cause instanceof Error ? cause.message : '';
  return (inner === '' || message.includes(inner) ? message : `${message}: ${inner}`).split('\n')[0]!;
}

/** A connection. */
export interface Client {
  readonly connection: NatsConnection;
  readonly stream: JetStreamClient;
  /** Asks about streams. */
  manager(): Promise<JetStreamManager>;
  /** Whether the server is there now. */
  readonly connected: boolean;
  close(): Promise<void>;
}

function authenticatorOf(secret: Secret | null): { authenticator?: Authenticator } {
  if (secret === null) return {};
  const { transport } = loadClient();
  return {
    authenticator:
      secret.kind === 'seed'
        ? transport.nkeyAuthenticator(secret.bytes)
        : transport.credsAuthenticator(secret.bytes),
  };
}

/**
 * TLS. A server that is called by its address has no name for the client to check: its certificate has to be of an address that was
 * asked for.
 */
function tlsOf(ca: string | null, { servers }: Servers): TlsOptions {
  const addresses = servers
    .map(({ host }) => host.replace(/^\[|\]$/g, ''))
    .filter((host) => isIP(host) !== 0);
  const options = {
    ...(ca === null ? {} : { ca: readFileSync(ca, 'utf8') }),
    checkServerIdentity: (host: string, certificate: PeerCertificate): Error | undefined => {
      const named = checkServerIdentity(host, certificate);
      // Without a name Node says this one.
      if (named === undefined || host !== 'localhost') return named;
      const matches = addresses.some((address) => checkServerIdentity(address, certificate) === undefined);
      return matches
        ? undefined
        : addresses.length === 0
          ? named
          : checkServerIdentity(addresses[0]!, certificate);
    },
  };
  return options as TlsOptions;
}

/** What becomes of the connection. */
export interface ConnectionEvents {
  /** The server is there, again; the first time is not told. */
  connected(): void;
  lost(): void;
  /** What the server refuses, and other errors; none ends the connection. */
  error(reason: string): void;
}

/**
 * Connects.
 * @throws Error that says in one line why not
 */
export async function connect(options: ConnectOptions, events: ConnectionEvents): Promise<Client> {
  const { transport, jetstream } = loadClient();
  const servers = serversOf(options.url);
  const { ca, waits, name } = options;
  const secure = servers.tls || ca !== null;
  let connection: NatsConnection;
  try {
    connection = await transport.connect({
      servers: servers.servers.map(({ host, port }) => `${host}:${port}`),
      name: `pktap ${name}`,
      ...authenticatorOf(options.secret),
      ...(secure ? { tls: tlsOf(ca, servers) } : {}),
      inboxPrefix: inboxOf(name),
      maxReconnectAttempts: -1,
      reconnectTimeWait: AGAIN,
      reconnectJitter: AGAIN_APART,
      reconnectJitterTLS: AGAIN_APART,
      waitOnFirstConnect: waits,
      ignoreAuthErrorAbort: waits,
      pingInterval: PING,
      timeout: PATIENCE,
      // Only the servers that were named: what a server says of others is not asked for.
      ignoreClusterUpdates: true,
    });
  } catch (error) {
    throw new Error(`${options.url}: ${reasonOf(error)}`);
  }
  const state = { connected: true };
  void (async () => {
    for await (const status of connection.status()) {
      switch (status.type) {
        case 'disconnect':
          if (state.connected) events.lost();
          state.connected = false;
          break;
        case 'reconnect':
          state.connected = true;
          events.connected();
          break;
        case 'error':
          events.error(reasonOf(status.error));
          break;
      }
    }
  })();
  return {
    connection,
    stream: jetstream.jetstream(connection, { timeout: PATIENCE }),
    manager: () => jetstream.jetstreamManager(connection, { checkAPI: false, timeout: PATIENCE }),
    get connected() {
      return state.connected;
    },
    close: async () => {
      // What was published is written first, while somebody takes it.
      if (state.connected)
        await Promise.race([connection.flush(), new Promise((done) => setTimeout(done, PATIENCE))]).catch(
          () => {},
        );
      await connection.close();
    },
  };
}
