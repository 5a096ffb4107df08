import { Injectable } from '@nestjs/common';
import { Clock } from '#shared';
import { type Act, PERMISSIONS, type Role } from '../domain/permissions.js';
import { KeyRepository } from '../storage/key.repository.js';
import { MemberRepository } from '../storage/member.repository.js';

/** Whether somebody who did something before could still do it: what he was given then ends with him. */
@Injectable()
export class SubjectStands {
  constructor(private readonly members: MemberRepository, private readonly keys: KeyRepository, private readonly clock: Clock) {}

  async execute(subject: string, organisationId: string, act: Act): Promise<boolean> {
    const [kind, id = ''] = subject.split(':');
    if (kind === 'key') {
      const key = await this.keys.standing(id, this.clock.now());
      return key?.organisation_id === organisationId && key.scopes.includes(act);
    }
    const member = kind === 'member' ? await this.members.active(id) : null;
    return member?.organisationId === organisationId && member.roles.some((role) => (PERMISSIONS[act].roles as readonly Role[]).includes(role));
  }
}
