// What is made of the table of options: the parser's list, --help, the manual page, the completions of three shells.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parseArguments } from '../../src/cli/arguments.js';
import { UsageError } from '../../src/cli/getopt.js';
import { ENTRIES, namesOf, type Told } from '../../src/cli/options.js';
import { ArgumentError } from '../../src/cli/parsed.js';
import { help, VIEW_COMMANDS, viewHelp } from '../../src/cli/reference/index.js';
import { parseTopArguments } from '../../src/cli/top/arguments.js';
import { parseWebArguments } from '../../src/cli/web/arguments.js';

const SHARE = 'dist/share';

/** The ways to write an option. */
function spellings(name: string, entry: Told): string[] {
  const { short, long } = namesOf(name, entry);
  return [...(short === '' ? [] : [`-${short}`]), ...long.map((one) => `--${one}`)];
}

/** Skips where a program is missing. @returns whether it is there */
function needs(t: TestContext, program: string): boolean {
  const found = spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
  if (!found) t.skip(`${program} is not installed`);
  return found;
}

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', env });
  return { status, stdout, stderr };
}

test('the parser takes every spelling of the table, and no other name', () => {
  for (const [name, entry] of ENTRIES) {
    for (const spelling of spellings(name, entry)) {
      try {
        parseArguments(entry.takes === undefined || entry.optional === true ? [spelling] : [spelling, 'x']);
      } catch (error) {
        assert.ok(error instanceof ArgumentError, `${spelling}: ${error}`);
      }
      if (entry.takes !== undefined && entry.optional !== true)
        assert.throws(() => parseArguments([spelling]), UsageError, spelling);
    }
  }
  const letters = new Set(ENTRIES.map(([name, entry]) => namesOf(name, entry).short));
  for (let code = 0x21; code < 0x7f; code++) {
    const letter = String.fromCharCode(code);
    if (!letters.has(letter) && letter !== '-')
      assert.throws(() => parseArguments([`-${letter}`]), UsageError);
  }
});

test("the views' parsers take every spelling of their tables, and no other name", () => {
  const parsers = { top: parseTopArguments, web: parseWebArguments };
  for (const { name, options } of VIEW_COMMANDS) {
    const parse = parsers[name];
    for (const option of options)
      for (const spelling of spellings(option.name, option)) {
        if (option.takes !== undefined) assert.throws(() => parse([spelling]), UsageError, spelling);
        try {
          parse(option.takes === undefined ? [spelling] : [spelling, '22']);
        } catch (error) {
          assert.ok(error instanceof ArgumentError, `${name} ${spelling}: ${error}`);
        }
      }
    const letters = new Set(options.map((option) => namesOf(option.name, option).short));
    for (let code = 0x21; code < 0x7f; code++) {
      const letter = String.fromCharCode(code);
      if (!letters.has(letter) && letter !== '-') assert.throws(() => parse([`-${letter}`]), UsageError);
    }
    // What the command has too is called and described as there, but where it does something else.
    for (const option of options) {
      const entry = ENTRIES.find(([other]) => other === option.name)?.[1];
      // -b, --interval and --sort are other options there.
      if (entry === undefined || ['-b', '--interval', '--sort'].includes(option.name)) continue;
      assert.deepEqual([option.long, option.takes], [entry.long, entry.takes], option.name);
      if (!['-r', '-v', '-Z'].includes(option.name)) assert.equal(option.about, entry.about);
    }
  }
});

test('--help of a view has every option in 80 columns, and --help names the views', () => {
  for (const view of VIEW_COMMANDS) {
    const text = viewHelp(view);
    for (const line of text.split('\n')) assert.ok(line.length <= 80, line);
    for (const option of view.options)
      assert.ok(text.includes(`\n  ${spellings(option.name, option)[0]}`), option.name);
    assert.equal(
      run('bin/pktap', [view.name, '--help']).stdout,
      run('bin/pktap', ['--version']).stdout + text,
    );
    assert.match(help(), new RegExp(`^  ${view.name}  `, 'm'));
  }
});

test('--help has every option in 80 columns, examples first', () => {
  const text = help();
  for (const line of text.split('\n')) assert.ok(line.length <= 80, line);
  for (const [name, entry] of ENTRIES) assert.ok(text.includes(`  ${spellings(name, entry)[0]}`), name);
  assert.ok(text.indexOf('sudo pktap -n -Q') < text.indexOf('--interface'));
  assert.equal(run('bin/pktap', ['--help']).stdout, run('bin/pktap', ['--version']).stdout + text);
});

test('an option that there is not is told with the way to the list', () => {
  const { status, stderr } = run('bin/pktap', ['--fooo']);
  assert.equal(status, 1);
  assert.match(stderr, /^pktap: unrecognized option '--fooo'\n(.*\n)*.*pktap --help lists the options\n$/);
});

test('the manual page passes mandoc -Tlint and shows every option', (t) => {
  if (!needs(t, 'mandoc')) return;
  const page = `${SHARE}/man/man1/pktap.1`;
  const { stdout } = run('mandoc', ['-Tlint', '-W', 'style', page]);
  // What the machine's list of pages has is no fault of the page's.
  const lines = stdout
    .split('\n')
    .filter((line) => line !== '' && !/mandoc\.db|referenced manual not found/.test(line));
  assert.deepEqual(lines, []);
  const shown = run('mandoc', ['-Tascii', page]).stdout.replaceAll(/.\x08/g, '');
  for (const [name, entry] of ENTRIES)
    for (const spelling of spellings(name, entry)) assert.ok(shown.includes(spelling), spelling);
  for (const view of VIEW_COMMANDS) {
    const part = shown.slice(shown.indexOf(`The view ${view.name}`));
    for (const option of view.options)
      for (const spelling of spellings(option.name, option)) assert.ok(part.includes(spelling), spelling);
  }
});

