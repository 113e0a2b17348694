// The pages of docs/guide: their commands, and what is shown of each. A command is run as it stands there, and what it prints compared.
//
// Above each block stands how it is run, in a comment that no reader sees: `scene NAME` (live: what sends meanwhile, test/live/guide),
// `files` (no root needed), or `not run: WHY`.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = 'docs/guide';
/** Milliseconds for a command, on a busy machine. */
const PATIENCE = 60_000;
/** Milliseconds that pass before Ctrl-C, so that what was sent arrives. */
const SETTLE = 500;
/** What a page shows where somebody types Ctrl-C. */
const INTERRUPT = '^C';

/** A command of a page, and what it prints. */
export interface Command {
  readonly text: string;
  readonly output: readonly string[];
  readonly interrupted: boolean;
}

/** Commands that stand in one block. */
export interface Block {
  readonly kind: 'scene' | 'files' | 'not run';
  /** The scene's name, or why it is not run. */
  readonly words: string;
  readonly commands: readonly Command[];
}

export interface Page {
  readonly name: string;
  readonly blocks: readonly Block[];
}

const FENCE = '```';

function commandsOf(lines: readonly string[]): Command[] {
  const commands: { text: string; output: string[]; interrupted: boolean }[] = [];
  let continued = false;
  for (const line of lines) {
    const last = commands.at(-1);
    if (continued) last!.text += `\n${line}`;
    else if (line.startsWith('$ ')) commands.push({ text: line.slice(2), output: [], interrupted: false });
    else if (last === undefined) assert.fail(`no command before: ${line}`);
    else if (line === INTERRUPT) last.interrupted = true;
    else last.output.push(line);
    continued = (line.startsWith('$ ') || continued) && line.endsWith('\\');
  }
  return commands;
}

/** @throws AssertionError for a block of commands that does not say how it is run */
function readPage(name: string): Page {
  const lines = readFileSync(join(FOLDER, name), 'utf8').split('\n');
  const blocks: Block[] = [];
  for (let i = 0; i < lines.length; i++) {
    if (!lines[i]!.startsWith(FENCE)) continue;
    const end = lines.indexOf(FENCE, i + 1);
    assert.ok(end > 0, `${name}: a block without an end`);
    if (lines[i] === `${FENCE}console`) {
      const how = /^<!-- (scene|files|not run:) ?(.*?) ?-->$/.exec(lines[i - 1]!);
      assert.ok(how !== null, `${name}:${i + 1}: nothing says how it is run`);
      const kind = how[1]!.replace(':', '') as Block['kind'];
      blocks.push({ kind, words: how[2]!, commands: commandsOf(lines.slice(i + 1, end)) });
    } else {
      assert.match(lines[i]!, /^```(ini|sql|sh)$/, `${name}:${i + 1}: commands stand in blocks of console`);
    }
    i = end;
  }
  return { name, blocks };
}

export function readPages(): Page[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map(readPage);
}

/**
 * A line without what another run has otherwise (docs/guide/README.md says what): numbers above 3 that are no address and no port
 * below 32768, hexadecimal numbers, and how wide columns are.
 */
export function masked(line: string): string {
  return line
    .replaceAll(
      /(?<![\d.])(\d+\.\d+\.\d+\.\d+)(?:\.(\d+))?(?![\d])/g,
      (_, address: string, port?: string) => {
        const kept = port === undefined ? '' : Number(port) < 32768 ? `.${port}` : '.#';
        return `${address}${kept}`.replaceAll(/\d/g, (digit) => String.fromCharCode(0xe000 + Number(digit)));
      },
    )
    .replaceAll(/\d{4}-\d\d-\d\d[T ][\d:.]+Z?/g, '#')
    .replaceAll(/0x[0-9a-f]+/g, '0x#')
    .replaceAll(/(?<![a-z_])(?:\d{2,}|[4-9])(?:[.:]\d+)*/gi, '#')
    .replaceAll(/[\ue000-\ue009]/g, (digit) => String(digit.charCodeAt(0) - 0xe000))
    .replaceAll(/ {2,}/g, ' ')
    .trimEnd();
}

/** What runs a page's commands. */
export interface Stage {
  /** Words in front of `bash -c COMMAND`. */
  readonly before: readonly string[];
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** What happens once pktap listens. */
  readonly traffic: () => Promise<void>;
}

/** Runs one command. @returns its lines of standard output */
async function lines(command: Command, stage: Stage): Promise<{ out: string[]; err: string }> {
  const [program, ...words] = [...stage.before, 'bash', '-c', command.text] as string[];
  const child: ChildProcess = spawn(program!, words, {
    cwd: stage.folder,
    env: stage.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const signal = (name: NodeJS.Signals): void => {
    try {
      process.kill(-child.pid!, name);
    } catch {
      // it has ended
    }
  };
  let out = '';
  let err = '';
  let sent: Promise<void> | null = null;
  const failed: unknown[] = [];
  child.stdout!.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr!.on('data', (chunk: Buffer) => {
    err += chunk.toString();
    if (sent !== null || !/listening on/.test(err)) return;
    sent = (command.text.includes(' -- ') ? Promise.resolve() : stage.traffic())
      .then(() => new Promise<void>((done) => setTimeout(done, SETTLE)))
      .catch((error: unknown) => void failed.push(error))
      .then(() => (command.interrupted ? signal('SIGINT') : undefined));
  });
  const patience = setTimeout(() => signal('SIGKILL'), PATIENCE);
  await new Promise((done) => child.on('close', done));
  clearTimeout(patience);
  await sent;
  assert.deepEqual(failed, [], err);
  return { out: out === '' ? [] : out.replace(/\n$/, '').split('\n'), err };
}

/** Commands that are run, and what they printed: `PKTAP_GUIDE=write` puts it on the page. */
const WRITES = process.env['PKTAP_GUIDE'] === 'write';

function write(page: string, command: Command, out: readonly string[]): void {
  const path = join(FOLDER, page);
  const old = ['', `$ ${command.text}`, ...command.output].join('\n');
  const fresh = ['', `$ ${command.text}`, ...out].join('\n');
  const text = readFileSync(path, 'utf8');
  assert.ok(text.includes(`${old}\n`), old);
  writeFileSync(
    path,
    text.replace(`${old}\n`, () => `${fresh}\n`),
  );
}

/** Runs a block's commands, and compares what they print with what the page shows. */
export async function check(page: string, block: Block, stage: Stage): Promise<void> {
  for (const command of block.commands) {
    const { out, err } = await lines(command, stage);
    if (WRITES) write(page, command, out);
    else
      assert.deepEqual(
        out.map(masked),
        command.output.map(masked),
        `${page}: ${command.text}\n${out.join('\n')}\n${err}`,
      );
  }
}
