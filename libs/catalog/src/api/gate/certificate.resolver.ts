import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor, Public } from '#identity';
import { ChangeCertificate } from '../../use-cases/gate/change-certificate.js';
import { VerifyCertificate } from '../../use-cases/gate/verify-certificate.js';
import { shown, toProductType } from '../catalog.mapping.js';
import { CancelListingCertificateInput, RenewListingCertificateInput, RevokeListingCertificateInput, TransferListingCertificateInput } from './gate.inputs.js';
import * as T from './gate.types.js';

@Resolver()
@Authenticated()
export class CertificateResolver {
  constructor(private readonly changing: ChangeCertificate, private readonly verifying: VerifyCertificate) {}

  @Public()
  @Query(() => T.ListingCertificateType, { nullable: true, description: 'A listing certificate by its number, with its life; for everybody. The same over HTTP: `GET /v1/listing-certificates/{number}`.' })
  async listingCertificate(@Args('number', { type: () => ID, description: 'Its number.' }) number: string): Promise<T.ListingCertificateType | null> {
    return this.verifying.find(number);
  }

  @Asks('catalog:certify')
  @Mutation(() => T.RenewListingCertificateResult, { description: 'Prolongs the certificate of a listed product from today on, for as long as its rulebook says. Not while its opinion is lapsed or an objection is open.' })
  async renewListingCertificate(@CurrentActor() actor: Actor, @Args('input') input: RenewListingCertificateInput): Promise<object> {
    return shown(await this.changing.execute(actor, 'renew', input), toProductType);
  }

  @Asks('catalog:certify')
  @Mutation(() => T.TransferListingCertificateResult, { description: 'Records that the certificate went to another organisation. The product of the old holder is not sold any more; that of the new one takes the number over when it is certified.' })
  async transferListingCertificate(@CurrentActor() actor: Actor, @Args('input') input: TransferListingCertificateInput): Promise<object> {
    return shown(await this.changing.execute(actor, 'transfer', input), toProductType);
  }

  @Asks('catalog:manage')
  @Mutation(() => T.CancelListingCertificateResult, { description: 'The vendor gives the certificate back: its product is not sold any more.' })
  async cancelListingCertificate(@CurrentActor() actor: Actor, @Args('input') input: CancelListingCertificateInput): Promise<object> {
    return shown(await this.changing.execute(actor, 'cancel', input), toProductType);
  }

  @Asks('catalog:certify')
  @Mutation(() => T.RevokeListingCertificateResult, { description: 'The exchange takes the certificate: its product is not sold any more.' })
  async revokeListingCertificate(@CurrentActor() actor: Actor, @Args('input') input: RevokeListingCertificateInput): Promise<object> {
    return shown(await this.changing.execute(actor, 'revoke', input), toProductType);
  }
}
