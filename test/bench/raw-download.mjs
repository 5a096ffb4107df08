// The raw limit: a bare http server that streams one file.
import { createReadStream, statSync } from 'node:fs';
import http from 'node:http';

const file = process.env.BENCH_FILE;
const { size } = statSync(file);
const server = http.createServer((request, response) => {
  if (request.url === '/ready') return response.end('ok');
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': size });
  createReadStream(file).pipe(response);
});
server.listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => server.close());
