import { plainToInstance, Transform, Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsNotEmpty, IsOptional, IsString, IsUrl, Length, Matches, Max, Min, ValidateBy, validateSync } from 'class-validator';
import { isAddressBlock } from '../rate-limit/address.js';
import { LIMITS } from './limits.js';

const toBoolean = () => Transform(({ value }) => (value === undefined || typeof value === 'boolean' ? value : ({ true: true, false: false, '1': true, '0': false } as Record<string, boolean>)[String(value)] ?? value));
const IsAddressBlocks = (): PropertyDecorator => ValidateBy({ name: 'isAddressBlocks', validator: { validate: (value) => Array.isArray(value) && value.every((v) => isAddressBlock(String(v))), defaultMessage: () => 'TRUSTED_PROXIES: addresses or CIDR blocks, with commas between them' } });
const toList = () => Transform(({ value }) => (typeof value === 'string' ? value.split(',').map((v) => v.trim()).filter(Boolean) : value));
const LOCAL_URL = { require_tld: false, require_protocol: true, protocols: ['http', 'https'] };

/** Not an address: people stay who they are when the port changes. */
const DEV_ISSUER_NAME = 'urn:entrepot:dev-issuer';

/** The environment of one process, validated before anything starts. Each property is the variable of the same name; `.env.example` explains them. */
export class Config {
  @IsIn(['development', 'test', 'production']) NODE_ENV: 'development' | 'test' | 'production' = 'development';
  @IsString() HOST = '127.0.0.1';
  @Type(() => Number) @IsInt() @Min(0) @Max(65535) PORT = 4000;
  @IsOptional() @IsUrl(LOCAL_URL) PUBLIC_URL?: string;
  @IsString() @IsNotEmpty() DATA_DIR = '.entrepot';
  @IsOptional() @Matches(/^postgres(ql)?:\/\//, { message: 'DATABASE_URL starts with postgres://' }) DATABASE_URL?: string;
  /** The same database as its owner, for migrations only; DATABASE_URL's user then owns nothing and is a member of `entrepot_app`. */
  @IsOptional() @Matches(/^postgres(ql)?:\/\//, { message: 'MIGRATION_DATABASE_URL starts with postgres://' }) MIGRATION_DATABASE_URL?: string;
  @Type(() => Number) @IsInt() @Min(2) @Max(200) DATABASE_POOL = 10;
  @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'silent']) LOG_LEVEL = 'info';
  /** GraphiQL and introspection; off in production unless asked for. */
  @IsOptional() @toBoolean() @IsBoolean() GRAPHIQL?: boolean;
  /** Manifest of the only documents that GraphQL runs; made by `npm run documents:trust`. */
  @IsOptional() @IsString() TRUSTED_DOCUMENTS?: string;
  /** Whether this process also runs the relay and the schedules. */
  @toBoolean() @IsBoolean() WORKER = true;
  @IsOptional() @toBoolean() @IsBoolean() SAMPLE_MARKET?: boolean;
  /** OIDC issuer whose access tokens are accepted, and the audience that they must name. */
  @IsOptional() @IsUrl(LOCAL_URL) OIDC_ISSUER?: string;
  @IsString() OIDC_AUDIENCE = 'entrepot';
  /** How surely OIDC_ISSUER knows who a person is, 1 to 4; what each level suffices for stands in the table of permissions. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(4) OIDC_ASSURANCE_LEVEL?: number;
  /** The built-in issuer for development. Refused in production. */
  @IsOptional() @toBoolean() @IsBoolean() DEV_ISSUER?: boolean;
  /** `sub` of the first staff administrator at OIDC_ISSUER; used once, on an exchange without staff. */
  @IsOptional() @IsString() STAFF_ADMIN_SUBJECT?: string;
  /** The legal entity that runs the exchange and issues its commission invoices; read once, when it is installed. */
  @IsString() @Length(1, 200) OPERATOR_NAME = 'Exchange operator';
  @Matches(/^[A-Z]{2}$/) OPERATOR_JURISDICTION = 'CN';
  @Matches(/^[A-Z]{2}-[A-Z0-9]{1,3}$/) OPERATOR_SUBDIVISION = 'CN-SH';
  /** Private JWK (Ed25519) that signs receipts, certificates and audit seals. Made in DATA_DIR when absent, except in production. */
  @IsOptional() @IsString() SIGNING_KEY_FILE?: string;
  /** Public notice of the listing gate, in seconds, in place of the days of its rulebook; one second outside production when left out. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) @Max(31_536_000) NOTICE_SECONDS?: number;
  /** The buyer's window to accept or contest a delivery, in seconds; silence accepts. */
  @Type(() => Number) @IsInt() @Min(0) @Max(31_536_000) ACCEPTANCE_SECONDS = 604_800;
  /** Commission of the exchange in basis points of a trade's net amount, frozen on each trade at its execution. */
  @Type(() => Number) @IsInt() @Min(0) @Max(5_000) COMMISSION_BASIS_POINTS = 500;
  /** Payouts above so many major units wait for a second officer: `CNY=500000,SGD=100000`, in place of the limits that come along. */
  @Matches(/^([A-Z]{3}=\d{1,12}(,[A-Z]{3}=\d{1,12})*)?$/, { message: 'PAYOUT_APPROVAL_ABOVE is CNY=500000,SGD=100000' }) PAYOUT_APPROVAL_ABOVE = '';
  /** Whether clearing cycles open by themselves on the settlement days of their currency. Outside production officers run them. */
  @IsOptional() @toBoolean() @IsBoolean() CLEARING_CALENDAR?: boolean;
  @IsIn(['simulator', 'stripe']) PAYMENT_PROVIDER: 'simulator' | 'stripe' = 'simulator';
  @IsOptional() @IsString() STRIPE_SECRET_KEY?: string;
  @IsOptional() @IsString() STRIPE_WEBHOOK_SECRET?: string;
  @IsOptional() @IsUrl(LOCAL_URL) STRIPE_API_URL?: string;
  /** An access point of the Peppol network over HTTP, and the token for it. Left out: e-invoices go into a folder of DATA_DIR. */
  @IsOptional() @IsUrl(LOCAL_URL) ACCESS_POINT_URL?: string;
  @IsOptional() @IsString() ACCESS_POINT_TOKEN?: string;
  @Type(() => Number) @IsInt() @Min(10) @Max(10_000_000) RATE_LIMIT_PER_MINUTE = 6_000;
  /** Keys that wrap the data keys of secrets at rest: a JWK set of 256-bit keys. Made in DATA_DIR when absent, except in production. */
  @IsOptional() @IsString() ENVELOPE_KEY_FILE?: string;
  /** Hosts, addresses and CIDRs that may be called although private or without TLS; the loopback outside production when left out. */
  @IsOptional() @toList() @IsString({ each: true }) OUTGOING_ALLOW?: string[];
  /** When given, the only hosts that are called. */
  @toList() @IsString({ each: true }) OUTGOING_ONLY: string[] = [];
  /** Requests a minute of one address without a credential; a wrong credential counts as ten. */
  @Type(() => Number) @IsInt() @Min(10) @Max(10_000_000) ANONYMOUS_LIMIT_PER_MINUTE = LIMITS.anonymousRequestsPerMinute;
  /** GraphQL cost that one caller may use in a minute; a hundred times the requests unless set. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(LIMITS.queryCost) @Max(1_000_000_000) QUERY_COST_PER_MINUTE?: number;
  /** Proxies whose X-Forwarded-For is believed. Nobody's by default: whoever may write it would choose his own address. */
  @toList() @IsAddressBlocks() TRUSTED_PROXIES: string[] = [];

