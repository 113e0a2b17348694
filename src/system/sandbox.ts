// What keeps a process from what it needs no more: from files by Landlock, from system calls by seccomp.

export { Ruleset } from './landlock.js';
export { refuseNewPrivileges, refuseSystemCalls, refuseThreadNewPrivileges } from './seccomp.js';
