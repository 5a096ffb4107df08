import { Injectable } from '@nestjs/common';
import { type AssetRecord, Catalog } from '#catalog';
import type { Decision } from '#compliance';
import { Contracts, type LicenceForDelivery } from '#contracts';
import { asSystem, type Caller, isRefused, type Refusal, type Result, type StateConflict, type Tx } from '#shared';
import type { Channel } from '../domain/channels/channel.js';
import { licenceProblem, revisionProblem } from '../domain/standing.js';
import { type StoredObject, StoredObjectRepository } from '../storage/stored-object.repository.js';
import { type ChannelChoice, ChannelOfDelivery } from './channels/channel-of-delivery.js';
import { type FileBeingMade, type LicensedFile, LicensedFiles } from './parts/licensed-files.js';

/** What a delivery stands on, read before it begins. */
interface Ground {
  readonly standing: LicenceForDelivery;
  readonly asset: AssetRecord;
  readonly stored: StoredObject;
}
/** With the file that goes out. */
export type FileGround = Ground & { readonly file: LicensedFile };

/** Groups what a delivery is checked against. */
@Injectable()
export class DownloadGround {
  constructor(private readonly contracts: Contracts, private readonly catalog: Catalog, private readonly objects: StoredObjectRepository, private readonly channels: ChannelOfDelivery, private readonly files: LicensedFiles) {}

  /** The licence, its product's asset and where that lies; undefined where the caller is not the buyer, or there is no such asset for him. */
  async find({ tenantId }: Pick<Caller, 'tenantId'>, { licenceId, assetId }: { readonly licenceId: string; readonly assetId: string }): Promise<Ground | undefined> {
    const standing = await this.contracts.licenceForDelivery(licenceId);
    if (!standing || standing.licence.buyerId !== tenantId) return undefined;
    const asset = await this.catalog.assetById(assetId);
    if (!asset || asset.productId !== standing.licence.productId || asset.releasedAt === null || asset.state !== 'STORED') return undefined;
    // Where the vendor's bytes lie is the exchange's to know.
    const stored = (await asSystem(() => this.objects.byAssets([asset.id]))).get(asset.id);
    return stored && { standing, asset, stored };
  }
  /** The file that the licence gives a right to. Nothing is written for one that is in no order. */
  async withFile(ground: Ground, now: Date, patient: boolean): Promise<Result<FileGround, FileBeingMade>> {
    const wrong = licenceProblem(ground.standing, now) ?? revisionProblem(ground.asset);
    if (wrong) return wrong;
    const file = await this.files.of(ground.standing, ground.asset, ground.stored, patient);
    return isRefused(file) ? file : { ...ground, file };
  }
  termsRefusal(tx: Tx, who: Parameters<Contracts['termsRefusal']>[1], standing: LicenceForDelivery, delivery: Parameters<Contracts['termsRefusal']>[3]): Promise<Refusal | undefined> {
    return this.contracts.termsRefusal(tx, who, standing, delivery);
  }
  channel({ standing, file }: FileGround, choice: ChannelChoice): Promise<Channel | StateConflict> {
    return this.channels.choose(standing, { region: file.region, mediaType: file.mediaType, ...choice });
  }
  decide(tx: Tx, caller: Caller, licenceId: string, deliveryId: string): Promise<Decision> {
    return this.contracts.redecide(tx, caller, licenceId, deliveryId);
  }
}