/** What bash offers for a command line, its last word being completed. */
function bashOffers(words: readonly string[]): string[] {
  const file = `${SHARE}/bash-completion/completions/pktap`;
  const quoted = words.map((word) => `'${word}'`).join(' ');
  const script = `source ${file}; compopt() { :; }; COMP_WORDS=(pktap ${quoted}); COMP_CWORD=${words.length}; _pktap; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = run('bash', ['-c', script]);
  assert.equal(stderr, '');
  return stdout.split('\n').filter((word) => word !== '');
}

test('bash completes options, interfaces, fields, processes and the rest', () => {
  assert.equal(run('bash', ['-n', `${SHARE}/bash-completion/completions/pktap`]).stderr, '');
  assert.deepEqual(bashOffers(['--apple-md']), ['--apple-md-filter', '--apple-md-print']);
  assert.ok(bashOffers(['-i', '']).includes('lo'));
  assert.deepEqual(
    bashOffers(['-i', 'pktap,l']).filter((word) => word === 'pktap,lo'),
    ['pktap,lo'],
  );
  assert.deepEqual(bashOffers(['--fields', 'frame.time,process.na']).slice(0, 1), [
    'frame.time,process.name',
  ]);
  assert.deepEqual(bashOffers(['-y', 'PK']), ['PKTAP']);
  assert.deepEqual(bashOffers(['-T', 'vx']), ['vxlan']);
  assert.deepEqual(bashOffers(['-Q', 'pro']), ['proc=']);
  const own = readFileSync('/proc/self/comm', 'utf8').trim();
  assert.ok(bashOffers(['-Q', 'proc', '=', own.slice(0, 2)]).includes(own), own);
  assert.ok(bashOffers(['-Q', 'proc', '=']).includes(own), own);
  assert.deepEqual(bashOffers(['-n', '--', 'mandoc-or-ba']), []);
  assert.ok(bashOffers(['-n', '--', 'bas']).includes('bash'));
  assert.deepEqual(bashOffers(['portr']), ['portrange']);
  // Views: their names as the first word alone, and their own options.
  assert.deepEqual(bashOffers(['to']), ['top']);
  assert.deepEqual(bashOffers(['-n', 'to']), []);
  assert.deepEqual(bashOffers(['top', '--ro']), ['--rounds', '--rows']);
  assert.deepEqual(bashOffers(['top', '--view', 'pro']), ['processes']);
  assert.deepEqual(bashOffers(['top', '--apple']), ['--apple-md-filter']);
  assert.deepEqual(bashOffers(['web', '--po']), ['--port']);
  assert.deepEqual(bashOffers(['web', '-Q', 'pro']), ['proc=']);
  assert.deepEqual(bashOffers(['--po']), []);
});

test('fish completes options, link types, fields and processes', (t) => {
  if (!needs(t, 'fish')) return;
  const file = `${SHARE}/fish/vendor_completions.d/pktap.fish`;
  const home = mkdtempSync(join(tmpdir(), 'pktap-fish-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const offers = (line: string): string[] =>
    run('fish', ['--no-config', '-c', `source ${file}; complete -C '${line}'`], {
      ...process.env,
      HOME: home,
    })
      .stdout.split('\n')
      .map((row) => row.split('\t')[0]!)
      .filter((word) => word !== '');
  assert.equal(run('fish', ['-n', file], { ...process.env, HOME: home }).stderr, '');
  assert.deepEqual(offers('pktap --apple-md').sort(), ['--apple-md-filter', '--apple-md-print']);
  assert.deepEqual(offers('pktap -y PK'), ['PKTAP']);
  assert.ok(offers('pktap -i l').includes('lo'));
  assert.ok(offers('pktap --fields frame.time,process.na').includes('frame.time,process.name'));
  assert.deepEqual(offers('pktap to'), ['top']);
  assert.deepEqual(offers('pktap -n to'), []);
  assert.deepEqual(offers('pktap top --ro').sort(), ['--rounds', '--rows']);
  assert.deepEqual(offers('pktap top --view pro'), ['processes']);
  assert.deepEqual(offers('pktap web --po'), ['--port']);
  assert.deepEqual(offers('pktap --po'), []);
});

test('zsh reads its file and offers options', (t) => {
  if (!needs(t, 'zsh')) return;
  const folder = `${SHARE}/zsh/vendor-completions`;
  assert.equal(run('zsh', ['-n', `${folder}/_pktap`]).stderr, '');
  // zsh completes on a terminal alone: its own module for one, with a shell in it that is asked.
  const script = `
    zmodload zsh/zpty; zpty shell zsh -f
    zpty -w shell 'PS1=; fpath=(${folder} $fpath); autoload -U compinit; compinit -u -D; bindkey "^I" complete-word; zstyle ":completion:*" verbose no; print read\\y'
    zpty -r shell out '*ready*' || exit 1
    zpty -w -n shell $'pktap --apple-md-p\\t\\n'
    zpty -r shell out '*apple-md-print*' && print -r -- found
    zpty -w -n shell $'\\025pktap top --roun\\t\\n'
    zpty -r shell out '*--rounds*' && print -r -- rounds
    zpty -w -n shell $'\\025pktap web --token\\t\\n'
    zpty -r shell out '*--token-file*' && print -r -- token
  `;
  const { stdout } = spawnSync('zsh', ['-f', '-c', script], { encoding: 'utf8', timeout: 60_000 });
  assert.equal(stdout, 'found\nrounds\ntoken\n');
});
