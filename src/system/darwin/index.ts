// macOS's own calls, which no other system loads.

export { missingTapFunction } from './applepcap.js';
export { CaptureError, DarwinCapture } from './capture.js';
export { type DarwinDevice, listDarwinDevices } from './devices.js';
export { BpfHeader } from './layouts.js';
export {
  type BsdFacts,
  processArguments,
  processFacts,
  processIdentity,
  processPath,
} from './processes.js';
