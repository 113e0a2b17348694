// A process that connects, says something, reads the answer and ends.

import { spawn } from 'node:child_process';

const CODE = `const s = require('node:net').connect(Number(process.argv[2]), process.argv[1], () => s.write('question'));
s.on('data', () => {}).on('close', () => process.exit(0)).on('error', () => process.exit(1));`;

/** @returns its process ID, once it has ended */
export async function startSender(address: string, port: number): Promise<number> {
  const child = spawn(process.execPath, ['-e', CODE, address, `${port}`], { stdio: 'ignore' });
  const pid = child.pid!;
  await new Promise((done) => child.on('close', done));
  return pid;
}
