import { DeliveriesResolver } from './api/deliveries.resolver.js';
import { ResponseSlotRepository } from './storage/response-slot.repository.js';
import { DeliveryStanding } from './use-cases/delivery-standing.js';
import { ExportBegins } from './use-cases/export-begins.js';
import { LicenceStanding } from './use-cases/licence-standing.js';
import { RevokeDownload } from './use-cases/tokens/revoke-download.js';
import { TokenStanding } from './use-cases/tokens/token-standing.js';

/** Who may go on reading on a token. */
export const downloadProviders = [DeliveriesResolver, ResponseSlotRepository, DeliveryStanding, LicenceStanding, TokenStanding, ExportBegins, RevokeDownload];
