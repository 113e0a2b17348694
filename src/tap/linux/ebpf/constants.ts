// Every constant that the programs ask for is given by somebody: this does not compile otherwise, and says which one is not.

import type { DROP_FIELDS } from '../drops.js';
import type { EXECUTION_FIELDS } from '../process/executions.js';
import type { RECEIVER_FIELDS, receiverConstants } from '../receivers.js';
import type { ConstantName } from './layouts.js';
import type {
  captureConstants,
  contextConstants,
  GROUPS,
  HelperConstant,
  hookConstants,
  optionConstants,
} from './loader.js';
import type {
  callConstants,
  conntrackConstants,
  FieldPlace,
  NO_CHANGE,
  PROGRAM_FILE,
  SENDER_FIELDS,
} from './offsets.js';

type Groups = { readonly [flag: string]: readonly FieldPlace[] };
type OfGroups<G extends Groups> = keyof G | G[keyof G][number][0];
type Given =
  | OfGroups<typeof GROUPS>
  | OfGroups<typeof SENDER_FIELDS>
  | OfGroups<typeof RECEIVER_FIELDS>
  | keyof ReturnType<typeof receiverConstants>
  | keyof ReturnType<typeof conntrackConstants>
  | keyof ReturnType<typeof contextConstants>
  | keyof ReturnType<typeof callConstants>
  | keyof ReturnType<typeof captureConstants>
  | keyof ReturnType<typeof hookConstants>
  | keyof ReturnType<typeof optionConstants>
  | HelperConstant
  | (typeof DROP_FIELDS)[number][0]
  | 'drop_arguments'
  | (typeof EXECUTION_FIELDS)[number][0]
  | (typeof PROGRAM_FILE)[number][0]
  | keyof typeof NO_CHANGE;

type None<Name extends never> = Name;
/** The constants that nobody gives: none. */
export type NotGiven = None<Exclude<ConstantName, Given>>;
