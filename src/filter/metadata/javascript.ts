// A metadata filter as a function over packets.

import type { PacketFilter } from '../../packet/index.js';
import type { Node } from './node.js';

/** Compiles a tree once; the function allocates nothing. */
export function compile(node: Node): PacketFilter {
  switch (node.kind) {
    case 'and': {
      const left = compile(node.left);
      const right = compile(node.right);
      return (packet) => left(packet) && right(packet);
    }
    case 'or': {
      const left = compile(node.left);
      const right = compile(node.right);
      return (packet) => left(packet) || right(packet);
    }
    case 'not': {
      const of = compile(node.of);
      return (packet) => !of(packet);
    }
    case 'term': {
      const test = node.field.compile(node);
      return node.negated ? (packet) => !test(packet) : test;
    }
  }
}
