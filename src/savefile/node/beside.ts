// -z: a command for each file that is closed.

import { builtin } from '../../builtin.js';

/**
 * Runs a command beside us, with the lowest priority.
 * @param path its only argument
 * @returns false: it can't be run
 */
export function runBeside(command: string, path: string): boolean {
  const { spawn } = builtin('node:child_process');
  const { constants, setPriority } = builtin('node:os');
  const child = spawn(command, [path], { stdio: 'inherit' });
  // Why is told later, perhaps when all has ended.
  child.on('error', () => {});
  child.unref();
  if (child.pid === undefined) return false;
  try {
    setPriority(child.pid, constants.priority.PRIORITY_LOW);
  } catch {
    // It has ended already.
  }
  return true;
}
