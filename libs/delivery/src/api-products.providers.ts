import { Injectable } from '@nestjs/common';
import { Clock, type Sweeps, UnitOfWork } from '#shared';
import { ApiCallsResolver } from './api/calls/api-calls.resolver.js';
import { CallGate } from './api/calls/api-proxy.controller.js';
import { RelayAnswer } from './api/calls/relay-answer.js';
import { ApiAccessRepository } from './storage/api/api-access.repository.js';
import { ApiCallRepository } from './storage/api/api-call.repository.js';
import { ApiCredentialRepository } from './storage/api/api-credential.repository.js';
import { OpenCallRepository } from './storage/api/open-call.repository.js';
import { AdmitCalls } from './use-cases/api/admit-calls.js';
import { ApiCredentials } from './use-cases/api/api-credentials.js';
import { ApiDecision } from './use-cases/api/api-decision.js';
import { ApiRates } from './use-cases/api/api-rates.js';
import { ApiStanding } from './use-cases/api/api-standing.js';
import { CallTables } from './use-cases/api/call-tables.js';
import { OpenVendor } from './use-cases/api/open-vendor.js';
import { ReadCalls } from './use-cases/api/read-calls.js';
import { OwnServices, SetCredential } from './use-cases/api/set-credential.js';
import { SettleCalls } from './use-cases/api/settle-calls.js';
import { TestService } from './use-cases/api/test-service.js';
import { OpenUse } from './use-cases/spending/open-use.js';
import { SubmissionChecks } from './use-cases/test-submission.js';

const MINUTE_MS = 60_000;

/** What the background does for calls. */
@Injectable()
export class ApiBackground {
  constructor(private readonly open: OpenCallRepository, private readonly uow: UnitOfWork, private readonly clock: Clock) {}

  start(sweeps: Sweeps): void {
    sweeps.add({ name: 'delivery.forget-calls', everyMs: MINUTE_MS, run: () => this.uow.run((tx) => this.open.forget(tx, this.clock.now())) });
  }
}

/** What the module of this room provides for products that are served by an API. */
export const apiProductProviders = [
  ApiCredentialRepository, ApiAccessRepository, ApiCallRepository, OpenCallRepository, CallTables, OpenUse, ApiCredentials, ApiDecision, ApiStanding, ApiRates, AdmitCalls, SettleCalls, OpenVendor, TestService, OwnServices, SetCredential, ReadCalls,
  SubmissionChecks, CallGate, RelayAnswer, ApiCallsResolver, ApiBackground,
];
