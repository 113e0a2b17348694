// The thread that reads the files of users' own container runtimes: whoever writes them may make them cost, and it has no right but
// to read.

import { parentPort, workerData } from 'node:worker_threads';
import { milliseconds } from '../../../builtin.js';
import { CAP_DAC_READ_SEARCH, giveUpCapabilities } from '../../../system/index.js';
import { Answer, hasLoaded, type ThreadData } from '../../../thread.js';
import { ContainerFiles } from './containerfiles.js';
import type { FilesAnswer, FilesQuestion } from './containers.js';

try {
  giveUpCapabilities(CAP_DAC_READ_SEARCH);
} finally {
  hasLoaded(workerData as ThreadData<null>);
}

parentPort?.on('message', ({ root, found, answer }: FilesQuestion) => {
  const begin = milliseconds();
  const names = new ContainerFiles(root).namesOf(found);
  const said: FilesAnswer = { names, took: milliseconds() - begin };
  new Answer(answer).give(JSON.stringify(said));
});
