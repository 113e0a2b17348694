// What the command line of a view asks for, as a run.

import { fileSpec, fleetSpec, type RunSpec, type TapSpec, tapSpec } from '../run/index.js';
import { expressionText, fleetOf, named } from './spec.js';
import type { ViewArguments } from './views.js';

/**
 * @param given what is the view's own of the run
 * @param captured and of a capture on this machine
 */
export async function viewSpec(
  parsed: ViewArguments,
  given: Partial<RunSpec>,
  captured: Partial<TapSpec> = {},
): Promise<RunSpec> {
  const { read, fleet, snapshotLength, bufferSize, networkNamespaces, verbose } = parsed;
  const whole: Partial<RunSpec> = {
    filter: {
      direction: parsed.direction,
      metadata: parsed.metadataFilter,
      expression: expressionText(parsed),
      optimize: parsed.optimize,
    },
    ...(snapshotLength === null ? {} : { snapshotLength }),
    ...given,
  };
  if (read !== null) return fileSpec(read, whole);
  if (fleet !== null) return fleetSpec(fleetOf(parsed), whole);
  const spec = tapSpec(await named(parsed.interfaces), whole);
  return {
    ...spec,
    source: { ...spec.source, bufferSize, networkNamespaces, verbose, ...captured } as RunSpec['source'],
  };
}

/** Opens what is shown. @throws what a packet filter that libpcap refuses says, with the user's words */
export async function hinted<T>(parsed: ViewArguments, spec: RunSpec, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    const { expression } = spec.filter;
    if (expression === null || expression === '' || parsed.fleet !== null) throw error;
    const asked = { ...parsed, snapshotLength: spec.snapshotLength, dashed: false, readList: null };
    throw (await import('./hints.js')).explained(error as Error, asked, expression);
  }
}
