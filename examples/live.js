// A live capture for some seconds: sudo node examples/live.js [SECONDS]

import { decode, openCapture, PermissionError } from 'pktap';

const signal = AbortSignal.timeout(1000 * Number(process.argv[2] ?? 5));
try {
  const capture = await openCapture({ interface: 'pktap,all', signal });
  try {
    for await (const packet of capture) {
      const says = decode(packet);
      console.log(says['process.name'] ?? '-', says['frame.dir'] ?? '-', packet.length);
    }
  } finally {
    capture.close();
  }
} catch (error) {
  if (error instanceof PermissionError) console.log(error.message);
  else if (error !== signal.reason) throw error;
}
