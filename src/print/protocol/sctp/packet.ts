// What SCTP's chunks know of the packet they are in.

/** What the chunks of a packet know of each other. */
export interface SctpPacket {
  /** Whether its data is ForCES's, by a port or a payload protocol identifier. */
  forces: boolean;
  /** Bytes left behind the chunk, of 32 bits: lengths that do not add up make it wrap. */
  left: number;
}
