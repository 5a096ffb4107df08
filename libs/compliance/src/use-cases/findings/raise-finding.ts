import { Injectable } from '@nestjs/common';
import { type Actor, authorise, Identity } from '#identity';
import { Commands, invalid, type Result } from '#shared';
import type { FindingKind, Severity } from '../../domain/findings/finding.js';
import { REGISTER_ERRORS } from '../../register.errors.js';
import { CertificateRepository } from '../../storage/certificate.repository.js';
import { EndUseRepository } from '../../storage/end-use.repository.js';
import type { Finding } from '../../storage/finding.repository.js';
import { Find } from './find.js';

export interface RaiseFindingInput {
  readonly kind: FindingKind;
  readonly severity: Severity;
  readonly organisationId: string;
  /** The order whose declaration it is about, or the certificate. */
  readonly orderId?: string | null;
  readonly certificateId?: string | null;
  readonly details: string;
  readonly internalNote?: string | null;
}

/** An officer puts on record what he holds to be wrong. It bites once another one has confirmed it. */
@Injectable()
export class RaiseFinding {
  constructor(
    private readonly commands: Commands, private readonly finding: Find, private readonly identity: Identity, private readonly declarations: EndUseRepository, private readonly certificates: CertificateRepository,
  ) {}

  async execute(actor: Actor, input: RaiseFindingInput): Promise<Result<Finding>> {
    const refusal = authorise(actor, 'compliance:handle-findings');
    if (refusal) return refusal;
    const { kind, severity, organisationId, orderId = null, certificateId = null, details, internalNote = null } = input;
    if (kind === 'POSSIBLE_RESTRICTED_PARTY') return invalid(REGISTER_ERRORS.FINDING_KIND, 'kind', 'the exchange itself finds these: propose the party for its list');
    if (orderId && certificateId) return invalid(REGISTER_ERRORS.FINDING_OBJECT, 'certificateId', 'about an order or about a certificate, not both');
    return this.commands.run<Result<Finding>>(actor, 'compliance.raise-finding', input, async (tx) => {
      if (!(await this.identity.byId(organisationId))) return invalid(REGISTER_ERRORS.ORGANISATION, 'organisationId', 'no such organisation');
      if (orderId && (await this.declarations.inForce(tx, orderId))?.organisationId !== organisationId) return invalid(REGISTER_ERRORS.FINDING_OBJECT, 'orderId', 'the organisation has declared nothing for it');
      if (certificateId && (await this.certificates.lock(tx, certificateId))?.holderId !== organisationId) return invalid(REGISTER_ERRORS.FINDING_OBJECT, 'certificateId', 'no certificate of the organisation');
      const about = orderId ? (['order', orderId] as const) : certificateId ? (['certificate', certificateId] as const) : ([null, null] as const);
      return (await this.finding.execute(tx, actor, { kind, severity, organisationId, objectType: about[0], objectId: about[1], cause: null, details, internalNote }))!;
    });
  }
}
