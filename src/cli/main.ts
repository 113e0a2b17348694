// The command. Errors are one line on standard error, exit statuses are tcpdump's.

import { usage, version } from './usage.js';

/** Says what went wrong. */
function complain(message: string): void {
  process.stderr.write(`pktap: ${message}\n`);
}

/**
 * Runs the command.
 * @param args the words after its name
 * @returns the exit status
 */
export async function main(args: readonly string[]): Promise<number> {
  if (args.length === 1 && args[0] === '--version') {
    process.stdout.write(version());
    return 0;
  }
  const { parseArguments, UsageError, ArgumentError } = await import('./arguments.js');
  try {
    const parsed = parseArguments(args);
    switch (parsed.action) {
      case 'version':
        process.stdout.write(version());
        return 0;
      case 'help':
        process.stdout.write(usage());
        return 0;
      case 'list-interfaces':
      case 'list-link-types':
      case 'list-time-stamp-types':
        return await (await import('./lists.js')).list(parsed);
      case 'dump':
        return await (await import('./dump.js')).dump(parsed);
      default:
        return await (await import('./run.js')).run(parsed, args);
    }
  } catch (error) {
    if (error instanceof UsageError) {
      complain(error.message);
      process.stderr.write(usage());
    } else if (error instanceof ArgumentError || error instanceof Error) {
      if (isClosedPipe(error)) return 0;
      complain(error.message);
      if (process.env['PKTAP_DEBUG'] !== undefined) process.stderr.write(`${error.stack}\n`);
    } else {
      throw error;
    }
    // A command that could not be run has a shell's status.
    return (error as { status?: number }).status ?? 1;
  }
}

/** The reader of our output went away: a quiet end. */
function isClosedPipe(error: Error): boolean {
  return (error as { code?: unknown }).code === 'EPIPE';
}
