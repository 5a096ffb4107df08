import { Injectable } from '@nestjs/common';
import { accepted, type Caller, type Tx } from '#shared';
import { ProductRepository } from '../storage/product.repository.js';
import { ClassificationGate } from './classification-gate.js';
import { PassGate } from './pass-gate.js';

export interface PlatformTestResult {
  readonly productId: string;
  readonly submission: number;
  readonly passed: boolean;
  readonly findings: readonly string[];
}

const MAX_FINDINGS = 100;

/** The platform opened the files of a submission and read them for tags: what is milder than they say needs a reason, and then staff. A result that comes too late, or twice, changes nothing. */
@Injectable()
export class RecordPlatformTest {
  constructor(private readonly products: ProductRepository, private readonly gate: PassGate, private readonly classifications: ClassificationGate) {}

  async execute(tx: Tx, caller: Caller, result: PlatformTestResult): Promise<void> {
    const product = await this.products.lock(tx, result.productId);
    if (!product || product.state !== 'SUBMITTED' || product.submission !== result.submission) return;
    const findings = [...result.findings, ...(await this.classifications.unexplained(tx, product.id))].slice(0, MAX_FINDINGS);
    const passed = result.passed && findings.length === 0;
    if (passed) await this.classifications.open(tx, caller, product);
    accepted(await this.gate.record(tx, caller, product, { step: 'PLATFORM_TEST', event: passed ? 'pass-test' : 'fail-test', passed, details: { findings } }));
  }
}
