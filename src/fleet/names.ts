// Names of hosts, operators and captures, as subjects have them, and patterns of names.

/** Characters of a name at most: those of a host's. Source: RFC 1035 2.3.4. */
const LONGEST = 253;
const NAME = /^[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?$/;
const CAPTURE = /^[a-z0-9]{8,32}$/;
/** A word of a subject ends at a dot: names have this in its place there. */
const DOT = '~';

/** Whether a text can be the name of a host or an operator. */
export function isName(text: string): boolean {
  return text.length <= LONGEST && NAME.test(text);
}

/** Whether a text can be a capture's ID. */
export function isCaptureId(text: string): boolean {
  return CAPTURE.test(text);
}

/** A name as one word of a subject. */
function wordOf(name: string): string {
  return name.replaceAll('.', DOT);
}

/** @returns the name that a word of a subject stands for; null: none */
function nameOf(word: string | undefined): string | null {
  if (word === undefined || word.includes('.')) return null;
  const name = word.replaceAll(DOT, '.');
  return isName(name) && wordOf(name) === word ? name : null;
}

/**
 * Whether a name is one of a pattern's: `*` stands for any characters, `?` for one. It takes time by the length of both, whatever the
 * pattern.
 */
function matchesPattern(name: string, pattern: string): boolean {
  let at = 0;
  let place = 0;
  let star = -1;
  let resume = 0;
  while (at < name.length) {
    if (place < pattern.length && (pattern[place] === '?' || pattern[place] === name[at])) {
      at++;
      place++;
    } else if (pattern[place] === '*') {
      star = place++;
      resume = at;
    } else if (star >= 0) {
      place = star + 1;
      at = ++resume;
    } else return false;
  }
  while (pattern[place] === '*') place++;
  return place === pattern.length;
}

/** Whether a name is one of any pattern's; no pattern at all: every name is. */
export function matchesAny(name: string, patterns: readonly string[]): boolean {
  return patterns.length === 0 || patterns.some((pattern) => matchesPattern(name, pattern));
}

/** Subjects. A host publishes below its own name, an operator asks below its own: the server's permissions hold both to that. */
export const Subject = {
  packets: (host: string, capture: string): string => `pktap.h.${wordOf(host)}.pkt.${capture}`,
  flows: (host: string): string => `pktap.h.${wordOf(host)}.flow`,
  status: (host: string): string => `pktap.h.${wordOf(host)}.stat`,
  audit: (host: string): string => `pktap.h.${wordOf(host)}.audit`,
  control: (operator: string, capture: string): string => `pktap.c.${wordOf(operator)}.${capture}`,
  packetsOfAll: (capture = '*'): string => `pktap.h.*.pkt.${capture}`,
  flowsOfAll: 'pktap.h.*.flow',
  statusOfAll: 'pktap.h.*.stat',
  auditOfAll: 'pktap.h.*.audit',
  controlOfAll: 'pktap.c.*.*',
} as const;

/** Where replies to somebody go: nobody else may listen there. */
export function inboxOf(name: string): string {
  return `_INBOX_${wordOf(name)}`;
}

/** The host whose subject it is; null: nobody's. */
export function hostOfSubject(subject: string): string | null {
  const words = subject.split('.');
  return words[0] === 'pktap' && words[1] === 'h' ? nameOf(words[2]) : null;
}

/** The operator and the capture of a control subject. */
export function controlOfSubject(subject: string): { operator: string; capture: string } | null {
  const words = subject.split('.');
  if (words.length !== 4 || words[0] !== 'pktap' || words[1] !== 'c') return null;
  const operator = nameOf(words[2]);
  return operator === null ? null : { operator, capture: words[3]! };
}
