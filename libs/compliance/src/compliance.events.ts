import { eventType } from '#shared';

/** The files of a finalised revision were read, and tags proposed for its dataset. */
export const ClassificationProposed = eventType<{ datasetId: string; revisionId: string; productId: string; vendorId: string }>('compliance.classification-proposed.v1');
/** Staff accepted or refused a classification that is milder than the proposals. */
export const ClassificationChecked = eventType<{ checkId: string; datasetId: string; productId: string; vendorId: string; accepted: boolean }>('compliance.classification-checked.v1');
