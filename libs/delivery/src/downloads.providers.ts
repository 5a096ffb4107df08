import { DeliveriesResolver } from './api/deliveries.resolver.js';
import { HandingOver } from './api/hand-over.js';
import { ResponseSlotRepository } from './storage/response-slot.repository.js';
import { DeliveryStanding } from './use-cases/delivery-standing.js';
import { ExportBegins } from './use-cases/export-begins.js';
import { HandOver } from './use-cases/hand-over.js';
import { LicenceStanding } from './use-cases/licence-standing.js';
import { SharedStanding } from './use-cases/shared-standing.js';
import { TakeBytes } from './use-cases/take-bytes.js';
import { RevokeDownload } from './use-cases/tokens/revoke-download.js';
import { TokenStanding } from './use-cases/tokens/token-standing.js';

/** Who may go on reading on a token, and who sends it. */
export const downloadProviders = [DeliveriesResolver, ResponseSlotRepository, DeliveryStanding, LicenceStanding, TokenStanding, ExportBegins, TakeBytes, SharedStanding, HandOver, HandingOver, RevokeDownload];
