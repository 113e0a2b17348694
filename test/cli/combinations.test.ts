// Options with options: every pair is taken, refused, or taken with a line about what does nothing. None is silent by mistake.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseArguments } from '../../src/cli/arguments.js';
import { ArgumentError } from '../../src/cli/parsed.js';

/** What comes of the words: `!` and why they are refused, or the lines that are said. */
function verdict(words: readonly string[]): string[] {
  try {
    return parseArguments(words).warnings;
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    return [`!${error.message}`];
  }
}

/** Each option as it can stand on a command line, and what it does where it does something. */
const OPTIONS: Readonly<Record<string, string[]>> = {
  '-A': ['-A'],
  '-b': ['-b'],
  '-B': ['-B', '100'],
  '-c': ['-c', '5'],
  '-C': ['-C', '5'],
  '--comment': ['--comment', 'x'],
  '--count': ['--count'],
  '-e': ['-e'],
  '-E': ['-E', 'x'],
  '-f': ['-f'],
  '-g': ['-g'],
  '-G': ['-G', '5'],
  '-H': ['-H'],
  '-i': ['-i', 'lo'],
  '-I': ['-I'],
  '--immediate-mode': ['--immediate-mode'],
  '-j': ['-j', 'host'],
  '-k': ['-k', 'NP'],
  '-K': ['-K'],
  '-l': ['-l'],
  '--keep-root': ['--keep-root'],
  '--lengths': ['--lengths'],
  '-M': ['-M', 'x'],
  '--max-block-size': ['--max-block-size', '1m'],
  '--nano': ['--nano'],
  '-n': ['-n'],
  '-N': ['-N'],
  '--netns': ['--netns', '1'],
  '--no-cmdline': ['--no-cmdline'],
  '--no-metadata': ['--no-metadata'],
  '--no-sandbox': ['--no-sandbox'],
  '-#': ['-#'],
  '-O': ['-O'],
  '-p': ['-p'],
  '-P': ['-P'],
  '--print': ['--print'],
  '--print-sampling': ['--print-sampling', '3'],
  '-q': ['-q'],
  '-Q': ['-Q', 'pid = 1'],
  '-s': ['-s', '100'],
  '-S': ['-S'],
  '--skip': ['--skip', '2'],
  '--sort': ['--sort'],
  '-t': ['-t'],
  '-T': ['-T', 'rtp'],
  '-u': ['-u'],
  '-U': ['-U'],
  '-v': ['-v'],
  '-W': ['-W', '3'],
  '-x': ['-x'],
  '-X': ['-X'],
  '-y': ['-y', 'RAW'],
  '-z': ['-z', 'true'],
  '-Z': ['-Z', 'nobody'],
  '--apple-arp-plain': ['--apple-arp-plain'],
  '-a': ['-a'],
  '--apple-truncate': ['--apple-truncate'],
  '--apple-pktapv2': ['--apple-pktapv2'],
};

const CONTEXTS: Readonly<Record<string, { words: string[]; refused: string[]; said: string[] }>> = {
  live: {
    words: [],
    refused: ['-C', '-G', '-W', '-z', '--comment', '--count', '-I', '--sort'],
    said: ['-P', '--no-cmdline', '--max-block-size'],
  },
  'live to a file': {
    words: ['-w', 'f%S'],
    refused: ['--count', '-I', '--sort'],
    said: ['-A', '-x', '-X', '-W', '--max-block-size'],
  },
  'live to a file and text': {
    words: ['-w', 'f%S', '--print'],
    refused: ['--count', '-I', '--sort'],
    said: ['-W', '--max-block-size'],
  },
  'a file': {
    words: ['-r', 'x'],
    refused: ['-C', '-G', '-W', '-z', '--comment', '--netns', '-f', '--sort'],
    said: ['-i', '-B', '-p', '-I', '-j', '--immediate-mode', '-P', '--no-cmdline', '-y'],
  },
  'a file to a file': {
    words: ['-r', 'x', '-w', 'f%S'],
    refused: ['--netns', '-f', '--sort'],
    said: ['-i', '-B', '-p', '-I', '-j', '--immediate-mode', '-A', '-x', '-X', '-W'],
  },
  'files in order': {
    words: ['-V', 'x', '--sort'],
    refused: ['-C', '-G', '-W', '-z', '--comment', '--netns', '-f'],
    said: ['-i', '-B', '-p', '-I', '-j', '--immediate-mode', '-P', '--no-cmdline', '-y'],
  },
};

/** Pairs that contradict each other wherever each may stand. */
const REFUSED = [
  '-A -x',
  '-A -X',
  '-x -X',
  '-k --no-metadata',
  '--keep-root -Z',
  '--count --print',
  '--count --print-sampling',
];
/** What one does to what is said of the other. */
const CHANGED: { readonly [pair: string]: readonly string[] } = {
  // Text is printed then.
  '-A --print': [],
  '-x --print': [],
  '-X --print': [],
  '-A --print-sampling': [],
  '-x --print-sampling': [],
  '-X --print-sampling': [],
  // There are several files then.
  '-W -C': [],
  '-W -G': [],
};

