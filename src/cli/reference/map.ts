// docs/options.md, made from the table of options: each one beside tcpdump's and Apple's.

import { ENTRIES, GROUPS, NOT_TAKEN, type OptionEntry, type OptionName } from '../options.js';
import { spelling } from './help.js';
import { VIEW_COMMANDS } from './viewcommands.js';

/** A cell of a table. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function others({ tcpdump, apple }: OptionEntry): [tcpdump: string, apple: string] {
  const there = (text: string | undefined, otherwise: string): string =>
    text === undefined ? otherwise : text === 'none' ? '–' : text;
  const first = there(tcpdump, 'the same');
  return [first, there(apple, first)];
}

function rowOf(name: OptionName, entry: OptionEntry): string {
  // Apple's second name for an option of tcpdump's, too.
  const also = entry.long?.slice(1).map((long) => `, \`--${long}\``) ?? [];
  return `| \`${cell(spelling(name, entry))}\`${also.join('')} | ${cell(entry.about)} | ${others(entry).map(cell).join(' | ')} |`;
}

/** The document. */
export function optionsDocument(): string {
  const parts = [
    '# Options, and where they come from',
    '',
    'Made by `npm run docs` from the table in `src/cli/options.ts`. Every option of tcpdump 4.99, of tcpdump 5.0 and of Apple’s tcpdump is here: *the same* where it does',
    'the same, – where there is none, else what differs. What Apple’s column does not say otherwise is as in 4.99. Not taken is `--list-remote-interfaces`, of tcpdumps whose',
    'libpcap captures on other hosts: over ssh, `pktap -w -` does. An option that is left to whoever debugs tcpdump (`-Y`) is not there.',
  ];
  for (const group of GROUPS) {
    parts.push('', `## ${group}`, '', '| pktap | | tcpdump | Apple’s tcpdump |', '| --- | --- | --- | --- |');
    parts.push(
      ...ENTRIES.filter(([, entry]) => entry.group === group).map(([name, entry]) => rowOf(name, entry)),
    );
  }
  for (const { name, about, options } of VIEW_COMMANDS) {
    parts.push(
      '',
      `## \`pktap ${name}\``,
      '',
      `${about[0]!.toUpperCase()}${about.slice(1)}.`,
      '',
      '| | |',
      '| --- | --- |',
    );
    parts.push(
      ...options.map((option) => `| \`${cell(spelling(option.name, option))}\` | ${cell(option.about)} |`),
    );
  }
  parts.push('', '## Not taken', '', '| tcpdump | |', '| --- | --- |');
  parts.push(...Object.entries(NOT_TAKEN).map(([name, why]) => `| \`${name}\` | ${why} |`));
  return `${parts.join('\n')}\n`;
}
