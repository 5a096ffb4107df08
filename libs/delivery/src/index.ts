export { Receipt as ReceiptType, toReceiptType } from './api/delivery.types.js';
export { Delivery } from './delivery.facade.js';
export { DeliveryModule } from './delivery.module.js';
export { type DeliveryState, type Receipt, RECEIPT_TYPE } from './domain/delivery.js';
export type { DownloadGrant, DownloadRefused } from './use-cases/request-download.js';
