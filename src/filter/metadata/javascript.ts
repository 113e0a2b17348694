// A metadata filter as a function over packets.

import type { PacketFilter } from '../../packet/index.js';
import { compileFact, PacketFacts } from './facts.js';
import type { Node } from './node.js';

function asksFacts(node: Node): boolean {
  if (node.kind === 'not') return asksFacts(node.of);
  return node.kind === 'fact' || (node.kind !== 'term' && (asksFacts(node.left) || asksFacts(node.right)));
}

/** Compiles a tree once; but for what a packet's payload says, the function allocates nothing. */
export function compile(node: Node): PacketFilter {
  const packets = new PacketFacts();
  const test = compileNode(node, packets);
  if (!asksFacts(node)) return test;
  return (packet) => {
    packets.next(packet);
    return test(packet);
  };
}

function compileNode(node: Node, packets: PacketFacts): PacketFilter {
  switch (node.kind) {
    case 'fact': {
      const test = compileFact(node, packets);
      return node.negated ? (packet) => !test(packet) : test;
    }
    case 'and': {
      const left = compileNode(node.left, packets);
      const right = compileNode(node.right, packets);
      return (packet) => left(packet) && right(packet);
    }
    case 'or': {
      const left = compileNode(node.left, packets);
      const right = compileNode(node.right, packets);
      return (packet) => left(packet) || right(packet);
    }
    case 'not': {
      const of = compileNode(node.of, packets);
      return (packet) => !of(packet);
    }
    case 'term': {
      const test = node.field.compile(node);
      return node.negated ? (packet) => !test(packet) : test;
    }
  }
}
