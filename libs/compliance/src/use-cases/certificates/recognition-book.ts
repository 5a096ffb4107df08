import { Injectable } from '@nestjs/common';
import { inForceOn, type RecognitionEntry } from '../../domain/certificates/recognition.js';
import { CurrentLaw } from '../law/current-law.js';

/** The table of mutual recognition of the law in force. */
@Injectable()
export class RecognitionBook {
  constructor(private readonly laws: CurrentLaw) {}

  /** What a jurisdiction accepts on a day. */
  async inForce(jurisdiction: string, day: string): Promise<RecognitionEntry[]> {
    const list = (await this.laws.now()).recognition();
    return list ? inForceOn(list, jurisdiction, day) : [];
  }
}
