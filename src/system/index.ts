// The system room: what is asked of the C library, of libpcap, and of the kernel past Node. Loading it opens no library: each is
// opened by the first call.

export { accountById, accountByName, userIds } from './accounts.js';
export {
  AttachType,
  attachedPrograms,
  BpfError,
  callAllowed,
  createLink,
  createMap,
  deleteFromMap,
  FIRST,
  loadBtf,
  loadProgram,
  loadProgramAside,
  lookupMap,
  MapType,
  openIterator,
  openRawTracepoint,
  type ProgramSpec,
  ProgramType,
  programInfo,
  programName,
  takeFromMap,
  updateMap,
  VerifierError,
} from './bpf.js';
export {
  Capability,
  clearAmbient,
  giveUpCapabilities,
  limitCapabilities,
  withReserve,
} from './capabilities.js';
export { assemble, attachFilter, Code, type Instruction } from './classicfilter.js';
export { asUser, becomeUser, type Credentials } from './credentials.js';
export type { Files, Ruleset } from './landlock.js';
export { restrictFiles, SYSTEM_FILES } from './landlock.js';
export {
  addressOf,
  errno,
  libc,
  Mapping,
  makePipe,
  mapMemory,
  pageSize,
  SYSCALL,
  SystemError,
  viewMemory,
} from './libc.js';
export {
  type ClassicInstruction,
  compileFilter,
  type FilterOrigin,
  HandleError,
  instructionText,
  ProgramError,
} from './libpcap.js';
export { memoryLock } from './limits.js';
export { MappedMemory } from './mapping.js';
export { namespaceNumber, namespacePath } from './namespaces.js';
export { Family, type Needs } from './needs.js';
export { attribute, attributes, Netlink, type NetlinkMessage, NLM_F } from './netlink.js';
export type { Notifier } from './notify.js';
export { descriptors, descriptorsOf, socketAt } from './proclinks.js';
export { askForShortSlice } from './scheduling.js';

/** What runs give up rights with; most have none to give up. */
export const loadCredentials = (): Promise<typeof import('./credentials.js')> => import('./credentials.js');

/** What keeps a process from what it needs no more. */
export const loadSandbox = (): Promise<typeof import('./sandbox.js')> => import('./sandbox.js');

/** What tells a service manager; most runs have none. */
export const loadNotifier = (): Promise<typeof import('./notify.js')> => import('./notify.js');
