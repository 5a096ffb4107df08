import { Injectable } from '@nestjs/common';
import { Clock, isId } from '#shared';
import { type KeyStanding, MemberRepository } from '../storage/member.repository.js';

/** Where an API key, or a token that was got with one, is let in: read at every request, so that a revocation bites at the next one. */
@Injectable()
export class KeyAdmission {
  constructor(private readonly members: MemberRepository, private readonly clock: Clock) {}

  /** How the key stands now; null when there is no such key, or it was revoked or has ended. */
  async admit(id: string): Promise<KeyStanding | null> {
    return isId(id) ? this.members.keyStanding(id, this.clock.now()) : null;
  }
}
