import type { Printer } from '../printer.js';

export function printSunRpc(p: Printer, _offset: number, length: number): void {
  p.text(`rpc, length ${length}`);
}
