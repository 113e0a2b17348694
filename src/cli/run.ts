// A capture, or the reading of files: what the arguments say becomes a session; signals go to it, its words to the user.

import { linkTypeName } from '../packet/index.js';
import { type Host, openSession, type RunSpec, type Session } from '../run/index.js';
import { accountByName } from '../system/index.js';
import type { Tap } from '../tap/index.js';
import { isAbandoned, waitForRoom } from './blocked.js';
import type { Command } from './command.js';
import {
  isJournal,
  leaveLostTerminals,
  prepareOutput,
  say,
  stdoutDescriptor,
  tell,
  tellRaw,
  toStdout,
  waitWith,
} from './messages.js';
import type { Arguments } from './parsed.js';
import { expressionText, runSpec } from './spec.js';
import { describeLinkType, lineOf, plural } from './words.js';

/** Milliseconds between two counts that -v says of -w. */
const GOT_INTERVAL = 1000;

/** Opens what is captured on or read. */
async function open(parsed: Arguments, expression: string | null, host: Partial<Host>): Promise<Session> {
  try {
    return await openSession(await runSpec(parsed, expression), {
      notice: (notice) => tell(lineOf(notice)),
      write: toStdout,
      wait: (descriptor) => waitForRoom(descriptor),
      abandoned: isAbandoned,
      gone: () => isAbandoned(stdoutDescriptor()),
      ...host,
    });
  } catch (error) {
    if (expression === null || expression === '' || parsed.fleet !== null) throw error;
    throw (await import('./hints.js')).explained(error as Error, parsed, expression);
  }
}

/**
 * Runs a capture or reads a file.
 * @returns the exit status
 */
export async function run(parsed: Arguments): Promise<number> {
  const expression = expressionText(parsed);
  const commands = parsed.command === null ? null : await import('./command.js');
  commands?.requireProgram(parsed.command![0]!);
  prepareOutput();
  const wireshark = parsed.extcap
    ? new (await import('./wireshark/capture.js')).WiresharkCapture(parsed)
    : null;
  const keys = parsed.tlsKeys ? await keyLog(parsed, commands!) : null;
  const service = process.env['NOTIFY_SOCKET'] === undefined ? null : await openService();
  const session = await open(parsed, expression, {
    ...wireshark?.host,
    ...(keys === null ? {} : { keys: () => keys.take() }),
  });
  const { tap } = session.source;
  let command: Command | null = null;
  /** A command that runs is told first: the capture ends with it. */
  const stop = (signal: NodeJS.Signals): void => {
    if (command?.signal(signal) !== true) session.stop();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  process.on('SIGUSR1', () => tellCounts(session)).on('SIGUSR2', () => session.flush());
  process.on('SIGHUP', parsed.write === null ? stop : () => session.reopen());
  process.once('SIGHUP', () => process.once('exit', leaveLostTerminals));
  // What is in the file's buffer is not lost with a process that ends while standard output is stuck.
  waitWith((descriptor) => waitForRoom(descriptor, () => session.save()));
  let got: NodeJS.Timeout | null = null;
  const ending = await session.run(() => {
    if (parsed.fleet !== null)
      tell(`pktap: listening on ${session.source.name}; connections to the server are not captured`);
    if (tap === null) return;
    if (wireshark !== null) return wireshark.begin(session);
    announce(session.spec, tap, parsed);
    service?.begin(`listening on ${tap.name}`);
    // A journal has lines alone: no number that the next one overwrites.
    if (
      session.spec.outputs.every(({ kind }) => kind === 'savefile' || kind === 'parquet') &&
      parsed.printOptions.verbose > 0 &&
      !isJournal()
    )
      got = setInterval(() => tellRaw(`Got ${session.counts().captured}\r`), GOT_INTERVAL);
    if (commands === null) return;
    command = new commands.Command(
      tap,
      parsed.command!,
      isData(parsed),
      (base) => keys?.environment(base) ?? base,
    );
    void command.silence(() => session.seen).then(() => session.stop());
  });
  if (got !== null) clearInterval(got);
  service?.end();
  wireshark?.end();
  if (keys?.warning != null) tell(`pktap: ${keys.warning}`);
  const status = command === null ? 0 : await (command as Command).status();
  if (ending.closed) return status;
  for (const remark of ending.remarks) tell(lineOf(remark));
  if (parsed.countOnly && !ending.senseless) say(`${plural(session.counts().captured, 'packet')}\n`);
  if (session.source.live && wireshark === null) tellCounts(session);
  return ending.failed || ending.broken ? 1 : status;
}

/** The service that we are, where a manager started us; what keeps us from it is no reason not to capture. */
async function openService(): Promise<import('./service.js').Service | null> {
  try {
    return await (await import('./service.js')).Service.open();
  } catch (error) {
    tell(`pktap: the service manager is not told anything: ${(error as Error).message}`);
    return null;
  }
}

/** Where the command's programs log their keys. It goes however we end. */
async function keyLog(
  { user }: Arguments,
  { invokingUser }: typeof import('./command.js'),
): Promise<import('./keylog.js').KeyLog> {
  const { KeyLog } = await import('./keylog.js');
  if (process.env['SSLKEYLOGFILE'] !== undefined)
    tell('pktap: --tls-keys: the SSLKEYLOGFILE that is set gets no keys of the command');
  const later = user === null || process.getuid!() !== 0 ? null : accountByName(user);
  const keys = new KeyLog({ command: invokingUser(), later });
  process.on('exit', () => keys.close());
  return keys;
}

/** Whether standard output is read by programs: then nothing else goes there. */
function isData({ write, rows, summary }: Arguments): boolean {
  return write === '-' || rows !== null || summary !== null;
}

/** What tcpdump says before the first packet. */
function announce({ outputs }: RunSpec, tap: Tap, parsed: Arguments): void {
  const { linkType } = parsed;
  const text = outputs.some(({ kind }) => kind === 'text');
  if (text && parsed.write === null && linkType !== null && linkType !== tap.linkType)
    tell('pktap: -y: of no effect on text: it is about the file that -w writes');
  if (tap.tapped || linkType !== null)
    tell(`pktap: data link type ${linkTypeName(linkType ?? tap.linkType)}`);
  const listening = `listening on ${tap.name}, link-type ${describeLinkType(tap.linkType)}, snapshot length ${tap.snapshotLength} bytes`;
  if (text && parsed.printOptions.verbose === 0) {
    tell('pktap: verbose output suppressed, use -v[v]... for full protocol decode');
    tell(listening);
  } else {
    tell(`pktap: ${listening}`);
  }
}

/** The closing counts, and SIGUSR1's. */
function tellCounts(session: Session): void {
  const { captured, received, droppedByKernel, droppedByInterface, droppedByMetadataFilter } =
    session.counts();
  tell(`${plural(captured, 'packet')} captured`);
  tell(`${plural(received, 'packet')} received by filter`);
  tell(`${plural(droppedByKernel, 'packet')} dropped by kernel`);
  if (droppedByInterface > 0) tell(`${plural(droppedByInterface, 'packet')} dropped by interface`);
  if (droppedByMetadataFilter > 0) tell(`${plural(droppedByMetadataFilter, 'drop')} by metadata filter`);
}
