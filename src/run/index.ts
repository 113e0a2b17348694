// The run room: source → filters → outputs, as every front end runs them.

export type { Notice } from './notices.js';
export type { Host } from './output.js';
export { openFilteredSavefile, type SavefileOptions } from './savefile.js';
export { machineServices } from './services.js';
export { openSession, type Session } from './session.js';
export {
  againSpec,
  type FilesSpec,
  type FilterSpec,
  type FleetSpec,
  fileSpec,
  fleetSpec,
  type OutputSpec,
  type ParquetSpec,
  type RowsSpec,
  type RunSpec,
  type SavefileSpec,
  type SummarySpec,
  type TapSpec,
  type TextSpec,
  tapSpec,
} from './spec.js';
