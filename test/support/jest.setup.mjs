// The ESM-only Nest packages first: Jest evaluates CommonJS imports while it links, and a require of a module that is still
// linking is refused as a cycle.
import 'reflect-metadata';
import '@nestjs/common';
import '@nestjs/core';
import fc from 'fast-check';

// On a developer's machine every run looks at other input; in CI a red run is about the change and not about the day's luck.
if (process.env.CI) fc.configureGlobal({ seed: 20_261_123 });
