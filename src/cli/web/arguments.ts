// The command line of `pktap web`.

import {
  asEver,
  noArguments,
  number,
  parseView,
  reads,
  SHARED,
  type ViewArguments,
  type ViewCommand,
  type ViewOption,
} from '../views.js';

export interface WebArguments extends ViewArguments {
  /** 0: any that is free. */
  port: number;
  tokenFile: string | null;
}

const MAXIMUM_PORT = 65_535;

const OPTIONS: readonly ViewOption<WebArguments>[] = [
  {
    name: '--port',
    takes: 'number',
    about: 'the port on 127.0.0.1; without it, any that is free',
    set: (to, v) => {
      to.port = number(v, 'port', 0, MAXIMUM_PORT);
    },
  },
  {
    name: '--token-file',
    takes: 'file',
    completes: 'file',
    about: 'the token is what this file has, 22 characters at least; without it, another each time',
    set: (to, v) => {
      to.tokenFile = v;
    },
  },
  reads('a file; - is standard input'),
  asEver(
    '-Z',
    (to, v) => {
      to.user = v;
    },
    {
      about: 'root becomes this user before anybody is listened to: who ran sudo, else nobody',
      more: 'The thread that captures keeps the capabilities it needs.',
    },
  ),
  ...SHARED,
];

export const WEB: ViewCommand = {
  name: 'web',
  about: 'a page on this machine: throughput, processes, flows, hosts, drops, packets',
  options: OPTIONS,
  notes: [
    'It prints its address, with a token in it. GET /metrics has counts for',
    'Prometheus, with the header "Authorization: Bearer TOKEN".',
  ],
};

/**
 * @param args the words behind `web`
 * @throws UsageError for what is no option, ArgumentError for a bad value
 */
export function parseWebArguments(args: readonly string[]): WebArguments {
  return parseView<WebArguments>(args, OPTIONS, { ...noArguments(), port: 0, tokenFile: null });
}
