import type { Printer } from '../printer.js';

export function printEigrp(p: Printer, _offset: number, length: number): void {
  p.text(`eigrp, length ${length}`);
}
