import { eventType } from '#shared';

/** The files of a finalised revision were read, and tags proposed for its dataset. */
export const ClassificationProposed = eventType<{ datasetId: string; revisionId: string; productId: string; vendorId: string }>('compliance.classification-proposed.v1');
