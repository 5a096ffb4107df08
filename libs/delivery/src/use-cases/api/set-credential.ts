import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Catalog, DataServices } from '#catalog';
import { type Actor, authorise } from '#identity';
import { Clock, Commands, invalid, isRefused, notFound, type Result, SecretBox, sha256Hex } from '#shared';
import { DELIVERY_ERRORS } from '../../delivery.errors.js';
import { type Credential, credentialProblem } from '../../domain/api/api-call.js';
import { API_CREDENTIAL_PURPOSE, ApiCredentialRepository, type SealedCredential } from '../../storage/api/api-credential.repository.js';

export interface SetCredentialInput extends Credential {
  readonly productId: string;
}

/** Services and who owns them, grouped so that constructors stay short. */
@Injectable()
export class OwnServices {
  constructor(private readonly catalog: Catalog, private readonly services: DataServices) {}

  /** The vendor of a product that is served by an API; null where it is not the actor's, or not served by one. */
  async vendorOf(actor: Actor, productId: string): Promise<string | null> {
    const product = (await this.catalog.byIds([productId])).get(productId);
    return product && product.vendorId === actor.tenantId && (await this.services.ofProduct(productId)) ? product.vendorId : null;
  }
}

/** Gives the exchange what opens a vendor's API, or something new in its place: calls that begin two seconds later use it, in every process; until then a vendor takes both. It is never shown again. */
@Injectable()
export class SetCredential {
  constructor(
    private readonly commands: Commands, private readonly own: OwnServices, private readonly credentials: ApiCredentialRepository, private readonly box: SecretBox, private readonly audit: Audit, private readonly clock: Clock,
  ) {}

  async execute(actor: Actor, { value, ...input }: SetCredentialInput): Promise<Result<Omit<SealedCredential, 'sealed'>>> {
    const refusal = authorise(actor, 'delivery:serve');
    if (refusal) return refusal;
    const vendorId = await this.own.vendorOf(actor, input.productId);
    if (!vendorId) return notFound('data service');
    const wrong = credentialProblem({ ...input, value });
    if (wrong) return invalid(DELIVERY_ERRORS.API_CREDENTIAL, wrong.path, wrong.message);
    const sealed = await this.box.seal(API_CREDENTIAL_PURPOSE, value);
    const stored: SealedCredential = { ...input, vendorId, sealed, setAt: this.clock.now() };
    // What was asked is kept with its key: of the secret only that it was the same.
    const asked = { ...input, value: sha256Hex(value) };
    const result = await this.commands.run<Result<Omit<SealedCredential, 'sealed'>>>(actor, 'delivery.set-api-credential', asked, async (tx) => {
      await this.credentials.put(tx, stored);
      await this.audit.append(tx, actor, { act: 'delivery.set-api-credential', objectType: 'product', objectId: input.productId, details: { placement: input.placement, name: input.name } });
      const { sealed: _, ...shown } = stored;
      return shown;
    });
    return isRefused(result) ? result : { ...result, setAt: new Date(result.setAt) };
  }
}
