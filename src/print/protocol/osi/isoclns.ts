// The OSI network layer: which protocol a packet is of. Source: ISO 9577.

import { printUnknownData } from '../../hexdump.js';
import { hex } from '../../inline.js';
import type { Printer } from '../../printer.js';
import { printers } from '../../table.js';
import { MAX_DEPTH, printIp } from '../ip/ip.js';
import { printIp6 } from '../ip/ip6.js';
import { printIsis } from '../isis/isis.js';
import { printClnp } from './clnp.js';
import { printEsis } from './esis.js';
import { NLPIDS, Nlpid } from './osi.js';

/** Prints what begins with a network layer protocol identifier. */
export function printIsoclns(p: Printer, offset: number, length: number): void {
  p.protocol = 'isoclns';
  if (++p.depth > MAX_DEPTH) {
    p.text('[nesting too deep]');
    p.invalid();
  } else packet(p, offset, length);
  p.depth--;
}

function packet(p: Printer, offset: number, length: number): void {
  const id = p.u8(offset);
  const { linkHeader } = p.options;
  if (linkHeader) p.text(`OSI NLPID ${NLPIDS[id] ?? 'Unknown'} (0x${hex(id, 2)}): `);
  switch (id) {
    case Nlpid.CLNP:
      if (!printClnp(p, offset, length)) printUnknownData(p, '\n\t', offset, length);
      break;
    case Nlpid.ESIS:
      printEsis(p, offset, length);
      break;
    case Nlpid.ISIS:
      if (!printIsis(p, offset, length)) printUnknownData(p, '\n\t', offset, length);
      break;
    case Nlpid.NULL:
      p.text(`${linkHeader ? '' : ', '}length: ${length}`);
      break;
    case Nlpid.Q933:
      printers.q933(p, offset + 1, (length - 1) >>> 0);
      break;
    case Nlpid.IP:
      printIp(p, offset + 1, (length - 1) >>> 0);
      break;
    case Nlpid.IP6:
      printIp6(p, offset + 1, (length - 1) >>> 0);
      break;
    case Nlpid.PPP:
      printers.ppp(p, offset + 1, (length - 1) >>> 0);
      break;
    default:
      if (!linkHeader) p.text(`OSI NLPID 0x${hex(id, 2)} unknown`);
      p.text(`${linkHeader ? '' : ', '}length: ${length}`);
      if (length > 1) printUnknownData(p, '\n\t', offset, length);
  }
}
