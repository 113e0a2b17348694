// The thread that asks DNS for the names of addresses: answers questions as they come, many at a time.

import { Resolver } from 'node:dns/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { packageFile } from '../packagefolder.js';
import { giveUpCapabilities, restrictFiles, SYSTEM_FILES } from '../system/index.js';
import { Answer, hasLoaded, type ThreadData } from '../thread.js';
import type { Question } from './question.js';

/** Milliseconds for one try at a server. */
const TIMEOUT = 2000;
const TRIES = 2;
/** Where long answers are asked for, by TCP. */
const DNS = 53;

// What the network answers is read here: a capture's rights are not for it.
const thread = workerData as ThreadData<readonly string[] | null>;
try {
  if (process.platform === 'linux') giveUpCapabilities();
  if (thread.contained)
    restrictFiles({ reads: [...SYSTEM_FILES, packageFile('.')], writes: [], ports: [DNS] });
} finally {
  hasLoaded(thread);
}

/** What a host's name is made of, as the C library has it too: other names could be taken for more than a name. */
const HOST = /^[\w.-]+$/;

const resolver = new Resolver({ timeout: TIMEOUT, tries: TRIES });
if (thread.data !== null) resolver.setServers(thread.data);

parentPort?.on('message', async ({ address, answer }: Question) => {
  let name = '';
  try {
    name = (await resolver.reverse(address)).find((found) => HOST.test(found)) ?? '';
  } catch {
    // No name, or nobody who knows it: the address is printed.
  }
  new Answer(answer).give(name);
});
