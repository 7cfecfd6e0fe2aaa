// A static host like those that Faultline is deployed to: one folder under any path, with gzip and the right types.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { gzipSync } from 'node:zlib';

const TYPES = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8',
  '.wasm': 'application/wasm', '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.json': 'application/json',
};

/** Serves `folder` below `prefix` on a free port of 127.0.0.1; answers `{ origin, base, close }`. */
export async function serve(folder, prefix = '/a/b/') {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, 'http://localhost').pathname;
    const name = normalize(path.slice(prefix.length) || 'index.html');
    if (!path.startsWith(prefix) || name.startsWith('..')) return response.writeHead(404).end();
    try {
      const body = await readFile(join(folder, name));
      const headers = { 'content-type': TYPES[extname(name)] ?? 'application/octet-stream', 'cache-control': 'no-cache' };
      const packed = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '') && extname(name) !== '.woff2';
      response.writeHead(200, packed ? { ...headers, 'content-encoding': 'gzip' } : headers);
      response.end(packed ? gzipSync(body) : body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return { origin, base: origin + prefix, close: () => server.close() };
}
