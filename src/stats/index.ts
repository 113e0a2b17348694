// Packets counted in groups.

export { type SummaryOptions, SummaryOutput } from './report.js';
export { type Group, Summary, type SummaryLimits } from './summary.js';
