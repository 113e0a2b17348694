// The manual page pktap(1) in mdoc, made from the table of options.

import { METADATA_FIELDS } from '../../filter/metadata/index.js';
import { ENTRIES, GROUPS, namesOf, type Told } from '../options.js';
import { EXAMPLES, wrap } from './help.js';
import { VIEW_COMMANDS } from './viewcommands.js';

/** Text as roff takes it: no escapes, `code` in bold. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('’', '\\(cq')
    .replaceAll(/`([^`]*)`/g, '\\fB$1\\fP');
}

/** Each sentence begins a line, as mdoc wants it, and no line is a request or longer than a terminal's. */
function sentences(text: string): string {
  return text
    .split(/(?<=[.:;]) (?=[A-Z`])/)
    .flatMap((sentence) => wrap(sentence, 70))
    .map((line) => (/^[.']/.test(line) ? `\\&${roff(line)}` : roff(line)))
    .join('\n');
}

/** Words as arguments of a macro. */
function words(text: string): string {
  return `"${roff(text).replaceAll('"', '\\(dq')}"`;
}

function item(name: string, entry: Told): string {
  const { short, long } = namesOf(name, entry);
  const names = [
    ...(short === '' ? [] : [`Fl ${short === '#' ? '\\&#' : short}`]),
    ...long.map((n) => `Fl \\-${roff(n)}`),
  ];
  const { takes, optional } = entry;
  const value =
    takes === undefined ? '' : optional === true ? ` Op Ar ${words(takes)}` : ` Ar ${words(takes)}`;
  const lines = [`.It ${names.join(' , ')}${value}`, sentences(`${capital(entry.about)}.`)];
  if (entry.more !== undefined) lines.push(sentences(entry.more));
  return lines.join('\n');
}

function capital(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}

/** @param date the day of the page, as `November 30, 2026` @param version the package's */
export function manualPage(date: string, version: string): string {
  const lines = [
    `.Dd ${date}`,
    '.Dt PKTAP 1',
    `.Os`,
    '.Sh NAME',
    '.Nm pktap',
    '.Nd packet capture that knows the process',
    '.Sh SYNOPSIS',
    '.Nm',
    '.Op Ar options',
    '.Op Ar "packet filter"',
    '.Op Fl \\- Ar command',
    '.Sh DESCRIPTION',
    '.Nm',
    sentences(
      'prints packets as tcpdump does, each with the process that sent or gets it, and filters by processes in the kernel. It reads and writes pcap ' +
        "and pcapng files, with the processes in every known dialect, and takes tcpdump's and Apple's options.",
    ),
    '.Pp',
    'The',
    '.Ar "packet filter"',
    'is an expression of',
    '.Xr pcap-filter 7 .',
    'A',
    '.Ar command',
    'is started, and captured with all its children until its end;',
    'its exit status is the one of',
    '.Nm .',
  ];
  for (const group of GROUPS) {
    lines.push(`.Ss ${group}`, '.Bl -tag -width Ds');
    for (const [name, entry] of ENTRIES) if (entry.group === group) lines.push(item(name, entry));
    lines.push('.El');
    if (group === 'Which packets')
      lines.push('.Pp', sentences(`Conditions of a metadata filter: ${METADATA_FIELDS.join(', ')}.`));
  }
  for (const { name, about, options, notes } of VIEW_COMMANDS) {
    lines.push(
      `.Ss The view ${name}`,
      '.Nm',
      `.Cm ${name}`,
      '.Op Ar options',
      '.Op Ar "packet filter"',
      '.Pp',
    );
    lines.push(sentences(`${capital(about)}. ${notes.join(' ')}`), '.Bl -tag -width Ds');
    lines.push(...options.map((option) => item(option.name, option)), '.El');
  }
  lines.push(
    '.Sh EXIT STATUS',
    '0 when all went well, 1 after an error, which is one line on standard error;',
    'with a',
    '.Ar command ,',
    'its status.',
    '.Sh EXAMPLES',
    '.Bl -tag -width Ds',
    ...EXAMPLES.flatMap(([command, does]) => [`.It Li ${words(command)}`, `${roff(capital(does))}.`]),
    '.El',
    '.Sh SEE ALSO',
    '.Xr pcap-filter 7 ,',
    '.Xr tcpdump 8',
    '.Pp',
    `The manual of version ${version} is in the package, in`,
    '.Pa docs/manual.md .',
  );
  return `${lines.join('\n')}\n`;
}
