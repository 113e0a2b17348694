// How a capture is opened on macOS: Apple's tap, or without it a plain device, and what is said when neither is allowed.

import { PermissionError } from '../../packet/index.js';
import { CaptureError, missingTapFunction } from '../../system/darwin/index.js';
import { thereAre } from '../selection.js';
import type { Tap, TapOptions } from '../tap.js';
import { Devices } from './devices.js';
import { type Wanted, wantedDevice } from './names.js';
import { DarwinTap } from './tap.js';

/**
 * Opens a tap or a plain device.
 * @throws PermissionError, Error that says what is missing
 */
export async function openTap(options: TapOptions): Promise<Tap> {
  const { interface: given, processes, command, networkNamespaces } = options;
  if (networkNamespaces.length > 0) throw new Error('--netns: macOS has no network namespaces');
  const devices = new Devices();
  const wanted = wantedDevice(given, processes || command || options.metadataFilter !== null);
  for (const name of wanted.required) {
    if (devices.find(name) === null)
      throw new Error(
        `${name}: No such device exists${thereAre(devices.names.map((one) => ({ name: one })))}`,
      );
  }
  const missing = wanted.tapped ? missingTapFunction() : null;
  const chosen = missing === null ? wanted : withoutTap(options, wanted, devices, missing);
  options.meanwhile();
  try {
    return new DarwinTap(options, chosen, devices);
  } catch (error) {
    if (!(error instanceof CaptureError) || !error.denied) throw error;
    throw denied(chosen, options, error);
  }
}

/**
 * What is captured on where Apple's libpcap makes no taps any more: one device, without processes.
 * @throws Error where what was asked for needs them
 */
function withoutTap(
  options: TapOptions,
  { name, required }: Wanted,
  devices: Devices,
  missing: string,
): Wanted {
  const why = `this macOS's libpcap has no ${missing}`;
  if (options.metadataFilter !== null || options.command)
    throw new Error(`${name}: packets cannot be told by their processes: ${why}`);
  if (required.length > 1) throw new Error(`${name}: ${why}: one interface at a time, as -i ${required[0]}`);
  const device = required[0] ?? devices.first?.name;
  if (device === undefined) throw new Error(`${name}: ${why}, and no interface is up`);
  options.warn(`${why}: ${device} is captured on, without processes`);
  return { device, name: device, tapped: false, required: [device] };
}

function denied({ tapped, name }: Wanted, options: TapOptions, { message }: Error): PermissionError {
  const again = [options.interface ?? 'pktap'].flat().join(' -i ');
  const only = tapped ? '; access to /dev/bpf* (ChmodBPF) is not enough, as root alone may make a tap' : '';
  const isRoot = process.geteuid?.() === 0;
  return new PermissionError(
    isRoot
      ? `${name}: You don't have permission to capture: ${message}`
      : `${name}: You don't have permission to capture (${message}): run it as root: sudo pktap -i ${again}${only}`,
  );
}
