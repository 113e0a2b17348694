// What a user may have meant by a packet filter that libpcap refuses.

import { compileExpression, compileMetadataFilter, METADATA_FIELDS } from '../filter/index.js';
import { LinkType } from '../packet/index.js';
import type { Arguments } from './parsed.js';

/** What of a command line tells what was meant. */
type Asked = Pick<Arguments, 'snapshotLength' | 'optimize' | 'dashed' | 'read' | 'readList'>;

/** Whether the words are the reason for an error. */
function isRefused(expression: string, parsed: Asked, error: Error): boolean {
  const { snapshotLength, optimize } = parsed;
  try {
    compileExpression(expression, { linkType: LinkType.ETHERNET, snapshotLength, optimize });
    return false;
  } catch (again) {
    return (again as Error).message === error.message;
  }
}

function isMetadataFilter(text: string): boolean {
  try {
    compileMetadataFilter(text);
    return true;
  } catch {
    return false;
  }
}

/** Something of a metadata filter: a field and an operator that packet filters do not have there. */
const TERM = new RegExp(`(?:^|[\\s(!])(${METADATA_FIELDS.join('|')})\\s*(!=|~|=(?!=))`);

/**
 * @param expression the packet filter's text
 * @returns the error, with a line that says what else the words could be
 */
export function explained(error: Error, parsed: Asked, expression: string): Error {
  if (!isRefused(expression, parsed, error)) return error;
  const term = TERM.exec(expression);
  let hint: string | null = null;
  if (isMetadataFilter(expression))
    hint = `processes are asked for by a metadata filter: -Q '${expression.replaceAll("'", '"')}'`;
  else if (term !== null)
    hint = `'${term[1]} ${term[2]}' is asked by a metadata filter, -Q; the rest is the packet filter`;
  else if (parsed.dashed && (parsed.read !== null || parsed.readList !== null))
    hint = 'of a file, the words after -- are the packet filter: commands are run by a live capture only';
  if (hint === null) return error;
  error.message += `\npktap: ${hint}`;
  return error;
}
