// The command. Errors are one line on standard error, exit statuses are tcpdump's.

import { say, tell } from './messages.js';
import { usage, version } from './usage.js';

/** Does what is asked. @returns the exit status */
async function command(args: readonly string[]): Promise<number> {
  if (args.length === 1 && args[0] === '--version') {
    say(version());
    return 0;
  }
  // The first word alone: `host top` is a packet filter.
  if (args[0] === 'top') return (await import('./top/run.js')).top(args.slice(1));
  if (args[0] === 'web') return (await import('./web/run.js')).web(args.slice(1));
  if (args[0] === 'agent') return (await import('./fleet/agent.js')).agent(args.slice(1));
  if (args[0] === 'fleet') return (await import('./fleet/fleet.js')).fleet(args.slice(1));
  const parsed = (await import('./arguments.js')).parseArguments(args);
  for (const warning of parsed.warnings) tell(`pktap: ${warning}`);
  switch (parsed.action) {
    case 'version':
      say(version());
      return 0;
    case 'help':
      say(version() + (await import('./reference/help.js')).help());
      return 0;
    case 'list-fields':
      say((await import('../decode/facts/index.js')).fieldsHelp());
      return 0;
    case 'list-interfaces':
    case 'list-link-types':
    case 'list-time-stamp-types':
      return (await import('./lists.js')).list(parsed);
    case 'install-extcap':
    case 'uninstall-extcap': {
      const { installExtcap, uninstallExtcap, usualScope } = await import('./wireshark/install.js');
      (parsed.action === 'install-extcap' ? installExtcap : uninstallExtcap)(parsed.scope ?? usualScope());
      return 0;
    }
    case 'dump':
      return (await import('./dump.js')).dump(parsed);
    default:
      return (await import('./run.js')).run(parsed);
  }
}

/**
 * Runs the command.
 * @param args the words after its name
 * @returns the exit status
 */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await command(args);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (isClosedPipe(error)) return 0;
    tell(`pktap: ${error.message}`);
    // What was asked for cannot be understood; a command that could not be run has a shell's status.
    const { misused = false, status = 1 } = error as { misused?: boolean; status?: number };
    if (misused) tell(usage().trimEnd());
    if (!misused && process.env['PKTAP_DEBUG'] !== undefined) tell(`${error.stack}`);
    return status;
  }
}

/** The reader of our output went away: a quiet end. */
function isClosedPipe(error: Error): boolean {
  return (error as { code?: unknown }).code === 'EPIPE';
}
