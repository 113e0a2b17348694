// -z: a command for each file that is closed.

import { builtin } from '../../builtin.js';

/** What starts a program with one argument. @returns whether there is such a program */
export type Launcher = (command: string, path: string) => boolean;

/** Starts it beside us, with the lowest priority. */
function startHere(command: string, path: string): boolean {
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

let launch: Launcher = startHere;

/** From now on this one starts them, in the place of a process that may start none. */
export function launchBy(launcher: Launcher): void {
  launch = launcher;
}

/**
 * Runs the command for a file.
 * @param command null: there is none
 */
export function postRotate(
  command: string | null,
  path: string,
  warn: ((message: string) => void) | undefined,
): void {
  if (command !== null && !launch(command, path)) warn?.(`can't run ${command} ${path}`);
}
