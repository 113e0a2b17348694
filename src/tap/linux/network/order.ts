// Whether other programs run before ours on an interface: what they end or redirect we do not see. Ours is attached in front of
// all others, but who comes later may do the same.

import type { Netlink } from '../../../system/index.js';
import { AttachType, attachedPrograms, programInfo, programName } from '../../../system/index.js';
import { filtersInFront } from './clsact.js';

/** Names of the tap's own programs: those of other captures let everything pass. */
const OWN = /^tap_(?:in|e)gress$/;

export type Side = 'in' | 'out';

/**
 * @param program descriptor of ours; null: it is attached by clsact, behind all of tcx
 * @returns what runs before ours, by name
 */
export function programsInFront(
  netlink: Netlink,
  ifindex: number,
  side: Side,
  program: number | null,
): string[] {
  const ids = attachedPrograms(ifindex, side === 'in' ? AttachType.TCX_INGRESS : AttachType.TCX_EGRESS);
  const own = program === null ? -1 : ids.indexOf(programInfo(program)?.id ?? -1);
  const before = program === null ? ids : ids.slice(0, Math.max(0, own));
  const names = before.map((id) => ({ id, name: programName(id) })).filter(({ name }) => !OWN.test(name));
  return [
    ...names.map(({ id, name }) => (name === '' ? `eBPF program ${id}` : `eBPF program ${name} (${id})`)),
    ...(program === null ? filtersInFront(netlink, ifindex, side).map((name) => `filter ${name}`) : []),
  ];
}
