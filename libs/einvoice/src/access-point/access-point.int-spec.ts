import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadConfig, OutgoingHttp } from '#shared';
import { accessPointContract, type AccessPointUnderTest, envelope } from '../../../../test/support/access-point.contract.js';
import { FolderAccessPoint } from './folder.access-point.js';
import { HttpAccessPoint } from './http.access-point.js';

describe('a folder', () => {
  let under: AccessPointUnderTest;
  let folder: string;
  let serial = 0;
  beforeEach(async () => {
    folder = path.join(await mkdtemp(path.join(tmpdir(), 'entrepot-ap-')), 'ap');
    under = {
      port: new FolderAccessPoint(folder),
      arrived: async () => new Map(await Promise.all((await readdir(path.join(folder, 'outbox'))).filter((n) => n.endsWith('.xml')).map(async (n) => [n.replace('.xml', ''), await readFile(path.join(folder, 'outbox', n), 'utf8')] as const))),
      comesIn: async (content) => {
        await mkdir(path.join(folder, 'inbox'), { recursive: true });
        await writeFile(path.join(folder, 'inbox', `m${(serial += 1)}.xml`), content);
        return `m${serial}.xml`;
      },
      away: async (is) => {
        if (is) await writeFile(folder, 'no folder');
        else await rename(folder, `${folder}.away`);
      },
    };
  });
  afterEach(() => rm(path.dirname(folder), { recursive: true, force: true }));
  accessPointContract(() => under);

  it('reads no name that leads elsewhere', async () => {
    await under.comesIn('<a/>');
    await under.port.taken('../inbox/m1.xml');
    expect(await under.port.incoming(10)).toHaveLength(1);
  });
});

describe('HTTP', () => {
  let under: AccessPointUnderTest;
  let server: Server;
  let outgoing: OutgoingHttp;
  let status = 0;
  beforeEach(async () => {
    const documents = new Map<string, string>();
    const messages = new Map<string, string>();
    status = 0;
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (c: Buffer) => chunks.push(c)).on('end', () => {
        const answer = (code: number, body: object): void => void response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
        if (status) return answer(status, { message: 'no' });
        if (request.headers.authorization !== 'Bearer secret') return answer(401, {});
        if (request.method === 'POST') {
          const { id, content } = JSON.parse(Buffer.concat(chunks).toString()) as { id: string; content: string };
          if (request.headers['idempotency-key'] !== id) return answer(400, {});
          documents.set(id, content);
          return answer(202, { reference: `ref-${id}` });
        }
        if (request.method === 'DELETE') return void (messages.delete(request.url!.split('/').at(-1)!), answer(204, {}));
        return answer(200, { messages: [...messages].map(([id, content]) => ({ id, content })).slice(0, Number(new URL(request.url!, 'http://x').searchParams.get('limit'))) });
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    outgoing = new OutgoingHttp(loadConfig({ NODE_ENV: 'test' }));
    under = {
      port: new HttpAccessPoint(outgoing, `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, 'secret'),
      arrived: () => Promise.resolve(documents), comesIn: (content) => Promise.resolve((messages.set(`m${messages.size}`, content), `m${messages.size - 1}`)), away: (is) => Promise.resolve(void (status = is ? 503 : 0)),
    };
  });
  afterEach(async () => {
    await outgoing.onApplicationShutdown();
    await new Promise((resolve) => server.close(resolve));
  });
  accessPointContract(() => under);

  it.each([[422, true], [404, true], [401, false], [429, false], [500, false]])('%s is final: %s', async (code, final) => {
    status = code;
    expect(await under.port.send(envelope())).toEqual({ sent: false, final, problem: `${code} no` });
  });
});
