// The raw limit: a bare proxy that puts the key in and passes the answer on.
import http from 'node:http';

const agent = new http.Agent({ keepAlive: true });
const target = new URL(process.env.BENCH_UPSTREAM);
const server = http.createServer((request, response) => {
  if (request.url === '/ready') return response.end('ok');
  const { authorization: _, host: _host, ...headers } = request.headers;
  const call = http.request({ agent, hostname: target.hostname, port: target.port, method: request.method, path: request.url, headers: { ...headers, 'x-api-key': process.env.BENCH_KEY } }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  call.on('error', () => response.destroy());
  request.pipe(call);
  return undefined;
});
server.listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => (server.closeAllConnections(), server.close()));
