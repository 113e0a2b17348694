// `pktap top` on a terminal of its own: a pseudo-terminal whose other end is a terminal in this process, with keys, sizes and
// a screen to look at.

import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import type { TestContext } from 'node:test';
import xterm from '@xterm/headless';

/**
 * Runs a program on a pseudo-terminal: what it writes goes to standard output, standard input is typed, lines on descriptor 3 are
 * sizes, or `hup`, which takes the terminal away. At the end the terminal's settings are said on descriptor 4, as they were before and are now.
 */
const BRIDGE = `
import fcntl, json, os, select, signal, struct, sys, termios, time
columns, rows = int(sys.argv[1]), int(sys.argv[2])
master, slave = os.openpty()
size = lambda c, r: fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack('HHHH', r, c, 0, 0))
size(columns, rows)
before = termios.tcgetattr(slave)
pid = os.fork()
if pid == 0:
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    stdin = int(os.environ.get('STDIN_FD', '-1'))
    for fd in (0, 1): os.dup2(slave, fd)
    if os.environ.get('STDERR') != 'apart': os.dup2(slave, 2)
    if os.environ.get('STDIN_FILE'): os.dup2(os.open(os.environ['STDIN_FILE'], os.O_RDONLY), 0)
    os.closerange(3, 64)
    os.execvp(sys.argv[3], sys.argv[3:])
status = None
gone = False
control = b''
watched = [0, 3, master]
while True:
    if status is None:
        done, code = os.waitpid(pid, os.WNOHANG)
        if done: status = os.waitstatus_to_exitcode(code)
    ready = select.select(watched, [], [], 0.02)[0]
    if master in ready:
        try: data = os.read(master, 65536)
        except OSError: data = b''
        os.write(1, data) if data else None
    elif status is not None: break
    if 0 in ready:
        data = os.read(0, 65536)
        if data: os.write(master, data)
        else: watched.remove(0)
    if 3 in ready:
        data = os.read(3, 4096)
        if not data: watched.remove(3)
        control += data
        while b'\\n' in control:
            line, control = control.split(b'\\n', 1)
            if line == b'hup':
                gone = True
                watched.remove(master)
                os.close(slave); os.close(master)
                _, code = os.waitpid(pid, 0)
                status = os.waitstatus_to_exitcode(code)
            elif line.startswith(b'signal '): os.kill(pid, int(line[7:]))
            else:
                c, r = map(int, line.split())
                size(c, r)
    if gone: break
after = None if gone else termios.tcgetattr(slave)
os.write(4, json.dumps({'status': status, 'restored': gone or str(before) == str(after)}).encode())
`;

export interface Ended {
  readonly status: number;
  /** Whether the terminal's settings are what they were. */
  readonly restored: boolean;
}

const KEYS: Readonly<Record<string, string>> = {
  up: '\x1b[A',
  down: '\x1b[B',
  right: '\x1b[C',
  left: '\x1b[D',
  pageup: '\x1b[5~',
  pagedown: '\x1b[6~',
  home: '\x1b[H',
  end: '\x1b[F',
  enter: '\r',
  escape: '\x1b',
  backspace: '\x7f',
  'ctrl-c': '\x03',
};

export class Screen {
  private readonly terminal: InstanceType<typeof xterm.Terminal>;
  /** Everything that was written. */
  raw = '';
  errors = '';
  private readonly ended: Promise<Ended>;
  private over = false;
  private written: Promise<void> = Promise.resolve();

  private constructor(
    readonly child: ChildProcess,
    columns: number,
    rows: number,
  ) {
    this.terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
    child.stdout!.on('data', (bytes: Buffer) => {
      this.raw += bytes.toString('latin1');
      this.written = new Promise((done) => this.terminal.write(bytes, done));
    });
    child.stderr!.on('data', (bytes: Buffer) => {
      this.errors += bytes.toString();
    });
    let told = '';
    (child.stdio[4] as NodeJS.ReadableStream).on('data', (bytes: Buffer) => {
      told += bytes.toString();
    });
    this.ended = new Promise((done, fail) => {
      child.on('close', () => {
        this.over = true;
        if (told === '') fail(new Error(`the terminal failed: ${this.errors}`));
        else done(JSON.parse(told) as Ended);
      });
    });
    this.ended.catch(() => {});
  }

  static start(
    t: TestContext,
    words: readonly string[],
    {
      columns = 80,
      rows = 24,
      env = {},
    }: { columns?: number; rows?: number; env?: Record<string, string> } = {},
  ): Screen {
    const child = spawn('python3', ['-c', BRIDGE, `${columns}`, `${rows}`, ...words], {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
      env: { ...process.env, TERM: 'xterm-256color', LC_ALL: 'C.UTF-8', NO_COLOR: '', ...env },
    });
    child.stdin!.on('error', () => {});
    t.after(() => {
      child.kill('SIGKILL');
    });
    return new Screen(child, columns, rows);
  }

  /** pktap top with some words behind it. */
  static top(
    t: TestContext,
    words: readonly string[],
    more: Parameters<typeof Screen.start>[2] = {},
  ): Screen {
    return Screen.start(t, [resolve('bin/pktap'), 'top', ...words], more);
  }

  /** Types keys, by name or as they are. */
  keys(...keys: readonly string[]): void {
    for (const key of keys) this.child.stdin!.write(KEYS[key] ?? key);
  }

  resize(columns: number, rows: number): void {
    this.terminal.resize(columns, rows);
    this.control(`${columns} ${rows}`);
  }

  /** Takes the terminal away. */
  hangUp(): void {
    this.control('hup');
  }

  control(line: string): void {
    (this.child.stdio[3] as NodeJS.WritableStream).write(`${line}\n`);
  }

  /** The screen's lines. */
  get lines(): string[] {
    const { active } = this.terminal.buffer;
    return Array.from({ length: this.terminal.rows }, (_, i) =>
      (active.getLine(active.viewportY + i)?.translateToString(true, 0, this.terminal.cols) ?? '').trimEnd(),
    );
  }

  get text(): string {
    return this.lines.join('\n');
  }

  /** Whether the other screen is shown, which top uses. */
  get alternate(): boolean {
    return this.terminal.buffer.active.type === 'alternate';
  }

  /** Whether a cell is shown reversed: where the selection is. */
  reversed(row: number, column = 0): boolean {
    return this.terminal.buffer.active.getLine(row)?.getCell(column)?.isInverse() !== 0;
  }

  /** Whether any cell has a colour. */
  get coloured(): boolean {
    const { active } = this.terminal.buffer;
    for (let row = 0; row < this.terminal.rows; row++)
      for (let column = 0; column < this.terminal.cols; column++)
        if (active.getLine(row)?.getCell(column)?.isFgDefault() === false) return true;
    return false;
  }

  /** Waits until the screen matches. */
  async until(wanted: RegExp | ((screen: Screen) => boolean), patience = 20_000): Promise<string> {
    const matches = typeof wanted === 'function' ? wanted : ({ text }: Screen) => wanted.test(text);
    const deadline = Date.now() + patience;
    for (;;) {
      await this.written;
      if (matches(this)) return this.text;
      if (this.over || Date.now() > deadline)
        throw new Error(`${wanted} did not come:\n${this.text}\n${this.errors}`);
      await new Promise((done) => setTimeout(done, 20));
    }
  }

  /** Waits for its end. */
  async end(): Promise<Ended> {
    const ended = await this.ended;
    await this.written;
    return ended;
  }
}
