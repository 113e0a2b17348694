// --help, made from the table of options: examples first, lines that fit 80 columns.

import { METADATA_FIELDS } from '../../filter/metadata/index.js';
import { ENTRIES, GROUPS, namesOf, type Told } from '../options.js';
import type { ViewCommand } from '../views.js';

const WIDTH = 80;
/** Where an option's text begins. */
const COLUMN = 30;

/** What people come for first. A test runs those that need nobody's right. */
export const EXAMPLES: readonly (readonly [command: string, does: string])[] = [
  ['sudo pktap', 'every packet, with its process'],
  ['sudo pktap -n -Q "proc = ssh"', "one program's packets"],
  ['sudo pktap -n -i pktap,all port 53', 'who asks DNS, on every interface'],
  ['sudo pktap top', 'who uses the network, live'],
  ['sudo pktap -w out.pcapng -- curl -s URL', "a command's packets, in a file"],
  ['pktap -r out.pcapng -knv', 'a file, with all that is known'],
  ['pktap -r out.pcapng --summary process.name', 'bytes by process'],
];

/** Breaks text into lines of `width` columns at most, where it has spaces. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line += line === '' ? word : ` ${word}`;
  }
  return [...lines, line];
}

/** An option as it is written: `-i, --interface interface`. */
export function spelling(name: string, entry: Told): string {
  const { short, long } = namesOf(name, entry);
  const [first] = long;
  const names = [...(short === '' ? [] : [`-${short}`]), ...(first === undefined ? [] : [`--${first}`])];
  const { takes, optional } = entry;
  const value = takes === undefined ? '' : optional === true ? ` [${takes}]` : ` ${takes}`;
  return names.join(', ') + value;
}

/** A left column, and its text beside it, or under it where it is too long. */
function row(left: string, text: string): string {
  const indent = ' '.repeat(COLUMN);
  const [first, ...rest] = wrap(text, WIDTH - COLUMN);
  const head = `  ${left}`;
  const beside = head.length < COLUMN - 1 ? [head.padEnd(COLUMN) + first] : [head, indent + first];
  return [...beside, ...rest.map((line) => indent + line)].join('\n');
}

/** The views, where their own options are not told. */
const VIEW_LINES = [
  ['top', 'traffic by process, flow, host and container'],
  ['web', 'the same, and packets, on a page in the browser'],
] as const;

/** The text of a view's --help without the version. */
export function viewHelp({ name, about, options, notes }: ViewCommand): string {
  const rows = options.map((option) => row(spelling(option.name, option), option.about));
  const parts = [
    `Usage: pktap ${name} [options] [packet filter]`,
    '',
    `  ${about}`,
    '',
    ...rows,
    '',
    ...notes,
  ];
  return `${parts.join('\n')}\n`;
}

/** The text of --help without the version. */
export function help(): string {
  const parts = ['Usage: pktap [options] [packet filter] [-- command]', ''];
  const widest = Math.max(...EXAMPLES.map(([command]) => command.length));
  parts.push(...EXAMPLES.map(([command, does]) => `  ${command.padEnd(widest)}  ${does}`));
  parts.push('', 'Views, with options of their own (pktap top --help):');
  for (const [name, about] of VIEW_LINES) parts.push(row(name, about));
  for (const group of GROUPS) {
    parts.push('', `${group}:`);
    for (const [name, entry] of ENTRIES)
      if (entry.group === group) parts.push(row(spelling(name, entry), entry.about));
    if (group === 'Which packets') {
      const fields = METADATA_FIELDS.join(' ');
      parts.push(row('conditions of -Q', `${fields}; and every field of --fields help`));
    }
    if (group === 'The run')
      parts.push(row('-- command', 'start it, capture it and its children, end with it and with its status'));
  }
  return `${parts.join('\n')}\n`;
}
