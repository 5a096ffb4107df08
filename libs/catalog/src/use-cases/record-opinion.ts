import { Injectable } from '@nestjs/common';
import { type Actor, authorise } from '#identity';
import { Commands, type Result } from '#shared';
import type { Product } from '../storage/product.repository.js';
import { type FiledOpinion, FileOpinion } from './file-opinion.js';

/** A compliance officer files the signed opinion of an accredited assessor, which came on paper. */
@Injectable()
export class RecordOpinion {
  constructor(private readonly commands: Commands, private readonly filing: FileOpinion) {}

  async execute(actor: Actor, input: FiledOpinion): Promise<Result<Product>> {
    return authorise(actor, 'catalog:opine') ?? this.commands.run<Result<Product>>(actor, 'catalog.record-opinion', input, (tx) => this.filing.execute(tx, actor, input));
  }
}
