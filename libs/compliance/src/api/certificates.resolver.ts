import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor, Public } from '#identity';
import { Clock, type ConnectionOf, isDay, PageArgs, pageCost, pageRequest, toConnection } from '#shared';
import { dayAt } from '../domain/days.js';
import type { CertificateState } from '../domain/certificates/certificate.js';
import { Certificates } from '../register.facade.js';
import { KeepCertificates } from '../use-cases/certificates/keep-certificates.js';
import { RecognitionBook } from '../use-cases/certificates/recognition-book.js';
import { SubmitCertificate } from '../use-cases/certificates/submit-certificate.js';
import * as I from './certificates.inputs.js';
import * as T from './certificates.types.js';

@Resolver()
@Authenticated()
export class CertificatesResolver {
  constructor(
    private readonly certificates: Certificates, private readonly submitting: SubmitCertificate, private readonly keeping: KeepCertificates, private readonly recognition: RecognitionBook, private readonly clock: Clock,
  ) {}

  @Asks('compliance:read-register', 'compliance:register-certificates')
  @Query(() => T.CertificateConnection, { nullable: true, complexity: pageCost, description: 'The register of certificates, newest first: what is in force or was, for every member; with what waits or was refused, for compliance officers.' })
  async registeredCertificates(
    @CurrentActor() actor: Actor, @Args() page: PageArgs,
    @Args('id', { type: () => ID, nullable: true, description: 'This one alone.' }) id: string | null,
    @Args('holderId', { type: () => ID, nullable: true, description: 'Those of this member.' }) holderId: string | null,
    @Args('scheme', { type: () => String, nullable: true, description: 'Those of this scheme.' }) scheme: string | null,
    @Args('state', { type: () => T.CertificateStateEnum, nullable: true, description: 'Those in this state.' }) state: CertificateState | null,
  ): Promise<ConnectionOf<T.CertificateRecordType> | null> {
    const found = await this.certificates.known(actor, { id: id ?? null, holderId: holderId ?? null, scheme: scheme ?? null, state: state ?? null }, pageRequest(page.first, page.after, 1));
    return found && toConnection(found, T.toCertificateType);
  }

  @Asks('compliance:read-own')
  @Query(() => T.CertificateConnection, { nullable: true, complexity: pageCost, description: "Certificates of the caller's organisation in every state, newest first." })
  async myCertificates(
    @CurrentActor() actor: Actor, @Args() page: PageArgs,
    @Args('scheme', { type: () => String, nullable: true, description: 'Those of this scheme.' }) scheme: string | null,
    @Args('state', { type: () => T.CertificateStateEnum, nullable: true, description: 'Those in this state.' }) state: CertificateState | null,
  ): Promise<ConnectionOf<T.CertificateRecordType> | null> {
    const found = await this.certificates.mine(actor, { scheme: scheme ?? null, state: state ?? null }, pageRequest(page.first, page.after, 1));
    return found && toConnection(found, T.toCertificateType);
  }

  @Public()
  @Query(() => [T.MutualRecognition], { description: 'Which certification schemes a jurisdiction accepts on a day.' })
  async mutualRecognition(
    @Args('jurisdiction', { type: () => String, description: 'ISO 3166-1 alpha-2, or EU.' }) jurisdiction: string,
    @Args('asOf', { type: () => String, nullable: true, description: 'A day, YYYY-MM-DD; today in UTC when left out. Nothing is accepted on what is no day.' }) asOf?: string | null,
  ): Promise<T.MutualRecognition[]> {
    const day = asOf ?? dayAt(this.clock.now(), 'UTC');
    return isDay(day) ? await this.recognition.inForce(jurisdiction, day) : [];
  }

  @Asks('compliance:certify-self', 'compliance:register-certificates')
  @Mutation(() => T.SubmitCertificateResult, { description: "Hands in a certificate of the caller's organisation. It counts once two officers have verified it. Compliance officers enter those of others, of bodies outside the exchange too." })
  async submitCertificate(@CurrentActor() actor: Actor, @Args('input') { firstDay, lastDay, dataKinds, ...input }: I.SubmitCertificateInput): Promise<object> {
    return T.showCertificate(await this.submitting.execute(actor, { ...input, dataKinds: dataKinds ?? [], validFrom: firstDay, validUntil: lastDay ?? null }));
  }

  @Asks('compliance:register-certificates')
  @Mutation(() => T.VerifyCertificateResult, { description: 'Records that the certificate was found in the public register of its body. Another officer confirms it.' })
  async verifyCertificate(@CurrentActor() actor: Actor, @Args('input') input: I.VerifyCertificateInput): Promise<object> {
    return T.showCertificate(await this.keeping.verify(actor, input));
  }

  @Asks('compliance:register-certificates')
  @Mutation(() => T.ConfirmCertificateResult, { description: 'Puts a certificate in force that another officer has checked.' })
  async confirmCertificate(@CurrentActor() actor: Actor, @Args('input') input: I.ConfirmCertificateInput): Promise<object> {
    return T.showCertificate(await this.keeping.confirm(actor, input));
  }

  @Asks('compliance:register-certificates')
  @Mutation(() => T.RefuseCertificateResult, { description: 'Says no to a certificate that is not in force yet.' })
  async refuseCertificate(@CurrentActor() actor: Actor, @Args('input') input: I.RefuseCertificateInput): Promise<object> {
    return T.showCertificate(await this.keeping.take(actor, 'refuse', input));
  }

  @Asks('compliance:register-certificates')
  @Mutation(() => T.SuspendCertificateResult, { description: 'Takes a certificate out of force for now, at once.' })
  async suspendCertificate(@CurrentActor() actor: Actor, @Args('input') input: I.SuspendCertificateInput): Promise<object> {
    return T.showCertificate(await this.keeping.take(actor, 'suspend', input));
  }

  @Asks('compliance:register-certificates')
  @Mutation(() => T.ReinstateCertificateResult, { description: 'Puts a suspended certificate in force again. Another officer than suspended it.' })
  async reinstateCertificate(@CurrentActor() actor: Actor, @Args('input') input: I.ReinstateCertificateInput): Promise<object> {
    return T.showCertificate(await this.keeping.reinstate(actor, input));
  }

  @Asks('compliance:register-certificates')
  @Mutation(() => T.RevokeCertificateResult, { description: 'Takes a certificate away for good, at once.' })
  async revokeCertificate(@CurrentActor() actor: Actor, @Args('input') input: I.RevokeCertificateInput): Promise<object> {
    return T.showCertificate(await this.keeping.take(actor, 'revoke', input));
  }
}
