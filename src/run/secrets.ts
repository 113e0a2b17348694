// -E: the secrets of ESP security associations, on the command line or in a file, and the decryption with them: a service
// of printing.

import type { CipherInfo } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { builtin } from '../builtin.js';
import type { Decryption, Secrets } from '../print/index.js';
import { addressBytes } from './inetaddress.js';

/** An ESP security association, by its index and its destination. */
interface EspAssociation {
  readonly spi: number;
  readonly destination: Uint8Array;
  readonly cipher: Cipher;
}

/** One direction of an IKEv2 association, by its cookies. */
interface IkeAssociation {
  readonly initiator: boolean;
  readonly cookies: Buffer;
  readonly cipher: Cipher;
}

const MAXIMUM_SECRET = 256;
/** The check value of HMAC-MD5-96 and HMAC-SHA1-96. */
const HMAC96_LENGTH = 12;

/** A cipher with its key. */
class Cipher implements Decryption {
  constructor(
    private readonly algorithm: string,
    private readonly key: Buffer,
    readonly ivLength: number,
    private readonly blockSize: number,
    readonly icvLength: number,
  ) {}

  decrypt(iv: Uint8Array, ciphertext: Uint8Array): Uint8Array | null {
    if (ciphertext.length % this.blockSize !== 0) return null;
    try {
      const decipher = builtin('node:crypto').createDecipheriv(
        this.algorithm,
        this.key,
        this.ivLength === 0 ? null : iv,
      );
      decipher.setAutoPadding(false);
      const plain = new Uint8Array(ciphertext.length);
      plain.set(decipher.update(ciphertext));
      return plain;
    } catch {
      return null;
    }
  }
}

/** The secrets of a run. */
export class EspSecrets implements Secrets {
  /** What is wrong with the secrets, one line each; they are left out. */
  readonly warnings: string[] = [];
  private readonly esp: EspAssociation[] = [];
  private readonly ike: IkeAssociation[] = [];
  private fallback: Cipher | null = null;

  /**
   * @param text -E's argument: `spi@address algorithm:secret`, `algorithm:secret`, `file name` or
   *   `ikev2 I|R cookie cookie authentication:secret algorithm:secret`, separated by commas or newlines
   */
  constructor(text: string) {
    for (const line of text.split(/[\n,]/)) this.addLine(line, true);
  }

  /** @returns what decrypts the packet, or null */
  find(spi: number, destination: Uint8Array): Cipher | null {
    // The last of equals counts.
    for (let i = this.esp.length - 1; i >= 0; i--) {
      const association = this.esp[i]!;
      if (association.spi === spi && Buffer.compare(association.destination, destination) === 0) {
        return association.cipher;
      }
    }
    return this.fallback;
  }

  /** @param cookies the initiator's and the responder's, 16 bytes */
  findIke(initiator: boolean, cookies: Uint8Array): Cipher | null {
    for (let i = this.ike.length - 1; i >= 0; i--) {
      const association = this.ike[i]!;
      if (association.initiator === initiator && association.cookies.equals(cookies))
        return association.cipher;
    }
    return null;
  }

  private addLine(line: string, files: boolean): void {
    const [, head, tail] = /^([^ \t]*)(?:[ \t](.*))?$/s.exec(line) ?? [];
    if (head === undefined) return;
    if (tail === undefined) {
      const cipher = this.cipher(head, null);
      if (cipher !== null) this.fallback = cipher;
    } else if (head.toLowerCase() === 'file') {
      if (files) this.addFile(tail);
      else this.warnings.push(`-E: a file of secrets cannot name another: ${tail}`);
    } else if (head.toLowerCase() === 'ikev2') this.addIke(tail);
    else this.addEsp(head, tail.replace(/^[ \t\r\n]+/, ''));
  }

  private addFile(name: string): void {
    let text: string;
    try {
      text = readFileSync(name, 'latin1');
    } catch (error) {
      this.warnings.push(`-E: can't open ${name}: ${(error as Error).message}`);
      return;
    }
    for (const line of text.split('\n')) if (line !== '' && !line.startsWith('#')) this.addLine(line, false);
  }

