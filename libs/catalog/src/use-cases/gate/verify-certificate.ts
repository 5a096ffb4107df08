import { Injectable } from '@nestjs/common';
import { asSystem, Clock, Signer } from '#shared';
import { CERTIFICATE_TYPE, type CertificateEvent, certificateNumber, isInForce, type ListingCertificate, readCertificateNumber, statement } from '../../domain/gate/certificate.js';
import { type CertificateOnRecord, ListingCertificateRepository } from '../../storage/listing-certificate.repository.js';

export interface VerifiedCertificate extends Omit<ListingCertificate, 'number'> {
  readonly number: string;
  readonly inForce: boolean;
  readonly listed: boolean;
  readonly events: readonly CertificateEvent[];
  readonly jws: string;
}

/** How a certificate stands, for everybody who asks: nothing in it is anybody's secret. */
@Injectable()
export class VerifyCertificate {
  constructor(private readonly certificates: ListingCertificateRepository, private readonly signer: Signer, private readonly clock: Clock) {}

  async find(text: string): Promise<VerifiedCertificate | null> {
    const found = await this.lookUp(text);
    if (!found) return null;
    const { certificate, events, listed } = found;
    const { jws } = await this.signed(found);
    return { ...certificate, number: certificateNumber(certificate.number), inForce: isInForce(certificate, this.clock.now()), listed, events, jws };
  }

  async statement(text: string): Promise<{ readonly statement: object; readonly jws: string } | null> {
    const found = await this.lookUp(text);
    return found && this.signed(found);
  }

  private lookUp(text: string): Promise<CertificateOnRecord | null> {
    const number = readCertificateNumber(text);
    return number === null ? Promise.resolve(null) : asSystem(() => this.certificates.find(number));
  }

  private async signed({ certificate, events, listed }: CertificateOnRecord): Promise<{ readonly statement: object; readonly jws: string }> {
    const said = statement(certificate, events, listed, this.clock.now());
    return { statement: said, jws: await this.signer.sign(CERTIFICATE_TYPE, said) };
  }
}
