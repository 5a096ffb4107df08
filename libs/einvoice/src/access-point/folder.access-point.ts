import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AccessPointPort, type Envelope, type Incoming, type SendOutcome } from '../domain/access-point.port.js';

const MOST_BYTES = 10_000_000;
/** Names that another program chose: nothing in them leads out of the folder. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,190}\.xml$/;

/** Documents go as files into `outbox`, each beside the addresses that it is for, and come as files out of `inbox`; what was taken moves to `inbox/taken`. Whatever carries them runs beside. */
export class FolderAccessPoint extends AccessPointPort {
  constructor(private readonly folder: string) {
    super();
  }

  /** A file appears whole: it is written under another name first. The same id writes the same file. */
  async send({ id, content, ...addresses }: Envelope): Promise<SendOutcome> {
    try {
      const outbox = path.join(this.folder, 'outbox');
      await mkdir(outbox, { recursive: true });
      for (const [name, text] of [[`${id}.json`, `${JSON.stringify({ id, ...addresses })}\n`], [`${id}.xml`, content]] as const) {
        await writeFile(path.join(outbox, `.${name}`), text);
        await rename(path.join(outbox, `.${name}`), path.join(outbox, name));
      }
      return { sent: true, reference: `${id}.xml` };
    } catch (error) {
      return { sent: false, final: false, problem: (error as Error).message.slice(0, 300) };
    }
  }

  async incoming(limit: number): Promise<Incoming[] | null> {
    const inbox = path.join(this.folder, 'inbox');
    try {
      await mkdir(path.join(inbox, 'taken'), { recursive: true });
      const names = (await readdir(inbox)).filter((n) => NAME.test(n)).sort().slice(0, limit);
      return await Promise.all(names.map(async (name) => ({ providerId: name, content: (await stat(path.join(inbox, name))).size > MOST_BYTES ? '' : await readFile(path.join(inbox, name), 'utf8') })));
    } catch {
      return null;
    }
  }

  async taken(providerId: string): Promise<void> {
    if (!NAME.test(providerId)) return;
    const inbox = path.join(this.folder, 'inbox');
    await rename(path.join(inbox, providerId), path.join(inbox, 'taken', providerId)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }
}
