import { Injectable } from '@nestjs/common';
import { Database, decodeJson, encodeJson, type Page, type PageRequest, toPage, type Tx } from '#shared';
import type { Proposal } from '../domain/detection/proposal.js';

export type ProposalState = 'PROPOSED' | 'PARTLY_PROFILED' | 'NOT_PROFILED';
export interface StoredProposal {
  readonly id: string;
  readonly datasetId: string;
  readonly revisionId: string;
  readonly vendorId: string;
  readonly state: ProposalState;
  /** Over name, type, length and sha-256 of the files that were read. */
  readonly inputDigest: string;
  readonly content: Proposal;
  readonly createdAt: Date;
}
type Raw = Omit<StoredProposal, 'content'> & { readonly content: string };

const COLUMNS = 'id, dataset_id as "datasetId", revision_id as "revisionId", vendor_id as "vendorId", state, input_digest as "inputDigest", content::text as content, created_at as "createdAt"';
const NEWEST = `select distinct on (revision_id) ${COLUMNS} from compliance.classification_proposal where revision_id = any($1::uuid[]) order by revision_id, id desc`;
const OF_DATASET = { name: 'compliance.proposals-of-dataset', text: `select ${COLUMNS} from compliance.classification_proposal where dataset_id = $1 and ($2::uuid is null or vendor_id = $2) and ($3::uuid is null or id < $3) order by id desc limit $4` };

@Injectable()
export class ClassificationProposalRepository {
  constructor(private readonly database: Database) {}

  /** False when the same files were read by the same detectors before. */
  async insert(tx: Tx, p: StoredProposal): Promise<boolean> {
    const rows = (await tx.query(
      `insert into compliance.classification_proposal (id, dataset_id, revision_id, vendor_id, state, input_digest, detector_version, content, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       on conflict (revision_id, input_digest, detector_version) do nothing returning id`,
      [p.id, p.datasetId, p.revisionId, p.vendorId, p.state, p.inputDigest, p.content.detectorVersion, encodeJson(p.content), p.createdAt],
    )) as unknown[];
    return rows.length === 1;
  }

  /** The newest of each revision; revisions that nobody has read are missing. */
  async newest(tx: Tx, revisionIds: readonly string[]): Promise<StoredProposal[]> {
    return ((await tx.query(NEWEST, [revisionIds])) as Raw[]).map(toProposal);
  }

  /** Newest first; `vendorId` for those of this vendor alone. */
  async ofDataset(datasetId: string, vendorId: string | null, request: PageRequest): Promise<Page<StoredProposal>> {
    const rows = await this.database.query<Raw & Record<string, unknown>>(OF_DATASET, [datasetId, vendorId, request.after?.[0] ?? null, request.first + 1]);
    return toPage(rows.map(toProposal), request, (p) => [p.id]);
  }
}

const toProposal = (row: Raw): StoredProposal => ({ ...row, content: decodeJson<Proposal>(row.content) });
