import type { Printer } from '../printer.js';

export function printNbnsUdp137(p: Printer, _offset: number, length: number): void {
  p.text(`netbios, length ${length}`);
}

export function printNbdgmUdp138(p: Printer, _offset: number, length: number): void {
  p.text(`netbios, length ${length}`);
}

export function printNbtTcp(p: Printer, _offset: number, length: number): void {
  p.text(`netbios, length ${length}`);
}