  /** Rulebooks, lists and guidelines of the operator's own, beside those that come along: the folders of these names in it are read at start. */
  @IsOptional() @IsString() LAW_FOLDER?: string;
  /** Rulebooks of the listing gate of the operator's own: each file of it is proposed at start, and counts once a member of staff confirmed it. */
  @IsOptional() @IsString() GATE_FOLDER?: string;
  /** Downloads that run at the same time under one licence. */
  @Type(() => Number) @IsInt() @Min(1) @Max(10_000) DOWNLOADS_PER_LICENCE: number = LIMITS.responsesPerLicence;
  /** Bytes that one vendor may have stored, uploads that are under way among them. */
  @Type(() => Number) @IsInt() @Min(1) @Max(Number.MAX_SAFE_INTEGER) VENDOR_STORAGE_BYTES = 1024 ** 4;
  /** A ClamAV daemon that looks at every upload. Left out: nothing is looked for. */
  @IsOptional() @Matches(/^[\w.-]+:\d{1,5}$/, { message: 'CLAMD_ADDRESS is host:port' }) CLAMD_ADDRESS?: string;
  /** JSON: the places where assets lie, each with its jurisdiction (docs/storage.md). Left out: DATA_DIR alone. */
  @IsOptional() @IsString() STORAGE_REGIONS_FILE?: string;

