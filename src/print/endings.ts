// The two ways in which printing ends before its end, each one shared object without a stack: thrown, and cheap.

/** A read past the captured bytes: the packet was cut short. It ends the packet with ` [|protocol]`. */
export const TRUNCATED: unique symbol = Symbol('truncated');

/**
 * A length or a count claims more than the part around it has. It ends that part: the printer of the part catches it, and says
 * what its protocol says of one.
 */
export const OVERRUN: unique symbol = Symbol('overrun');

/**
 * Prints a part of a packet, which an OVERRUN within it ends.
 * @returns whether it came to its end
 */
export function completes(print: () => void): boolean {
  try {
    print();
    return true;
  } catch (error) {
    if (error !== OVERRUN) throw error;
    return false;
  }
}
