// What programs have besides the rooms' own: live captures as loops, packets as objects.

export { Capture, type CaptureOptions, openCapture } from './capture.js';
export { decode, type PacketRecord } from './decode.js';
