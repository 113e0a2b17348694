// What printing asks of the world around it. The room itself reads no file, asks no system and starts no thread: who
// prints hands these in.

/** Names for numbers, asked without -n alone. Every method answers at once; null: print the number. */
export interface NameResolver {
  /** @param address 4 or 16 bytes at `offset` of `bytes` */
  host(bytes: Uint8Array, offset: number, length: 4 | 16): string | null;
  tcpPort(port: number): string | null;
  udpPort(port: number): string | null;
  sctpPort(port: number): string | null;
  /** IP protocol number, from /etc/protocols. */
  protocol(number: number): string | null;
  /** Program of Sun RPC, from /etc/rpc. */
  rpcProgram(number: number): string | null;
  /** Ethernet address, from /etc/ethers. */
  ethernet(bytes: Uint8Array, offset: number): string | null;
}

/** What decrypts the packets of one security association. */
export interface Decryption {
  /** Bytes of the initialization vector in front of the ciphertext. */
  readonly ivLength: number;
  /** Bytes of the integrity check value behind it. */
  readonly icvLength: number;
  /** @returns the plaintext, as long as the ciphertext; null when there can be none */
  decrypt(iv: Uint8Array, ciphertext: Uint8Array): Uint8Array | null;
}

/** The secrets of security associations (-E). */
export interface Secrets {
  /** @returns what decrypts an ESP packet, or null */
  find(spi: number, destination: Uint8Array): Decryption | null;
  /**
   * @param initiator whether the initiator of the IKEv2 exchange sent the message
   * @param cookies the initiator's and the responder's, 16 bytes
   */
  findIke(initiator: boolean, cookies: Uint8Array): Decryption | null;
}

/** The services of printing; each is asked when a packet needs it. */
export interface PrintServices {
  /** Names for addresses, ports and protocols; null: numbers. */
  readonly names: NameResolver | null;
  /** The secrets that -E's argument says, asked at the first packet that wants one; null: none can be had. */
  readonly secrets: ((text: string) => Secrets) | null;
  /** The name of a network interface of this machine by its index; null: `?` is printed. */
  readonly interfaceName: ((index: number) => string | null) | null;
}

/** No services: the text of the bytes alone. */
export const NO_SERVICES: PrintServices = { names: null, secrets: null, interfaceName: null };
