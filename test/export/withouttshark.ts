// Fields that are not compared with tshark's, and why; what holds them instead is beside it.

const NO_PROCESS =
  'what captures say of processes, in the notations that test/savefile/dialects.test.ts reads';
const APPLE = "Apple's metadata, held by test/savefile/dialects.test.ts";

export const WITHOUT: Readonly<Record<string, string>> = {
  'frame.time':
    'the same number as frame.time_epoch, which is compared, in other words (test/export/rows.test.ts)',
  'frame.link_type':
    "tshark has its own numbers of encapsulations, not the file's (test/savefile/linktypes.test.ts)",
  'flow.id': 'our own number',
  'dns.answers': 'made of answers of several types, in their order (test/decode/payload.test.ts)',
  host: 'which host of a fleet sent it (test/live/fleet.test.ts)',
  info: "tcpdump's line, held by test/print/conformance.test.ts",
  'pktap.svc': APPLE,
  'pktap.flags': APPLE,
  'pktap.flowid': APPLE,
  'pktap.drop_reason': APPLE,
  'pktap.drop_function': APPLE,
  ...Object.fromEntries(
    (
      'process.name process.pid process.name_bytes process.path process.args process.uuid process.ppid process.uid process.user ' +
      'process.start process.cgroup process.netns process.container process.container_id process.runtime process.pod ' +
      'process.namespace process.thread eprocess.name eprocess.pid'
    )
      .split(' ')
      .map((name) => [name, NO_PROCESS] as const),
  ),
};
