// What -i means on macOS: the name that Apple's libpcap takes. Source: pktap(4), tcpdump(1) of macOS.

/** What is captured on. */
export interface Wanted {
  /** As pcap_create takes it. */
  readonly device: string;
  /** As `listening on` shows it. */
  readonly name: string;
  /** Packets come with PKTAP headers. */
  readonly tapped: boolean;
  /** Interfaces that must exist now. */
  readonly required: readonly string[];
}

/** Names that Apple's kernel takes in one list. Source: XNU bsd/net/pktap.h, PKTAP_MAX_FILTERS. */
const MOST_NAMES = 8;
const KINDS = ['pktap', 'iptap', 'droptap'] as const;
type Kind = (typeof KINDS)[number];

interface Part {
  /** Null: a device by its own name. */
  readonly kind: Kind | null;
  /** Whether it is an interface that there is already, such as pktap0. */
  readonly unit: boolean;
  readonly names: readonly string[];
}

function partOf(name: string): Part {
  if (name === 'any' || name === 'all') return { kind: 'pktap', unit: false, names: ['all'] };
  const [first, ...rest] = name.split(',') as [string, ...string[]];
  const kind = KINDS.find(
    (one) => first === one || (first.startsWith(one) && /^\d+$/.test(first.slice(one.length))),
  );
  if (kind === undefined) return { kind: null, unit: false, names: [name] };
  if (rest.includes('')) throw new Error(`${name}: an interface name is empty`);
  const all = rest.includes('all') || rest.includes('any');
  return { kind, unit: first !== kind, names: all ? ['all'] : rest };
}

/**
 * @param argument -i's argument, or several; null: the tap on every ordinary interface
 * @param processes whether a device's packets are wanted with their processes: it is tapped then
 * @throws Error for what Apple's tap cannot do
 */
export function wantedDevice(argument: string | readonly string[] | null, processes: boolean): Wanted {
  const given = typeof argument === 'string' ? [argument] : (argument ?? ['pktap']);
  const parts = given.map(partOf);
  const [first] = parts as [Part];
  if (parts.length === 1) {
    if (first.kind === null) return plain(given[0]!, processes);
    return { ...tap(given[0]!, first), name: given[0]! };
  }
  const kind = parts.find((part) => part.kind !== null)?.kind ?? 'pktap';
  const other = parts.findIndex((part) => part.unit || (part.kind ?? 'pktap') !== kind);
  if (other >= 0 || (kind !== 'pktap' && parts.some((part) => part.kind === null)))
    throw new Error(`${given.join(', ')}: ${given[Math.max(other, 0)]} is a capture of its own`);
  if (parts.some((part) => part.names.includes('all')))
    return tap(`${kind},all`, { kind, unit: false, names: ['all'] });
  // Apple's tap has no list of `the ordinary ones, and these`.
  if (parts.some((part) => part.names.length === 0))
    throw new Error(
      `${given.join(', ')}: ${kind} alone goes with no other names here: name each interface, or take pktap,all`,
    );
  return tap('', { kind, unit: false, names: [...new Set(parts.flatMap((part) => part.names))] });
}

function plain(name: string, processes: boolean): Wanted {
  if (processes) return tap('', { kind: 'pktap', unit: false, names: [name] }, true);
  return { device: name, name, tapped: false, required: [name] };
}

/** @param given as the user said it; '' when it is put together here */
function tap(given: string, { kind, unit, names }: Part, own = false): Wanted {
  if (names.length > MOST_NAMES)
    throw new Error(
      `${given || `${kind},${names.join(',')}`}: macOS takes ${MOST_NAMES} interfaces in a list, not ${names.length}; pktap,all takes every one`,
    );
  const base = unit ? given.split(',')[0]! : kind!;
  const device = names.length === 0 ? base : `${base},${names.join(',')}`;
  const required = names.filter((name) => name !== 'all' && (own || /\d$/.test(name)));
  return { device, name: device, tapped: true, required };
}
