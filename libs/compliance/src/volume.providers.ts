import { VolumeResolver } from './api/volume.resolver.js';
import { ApprovalUseRepository } from './storage/approval-use.repository.js';
import { CategoryRepository } from './storage/category.repository.js';
import { LedgerRepository } from './storage/ledger.repository.js';
import { VolumeRepository } from './storage/volume.repository.js';
import { SettleVolume, VolumeLedgers } from './use-cases/volume/settle-volume.js';
import { TransferAccounts } from './use-cases/volume/transfer-accounts.js';
import { VolumeLedger } from './volume-ledger.js';

/** The ledgers of what is exported. */
export const VOLUME_PROVIDERS = [VolumeLedger, VolumeResolver, VolumeRepository, CategoryRepository, ApprovalUseRepository, LedgerRepository, VolumeLedgers, SettleVolume, TransferAccounts];
