// Files that are opened before root is given up, and looked at after that: not a byte of them is read, nothing decompressed, by root.

import type { ByteStream } from '../bytestream.js';
import { loadDecompressors } from '../compression/index.js';
import { openStream } from './streams.js';

/**
 * Opens files without reading them, and loads what may be needed for it: the user to come may not read this program's folder.
 * @returns gives each file's bytes, as often as it was named; throws what kept it from being opened
 */
export async function openAhead(paths: readonly string[]): Promise<(path: string) => ByteStream> {
  await loadDecompressors();
  const opened = new Map<string, (() => ByteStream)[]>();
  for (const path of paths) {
    let give: () => ByteStream;
    try {
      const stream = openStream(path);
      give = () => stream;
    } catch (error) {
      give = () => {
        throw error;
      };
    }
    const others = opened.get(path);
    if (others === undefined) opened.set(path, [give]);
    else others.push(give);
  }
  return (path) => (opened.get(path)?.shift() ?? (() => openStream(path)))();
}
