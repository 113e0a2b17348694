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
  if (error instanceof PermissionError) {
    console.error(error.message);
    process.exitCode = 1;
  } else if (error !== signal.reason) throw error;
}
