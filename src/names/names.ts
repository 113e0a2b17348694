// Names for numbers: hosts, services, protocols. Asked only without -n.

/** Where names come from. Every method answers at once; null: print the number. */
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
