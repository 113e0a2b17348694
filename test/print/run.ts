// Prints a savefile in this process as the command would: for the tests that print thousands of files.

import { parseArguments } from '../../src/cli/arguments.js';
import { compileExpressions } from '../../src/filter/index.js';
import { Packet, type PacketFilter } from '../../src/packet/index.js';
import {
  defaultPrintOptions,
  type NameResolver,
  type PrintOptions,
  TextOutput,
} from '../../src/print/index.js';
import { machineServices } from '../../src/run/services.js';
import { openSavefile } from '../../src/savefile/index.js';

// Time stamps are compared: one time zone for all.
process.env['TZ'] = 'GMT0';

/**
 * @param file path of a savefile
 * @param args the command's arguments, without -r and its file
 * @returns standard output, one character a byte; what was printed before a break in the file
 */
export async function printFile(file: string, args: readonly string[]): Promise<string> {
  const parsed = parseArguments(['-r', file, ...args]);
  const blocks: Buffer[] = [];
  const output = new TextOutput(
    parsed.printOptions,
    (bytes) => blocks.push(Buffer.from(bytes)),
    machineServices(),
  );
  let source: Awaited<ReturnType<typeof openSavefile>>;
  try {
    source = await openSavefile(file, {});
  } catch {
    return '';
  }
  const filter: PacketFilter | null =
    parsed.expression === '' || parsed.expression === null
      ? null
      : compileExpressions(parsed.expression, parsed.snapshotLength, parsed.optimize);
  let seen = 0;
  let printed = 0;
  const handle = (packet: Packet): boolean => {
    if (filter !== null && !filter(packet)) return true;
    if (++seen <= parsed.skip) {
      output.skip();
      return true;
    }
    if (seen % parsed.sampling === 0) output.packet(packet);
    else output.skip();
    return ++printed !== parsed.count;
  };
  try {
    await source.run(handle);
  } catch (error) {
    // A broken file: what came before the break is printed. An error of a printer is one of ours.
    if (!/^SavefileError|^SavefileSystemError/.test((error as Error).constructor.name)) throw error;
  } finally {
    source.close();
  }
  output.close();
  return Buffer.concat(blocks).toString('latin1');
}

const RAW_IP = 101;

/** The text of a raw IP packet under -n, -t and -K, without its newline. */
export function printPacket(
  bytes: Uint8Array,
  changed: Partial<PrintOptions> = {},
  linkType = RAW_IP,
  length = bytes.length,
  names: NameResolver | null = null,
): string {
  let text = '';
  const options = { ...defaultPrintOptions(), numeric: true, timestamp: 1, noChecksums: true, ...changed };
  const sink = (block: Uint8Array): void => {
    text += Buffer.from(block).toString('latin1');
  };
  const output = new TextOutput(options, sink, machineServices(undefined, names));
  const record = new Packet();
  record.buffer = bytes;
  record.capturedLength = bytes.length;
  record.length = length;
  record.linkType = linkType;
  output.packet(record);
  output.close();
  return text.replace(/\n$/, '');
}
