// Starts the programs of -z for a process that may start none any more: a shell, begun before that is refused, which reads on a pipe what to start.

import { accessSync, closeSync, constants, statSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { builtin } from '../builtin.js';
import { clearAmbient, makePipe } from '../system/index.js';

/**
 * A line is a program's file and its argument, each byte of them octal. `exec` in a shell of its own: no name means anything to the
 * shell itself. Each has our standard input, and is waited for by nobody. The shell ends when we do.
 */
const SCRIPT = `
while read -r program argument; do
  program=$(printf '%b.' "$program") argument=$(printf '%b.' "$argument")
  (exec "\${program%.}" "\${argument%.}" <&3 3<&-) &
done`;

function octal(text: string): string {
  return [...Buffer.from(text)].map((byte) => `\\0${byte.toString(8).padStart(3, '0')}`).join('');
}

/** The file that a name stands for; null: there is none. */
function programFile(name: string): string | null {
  const folders = name.includes('/') ? ['.'] : (process.env['PATH'] ?? '/usr/bin:/bin').split(':');
  for (const folder of folders) {
    const path = resolve(folder, name);
    try {
      accessSync(path, constants.X_OK);
      if (statSync(path).isFile()) return path;
    } catch {
      // not there
    }
  }
  return null;
}

/**
 * Begins it, with the lowest priority, as this thread is: with its user and without what it may not get any more.
 * @returns what has it start a program
 */
export function beginStarter(): (program: string, argument: string) => boolean {
  const { spawn } = builtin('node:child_process');
  const { constants: system, setPriority } = builtin('node:os');
  clearAmbient();
  const [reading, writing] = makePipe();
  // In a session of its own: a terminal's Ctrl-C is not for the programs of files that are whole.
  const child = spawn('/bin/sh', ['-c', SCRIPT], {
    detached: true,
    stdio: [reading, 'inherit', 'inherit', 0],
  });
  child.on('error', () => {});
  child.unref();
  closeSync(reading);
  if (child.pid === undefined) return () => false;
  setPriority(child.pid, system.priority.PRIORITY_LOW);
  return (program, argument) => {
    const file = programFile(program);
    if (file === null) return false;
    try {
      writeSync(writing, `${octal(file)} ${octal(argument)}\n`);
      return true;
    } catch {
      return false; // somebody ended it
    }
  };
}
