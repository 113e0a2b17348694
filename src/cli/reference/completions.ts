// Completions for bash, zsh and fish, made from the table of options. Interfaces come from /sys and processes from /proc, so that a
// tab does not start pktap.

import { FIELDS } from '../../decode/facts/index.js';
import { METADATA_FIELDS } from '../../filter/metadata/index.js';
import { METADATA_LETTERS } from '../../print/options.js';
import { type Completion, ENTRIES, namesOf, PACKET_TYPES, type Told } from '../options.js';
import { VIEW_COMMANDS } from './viewcommands.js';

type Entries = readonly (readonly [name: string, told: Told])[];
/** The options of the command and of each view, whose name is the first word. */
const TABLES: readonly (readonly [view: string | null, entries: Entries])[] = [
  [null, ENTRIES],
  ...VIEW_COMMANDS.map(({ name, options }) => [name, options.map((o) => [o.name, o] as const)] as const),
];
const VIEWS = VIEW_COMMANDS.map(({ name }) => name);

const LINK_TYPES = ['PKTAP', 'RAW', 'EN10MB'];
/** First words of packet filters. Source: pcap-filter(7). */
const FILTER_WORDS =
  'host net port portrange src dst ip ip6 arp tcp udp icmp icmp6 and or not vlan less greater'.split(' ');
const LETTER_SETS = ['NP', 'INPSDCF', 'A', METADATA_LETTERS];

/** Fields that --fields and --summary take. */
function fields(): readonly string[] {
  return FIELDS.map(({ name }) => name);
}

/** Words that are known when the completions are made; null: they are asked as they are needed. */
function fixedWords(completes: Completion): readonly string[] | null {
  if (typeof completes !== 'string') return completes;
  if (completes === 'link type') return LINK_TYPES;
  if (completes === 'packet type') return PACKET_TYPES;
  if (completes === 'metadata letters') return LETTER_SETS;
  return null;
}

/** A word in single quotes, as all three shells read it but fish, which has backslashes in them too. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** An option's spellings on a command line. */
function spellings(name: string, entry: Told): string[] {
  const { short, long } = namesOf(name, entry);
  return [...(short === '' ? [] : [`-${short}`]), ...long.map((n) => `--${n}`)];
}

function takesValue({ takes, optional }: Told): boolean {
  return takes !== undefined && optional !== true;
}

const BASH_HELPERS = `_pktap_interfaces() {
    printf '%s\\n' pktap pktap,all droptap any
    command ls /sys/class/net 2>/dev/null
}

_pktap_processes() {
    cat /proc/[0-9]*/comm 2>/dev/null | sort -u
}

_pktap_namespaces() {
    command ls /run/netns 2>/dev/null
    command ls /proc 2>/dev/null | grep -x '[0-9]*'
}

# Completes the last part of a list with commas. $1: the list so far, $2: the words.
_pktap_list() {
    local before=""
    case $1 in *,*) before="\${1%,*}," ;; esac
    mapfile -t COMPREPLY < <(compgen -P "$before" -W "$2" -- "\${1##*,}")
    compopt -o nospace
}
`;

function bashAction(completes: Completion): string {
  const words = fixedWords(completes);
  if (words !== null) return `mapfile -t COMPREPLY < <(compgen -W ${quoted(words.join(' '))} -- "$cur")`;
  switch (completes) {
    case 'interface':
      return '_pktap_list "$cur" "$(_pktap_interfaces)"';
    case 'fields':
      return `_pktap_list "$cur" ${quoted(fields().join(' '))}`;
    case 'user':
      return 'mapfile -t COMPREPLY < <(compgen -u -- "$cur")';
    case 'command':
      return 'mapfile -t COMPREPLY < <(compgen -c -- "$cur")';
    case 'network namespace':
      return 'mapfile -t COMPREPLY < <(compgen -W "$(_pktap_namespaces)" -- "$cur")';
    case 'metadata filter':
      return `mapfile -t COMPREPLY < <(compgen -W ${quoted(['in', 'out', 'inout', ...METADATA_FIELDS.map((f) => `${f}=`)].join(' '))} -- "$cur"); compopt -o nospace`;
    default:
      return 'mapfile -t COMPREPLY < <(compgen -f -- "$cur")';
  }
}

