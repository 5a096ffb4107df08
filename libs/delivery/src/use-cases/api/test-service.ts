import { Injectable } from '@nestjs/common';
import { DataServices } from '#catalog';
import { callTarget } from '../../domain/api/call-path.js';
import { SecretScan } from '../../domain/api/secret-scan.js';
import { ApiCredentials } from './api-credentials.js';
import { CallTime } from './call-time.js';
import { OpenVendor, VendorFaultError } from './open-vendor.js';

/** The part of the platform test that an API has: one call, as a buyer's would be. */
@Injectable()
export class TestService {
  constructor(private readonly services: DataServices, private readonly credentials: ApiCredentials, private readonly vendor: OpenVendor) {}

  /** What is wrong with the API of a product; nothing where it has none. */
  async findings(productId: string): Promise<string[]> {
    const service = await this.services.ofProduct(productId);
    if (!service) return [];
    const credential = await this.credentials.ofProduct(productId);
    if (!credential) return ['API: its credential was not given'];
    const time = new CallTime(service);
    try {
      const { status, body, secrets } = await this.vendor.execute(service, credential, { method: 'GET', target: callTarget(service.testPath)!, headers: {}, body: null, told: {}, signal: time.signal });
      time.answered();
      const scan = new SecretScan(secrets);
      let bytes = 0;
      let told = false;
      for await (const chunk of body as AsyncIterable<Buffer>) {
        told ||= scan.finds(chunk);
        bytes += chunk.length;
        if (bytes > service.answerBytes) throw new VendorFaultError(`its answer is longer than the ${service.answerBytes} bytes that it is described with`);
      }
      return [...(status < 300 ? [] : [`API: ${service.testPath} was answered with ${status}`]), ...(told ? ['API: it tells its callers the credential'] : [])];
    } catch (error) {
      return [`API: ${time.stopped ? 'it did not answer in time' : error instanceof VendorFaultError ? error.message : 'it cannot be reached'}`];
    } finally {
      time.over();
    }
  }
}
