// The servers of a fleet, as a URL names them.

/** Where a server is, unless its URL says another port. Source: IANA, nats. */
const PORT = 4222;

export interface Servers {
  /** Hosts as URLs have them: an IPv6 address in brackets. */
  readonly servers: readonly { readonly host: string; readonly port: number }[];
  readonly tls: boolean;
}

/** The servers of a URL, or of several of one cluster, with commas. @throws Error for what is none */
export function serversOf(text: string): Servers {
  const urls = text.split(',').map((one) => {
    const url = URL.canParse(one) ? new URL(one) : null;
    if (url === null || !['nats:', 'tls:'].includes(url.protocol) || url.hostname === '')
      throw new Error(`${one.replace(/\/\/.*@/, '//')} is no server: nats://HOST or tls://HOST`);
    if (url.username !== '' || url.password !== '')
      throw new Error('a URL with a password can be seen by everybody: a key comes from a file (--key)');
    return url;
  });
  return {
    servers: urls.map(({ hostname, port }) => ({ host: hostname, port: Number(port || PORT) })),
    tls: urls.some(({ protocol }) => protocol === 'tls:'),
  };
}