/** The file of bash-completion, to be read by \`source\` or from its folder as \`pktap\`. */
export function bashCompletion(): string {
  const tables = TABLES.map(([view, entries]) => {
    const cases = entries
      .filter(([, entry]) => takesValue(entry))
      .map(([name, entry]) => {
        const action = entry.completes === undefined ? 'COMPREPLY=()' : bashAction(entry.completes);
        return `        ${spellings(name, entry).join('|')}) ${action}; return ;;`;
      });
    const all = entries.flatMap(([name, entry]) => spellings(name, entry));
    return `# Completes a value of an option, or sets $options. $1: the word before, $cur: the word.
_pktap_${view ?? 'command'}() {
    options=${quoted(all.join(' '))}
    case $1 in
${cases.join('\n')}
        *) return 1 ;;
    esac
}
`;
  });
  return `# bash completion for pktap

${BASH_HELPERS}
${tables.join('\n')}
_pktap() {
    local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} i options table=command words
    COMPREPLY=()
    if ((COMP_CWORD > 1)); then
        case \${COMP_WORDS[1]} in ${VIEWS.join('|')}) table=\${COMP_WORDS[1]} ;; esac
    fi
    # Behind -- stands a command.
    for ((i = 1; i < COMP_CWORD; i++)); do
        if [[ \${COMP_WORDS[i]} == -- ]]; then
            mapfile -t COMPREPLY < <(compgen -c -- "$cur")
            return
        fi
    done
    # proc=NAME is three words, as = ends a word.
    if [[ $cur == = ]]; then
        cur=""
    elif [[ $prev == = ]]; then
        prev=\${COMP_WORDS[COMP_CWORD - 2]}
    fi
    case $prev in
        proc|eproc) mapfile -t COMPREPLY < <(compgen -W "$(_pktap_processes)" -- "$cur"); return ;;
        dir) mapfile -t COMPREPLY < <(compgen -W 'in out' -- "$cur"); return ;;
        if) mapfile -t COMPREPLY < <(compgen -W "$(command ls /sys/class/net 2>/dev/null)" -- "$cur"); return ;;
        user) mapfile -t COMPREPLY < <(compgen -u -- "$cur"); return ;;
    esac
    _pktap_$table "$prev" && return
    if [[ $cur == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
    else
        words=${quoted(FILTER_WORDS.join(' '))}
        ((COMP_CWORD == 1)) && words="$words ${VIEWS.join(' ')}"
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
    fi
}

complete -F _pktap pktap
`;
}

const ZSH_HELPERS = `_pktap_interfaces() {
  local -a names
  names=(pktap pktap,all droptap any /sys/class/net/*(N:t))
  if [[ $PREFIX == *,* ]]; then
    compset -P '*,'
  fi
  _describe interface names
}

_pktap_namespaces() {
  local -a names
  names=(/run/netns/*(N:t) /proc/<->(N:t))
  _describe 'network namespace' names
}

_pktap_filter() {
  local -a names
  if [[ $PREFIX == (#b)(|*[[:space:]])(proc|eproc)[[:space:]]#=* ]]; then
    compset -P '*='
    names=(\${(fu)"$(cat /proc/[0-9]*/comm 2>/dev/null)"})
    _describe process names
  else
    names=(in out inout @CONDITIONS@)
    compadd -S '' -- $names
  fi
}
`;

function zshAction(completes: Completion): string {
  const words = fixedWords(completes);
  if (words !== null) return `(${words.join(' ')})`;
  switch (completes) {
    case 'interface':
      return '_pktap_interfaces';
    case 'fields':
      return `_sequence compadd - ${fields().join(' ')}`;
    case 'user':
      return '_users';
    case 'command':
      return '_command_names -e';
    case 'network namespace':
      return '_pktap_namespaces';
    case 'metadata filter':
      return '_pktap_filter';
    default:
      return '_files';
  }
}

/** A text in a specification of _arguments, which is in single quotes. */
function zshText(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll(/[[\]:]/g, '\\$&')
    .replaceAll("'", `'\\''`);
}

function zshSpec(name: string, entry: Told): string[] {
  return spellings(name, entry).map((spelling) => {
    const about = `[${zshText(entry.about)}]`;
    if (!takesValue(entry)) return `'*${spelling}${about}'`;
    const joint = spelling.startsWith('--') ? '=' : '+';
    const action =
      entry.completes === undefined ? '' : zshText(zshAction(entry.completes)).replaceAll('\\:', ':');
    return `'*${spelling}${joint}${about}:${zshText(entry.takes!)}:${action}'`;
  });
}

