// The server's configuration: who there is, and what each may do. A host publishes below its own name alone, an operator asks below its
// own, and nobody but an administrator changes what is kept.

import { createRequire } from 'node:module';
import { inboxOf, Subject } from './names.js';
import { ownerOf, type Role, seedOf } from './secrets.js';
import { Stream } from './streams.js';

type Nkeys = typeof import('@nats-io/nkeys');

/** A new key. */
export interface MadeKey {
  readonly role: Role;
  readonly name: string;
  readonly publicKey: string;
  /** The file's text, which only its owner may have. */
  readonly file: string;
}

/** @throws Error that says what to install */
function loadNkeys(): Nkeys {
  try {
    return createRequire(import.meta.url)('@nats-io/nkeys') as Nkeys;
  } catch {
    throw new Error('keys need a package of NATS: npm install @nats-io/nkeys@2.0.3');
  }
}

export function makeKey(role: Role, name: string): MadeKey {
  const pair = loadNkeys().createUser();
  const seed = Buffer.from(pair.getSeed()).toString('latin1');
  return { role, name, publicKey: pair.getPublicKey(), file: `# pktap ${role} ${name}\n${seed}\n` };
}

/** The public key of a key's file, and whose it is; null: it has none of ours. */
export function keyOfFile(text: string): MadeKey | null {
  const owner = ownerOf(text);
  const seed = seedOf(text);
  if (owner === null || seed === null) return null;
  return { ...owner, publicKey: loadNkeys().fromSeed(seed).getPublicKey(), file: text };
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
  const inbox = `${inboxOf(name)}.>`;
  if (role === 'host')
    return {
      publish: [Subject.packets(name, '*'), Subject.flows(name), Subject.status(name), Subject.audit(name)],
      subscribe: [Subject.controlOfAll, inbox],
    };
  const operator = {
    publish: [Subject.control(name, '*'), '$JS.API.INFO', ...STREAMS.flatMap(reading)],
    subscribe: [Subject.statusOfAll, inbox],
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
