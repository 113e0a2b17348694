// The Linux tap.

import type { InterfaceListing, Tap, TapOptions } from '../index.js';

export async function openTap(options: TapOptions): Promise<Tap> {
  throw new Error(`${options.interface ?? 'pktap'}: not available`);
}

export async function listInterfaces(): Promise<InterfaceListing[]> {
  return [];
}
