// Traffic counted by process, flow, host and more while it goes on: for the live views, in a browser too.

export { KEY_WORDS } from './flowtable.js';
export {
  containerRow,
  flowCounts,
  flowPlaces,
  flowRates,
  flowRow,
  hostRow,
  largest,
  namedRow,
  processFacts,
  processRow,
  type SnapshotOptions,
  snapshot,
  topRows,
} from './read.js';
export type { Row, Rows } from './rows.js';
export * from './snapshot.js';
export { type Host, type Link, State, Traffic, type TrafficLimits } from './traffic.js';
