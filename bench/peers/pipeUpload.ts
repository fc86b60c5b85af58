/**
 * The least that receives an upload with Node.js: a plain server that pipes each body into a file, flushed at the end.
 * Says its address, then serves until it is killed.
 */
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';

const [path = ''] = process.argv.slice(2);
const server = createServer((request, response) => {
  void pipeline(request, createWriteStream(path, { flush: true })).then(() => response.end());
});
server.listen(0, '127.0.0.1', () => {
  console.log(`listens on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
