// Serves the page of this folder, with the library's bundle, on this machine alone: node examples/browser/serve.js [PORT]

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname } from 'node:path';

const package_ = new URL('../../', import.meta.url);
const FILE = /^\/(examples\/browser|dist\/browser)\/[\w.-]+$/;
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

const server = createServer(async ({ url, headers }, response) => {
  const path = new URL(url, 'http://localhost').pathname;
  // A name that leads here from elsewhere is none of ours.
  const own = /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(headers.host ?? '');
  const type = TYPES[extname(path)];
  try {
    if (!own || type === undefined || !FILE.test(path)) throw new Error('not here');
    const body = await readFile(new URL(`.${path}`, package_));
    response.writeHead(200, {
      'Content-Type': `${type}; charset=utf-8`,
      'X-Content-Type-Options': 'nosniff',
    });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
});
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}/examples/browser/index.html`);
});
