import { Injectable } from '@nestjs/common';
import { SecretBox } from '#shared';
import type { Credential } from '../../domain/api/api-call.js';
import { API_CREDENTIAL_PURPOSE, ApiCredentialRepository } from '../../storage/api/api-credential.repository.js';

/** Opened credentials that a process remembers: opening one takes a file and two decryptions. */
const REMEMBERED = 1_000;

/** The credentials of APIs, opened. Known by their sealed text, so one that was rotated is never used again. */
@Injectable()
export class ApiCredentials {
  private readonly opened = new Map<string, string>();

  constructor(private readonly repository: ApiCredentialRepository, private readonly box: SecretBox) {
    box.register(repository.sealedColumn());
  }

  async ofProduct(productId: string): Promise<Credential | null> {
    const stored = await this.repository.ofProduct(productId);
    return stored && { placement: stored.placement, name: stored.name, value: await this.open(stored.sealed) };
  }

  private async open(sealed: string): Promise<string> {
    const known = this.opened.get(sealed);
    if (known !== undefined) return known;
    const value = await this.box.open(API_CREDENTIAL_PURPOSE, sealed);
    if (this.opened.size >= REMEMBERED) this.opened.delete(this.opened.keys().next().value!);
    this.opened.set(sealed, value);
    return value;
  }
}
