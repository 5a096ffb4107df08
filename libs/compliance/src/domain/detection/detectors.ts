import { BELIEFS } from './beliefs.js';
import { CONTACT } from './contact.js';
import type { Detector } from './detector.js';
import { DEVICES } from './devices.js';
import { FINANCE } from './finance.js';
import { GENOMICS, HEALTH_DATA } from './health.js';
import { IDENTITY_NUMBERS } from './identity-numbers.js';
import { LOCATION } from './location.js';
import { PEOPLE } from './people.js';

/** Goes with each proposal; raised when a detector is added or decides otherwise, or when files are read otherwise before. */
export const DETECTOR_VERSION = '2026-11-23.2';
export const DETECTORS: readonly Detector[] = [...IDENTITY_NUMBERS, ...CONTACT, ...PEOPLE, ...FINANCE, ...DEVICES, ...LOCATION, ...HEALTH_DATA, ...GENOMICS, ...BELIEFS];
