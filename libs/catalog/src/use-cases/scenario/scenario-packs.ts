import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { type FieldProblem, packagedFolder } from '#shared';
import { checkAnswers, type ScenarioClaim } from '../../domain/scenario/claim.js';
import { parsePack, type ScenarioPack } from '../../domain/scenario/pack.js';

interface Held {
  readonly pack: ScenarioPack;
  /** Compiled when a claim first asks for it: a start does not wait for it. */
  readonly validator: () => ValidateFunction;
}
/** Errors of one claim that are told; the first ones say enough. */
const MOST_PROBLEMS = 20;
const keyOf = (id: string, version: string): string => `${id} ${version}`;
const numbers = (version: string): number[] => version.split('.').map(Number);
const later = (a: ScenarioPack, b: ScenarioPack): number => numbers(b.version).reduce((found, n, i) => found || n - numbers(a.version)[i]!, 0);

/** The packs of scenarios that this version of the exchange brings along, each version a file of its own. */
export class ScenarioPacks {
  private constructor(private readonly held: ReadonlyMap<string, Held>) {}

  /** A start with a pack of a wrong form fails and says which, and where; that each metadata schema compiles is the test's matter. */
  static async load(): Promise<ScenarioPacks> {
    const folder = await packagedFolder('catalog', 'packs');
    // Their schemas come with the exchange, never from a caller: what is compiled here is ours.
    const ajv = new Ajv2020({ strict: true, strictRequired: false, allErrors: true, ownProperties: true });
    const held = new Map<string, Held>();
    for (const file of (await readdir(folder)).filter((n) => n.endsWith('.json')).sort()) {
      const pack = parsePack(file, JSON.parse(await readFile(path.join(folder, file), 'utf8')));
      let compiled: ValidateFunction | undefined;
      held.set(keyOf(pack.id, pack.version), { pack, validator: () => (compiled ??= ajv.compile(pack.metadata)) });
    }
    return new ScenarioPacks(held);
  }

  /** By id, the latest version first. */
  get all(): readonly ScenarioPack[] {
    return [...this.held.values()].map((h) => h.pack).sort((a, b) => (a.id === b.id ? later(a, b) : a.id < b.id ? -1 : 1));
  }
  /** The version that a new claim is held against. */
  latest(id: string): string | null {
    return this.all.find((p) => p.id === id)?.version ?? null;
  }

  metersOf({ pack, version }: Pick<ScenarioClaim, 'pack' | 'version'>): readonly string[] {
    return this.held.get(keyOf(pack, version))?.pack.meters.map((m) => m.code) ?? [];
  }

  problems({ pack, version, metadata, answers }: ScenarioClaim, submitting: boolean): FieldProblem[] {
    const found = this.held.get(keyOf(pack, version));
    if (!found) return [{ path: 'scenario.pack', message: `no pack ${pack} of version ${version}` }];
    const validate = found.validator();
    validate(metadata);
    const wrong = (validate.errors ?? []).filter((e) => e.keyword !== 'if').map((e) => ({
      path: `scenario.metadata${e.instancePath.replaceAll('/', '.')}`, message: `${e.message ?? e.keyword}${e.keyword === 'additionalProperties' ? `: ${String((e.params as { additionalProperty: string }).additionalProperty)}` : ''}`,
    }));
    return [...wrong.slice(0, MOST_PROBLEMS), ...checkAnswers(found.pack, answers, submitting)];
  }
}
