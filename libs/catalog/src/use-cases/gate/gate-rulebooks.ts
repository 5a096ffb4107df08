import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Injectable, Logger } from '@nestjs/common';
import { Audit } from '#audit';
import type { Actor } from '#identity';
import { canonicalHash, Clock, Config, notPermitted, type NotPermitted, packagedFolder, systemCaller, type Tx, UnitOfWork } from '#shared';
import { type GateRulebook, parseRulebook, ruleOf } from '../../domain/gate/rulebook.js';
import type { GateStep } from '../../domain/listing-gate.js';
import { GateRulebookRepository, type StoredRulebook } from '../../storage/gate-rulebook.repository.js';

const MOST_BYTES = 200_000;
const SYSTEM = systemCaller('catalog');

/** The rulebooks of the gate: which counts on a day, which a product was handed in under, and those that files bring along. */
@Injectable()
export class GateRulebooks {
  private readonly log = new Logger('Gate');

  constructor(private readonly repository: GateRulebookRepository, private readonly uow: UnitOfWork, private readonly audit: Audit, private readonly clock: Clock, private readonly config: Config) {}

  /** That of today, UTC. */
  async today(tx: Tx): Promise<GateRulebook> {
    const found = await this.repository.inForce(tx, this.clock.now().toISOString().slice(0, 10));
    if (!found) throw new Error('no rulebook of the gate is in force');
    return found.rulebook;
  }
  async of(tx: Tx, version: string | null): Promise<GateRulebook> {
    const found = version === null ? null : await this.repository.byVersion(tx, version);
    if (!found) throw new Error(`no rulebook of the gate has the version ${version}`);
    return found.rulebook;
  }
  /** How long a notice runs; NOTICE_SECONDS overrides the days of the rulebook. */
  noticeSeconds(rulebook: GateRulebook): number {
    return this.config.noticeSeconds ?? ruleOf(rulebook, 'NOTICE').days! * 86_400;
  }
  /** Where a rulebook leaves a step to other roles than the actor's. */
  roleRefusal(actor: Actor, rulebook: GateRulebook, step: GateStep): NotPermitted | undefined {
    const { roles } = ruleOf(rulebook, step);
    return roles === null || actor.roles.some((r) => roles.includes(r)) ? undefined : notPermitted(`${step} under the rulebook ${rulebook.version}, which leaves it to ${roles.join(', ')}`);
  }

  /**
   * At start: keeps each document of the packaged folder and of the operator's own. The first ones ever are put in force as they stand; from
   * then on one waits until a member of staff has confirmed it. What is none is refused with every place that is wrong.
   */
  async load(): Promise<void> {
    const folders = [path.join(await packagedFolder('catalog', 'gate'), 'rulebooks'), ...(this.config.GATE_FOLDER ? [this.config.GATE_FOLDER] : [])];
    await this.uow.run(async (tx) => {
      await tx.query('lock table catalog.gate_rulebook in share row exclusive mode');
      const first = !(await this.repository.any(tx));
      for (const [index, folder] of folders.entries()) for (const name of (await readdir(folder)).filter((n) => n.endsWith('.json')).sort()) await this.take(tx, folder, name, first && index === 0);
    });
  }

  private async take(tx: Tx, folder: string, name: string, first: boolean): Promise<void> {
    const refuse = (problems: readonly string[]): void => this.log.error(`${name} is refused: ${problems.join('; ')}`);
    const text = await readFile(path.join(folder, name), 'utf8');
    const read = readDocument(text);
    if ('problems' in read) return refuse(read.problems);
    const { rulebook: { version, effectiveFrom }, content, hash } = read;
    const known = await this.repository.byVersion(tx, version);
    if (known) return known.hash === hash ? undefined : refuse([`$.version: ${version} is on record with other content`]);
    const now = this.clock.now();
    const decided = first ? { state: 'ACTIVE' as const, decidedBy: 'system:installation', reason: 'in force from the first start on', decidedAt: now } : { state: 'PROPOSED' as const, decidedBy: null, reason: null, decidedAt: null };
    if (!(await this.repository.insert(tx, { version, effectiveFrom, content, hash, proposedBy: SYSTEM.subject, proposedAt: now, ...decided }))) return refuse(['$: another version has the same content']);
    await this.audit.append(tx, SYSTEM, { act: 'gate-rulebook.take', objectType: 'gate-rulebook', objectId: version, details: { hash, name, state: decided.state } });
  }
}

/** A document as text, read and named by its hash. */
export function readDocument(text: string): Pick<StoredRulebook, 'rulebook' | 'content' | 'hash'> | { readonly problems: readonly string[] } {
  if (text.length > MOST_BYTES) return { problems: [`$: longer than ${MOST_BYTES} characters`] };
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return { problems: ['$: no JSON'] };
  }
  const read = parseRulebook(data);
  return 'problems' in read ? read : { rulebook: read.rulebook, content: data as object, hash: canonicalHash(data) };
}
