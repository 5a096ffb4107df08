import { Injectable } from '@nestjs/common';
import { Clock } from '#shared';
import { allows } from '../domain/ip-allow-list.js';
import { KeyRepository, type KeyStanding } from '../storage/key.repository.js';
import { NoteKeyUse } from '../use-cases/note-key-use.js';

/** Where an API key, or a token that was got with one, is let in: read at every request, so that a revocation bites at the next one. */
@Injectable()
export class KeyAdmission {
  constructor(private readonly keys: KeyRepository, private readonly keyUse: NoteKeyUse, private readonly clock: Clock) {}

  /** How the key stands now; null when there is no such key, it was revoked or has ended, or the request comes from elsewhere than it may. */
  async admit(id: string, address: string): Promise<KeyStanding | null> {
    const standing = await this.keys.standing(id, this.clock.now());
    return standing && allows(standing.allow_list, address) ? standing : null;
  }

  /** Whoever came with it has proven that it is his. */
  used(id: string, address: string): void {
    this.keyUse.note(id, address);
  }
}
