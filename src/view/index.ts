// A live page's counts and packets, as plain data; nothing of Node is asked for. The page itself takes the types of messages.ts.

export type { Frame, PacketAnswer, PacketDetail, PacketQuery, RecordingLine, Watch } from './messages.js';
export { PacketText } from './text.js';
export { keeping, View, watchOf } from './view.js';
