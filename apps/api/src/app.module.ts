import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '#audit';
import { BillingModule } from '#billing';
import { ComplianceModule } from '#compliance';
import { CatalogModule } from '#catalog';
import { ContractsModule } from '#contracts';
import { DeliveryModule } from '#delivery';
import { EinvoiceModule } from '#einvoice';
import { IdentityModule } from '#identity';
import { MeteringModule } from '#metering';
import { OversightModule } from '#oversight';
import { SettlementModule } from '#settlement';
import { type Clock, type Config, dataSourceOptions, LIMITS, SharedModule } from '#shared';
import { NoSchemaIntrospectionCustomRule } from 'graphql';
import { errorFormatter } from './graphql/errors.js';
import { costLimit, countRule, limitBeforeParsing, limitBeforeValidation, oneOperationRule, stopWhenAbandoned } from './graphql/limits.js';
import { readManifest, trustedOnly } from './graphql/trusted-documents.js';
import { InputValidation, InvalidInputFilter } from './graphql/validation.js';
import { HealthController } from './http/health.controller.js';
import { GRAPHQL_PATH } from './http/media-types.js';
import { RequestLimits } from './http/request-limits.js';

export interface AppOptions {
  readonly config: Config;
  readonly databaseUrl: string;
  readonly clock?: Clock;
}

/** Every room of the house; the HTTP process and the worker run the same ones. */
@Module({})
export class RoomsModule {
  static register({ config, databaseUrl, clock }: AppOptions): DynamicModule {
    return {
      module: RoomsModule,
      imports: [
        TypeOrmModule.forRoot({ ...dataSourceOptions(databaseUrl, [], config.DATABASE_POOL), autoLoadEntities: true, retryAttempts: 0 }),
        SharedModule.register(config, clock),
        AuditModule, IdentityModule, ComplianceModule, CatalogModule, ContractsModule, MeteringModule, DeliveryModule, SettlementModule, BillingModule, EinvoiceModule, OversightModule,
      ],
    };
  }
}

@Module({})
export class AppModule {
  static register(options: AppOptions): DynamicModule {
    return {
      module: AppModule,
      imports: [RoomsModule.register(options), graphql(options.config)],
      controllers: [HealthController],
      providers: [RequestLimits, { provide: APP_PIPE, useClass: InputValidation }, { provide: APP_FILTER, useClass: InvalidInputFilter }],
    };
  }
}

const graphql = (config: Config): DynamicModule =>
  GraphQLModule.forRoot<MercuriusDriverConfig>({
    driver: MercuriusDriver, autoSchemaFile: true, sortSchema: true, path: GRAPHQL_PATH, graphiql: config.graphiql,
    jit: 1, cache: LIMITS.documentCache, allowBatchedQueries: false, subscription: false,
    ...(config.TRUSTED_DOCUMENTS ? { persistedQueryProvider: trustedOnly(readManifest(config.TRUSTED_DOCUMENTS)) as never } : {}),
    errorFormatter: errorFormatter({ suggestions: config.graphiql }) as never, validationRules: [oneOperationRule, countRule, ...(config.graphiql ? [] : [NoSchemaIntrospectionCustomRule])] as never,
    graphql: { parseOptions: { maxTokens: LIMITS.queryTokens }, validateOptions: { maxErrors: 20, hideSuggestions: !config.graphiql } as object },
    hooks: { preParsing: limitBeforeParsing, preValidation: limitBeforeValidation, preExecution: [stopWhenAbandoned, costLimit] } as never,
    context: (request) => ({ requestId: request.id, authentication: request.authentication, signal: request.operation?.signal }),
  });
