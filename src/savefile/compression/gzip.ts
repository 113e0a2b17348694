// gzip, by Node's zlib.

import { createGunzip, type Gunzip } from 'node:zlib';
import { BrokenStream, type Decompressor } from './decoder.js';

const OUTPUT_CHUNK = 256 * 1024;

export class GzipDecompressor implements Decompressor {
  readonly #gunzip: Gunzip;
  #failed: ((error: Error) => void) | null = null;
  #error: Error | null = null;

  constructor(output: (bytes: Uint8Array) => void) {
    this.#gunzip = createGunzip({ chunkSize: OUTPUT_CHUNK });
    this.#gunzip.on('data', output);
    this.#gunzip.on('error', (error) => {
      this.#error = new BrokenStream(`gzip: ${error.message}`);
      this.#failed?.(this.#error);
    });
  }

  push(bytes: Uint8Array): Promise<void> {
    return this.#until((done) => this.#gunzip.write(bytes, () => done()));
  }

  finish(): Promise<void> {
    return this.#until((done) => {
      this.#gunzip.on('end', done);
      this.#gunzip.end();
    });
  }

  #until(work: (done: () => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#error !== null) return reject(this.#error);
      this.#failed = reject;
      work(() => {
        // A write that fails is done before the error is told.
        setImmediate(() => (this.#error === null ? resolve() : reject(this.#error)));
      });
    });
  }

  close(): void {
    this.#gunzip.destroy();
  }
}
