// The live view: traffic by process, flow, host and container on a screen, or as reports.

export { report } from './batch.js';
export { Painter } from './cells.js';
export { FileFeed, LiveFeed } from './feed.js';
export { GROUPS, type Listing, SORTS, type Sort, VIEWS, type View } from './listing.js';
export type { Key } from './options.js';
export { Top } from './top.js';
