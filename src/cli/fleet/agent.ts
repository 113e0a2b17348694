// `pktap agent`: this machine as a host of a fleet.

import { release as kernelRelease, networkInterfaces, type } from 'node:os';
import { Agent, OPEN_POLICY, policyOf, readSecret } from '../../fleet/index.js';
import { loadSandbox } from '../../system/index.js';
import { getopt } from '../getopt.js';
import { prepareOutput, say, tell } from '../messages.js';
import { ArgumentError } from '../parsed.js';
import { release, version } from '../usage.js';
import { flag, type Option, ownName, readTrusted, value } from './words.js';

interface AgentArguments {
  action: 'run' | 'help' | 'version' | 'capture';
  server: string | null;
  key: string | null;
  ca: string | null;
  name: string | null;
  policy: string | null;
}

const OPTIONS: readonly Option<AgentArguments>[] = [
  value('', ['server'], (to, v) => {
    to.server = v;
  }),
  value('', ['key'], (to, v) => {
    to.key = v;
  }),
  value('', ['ca'], (to, v) => {
    to.ca = v;
  }),
  value('', ['name'], (to, v) => {
    to.name = v;
  }),
  value('', ['policy'], (to, v) => {
    to.policy = v;
  }),
  flag('', ['capture'], (to) => {
    to.action = 'capture';
  }),
  flag('h', ['help'], (to) => {
    to.action = 'help';
  }),
  flag('', ['version'], (to) => {
    to.action = 'version';
  }),
];

const AGENT_USAGE = `Usage: pktap agent --server url [ --key file ] [ --ca file ] [ --name name ] [ --policy file ]
	this machine as a host of a fleet: it captures what operators ask for (pktap --fleet)
	--server URL        the NATS server: tls://HOST, nats://HOST without TLS
	--key FILE          its key, an nkey or credentials, which nobody else may read
	--ca FILE           the certificate that the server's is signed by
	--name NAME         its name in the fleet: that of the key, else of the machine
	--policy FILE       what operators may ask for; docs/fleet.md has the rules
`;

/** Where the kernel says what it may do. */
function rights(): string {
  return process.geteuid!() === 0 ? 'root' : `user ${process.geteuid!()}`;
}

/** Runs `pktap agent`. @returns the exit status */
export async function agent(args: readonly string[]): Promise<number> {
  const to: AgentArguments = { action: 'run', server: null, key: null, ca: null, name: null, policy: null };
  const { words } = getopt(args, OPTIONS, (option, v) => option.set(to, v ?? ''));
  if (to.action === 'capture') return (await import('./child.js')).captureForAgent();
  if (to.action === 'version') say(version());
  if (to.action === 'help') say(version() + AGENT_USAGE);
  if (to.action !== 'run') return 0;
  if (words.length > 0) throw new ArgumentError(`pktap agent takes no '${words[0]}'`);
  if (to.server === null) throw new ArgumentError('pktap agent needs --server');
  const secret = to.key === null ? null : readSecret(to.key);
  if (secret !== null && secret.name !== null && to.name !== null && secret.name !== to.name)
    throw new ArgumentError(`--name ${to.name}: the key is ${secret.name}'s`);
  const name = secret?.name ?? to.name ?? ownName();
  let policy = OPEN_POLICY;
  if (to.policy !== null) {
    const text = readTrusted(to.policy);
    try {
      policy = policyOf(text);
    } catch (error) {
      throw new ArgumentError(`${to.policy}: ${(error as Error).message}`);
    }
  }
  prepareOutput();
  if (process.platform === 'linux') (await loadSandbox()).refuseNewPrivileges();
  const { capturerOf } = await import('./spawned.js');
  let quit: () => void = () => {};
  const ended = new Promise<void>((done) => {
    quit = done;
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => quit());
  tell(`pktap: agent ${name} of ${to.server}`);
  const starting = Agent.start({
    name,
    connection: { url: to.server, secret, ca: to.ca },
    policy,
    facts: {
      version: release(),
      kernel: `${type()} ${kernelRelease()}`,
      rights: rights(),
      interfaces: () => Object.keys(networkInterfaces()),
    },
    capturer: capturerOf(name, policy),
    say: (line) => tell(`pktap: ${line}`),
  });
  const running = await Promise.race([starting, ended]);
  if (running === undefined) return 0;
  tell('pktap: connected: captures are waited for');
  await Promise.race([ended, running.closed]);
  if (running.failure !== null) {
    tell(`pktap: ${running.failure}`);
    return 1;
  }
  await running.stop();
  return 0;
}
