// What QUIC's first packets are encrypted by, from Node. The bundle for browsers has another form of this one module
// (browser/instead/ciphers.ts).

import { builtin } from '../../../builtin.js';

/** Few captures have QUIC: Node's module is loaded for the first one. */
const crypto = (): typeof import('node:crypto') => builtin('node:crypto');

/** HMAC with SHA-256 (RFC 2104). */
export function hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array {
  return crypto().createHmac('sha256', key).update(data).digest();
}

/** One block by AES-128. */
export function aesBlock(key: Uint8Array, block: Uint8Array): Uint8Array {
  return crypto().createCipheriv('aes-128-ecb', key, null).update(block);
}

/** @returns what AES-128-GCM made the ciphertext of; null when its tag is not right */
export function openGcm(
  key: Uint8Array,
  nonce: Uint8Array,
  header: Uint8Array,
  ciphertext: Uint8Array,
  tag: Uint8Array,
): Uint8Array | null {
  const decipher = crypto().createDecipheriv('aes-128-gcm', key, nonce);
  decipher.setAAD(header);
  decipher.setAuthTag(tag);
  const plain = decipher.update(ciphertext);
  try {
    decipher.final();
  } catch {
    return null;
  }
  return plain;
}
