// `pktap web`: what the words behind it say becomes a capture or a file, and a page that shows it.

import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import type { Host, RunSpec } from '../../run/index.js';
import { accountById } from '../../system/index.js';
import { FileCapture, LiveCapture, pageFiles, WebServer } from '../../web/index.js';
import { prepareOutput, say, tell } from '../messages.js';
import { ArgumentError } from '../parsed.js';
import { sudoUser } from '../sudouser.js';
import { application, version } from '../usage.js';
import { hinted, viewSpec } from '../viewspec.js';
import { lineOf } from '../words.js';
import { parseWebArguments, WEB, type WebArguments } from './arguments.js';

/** 128 bits in base64url. */
const TOKEN_BYTES = 16;
const TOKEN = /^[\w.~+/-]{22,512}$/;

/**
 * The user that root becomes: nobody is served by root unless -Z says so.
 * @returns null: there is nothing to give up
 */
function servingUser({ user }: WebArguments): string | null {
  if (process.geteuid!() !== 0) return user;
  if (user !== null) return user;
  const asked = sudoUser();
  if (asked === null) return 'nobody';
  const account = accountById(asked.uid);
  if (account !== null) return account.name;
  tell(
    `pktap: /etc/passwd does not have the user ${asked.uid} who ran sudo: nobody serves the page; -Z names another`,
  );
  return 'nobody';
}

/** @throws ArgumentError for a file that others may read, or that has no token */
function tokenOf({ tokenFile }: WebArguments): string {
  if (tokenFile === null) return randomBytes(TOKEN_BYTES).toString('base64url');
  const file = openSync(tokenFile, 'r');
  try {
    if ((fstatSync(file).mode & 0o007) !== 0)
      throw new ArgumentError(`--token-file: ${tokenFile}: everybody may use it: chmod o= keeps them off`);
    const token = readFileSync(file, 'latin1').trim();
    if (!TOKEN.test(token))
      throw new ArgumentError(`--token-file: ${tokenFile}: a token is 22 letters, digits or -._~+/ at least`);
    return token;
  } finally {
    closeSync(file);
  }
}

function specOf(parsed: WebArguments): Promise<RunSpec> {
  return viewSpec(parsed, {
    user: servingUser(parsed),
    // What is recorded goes into a file that is open by then (web/recording.ts).
    sandbox: parsed.noSandbox ? null : { told: parsed.verbose > 0, writes: 'outputs', serves: true },
  });
}

/** Opens what is shown. */
async function open(parsed: WebArguments, spec: RunSpec): Promise<LiveCapture | FileCapture> {
  const host: Host = {
    notice: (notice) => {
      if (notice.kind !== 'reading') tell(lineOf(notice));
    },
    write: () => {},
  };
  return hinted<LiveCapture | FileCapture>(parsed, spec, () =>
    parsed.read === null
      ? LiveCapture.open(spec, host, application())
      : FileCapture.open(spec, host, parsed.read),
  );
}

/** Runs `pktap web`. @returns the exit status */
export async function web(args: readonly string[]): Promise<number> {
  const parsed = parseWebArguments(args);
  if (parsed.action === 'version') say(version());
  if (parsed.action === 'help') say(version() + (await import('../reference/help.js')).viewHelp(WEB));
  if (parsed.action !== 'run') return 0;
  const token = tokenOf(parsed);
  const spec = await specOf(parsed);
  prepareOutput();
  const files = pageFiles();
  const capture = await open(parsed, spec);
  // The kernel says who we are now, whatever was asked for.
  if (process.geteuid!() === 0 && spec.user !== 'root')
    throw new Error('root could not be given up: nobody is served');
  const server = new WebServer(capture, token, files);
  let quit: () => void = () => {};
  const ended = new Promise<void>((done) => {
    quit = done;
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => quit());
  const listen = async (): Promise<void> => {
    const port = await server.listen(parsed.port);
    const { user } = spec;
    tell(`pktap: showing ${capture.source}${user === null ? '' : `, as ${user}`}`);
    say(`http://127.0.0.1:${port}/#${token}\n`);
  };
  let failed = false;
  try {
    // A capture that has ended is still shown.
    if (capture instanceof LiveCapture) {
      const running = capture.run(listen).then((broken) => {
        failed = broken;
        quit();
      });
      await ended;
      capture.stop();
      await running;
    } else {
      await listen();
      const running = capture.run().then((broken) => {
        failed = broken;
      });
      await ended;
      capture.stop();
      await running;
    }
  } finally {
    server.close();
    capture.close();
  }
  return failed ? 1 : 0;
}
