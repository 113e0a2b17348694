// gzip, by Node's zlib.

import { createGunzip, type Gunzip } from 'node:zlib';
import { BrokenStream } from '../bytestream.js';
import type { Decompressor } from './decoder.js';

const OUTPUT_CHUNK = 256 * 1024;
/** What zlib says of bytes that begin no member. */
const NO_HEADER = 'incorrect header check';
/** Compressed bytes kept to go over them once more when they turn out to be broken; of larger files, none are. */
const KEPT = 4 * 1024 * 1024;

export class GzipDecompressor implements Decompressor {
  readonly #output: (bytes: Uint8Array) => void;
  #gunzip = new Gunzipping((bytes) => this.#hand(bytes));
  #kept: Uint8Array[] | null = [];
  #keptLength = 0;
  /** Plain bytes handed on. */
  #handed = 0;

  constructor(output: (bytes: Uint8Array) => void) {
    this.#output = output;
  }

  #hand(bytes: Uint8Array): void {
    this.#handed += bytes.length;
    this.#output(bytes);
  }

  async push(bytes: Uint8Array): Promise<number> {
    if (this.#kept !== null) {
      this.#keptLength += bytes.length;
      if (this.#keptLength > KEPT) this.#kept = null;
      else this.#kept.push(bytes.slice());
    }
    await this.#orRest(this.#gunzip.push(bytes));
    return bytes.length;
  }

  async finish(): Promise<void> {
    await this.#orRest(this.#gunzip.finish());
  }

  /** When it breaks off, zlib drops what it made of the last bytes: they are given to it once more, one by one. */
  async #orRest(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      const kept = this.#kept ?? [];
      this.#kept = null;
      let passed = 0;
      const again = new Gunzipping((bytes) => {
        const known = Math.min(bytes.length, Math.max(0, this.#handed - passed));
        passed += bytes.length;
        if (known < bytes.length) this.#output(bytes.subarray(known));
      });
      try {
        for (const [i, bytes] of kept.entries()) {
          if (i < kept.length - 1) await again.push(bytes);
          else for (let at = 0; at < bytes.length; at++) await again.push(bytes.subarray(at, at + 1));
        }
      } catch {
        // Where it broke before, too.
      } finally {
        again.close();
      }
      throw error;
    }
  }

  close(): void {
    this.#gunzip.close();
  }
}

class Gunzipping {
  readonly #gunzip: Gunzip;
  /** Hears at once of an error, and of what is as good as an end. */
  #told: ((error: Error | null) => void) | null = null;
  #error: Error | null = null;
  /** The last member has ended: what follows is padding. */
  #ended = false;
  /** The last bytes pushed are zeros. */
  #padding = false;

  constructor(output: (bytes: Uint8Array) => void) {
    this.#gunzip = createGunzip({ chunkSize: OUTPUT_CHUNK });
    this.#gunzip.on('data', output);
    this.#gunzip.on('end', () => {
      this.#ended = true;
    });
    this.#gunzip.on('error', (error) => {
      // zlib knows padding only behind the end of a member that came with it.
      if (error.message === NO_HEADER && this.#padding) this.#ended = true;
      else this.#error = new BrokenStream(`gzip: ${error.message}`);
      this.#told?.(this.#error);
    });
  }

  push(bytes: Uint8Array): Promise<void> {
    this.#padding = bytes.every((byte) => byte === 0);
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
      if (this.#ended) return resolve();
      this.#told = (error) => (error === null ? resolve() : reject(error));
      work(() => {
        // A write that fails is done before the error is told.
        setImmediate(() => this.#told!(this.#error));
      });
    });
  }

  close(): void {
    this.#gunzip.destroy();
  }
}
