import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, toPage, type Tx } from '#shared';
import type { GateRulebook } from '../domain/gate/rulebook.js';
import type { RulebookState } from '../domain/gate/rulebook-state.js';

export interface StoredRulebook {
  readonly version: string;
  readonly effectiveFrom: string;
  readonly rulebook: GateRulebook;
  /** The document as it was handed in. */
  readonly content: object;
  readonly hash: string;
  readonly state: RulebookState;
  readonly proposedBy: string;
  readonly proposedAt: Date;
  readonly decidedBy: string | null;
  readonly reason: string | null;
  readonly decidedAt: Date | null;
}
type Raw = Omit<StoredRulebook, 'rulebook'>;

const COLUMNS = `version, effective_from::text as "effectiveFrom", content, hash, state, proposed_by as "proposedBy", proposed_at as "proposedAt", decided_by as "decidedBy", reason, decided_at as "decidedAt"`;
const BY_VERSION = `select ${COLUMNS} from catalog.gate_rulebook where version = $1`;
const LOCK = `${BY_VERSION} for no key update`;
const IN_FORCE = `select ${COLUMNS} from catalog.gate_rulebook where state = 'ACTIVE' order by effective_from <= $1 desc, case when effective_from <= $1 then effective_from end desc nulls last, effective_from, decided_at desc, version desc limit 1`;
const PAGE = { name: 'catalog.gate-rulebooks', text: `select ${COLUMNS} from catalog.gate_rulebook where ($3 or state = 'ACTIVE') and ($1::text is null or version < $1) order by version desc limit $2` };

@Injectable()
export class GateRulebookRepository {
  constructor(private readonly database: Database) {}

  /** False when the version is on record. */
  async insert(tx: Tx, { version, effectiveFrom, content, hash, state, proposedBy, proposedAt, decidedBy, reason, decidedAt }: Raw): Promise<boolean> {
    const rows = (await tx.query(
      `insert into catalog.gate_rulebook (version, effective_from, content, hash, state, proposed_by, proposed_at, decided_by, reason, decided_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing returning version`,
      [version, effectiveFrom, JSON.stringify(content), hash, state, proposedBy, proposedAt, decidedBy, reason, decidedAt],
    )) as unknown[];
    return rows.length === 1;
  }

  async decide(tx: Tx, { version, state, decidedBy, reason, decidedAt }: Raw): Promise<void> {
    await tx.query('update catalog.gate_rulebook set state = $2, decided_by = $3, reason = $4, decided_at = $5 where version = $1', [version, state, decidedBy, reason, decidedAt]);
  }

  /** That of a day: the latest that begins on it or before, and of those of one day the one that was confirmed last. Before any begins, the first one counts. */
  async inForce(tx: Tx, day: string): Promise<StoredRulebook | null> {
    return one(await tx.query(IN_FORCE, [day]) as Raw[]);
  }
  async byVersion(tx: Tx, version: string): Promise<StoredRulebook | null> {
    return one(await tx.query(BY_VERSION, [version]) as Raw[]);
  }
  async lock(tx: Tx, version: string): Promise<StoredRulebook | null> {
    return one(await tx.query(LOCK, [version]) as Raw[]);
  }
  /** Whether anything was ever in force. */
  async any(tx: Tx): Promise<boolean> {
    return ((await tx.query('select 1 from catalog.gate_rulebook limit 1')) as unknown[]).length > 0;
  }

  /** `all`: also those that are proposed or were rejected. */
  async page(all: boolean, request: PageRequest): Promise<Page<StoredRulebook>> {
    const rows = await this.database.query<Raw & Record<string, unknown>>(PAGE, [request.after?.[0] ?? null, request.first + 1, all]);
    return toPage(rows.map(toStored), request, (r) => [r.version]);
  }
}

/** It was read before it was kept. */
const toStored = (row: Raw): StoredRulebook => {
  const { steps, ...rest } = row.content as { steps: Partial<GateRulebook['steps'][number]>[] } & Pick<GateRulebook, 'version' | 'effectiveFrom' | 'title'>;
  const { version, effectiveFrom, title } = rest;
  return { ...row, rulebook: { version, effectiveFrom, title, steps: steps.map(({ step, when = null, roles = null, days = null }) => ({ step: step!, when, roles, days })) } };
};
const one = ([row]: readonly Raw[]): StoredRulebook | null => (row ? toStored(row) : null);
