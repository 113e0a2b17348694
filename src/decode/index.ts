// What a packet says, asked by whoever wants it: bytes in, facts out. No text, no files.

export { flowId, flowKey, sourceFirst } from './flow.js';
export { Headers } from './headers.js';
export { Link } from './link.js';
export { EtherType, IpProtocol, TcpFlag } from './numbers.js';
export { isPktap, PktapUnwrapper } from './pktap.js';
export { pktapHeaderLength, writePktapHeader } from './pktapwriter.js';
