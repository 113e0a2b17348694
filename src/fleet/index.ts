// A fleet: many hosts as one capture. Agents capture and send, the operator's side asks and reads; NATS JetStream lies between.

export { Agent, type AgentOptions, type HostFacts } from './agent.js';
export { type AuditRecord, auditOf } from './audit.js';
export { packetsIn, SectionSplitter } from './blocks.js';
export { type Client, type ConnectOptions, connect, loadClient, reasonOf } from './client.js';
export { ClockEstimate } from './clocks.js';
export { FlowFiles } from './flowfiles.js';
export type { CaptureEvents, Capturer, Capturing } from './hostcapture.js';
export { keyOfFile, type MadeKey, makeKey, permissions, serverConfiguration } from './keys.js';
export { hostOfSubject, isCaptureId, isName, matchesAny, Subject } from './names.js';
export { type FleetOptions, FleetSource, newCaptureId } from './operator.js';
export { gate, narrowed, OPEN_POLICY, type Policy, policyOf } from './policy.js';
export { type KeptRecord, readRecords } from './records.js';
export { type CaptureRequest, controlBytes, MOST_SECONDS, parseJson, requestOf } from './request.js';
export { type Role, readSecret, type Secret } from './secrets.js';
export { serversOf } from './servers.js';
export { type CaptureStatus, type HostStatus, statusOf } from './status.js';
export { type Keeping, makeStreams, Stream, USUAL_KEEPING } from './streams.js';
