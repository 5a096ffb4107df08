// The ESM-only Nest packages first: Jest evaluates CommonJS imports while it links, and a require of a module that is still
// linking is refused as a cycle.
import 'reflect-metadata';
import '@nestjs/common';
import '@nestjs/core';
