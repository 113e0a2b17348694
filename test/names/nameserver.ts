// A name server on loopback, as a thread: a test that waits for a name cannot answer for it. It knows the PTR records it
// is given (address → name), says NXDOMAIN to others, and nothing at all when it is given null.

import { createSocket } from 'node:dgram';
import { parentPort, workerData } from 'node:worker_threads';
import { be16, bytes } from '../print/generator.js';

const names = workerData as Readonly<Record<string, string>> | null;
const PTR = 12;

/** The labels of the question's name. */
function question(query: Uint8Array): { labels: string[]; end: number } {
  const labels: string[] = [];
  let at = 12;
  while (query[at] !== 0) {
    labels.push(Buffer.from(query.subarray(at + 1, at + 1 + query[at]!)).toString('latin1'));
    at += 1 + query[at]!;
  }
  return { labels, end: at + 5 };
}

const encode = (name: string): number[] => [
  ...name.split('.').flatMap((label) => [label.length, ...Buffer.from(label, 'latin1')]),
  0,
];

const socket = createSocket('udp4');
socket.on('message', (query, from) => {
  parentPort!.postMessage({ asked: true });
  if (names === null) return;
  const { labels, end } = question(query);
  const address = labels.slice(0, -2).reverse().join('.');
  const name = names[address];
  const data = name === undefined ? [] : encode(name);
  const answer =
    name === undefined ? [] : [[0xc0, 12], be16(PTR), be16(1), [0, 0, 0, 60], be16(data.length), data];
  const flags = name === undefined ? 0x8183 : 0x8180;
  const counts = [be16(1), be16(name === undefined ? 0 : 1), be16(0), be16(0)];
  socket.send(
    bytes(query.subarray(0, 2), be16(flags), counts, query.subarray(12, end), answer),
    from.port,
    from.address,
  );
});
socket.bind(0, '127.0.0.1', () => parentPort!.postMessage({ port: socket.address().port }));