/** The file \`_pktap\` for a folder of zsh's fpath. */
export function zshCompletion(): string {
  const helpers = ZSH_HELPERS.replace('@CONDITIONS@', METADATA_FIELDS.map((f) => `${f}=`).join(' '));
  const tables = TABLES.map(([view, entries]) => {
    const specs = entries.flatMap(([name, entry]) => zshSpec(name, entry));
    const words = view === null ? [...FILTER_WORDS, ...VIEWS] : FILTER_WORDS;
    return `_pktap_${view ?? 'command'}() {
  _arguments -s -S \\
${specs.map((spec) => `    ${spec} \\`).join('\n')}
    '*:packet filter:(${words.join(' ')})'
}
`;
  });
  return `#compdef pktap
# zsh completion for pktap

setopt localoptions extendedglob

${helpers}
${tables.join('\n')}
# A view's words begin with its name.
if ((CURRENT > 2)) && [[ $words[2] == (${VIEWS.join('|')}) ]]; then
  local view=$words[2]
  shift words
  ((CURRENT--))
  _pktap_$view
else
  _pktap_command
fi
`;
}

const FISH_HELPERS = `function __pktap_interfaces
    printf '%s\\n' pktap pktap,all droptap any
    command ls /sys/class/net 2>/dev/null
end

function __pktap_namespaces
    command ls /run/netns 2>/dev/null
    command ls /proc 2>/dev/null | string match -r '^[0-9]+$'
end

# Whether the command line is that of a view; without an argument, of none.
function __pktap_view
    set -l first (commandline -opc)[2]
    if contains -- "$first" @VIEWS@
        test "$first" = "$argv[1]"
    else
        test -z "$argv[1]"
    end
end

# The last part of a list with commas. $argv: the words.
function __pktap_list
    set -l before (string replace -r '[^,]*$' '' -- (commandline -ct))
    printf '%s\\n' $before$argv
end

function __pktap_filter
    printf '%s\\n' in out inout
    printf '%s\\n' @CONDITIONS@
    if string match -qr '(^|\\s)e?proc\\s*=' -- (commandline -ct)
        printf 'proc=%s\\n' (cat /proc/[0-9]*/comm 2>/dev/null | sort -u)
    end
end
`;

function fishAction(completes: Completion): string {
  const words = fixedWords(completes);
  if (words !== null) return `-x -a ${quoted(words.join(' '))}`;
  switch (completes) {
    case 'interface':
      return "-x -a '(__pktap_interfaces)'";
    case 'fields':
      return `-x -a '(__pktap_list ${fields().join(' ')})'`;
    case 'user':
      return "-x -a '(__fish_complete_users)'";
    case 'command':
      return "-x -a '(__fish_complete_command)'";
    case 'network namespace':
      return "-x -a '(__pktap_namespaces)'";
    case 'metadata filter':
      return "-x -a '(__pktap_filter)'";
    default:
      return '-r -F';
  }
}

function fishLine(view: string | null, name: string, entry: Told): string {
  const { short, long } = namesOf(name, entry);
  const names = [...(short === '' ? [] : [`-s ${quoted(short)}`]), ...long.map((n) => `-l ${n}`)].join(' ');
  const about = entry.about.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
  let value = '';
  if (takesValue(entry)) value = entry.completes === undefined ? ' -x' : ` ${fishAction(entry.completes)}`;
  return `complete -c pktap -n '__pktap_view ${view ?? ''}' ${names}${value} -d '${about}'`;
}

/** The file \`pktap.fish\` for a folder of fish's completions. */
export function fishCompletion(): string {
  const helpers = FISH_HELPERS.replace('@CONDITIONS@', METADATA_FIELDS.map((f) => `${f}=`).join(' ')).replace(
    '@VIEWS@',
    VIEWS.join(' '),
  );
  const lines = TABLES.flatMap(([view, entries]) =>
    entries.map(([name, entry]) => fishLine(view, name, entry)),
  );
  return `# fish completion for pktap

${helpers}
complete -c pktap -f
complete -c pktap -a '${FILTER_WORDS.join(' ')}'
complete -c pktap -n 'test (count (commandline -opc)) -eq 1' -a '${VIEWS.join(' ')}'
${lines.join('\n')}
`;
}
