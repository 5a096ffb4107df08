// A vendor's API: answers 1 KiB of JSON to whoever shows the key.
import http from 'node:http';

const body = Buffer.from(JSON.stringify({ symbol: 'a', prices: 'x'.repeat(996) }));
const server = http.createServer((request, response) => {
  if (request.url === '/ready') return response.end('ok');
  response.writeHead(request.headers['x-api-key'] === process.env.BENCH_KEY ? 200 : 401, { 'content-type': 'application/json', 'content-length': body.length });
  return response.end(body);
});
server.listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => (server.closeAllConnections(), server.close()));
