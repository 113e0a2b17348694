// Texts that several printers write for most packets.

import { Constant } from './writer.js';

export const ARROW: Constant = new Constant(' > ');
export const COLON: Constant = new Constant(': ');
export const COMMA: Constant = new Constant(', ');
export const LENGTH: Constant = new Constant(', length ');
