// `pktap fleet`: what there is in a fleet, and what its operators and administrators do with it besides capturing.

import { getopt } from '../getopt.js';
import { prepareOutput, say } from '../messages.js';
import { ArgumentError } from '../parsed.js';
import { version } from '../usage.js';
import { byteSize, duration, hostPatterns } from '../values.js';
import { type FleetArguments, flag, type Option, value } from './words.js';

const OPTIONS: readonly Option<FleetArguments>[] = [
  value('', ['fleet'], (to, v) => {
    to.url = v;
  }),
  value('', ['hosts'], (to, v) => {
    to.hosts.push(...hostPatterns(v));
  }),
  value('', ['operators'], (to, v) => {
    to.operators.push(...hostPatterns(v));
  }),
  value('', ['key'], (to, v) => {
    to.key = v;
  }),
  value('', ['ca'], (to, v) => {
    to.ca = v;
  }),
  flag('', ['json'], (to) => {
    to.json = true;
  }),
  value('', ['since'], (to, v) => {
    to.since = duration(v, 'time of --since');
  }),
  flag('', ['follow'], (to) => {
    to.follow = true;
  }),
  value('', ['age'], (to, v) => {
    to.age = duration(v, 'age');
  }),
  value('', ['bytes'], (to, v) => {
    to.bytes = byteSize(v, 1, 'number of bytes');
  }),
  value('', ['server'], (to, v) => {
    to.server.push(...v.split(','));
  }),
  flag('h', ['help'], (to) => {
    to.action = 'help';
  }),
  flag('', ['version'], (to) => {
    to.action = 'version';
  }),
];

const FLEET_USAGE = `Usage: pktap fleet --fleet url [ --key file ] [ --ca file ] [ --hosts patterns ] [ --json ]
	       the hosts, their clocks, captures, what waits and what was dropped
       pktap fleet cancel id --fleet url …
	       ends a capture of this operator's
       pktap fleet audit --fleet url [ --since time ] …
	       who asked for what, as each host has recorded it
       pktap fleet flows folder --fleet url [ --since time ] [ --follow ] …
	       flow records as Parquet, in folder/date=DAY/host=NAME/
       pktap fleet setup --fleet url [ --age time ] [ --bytes size ] …
	       how much the server keeps of packets: 24h, 1g
       pktap fleet keys folder --server name,… --hosts name,… [ --operators name,… ]
	       keys, certificates and a server's configuration, for hosts and operators
	times have units s, m, h, d; sizes k, m, g. docs/fleet.md tells how a fleet is set up.
`;

/** Runs `pktap fleet`. @returns the exit status */
export async function fleet(args: readonly string[]): Promise<number> {
  const to: FleetArguments = {
    action: 'run',
    url: null,
    hosts: [],
    operators: [],
    key: null,
    ca: null,
    json: false,
    since: null,
    follow: false,
    age: null,
    bytes: null,
    server: [],
  };
  const { words } = getopt(args, OPTIONS, (option, v) => option.set(to, v ?? ''));
  if (to.action === 'version') say(version());
  if (to.action === 'help') say(version() + FLEET_USAGE);
  if (to.action !== 'run') return 0;
  const [what = 'list', ...rest] = words;
  const wanted = what === 'cancel' || what === 'flows' || what === 'keys' ? 1 : 0;
  if (rest.length !== wanted)
    throw new ArgumentError(`pktap fleet ${what} takes ${wanted} words, not ${rest.length}`);
  prepareOutput();
  if (what === 'keys') return (await import('./keys.js')).makeKeys(rest[0]!, to);
  if (to.url === null) throw new ArgumentError('pktap fleet needs --fleet');
  const asking = await import('./asking.js');
  switch (what) {
    case 'list':
      return asking.list(to);
    case 'cancel':
      return asking.cancel(rest[0]!, to);
    case 'audit':
      return asking.audit(to);
    case 'setup':
      return asking.setup(to);
    case 'flows':
      return (await import('./flows.js')).flows(rest[0]!, to);
    default:
      throw new ArgumentError(`pktap fleet has no ${what}: list, cancel, audit, flows, setup, keys`);
  }
}
