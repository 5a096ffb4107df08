import { Injectable } from '@nestjs/common';
import { accepted, type Caller, type Tx } from '#shared';
import { ProductRepository } from '../storage/product.repository.js';
import { PassGate } from './pass-gate.js';

export interface PlatformTestResult {
  readonly productId: string;
  readonly submission: number;
  readonly passed: boolean;
  readonly findings: readonly string[];
}

/** The platform opened the files of a submission. A result that comes too late, or twice, changes nothing. */
@Injectable()
export class RecordPlatformTest {
  constructor(private readonly products: ProductRepository, private readonly gate: PassGate) {}

  async execute(tx: Tx, caller: Caller, result: PlatformTestResult): Promise<void> {
    const product = await this.products.lock(tx, result.productId);
    if (!product || product.state !== 'SUBMITTED' || product.submission !== result.submission) return;
    accepted(await this.gate.record(tx, caller, product, {
      step: 'PLATFORM_TEST', event: result.passed ? 'pass-test' : 'fail-test', passed: result.passed, details: { findings: result.findings },
    }));
  }
}
