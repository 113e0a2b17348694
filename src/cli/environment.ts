// The environment of the command behind `--`: ours, with what bin/pktap kept from Node when it runs as root for somebody else.

const KEPT = 'PKTAP_KEPT_';

/** @returns a copy of our environment, the kept variables under their own names */
export function commandEnvironment(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env);
  return Object.fromEntries(
    entries.map(([name, value]) => [name.startsWith(KEPT) ? name.slice(KEPT.length) : name, value]),
  );
}