  private addEsp(place: string, secret: string): void {
    const at = place.indexOf('@');
    const spi = at < 0 ? null : integer(place.slice(0, at));
    const address = place.slice(at + 1);
    if (spi === null) {
      this.warnings.push(`-E: ${place} is not a security parameter index, @ and an address`);
      return;
    }
    if (builtin('node:net').isIP(address) === 0) {
      this.warnings.push(`-E: ${address} is not an IP address`);
      return;
    }
    const cipher = this.cipher(secret, null);
    if (cipher !== null) this.esp.push({ spi, destination: addressBytes(address), cipher });
  }

  private addIke(line: string): void {
    const [role = '', initiator = '', responder = '', authentication = '', encryption] = line.split(/[ \t]/);
    const cookies = /^0x([0-9a-f]{16})0x([0-9a-f]{16})$/i.exec(initiator + responder);
    if (encryption === undefined || !/^[IR]/.test(role) || cookies === null) {
      this.warnings.push(`-E: not an IKEv2 secret: ikev2 ${line}`);
      return;
    }
    const cipher = this.cipher(encryption, authentication);
    if (cipher === null) return;
    this.ike.push({
      cipher,
      initiator: role.startsWith('I'),
      cookies: Buffer.from(`${cookies[1]}${cookies[2]}`, 'hex'),
    });
  }

  /** @param authentication `sha1:…` or `md5:…` where the algorithm of the check value is told apart */
  private cipher(text: string, authentication: string | null): Cipher | null {
    const [, name, secret] = /^([^:]*):(.*)$/s.exec(text) ?? [];
    if (name === undefined || secret === undefined) {
      this.warnings.push(`-E: no colon between algorithm and secret: ${text}`);
      return null;
    }
    const bare = name.replace(/-hmac96$/, '');
    const [algorithm, info] = findCipher(bare);
    if (info === undefined) {
      this.warnings.push(`-E: unknown cipher ${bare}`);
      return null;
    }
    const key = this.key(secret);
    if (key === null) return null;
    let icvLength = bare === name ? 0 : HMAC96_LENGTH;
    if (authentication !== null && /^(sha1|md5):/i.test(authentication)) icvLength = HMAC96_LENGTH;
    // A shorter key is filled with zeros, a longer one cut. Single DES is triple DES with one key.
    const padded = Buffer.alloc(MAXIMUM_SECRET);
    key.copy(padded);
    const single = /^des$/i.test(bare.replace(/-cbc$/, ''));
    return new Cipher(
      algorithm,
      single
        ? Buffer.concat([padded.subarray(0, 8), padded.subarray(0, 8), padded.subarray(0, 8)])
        : padded.subarray(0, info.keyLength),
      info.ivLength ?? 0,
      info.blockSize ?? 1,
      icvLength,
    );
  }

  private key(secret: string): Buffer | null {
    if (!secret.startsWith('0x')) return Buffer.from(secret.slice(0, MAXIMUM_SECRET), 'latin1');
    const digits = secret.slice(2, secret.length & ~1);
    const key = Buffer.from(digits, 'hex');
    if (key.length === 0 || key.length * 2 !== digits.length || key.length > MAXIMUM_SECRET) {
      this.warnings.push('-E: a secret is not hexadecimal or too long');
      return null;
    }
    return key;
  }
}

/** OpenSSL's cipher for what tcpdump's users write. */
function findCipher(name: string): readonly [algorithm: string, info: CipherInfo | undefined] {
  const bare = name.replace(/-cbc$/, '');
  const algorithm = /^(3des|des)$/i.test(bare) ? 'des-ede3-cbc' : bare;
  const { getCipherInfo } = builtin('node:crypto');
  const info = algorithm === '' ? undefined : getCipherInfo(algorithm);
  return info === undefined && bare !== name ? [name, getCipherInfo(name)] : [algorithm, info];
}

/** C's strtoul with base 0: decimal, 0x and 0 prefixes, whatever stands behind the digits. */
function integer(text: string): number | null {
  const match = /^\s*(?:0x([0-9a-f]+)|0([0-7]*)|([1-9][0-9]*))/i.exec(text);
  if (match === null) return null;
  const [, hexadecimal, octal, decimal] = match;
  if (hexadecimal !== undefined) return Number.parseInt(hexadecimal, 16) >>> 0;
  if (decimal !== undefined) return Number.parseInt(decimal, 10) >>> 0;
  return Number.parseInt(octal || '0', 8) >>> 0;
}
