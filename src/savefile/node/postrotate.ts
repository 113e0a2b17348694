// -z: a command for each file that is closed.

import { builtin } from '../../builtin.js';

/**
 * Runs the command beside us, with the lowest priority.
 * @param command null: there is none
 */
export function postRotate(
  command: string | null,
  path: string,
  warn: ((message: string) => void) | undefined,
): void {
  if (command === null) return;
  const { spawn } = builtin('node:child_process');
  const { constants, setPriority } = builtin('node:os');
  const child = spawn(command, [path], { stdio: 'inherit' });
  // Why is told later, perhaps when all has ended.
  child.on('error', () => {});
  if (child.pid === undefined) warn?.(`can't run ${command} ${path}`);
  child.unref();
  try {
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
  } catch {
    // It has ended already.
  }
}
