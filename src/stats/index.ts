// Packets counted in groups.

export { FlowRecords } from './flowrecords.js';
export { type SummaryOptions, SummaryOutput } from './report.js';
export { type Group, Summary, type SummaryLimits } from './summary.js';
