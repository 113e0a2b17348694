// The thread that reads the files of users' own container runtimes: whoever writes them may make them cost, and it has no right but
// to read.

import { readdirSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { milliseconds } from '../../../builtin.js';
import { Capability, giveUpCapabilities, restrictFiles } from '../../../system/index.js';
import { Answer, hasLoaded, type ThreadData } from '../../../thread.js';
import { ContainerFiles } from './containerfiles.js';
import type { FilesAnswer, FilesQuestion } from './containers.js';

/** Where runtimes keep their files, users' homes too, may be anywhere but where the system keeps its secrets. */
function containerFolders(): string[] {
  const folders = readdirSync('/').filter((name) => name !== 'etc');
  return [...folders.map((name) => `/${name}`), '/etc/docker', '/etc/passwd', '/etc/containers'];
}

const thread = workerData as ThreadData<null>;
try {
  giveUpCapabilities(Capability.DAC_READ_SEARCH);
  if (thread.contained) restrictFiles({ reads: containerFolders(), writes: [], ports: [] });
} finally {
  hasLoaded(thread);
}

parentPort?.on('message', ({ root, found, answer }: FilesQuestion) => {
  const begin = milliseconds();
  const names = new ContainerFiles(root).namesOf(found);
  const said: FilesAnswer = { names, took: milliseconds() - begin };
  new Answer(answer).give(JSON.stringify(said));
});
