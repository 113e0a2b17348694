// A live page's counts and packets, as plain data; nothing of Node is asked for.

export type {
  DropLine,
  FlowLine,
  Frame,
  HostLine,
  PacketAnswer,
  PacketDetail,
  PacketLine,
  PacketQuery,
  ProcessLine,
  RecordingLine,
  Rest,
  SeriesLine,
  Sums,
  TimelineData,
  Watch,
} from './messages.js';
export { PacketText } from './text.js';
export { keeping, View, WATCH_ALL, watchOf } from './view.js';