for (const [name, { words, refused, said }] of Object.entries(CONTEXTS)) {
  test(`${name}: each option alone, and each with each`, () => {
    const alone = new Map<string, string[]>();
    for (const [option, own] of Object.entries(OPTIONS)) {
      const told = verdict([...words, ...own]);
      alone.set(option, told);
      const isRefused = told[0]?.startsWith('!') === true;
      assert.equal(isRefused, refused.includes(option), `${option}: ${told}`);
      assert.equal(told.length > 0 && !isRefused, said.includes(option), `${option}: ${told}`);
      if (told.length > 0 && option !== '-f' && option !== '--count' && option !== '-I')
        assert.ok(told[0]!.includes(option), `${option}: ${told}`);
    }
    for (const one of Object.keys(OPTIONS)) {
      for (const other of Object.keys(OPTIONS)) {
        if (one === other) continue;
        const pair = [`${one} ${other}`, `${other} ${one}`];
        const told = verdict([...words, ...OPTIONS[one]!, ...OPTIONS[other]!]);
        assert.deepEqual(
          verdict([...words, ...OPTIONS[other]!, ...OPTIONS[one]!]),
          told,
          `${pair[0]} turned`,
        );
        const isRefused = told[0]?.startsWith('!') === true;
        const expected =
          refused.includes(one) || refused.includes(other) || pair.some((both) => REFUSED.includes(both));
        assert.equal(isRefused, expected, `${pair[0]}: ${told}`);
        if (isRefused) continue;
        for (const option of [one, other]) {
          const changed = pair.some((both) => both in CHANGED);
          const mentioned = told.some((line) =>
            line.slice(0, line.indexOf(': ')).split(', ').includes(option),
          );
          const silent = !said.includes(option);
          // --count leaves dumps out, too, and says so.
          if (silent && ['-A', '-x', '-X'].includes(option) && pair.some((both) => both.includes('--count')))
            assert.ok(mentioned, `${pair[0]}: ${told}`);
          else if (!changed) assert.equal(mentioned, !silent, `${pair[0]}: ${told}`);
        }
        for (const both of pair) if (both in CHANGED) assert.deepEqual(told, CHANGED[both], both);
      }
    }
  });
}

test('given twice: several interfaces, one file, one filter', () => {
  assert.deepEqual(parseArguments(['-i', 'a', '-i', 'b', '--interface', 'c']).interfaces, ['a', 'b', 'c']);
  for (const [words, why] of [
    [['-r', 'a', '-r', 'b'], '-r can be given only once: -V reads the files of a list'],
    [['-V', 'a', '-V', 'b'], '-V can be given only once: one list names all files'],
    [['-w', 'a', '-w', 'b'], '-w can be given only once'],
    [['-F', 'a', '-F', 'b'], '-F can be given only once'],
    [['-Q', 'pid = 1', '-Q', 'pid = 2'], "-Q can be given one metadata filter: join them with 'and' or 'or'"],
    [['-Q', 'in', '-Q', 'out'], '-Q takes one direction: in, out or inout'],
    [['-r', 'a', '-V', 'b'], '-V and -r are mutually exclusive.'],
    [['-w', '-', '-C', '1'], '-C needs the name of a file: -w - is standard output'],
    [['-D', '--netns', '1'], "--netns can't be used together with -D, -L or -J"],
    [['-k', 'NPQ'], "Q is no letter of -k in 'NPQ': it takes INPUSDCFftdcVAORXLTGKWH"],
    [['--apple-md-print=xy'], "x is no letter of -k in 'xy': it takes INPUSDCFftdcVAORXLTGKWH"],
    [['-i', ''], '-i: an interface name is empty'],
  ] as const)
    assert.deepEqual(verdict(words), [`!${why}`]);
  assert.deepEqual(verdict(['-r', 'a', '-r', 'a']), []);
  assert.deepEqual(verdict(['-Q', 'in', '-Q', 'pid = 1']), []);
  assert.deepEqual(verdict(['-s', '5', '-s', '6']), [
    '-s was given with different values: the last one counts',
  ]);
  assert.deepEqual(verdict(['-F', 'f', 'tcp']), [
    'the packet filter is that of -F: the words on the command line are ignored',
  ]);
  assert.deepEqual(verdict(['-w', 'f', '-G', '5']), [
    '-G: every file has the name f and is written over by the next; %H%M%S makes them differ',
  ]);
  assert.deepEqual(verdict(['-D', '-c', '1']), ['-c: nothing is captured with -D']);
});

test('-k’s letters are the next word, unless that is a packet filter', () => {
  const of = (...words: string[]): [string, string | null] => {
    const parsed = parseArguments(words);
    return [parsed.printOptions.metadata, parsed.expression];
  };
  assert.deepEqual(of('-k', 'NP', 'port', '80'), ['NP', 'port 80']);
  assert.deepEqual(of('-k', 'tcp'), ['INPSDCF', 'tcp']);
  assert.deepEqual(of('-tknq'), ['INPSDCF', null]);
  assert.deepEqual(of('-k', '(tcp or udp)'), ['INPSDCF', '(tcp or udp)']);
});
