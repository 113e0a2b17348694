// Flows in typed arrays: a hash table by ends, protocol, process and interface, in the order in which flows were last seen. A
// million of them is some 250 MB; nothing is made per packet.

/** Words of a key: version, protocol; the first address, the second; both ports; process; interface. */
export const KEY_WORDS = 12;
/** Senders of a TCP flow that are told apart: two ends, each in, out, or neither. */
export const SENDERS = 6;
const FIRST_SIZE = 1024;
const NONE = -1;

/** The columns, one number a flow each. */
function columns(size: number) {
  return {
    key: new Uint32Array(size * KEY_WORDS),
    hash: new Uint32Array(size),
    /** Neighbours in the order of last use. */
    colder: new Int32Array(size),
    warmer: new Int32Array(size),
    /** A number that no other flow has had. */
    id: new Float64Array(size),
    packetsIn: new Float64Array(size),
    packetsOut: new Float64Array(size),
    bytesIn: new Float64Array(size),
    bytesOut: new Float64Array(size),
    first: new Float64Array(size),
    last: new Float64Array(size),
    retransmissions: new Uint32Array(size),
    resets: new Uint32Array(size),
    drops: new Uint32Array(size),
    /** The second that is being counted, what came in it, and what came in the one before. */
    second: new Float64Array(size),
    nowIn: new Float64Array(size),
    nowOut: new Float64Array(size),
    beforeIn: new Float64Array(size),
    beforeOut: new Float64Array(size),
    /** A TCP connection's state, State's numbers. */
    state: new Uint8Array(size),
    /** Ends that have sent FIN, as bits: 1 the key's first, 2 the second. */
    ended: new Uint8Array(size),
    /** Whether the key's first end is the local one. */
    localFirst: new Uint8Array(size),
    /** Behind the last byte that each sender sent, and which have sent something, as bits. */
    next: new Uint32Array(size * SENDERS),
    sent: new Uint8Array(size),
    /** Its ring's number, -1: none. */
    ring: new Int32Array(size),
    /** For whoever selects flows: 0 not asked yet, 1 yes, 2 no. */
    verdict: new Uint8Array(size),
  };
}

export type FlowColumns = ReturnType<typeof columns>;

/** What a flow belongs to. */
export interface FlowLinks<Link> {
  readonly links: (Link | undefined)[];
}

export class FlowTable<Link> implements FlowLinks<Link> {
  /** Replaced as the table grows: asked anew by whoever uses it. */
  columns: FlowColumns = columns(FIRST_SIZE);
  readonly links: (Link | undefined)[] = [];
  /** Places of flows by hash, plus one; 0 is empty. */
  private slots = new Int32Array(2 * FIRST_SIZE);
  private size = FIRST_SIZE;
  private used = 0;
  private free: number[] = [];
  private coldest = NONE;
  private warmest = NONE;
  private numbered = 0;
  count = 0;
  evicted = 0;

  /**
   * @param most flows that are kept
   * @param onEvict called with a flow's place before it is given to another
   * @param seed what hashes begin with, so that nobody can choose flows that collide
   */
  constructor(
    readonly most: number,
    private readonly onEvict: (place: number) => void,
    private readonly seed: number,
  ) {}

  /** One more place than any flow has. */
  get end(): number {
    return this.used;
  }

  /** Whether there is a flow at a place. */
  has(place: number): boolean {
    return this.links[place] !== undefined;
  }

  private hashOf(key: Uint32Array): number {
    let h = this.seed;
    for (let i = 0; i < KEY_WORDS; i++) {
      let k = Math.imul(key[i]!, 0xcc9e2d51);
      k = (k << 15) | (k >>> 17);
      h ^= Math.imul(k, 0x1b873593);
      h = (h << 13) | (h >>> 19);
      h = (Math.imul(h, 5) + 0xe6546b64) | 0;
    }
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return (h ^ (h >>> 16)) >>> 0;
  }

