// The server's configuration: who there is, and what each may do. A host publishes below its own name alone, an operator asks below its
// own, and nobody but an administrator changes what is kept.

import { createRequire } from 'node:module';
import { wordOf } from './names.js';
import { Stream } from './streams.js';

type Nkeys = typeof import('@nats-io/nkeys');

export type Role = 'host' | 'operator' | 'admin';

/** A new key. */
export interface MadeKey {
  readonly role: Role;
  readonly name: string;
  readonly publicKey: string;
  /** The file's text, which only its owner may have. */
  readonly file: string;
}

/** @throws Error that says what to install */
export function makeKey(role: Role, name: string): MadeKey {
  let nkeys: Nkeys;
  try {
    nkeys = createRequire(import.meta.url)('@nats-io/nkeys') as Nkeys;
  } catch {
    throw new Error('keys need a package of NATS: npm install @nats-io/nkeys@2.0.3');
  }
  const pair = nkeys.createUser();
  const seed = Buffer.from(pair.getSeed()).toString('latin1');
  return { role, name, publicKey: pair.getPublicKey(), file: `# pktap ${role} ${name}\n${seed}\n` };
}

/** The public key of a key's file, and whose it is; null: it has none of ours. */
export function keyOfFile(text: string): MadeKey | null {
  const [, role, name] = /^# pktap (host|operator|admin) (\S+)$/m.exec(text) ?? [];
  const seed = /^(SU[A-Z2-7]{56})$/m.exec(text)?.[1];
  if (role === undefined || name === undefined || seed === undefined) return null;
  const nkeys = createRequire(import.meta.url)('@nats-io/nkeys') as Nkeys;
  const publicKey = nkeys.fromSeed(Buffer.from(seed)).getPublicKey();
  return { role: role as Role, name, publicKey, file: text };
}

/** What may be asked about a stream without changing it. */
function reading(stream: string): string[] {
  return [
    `$JS.API.STREAM.INFO.${stream}`,
    `$JS.API.CONSUMER.CREATE.${stream}`,
    `$JS.API.CONSUMER.CREATE.${stream}.>`,
    `$JS.API.CONSUMER.INFO.${stream}.*`,
    `$JS.API.CONSUMER.DELETE.${stream}.*`,
    `$JS.API.CONSUMER.MSG.NEXT.${stream}.*`,
  ];
}

const STREAMS = Object.values(Stream);

/** Subjects that a role may publish to, and hear. */
export function permissions(role: Role, name: string): { publish: string[]; subscribe: string[] } {
  const word = wordOf(name);
  const inbox = `_INBOX_${word}.>`;
  if (role === 'host')
    return {
      publish: [
        `pktap.h.${word}.pkt.*`,
        `pktap.h.${word}.flow`,
        `pktap.h.${word}.stat`,
        `pktap.h.${word}.audit`,
      ],
      subscribe: ['pktap.c.*.*', inbox],
    };
  const operator = {
    publish: [`pktap.c.${word}.*`, '$JS.API.INFO', ...STREAMS.flatMap(reading)],
    subscribe: ['pktap.h.*.stat', inbox],
  };
  if (role === 'operator') return operator;
  return {
    ...operator,
    publish: [
      ...operator.publish,
      ...STREAMS.flatMap((stream) => [`$JS.API.STREAM.CREATE.${stream}`, `$JS.API.STREAM.UPDATE.${stream}`]),
    ],
  };
}

/** Where the server finds its files. */
export interface ServerFiles {
  readonly certificate: string;
  readonly key: string;
  readonly store: string;
}

function quoted(texts: readonly string[]): string {
  return `[${texts.map((text) => JSON.stringify(text)).join(', ')}]`;
}

/** nats-server.conf. */
export function serverConfiguration(keys: readonly Omit<MadeKey, 'file'>[], files: ServerFiles): string {
  const users = keys.map(({ role, name, publicKey }) => {
    const { publish, subscribe } = permissions(role, name);
    return `      # ${role} ${name}
      { nkey: ${publicKey}, permissions: { publish: ${quoted(publish)}, subscribe: ${quoted(subscribe)} } }`;
  });
  return `# Made by pktap fleet keys: run it again for other hosts and operators, and reload the server (nats-server --signal reload).
listen: "0.0.0.0:4222"
max_payload: 1MB
tls { cert_file: ${JSON.stringify(files.certificate)}, key_file: ${JSON.stringify(files.key)}, timeout: 5 }
jetstream { store_dir: ${JSON.stringify(files.store)} }
accounts {
  PKTAP {
    jetstream: enabled
    users: [
${users.join('\n')}
    ]
  }
}
`;
}
