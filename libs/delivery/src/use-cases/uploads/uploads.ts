import { Injectable } from '@nestjs/common';
import { type Actor, authorise } from '#identity';
import { Clock, notFound, type Result, stateConflict, type Tx, UnitOfWork } from '#shared';
import { DELIVERY_ERRORS } from '../../delivery.errors.js';
import { Staging } from '../../object-storage/staging.js';
import { HeldBytesRepository } from '../../storage/held-bytes.repository.js';
import { type ResumableUpload, UploadRepository } from '../../storage/upload.repository.js';

export type StagedUpload = ResumableUpload & { readonly offset: number };

const BATCH = 200;
/** What holds bytes for so long with nothing to show for it belonged to a process that died: no single request takes a day. */
const FORGOTTEN_MS = 86_400_000;

/** Uploads that are under way. */
@Injectable()
export class Uploads {
  constructor(readonly staging: Staging, private readonly uploads: UploadRepository, private readonly held: HeldBytesRepository, private readonly uow: UnitOfWork, private readonly clock: Clock) {}

  /** An upload of the caller's own organisation with how much of it has come. */
  async find(actor: Actor, id: string): Promise<Result<StagedUpload>> {
    const refusal = authorise(actor, 'delivery:upload');
    if (refusal) return refusal;
    const upload = (await this.uploads.byIds([id])).get(id);
    if (!upload || upload.vendorId !== actor.tenantId) return notFound('upload');
    if (upload.expiresAt <= this.clock.now()) return stateConflict(DELIVERY_ERRORS.UPLOAD_EXPIRED, 'the upload is expired: begin another', 'EXPIRED');
    return { ...upload, offset: upload.finishedAt ? upload.byteLength : await this.staging.bytes(id) };
  }

  /** The asset has the bytes of these: their place is free. */
  async finished(ids: readonly string[]): Promise<void> {
    await this.uow.run(async (tx) => {
      await this.uploads.finish(tx, ids, this.clock.now());
      await this.held.remove(tx, ids);
    });
    await this.unstage(ids);
  }

  /** Takes uploads back; those that are gone already are no error. */
  async remove(ids: readonly string[]): Promise<void> {
    await this.uow.run((tx) => this.forget(tx, ids));
    await this.unstage(ids);
  }

  /** Removes those that nobody finished in time, and what processes that died held of a quota. */
  async expire(): Promise<void> {
    for (let ids = await this.uploads.lapsed(this.clock.now(), BATCH); ids.length; ids = await this.uploads.lapsed(this.clock.now(), BATCH)) {
      // The files first: a row that is left finds them again.
      await this.unstage(ids);
      const lapsed = ids;
      await this.uow.run((tx) => this.forget(tx, lapsed));
    }
    await this.uow.run((tx) => this.held.removeForgotten(tx, new Date(this.clock.now().getTime() - FORGOTTEN_MS)));
  }

  private async forget(tx: Tx, ids: readonly string[]): Promise<void> {
    await this.uploads.remove(tx, ids);
    await this.held.remove(tx, ids);
  }

  private async unstage(ids: readonly string[]): Promise<void> {
    await Promise.all(ids.map((id) => this.staging.remove(id)));
  }
}
