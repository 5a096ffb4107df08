import { Injectable } from '@nestjs/common';
import { ClearingRepository } from '../storage/clearing.repository.js';
import { WorkOffCycle } from './work-off-cycle.js';

const CYCLES_AT_ONCE = 10;

/** Finishes cycles whose run ended before they were closed. */
@Injectable()
export class ResumeClearing {
  constructor(private readonly clearing: ClearingRepository, private readonly work: WorkOffCycle) {}

  async execute(): Promise<void> {
    for (const id of await this.clearing.unfinished(CYCLES_AT_ONCE)) await this.work.execute(id);
  }
}
