import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { inForceOn, parseRecognition, type Recognition, type RecognitionEntry } from '../../domain/certificates/recognition.js';

const FILE = 'libs/compliance/law/lists/mutual-recognition.json';

/** The table of mutual recognition, read at start; a malformed one stops the start and names every wrong place. */
@Injectable()
export class RecognitionBook implements OnModuleInit {
  private recognition: Recognition;

  async onModuleInit(): Promise<void> {
    this.recognition = parseRecognition(JSON.parse(await readFile(await found(), 'utf8')), FILE);
  }

  /** What a jurisdiction accepts on a day. */
  inForce(jurisdiction: string, day: string): RecognitionEntry[] {
    return inForceOn(this.recognition, jurisdiction, day);
  }
}

/** Beside the package, wherever the code runs from. */
async function found(): Promise<string> {
  for (let at = path.dirname(fileURLToPath(import.meta.url)); at !== path.dirname(at); at = path.dirname(at)) {
    if (await readFile(path.join(at, 'package.json')).catch(() => null)) return path.join(at, FILE);
  }
  throw new Error('no package.json above the code');
}