  /** @returns the place of the flow of a key, -1: there is none */
  find(key: Uint32Array): number {
    const hash = this.hashOf(key);
    const mask = this.slots.length - 1;
    for (let i = hash & mask; ; i = (i + 1) & mask) {
      const place = this.slots[i]! - 1;
      if (place < 0) return NONE;
      if (this.columns.hash[place] === hash && this.isKey(place, key)) return place;
    }
  }

  private isKey(place: number, key: Uint32Array): boolean {
    const keys = this.columns.key;
    const from = place * KEY_WORDS;
    for (let i = 0; i < KEY_WORDS; i++) if (keys[from + i] !== key[i]) return false;
    return true;
  }

  /** Adds a flow that is not there. @returns its place, all of whose numbers are 0 */
  add(key: Uint32Array, link: Link): number {
    if (this.count >= this.most) this.evict();
    const place = this.free.pop() ?? this.next();
    const c = this.columns;
    c.key.set(key, place * KEY_WORDS);
    c.hash[place] = this.hashOf(key);
    c.id[place] = ++this.numbered;
    c.second[place] = -1;
    c.ring[place] = NONE;
    this.links[place] = link;
    this.insert(place);
    this.count++;
    this.link(place);
    return place;
  }

  private next(): number {
    if (this.used === this.size) this.grow();
    return this.used++;
  }

  private grow(): void {
    const old = this.columns;
    this.size = Math.min(2 * this.size, Math.max(this.most, FIRST_SIZE));
    const larger = columns(this.size);
    for (const name of Object.keys(larger) as (keyof FlowColumns)[]) larger[name].set(old[name] as never);
    this.columns = larger;
    this.slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * this.size)));
    for (let place = 0; place < this.used; place++) if (this.has(place)) this.insert(place);
  }

  private insert(place: number): void {
    const mask = this.slots.length - 1;
    let i = this.columns.hash[place]! & mask;
    while (this.slots[i] !== 0) i = (i + 1) & mask;
    this.slots[i] = place + 1;
  }

  /** Takes a flow out of the hash table: those behind it move up, so that none is lost behind a hole. */
  private remove(place: number): void {
    const { slots } = this;
    const mask = slots.length - 1;
    const hashes = this.columns.hash;
    let hole = hashes[place]! & mask;
    while (slots[hole] !== place + 1) hole = (hole + 1) & mask;
    for (let i = (hole + 1) & mask; slots[i] !== 0; i = (i + 1) & mask) {
      const wanted = hashes[slots[i]! - 1]! & mask;
      if (((i - wanted) & mask) >= ((i - hole) & mask)) {
        slots[hole] = slots[i]!;
        hole = i;
      }
    }
    slots[hole] = 0;
  }

  /** Has been seen: it is the warmest. */
  touch(place: number): void {
    if (place === this.warmest) return;
    this.unlink(place);
    this.link(place);
  }

  private link(place: number): void {
    const { colder, warmer } = this.columns;
    colder[place] = this.warmest;
    warmer[place] = NONE;
    if (this.warmest !== NONE) warmer[this.warmest] = place;
    this.warmest = place;
    if (this.coldest === NONE) this.coldest = place;
  }

  private unlink(place: number): void {
    const { colder, warmer } = this.columns;
    const below = colder[place]!;
    const above = warmer[place]!;
    if (below === NONE) this.coldest = above;
    else warmer[below] = above;
    if (above === NONE) this.warmest = below;
    else colder[above] = below;
  }

  private evict(): void {
    const place = this.coldest;
    this.onEvict(place);
    this.remove(place);
    this.unlink(place);
    this.links[place] = undefined;
    this.clear(place);
    this.free.push(place);
    this.count--;
    this.evicted++;
  }

  private clear(place: number): void {
    const c = this.columns;
    for (const name of Object.keys(c) as (keyof FlowColumns)[]) {
      const width = name === 'key' ? KEY_WORDS : name === 'next' ? SENDERS : 1;
      c[name].fill(0, place * width, (place + 1) * width);
    }
  }
}