  get publicUrl(): string {
    return (this.PUBLIC_URL ?? `http://${this.HOST.includes(':') ? `[${this.HOST}]` : this.HOST}:${this.PORT}`).replace(/\/$/, '');
  }
  get production(): boolean {
    return this.NODE_ENV === 'production';
  }
  get clearingCalendar(): boolean {
    return this.CLEARING_CALENDAR ?? this.production;
  }
  get graphiql(): boolean {
    return this.GRAPHIQL ?? !this.production;
  }
  get devIssuer(): boolean {
    return this.DEV_ISSUER ?? (!this.production && !this.OIDC_ISSUER);
  }
  /** Null: as long as the rulebook of the gate says. */
  get noticeSeconds(): number | null {
    return this.NOTICE_SECONDS ?? (this.production ? null : 1);
  }
  get outgoingAllow(): string[] {
    return this.OUTGOING_ALLOW ?? (this.production ? [] : ['127.0.0.0/8', '::1', 'localhost']);
  }
  get queryCostPerMinute(): number {
    return this.QUERY_COST_PER_MINUTE ?? Math.max(LIMITS.queryCost, this.RATE_LIMIT_PER_MINUTE * 100);
  }
  get assuranceLevel(): number {
    return this.OIDC_ASSURANCE_LEVEL ?? 3;
  }
  get issuer(): string {
    return this.OIDC_ISSUER ?? DEV_ISSUER_NAME;
  }
}

export class ConfigError extends Error {}

/** Reads and checks the environment; an empty variable is an absent one. The error names every variable that is wrong, and never shows a value. */
export function loadConfig(env: Record<string, string | undefined>): Config {
  const known = Object.fromEntries(Object.keys(new Config()).concat(OPTIONAL).map((k) => [k, env[k]]).filter(([, v]) => v !== undefined && v !== ''));
  const config = plainToInstance(Config, known, { exposeDefaultValues: true });
  const wrong = validateSync(config, { whitelist: false }).flatMap((e) => Object.values(e.constraints ?? {}).map((m) => (m.includes(e.property) ? m : `${e.property}: ${m}`)));
  if (config.production) {
    if (config.devIssuer) wrong.push('DEV_ISSUER: the development issuer does not run with NODE_ENV=production');
    if (!config.OIDC_ISSUER) wrong.push('OIDC_ISSUER: needed in production');
    if (config.OIDC_ASSURANCE_LEVEL === undefined) wrong.push('OIDC_ASSURANCE_LEVEL: needed in production; what the sign-in of OIDC_ISSUER proves, from 1 to 4');
    if (!config.DATABASE_URL) wrong.push('DATABASE_URL: needed in production; the embedded database is for development');
    if (!config.SIGNING_KEY_FILE) wrong.push('SIGNING_KEY_FILE: needed in production');
    if (!config.ENVELOPE_KEY_FILE) wrong.push('ENVELOPE_KEY_FILE: needed in production');
    if (!config.PUBLIC_URL) wrong.push('PUBLIC_URL: needed in production');
    if (config.PAYMENT_PROVIDER === 'simulator') wrong.push('PAYMENT_PROVIDER: the simulator moves no money and does not run with NODE_ENV=production');
  }
  if ((config.ACCESS_POINT_URL === undefined) !== (config.ACCESS_POINT_TOKEN === undefined)) wrong.push('ACCESS_POINT_TOKEN: goes with ACCESS_POINT_URL');
  if (config.PAYMENT_PROVIDER === 'stripe') {
    for (const name of ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET'] as const) if (!config[name]) wrong.push(`${name}: needed with PAYMENT_PROVIDER=stripe`);
  }
  if (wrong.length) throw new ConfigError(`The configuration is wrong:\n${wrong.map((w) => `  - ${w}`).join('\n')}`);
  return config;
}

const OPTIONAL = ['PUBLIC_URL', 'DATABASE_URL', 'MIGRATION_DATABASE_URL', 'GRAPHIQL', 'SAMPLE_MARKET', 'OIDC_ISSUER', 'OIDC_ASSURANCE_LEVEL', 'DEV_ISSUER', 'STAFF_ADMIN_SUBJECT', 'SIGNING_KEY_FILE', 'ENVELOPE_KEY_FILE', 'OUTGOING_ALLOW', 'NOTICE_SECONDS', 'STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET', 'STRIPE_API_URL', 'ACCESS_POINT_URL', 'ACCESS_POINT_TOKEN', 'QUERY_COST_PER_MINUTE', 'TRUSTED_DOCUMENTS', 'LAW_FOLDER', 'GATE_FOLDER', 'STORAGE_REGIONS_FILE', 'CLAMD_ADDRESS'];
