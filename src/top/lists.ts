// What a view lists: rows as they were counted, or, where flows are selected or grouped, sums over flows.

import { largest, type Rows, type Traffic } from '../stats/traffic/index.js';
import {
  amountOf,
  FlowItem,
  flowItemId,
  flowValue,
  groupOf,
  type Item,
  OTHERS,
  RowItem,
  Sum,
} from './items.js';
import { GROUPS, type List, type Listing, MOST, type View } from './listing.js';

/** Places of the flows that are listed. */
function places(traffic: Traffic, { shows, closed, view }: Listing): Int32Array {
  const { flows } = traffic;
  const found = new Int32Array(flows.count);
  let count = 0;
  const states = flows.columns.state;
  for (let place = 0; place < flows.end; place++) {
    if (!flows.has(place) || (shows !== null && !shows(place))) continue;
    if (!closed && view === 'flows' && states[place]! >= 4) continue;
    found[count++] = place;
  }
  return found.subarray(0, count);
}

function sums(traffic: Traffic, listing: Listing): Item[] {
  const found = new Map<string, Sum>();
  for (const place of places(traffic, listing)) {
    const link = traffic.flows.links[place]!;
    const [key, labels] = groupOf(listing, traffic, place, link);
    let sum = found.get(key);
    if (sum === undefined) {
      const single = listing.view === 'processes' && listing.group === 'process';
      // A sum over all of a row's flows is called as the row: it stays selected.
      const id =
        listing.group === GROUPS[listing.view][0] ? `${listing.view} ${key}` : `${listing.group} ${key}`;
      sum = new Sum(id, traffic, labels, () => (single ? link.process.subject : null));
      found.set(key, sum);
    }
    sum.places.push(place);
  }
  return [...found.values()];
}

function rowsOf(traffic: Traffic, view: Exclude<View, 'flows'>): Item[] {
  const rows = traffic[view] as Rows<unknown>;
  const items = [...rows]
    .filter(({ packetsIn, packetsOut }) => packetsIn + packetsOut > 0)
    .map((row) => new RowItem(view, row, false));
  if (rows.evicted > 0) items.push(new RowItem(view, rows.others, true));
  return items;
}

/** Flows in an order, of which the first are made items. */
function flowItems(traffic: Traffic, listing: Listing, now: number): { items: Item[]; count: number } {
  const found = places(traffic, listing);
  const keys = new Float64Array(found.length);
  const sign = listing.reverse ? -1 : 1;
  for (let i = 0; i < found.length; i++) keys[i] = sign * flowValue(traffic, found[i]!, listing.sort, now);
  const first = largest(keys, found.length, MOST).map((i) => found[i]!);
  if (listing.order !== null) {
    const kept = new Set(listing.order);
    const taken = new Set(first);
    for (const place of found)
      if (!taken.has(place) && kept.has(flowItemId(traffic, place))) first.push(place);
  }
  const items: Item[] = first.map((place) => new FlowItem(traffic, place));
  if (traffic.flows.evicted > 0 && listing.shows === null) {
    items.push({
      id: `flows ${OTHERS}`,
      value: (sort) => amountOf(traffic.otherFlows.brief(now), sort),
      name: () => '',
      line: () => ({
        id: `flows ${OTHERS}`,
        labels: { name: '(others)' },
        process: null,
        counts: traffic.otherFlows.counts(now),
        unknown: false,
        over: false,
      }),
    });
  }
  return { items, count: found.length };
}

/** Puts items in order, those of an order to keep first. */
function ordered(items: Item[], { sort, reverse, order }: Listing, now: number): Item[] {
  const sign = reverse ? -1 : 1;
  if (sort === 'name') {
    const names = new Map(items.map((item) => [item, item.name().toLowerCase()]));
    items.sort((a, b) => {
      const [x, y] = [names.get(a)!, names.get(b)!];
      return sign * (x < y ? -1 : x > y ? 1 : b.value('total', now) - a.value('total', now));
    });
  } else {
    const values = new Map(items.map((item) => [item, [item.value(sort, now), item.value('total', now)]]));
    items.sort((a, b) => {
      const [x, y] = [values.get(a)!, values.get(b)!];
      return sign * (y[0]! - x[0]! || y[1]! - x[1]!) || (a.id < b.id ? -1 : 1);
    });
  }
  if (order === null) return items;
  const places = new Map(order.map((id, i) => [id, i]));
  const at = (item: Item): number => places.get(item.id) ?? order.length;
  // Sorting is stable: those that are new come behind, in their own order.
  return items.sort((a, b) => at(a) - at(b));
}

/**
 * Which flows a line is of.
 * @param id the line's
 * @returns null where it is not one of flows: service classes, and what made room for others
 */
export function flowsOf(
  view: View,
  group: string,
  id: string,
): ((traffic: Traffic, place: number) => boolean) | null {
  const key = id.slice(id.indexOf(' ') + 1);
  if (view === 'classes' || key === OTHERS) return null;
  if (view === 'flows' && group === 'flow') {
    const number = Number(key);
    return (traffic, place) => traffic.flows.columns.id[place] === number;
  }
  return (traffic, place) => {
    const link = traffic.flows.links[place];
    return link !== undefined && groupOf({ view, group }, traffic, place, link)[0] === key;
  };
}

/**
 * Lists what was counted.
 * @param now the second that is going on
 * @param from the first line that is wanted, and how many
 */
export function list(traffic: Traffic, listing: Listing, now: number, from: number, wanted: number): List {
  const { view, group, shows } = listing;
  const plain = group === GROUPS[view][0];
  let items: Item[];
  let count: number;
  if (view === 'flows' && plain) ({ items, count } = flowItems(traffic, listing, now));
  else if (plain && shows === null && view !== 'flows') {
    items = rowsOf(traffic, view);
    count = items.length;
  } else {
    // Service classes are counted by packets, not by flows.
    items = view === 'classes' ? [] : sums(traffic, listing);
    count = items.length;
  }
  const all = ordered(items, listing, now).slice(0, MOST);
  return {
    lines: all.slice(from, from + wanted).map((item) => item.line(now)),
    ids: all.map(({ id }) => id),
    count,
  };
}
