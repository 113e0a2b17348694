// Rights and kernels with less: one line says what is missing and what works without it.

import type { Case } from './cases.js';

export const WITH_LESS: { readonly [name: string]: Case } = {};
