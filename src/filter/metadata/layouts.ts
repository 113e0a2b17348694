// Made by layouts.js of kernel/facts.h. Change those.

/** struct packet_facts: where its fields are, in bytes, and its size. */
export const PACKET_FACTS = {
  PID: 0,
  UID: 4,
  COMM: 8,
  SERVICE_CLASS: 24,
  FLOW_ID: 28,
  PPID: 32,
  NETNS: 36,
  EFFECTIVE_PID: 40,
  TREES: 44,
  THREAD: 48,
  FLAGS: 52,
  SIZE: 56,
} as const;
