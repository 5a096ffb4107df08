import { ExchangeClient, RefusedError } from './client.js';

/** The people of the sample market. Their subjects are identities at the development issuer. */
export interface Actors {
  readonly vendor: ExchangeClient;
  readonly buyer: ExchangeClient;
  /** The exchange's staff: three people, because whoever files an opinion does not review, and the auditor changes nothing. */
  readonly officer: ExchangeClient;
  readonly reviewer: ExchangeClient;
  readonly auditor: ExchangeClient;
  /** When the run began: dates in what it sends are counted from here. */
  readonly since: Date;
  readonly organisations: Readonly<Record<'vendor' | 'buyer' | 'assessor', Party>>;
}
export interface Party {
  readonly id: string;
  readonly legalName: string;
  readonly jurisdiction: string;
  readonly state: string;
  readonly assuranceLevel: number | null;
  readonly registryNumbers: readonly { readonly scheme: string; readonly value: string; readonly checksum: string; readonly proven: boolean }[];
}

export const SUBJECTS = { vendor: 'vendor-lingang', buyer: 'buyer-merlion', assessor: 'assessor-huangpu', admin: 'staff-admin', officer: 'staff-officer', reviewer: 'staff-reviewer', auditor: 'staff-auditor' } as const;

const PARTIES = {
  vendor: { kind: 'TRADER', legalName: 'Lingang Open Data Co., Ltd.', jurisdiction: 'CN', subdivision: 'CN-SH', registryNumbers: [{ scheme: 'USCC', value: '91310115MA1ENTRE2Y' }] },
  buyer: { kind: 'TRADER', legalName: 'Merlion Analytics Pte. Ltd.', jurisdiction: 'SG', subdivision: null, registryNumbers: [{ scheme: 'UEN', value: '202688801N' }] },
  assessor: { kind: 'ASSESSOR', legalName: 'Huangpu Data Counsel', jurisdiction: 'CN', subdivision: 'CN-SH', registryNumbers: [{ scheme: 'USCC', value: '91310115MA1HX7775F' }] },
} as const;
const PARTY = 'id legalName jurisdiction state assuranceLevel registryNumbers { scheme value checksum proven }';

/** Signs everybody in, registers who is not known yet, and has staff verify them. Repeating it finds them all in place. */
export async function assemble(url: string, run: string, since = new Date()): Promise<Actors> {
  const signIn = (who: keyof typeof SUBJECTS): Promise<ExchangeClient> => ExchangeClient.signIn(url, SUBJECTS[who], who, run);
  const admin = await signIn('admin');
  const staff = { officer: ['COMPLIANCE_OFFICER', 'SETTLEMENT_OFFICER'], reviewer: ['LISTING_REVIEWER'], auditor: ['AUDITOR'] } as const;
  for (const [who, roles] of Object.entries(staff)) await tolerate('StateConflict', admin.mutate('addMember', 'Member', 'id', { subject: SUBJECTS[who as keyof typeof staff], displayName: `Exchange ${who}`, roles }, `member-${who}`));
  const officer = await signIn('officer');
  const clients = { vendor: await signIn('vendor'), buyer: await signIn('buyer'), assessor: await signIn('assessor') };
  const organisations = { vendor: await party('vendor'), buyer: await party('buyer'), assessor: await party('assessor') };
  return { vendor: clients.vendor, buyer: clients.buyer, officer, reviewer: await signIn('reviewer'), auditor: await signIn('auditor'), organisations, since };

  async function party(who: keyof typeof PARTIES): Promise<Party> {
    const own = (): Promise<Party | null> => clients[who].query<{ me: { organisation: Party | null } }>(`{ me { organisation { ${PARTY} } } }`).then((d) => d.me.organisation);
    const known = (await own()) ?? (await clients[who].mutate<Party>('registerOrganisation', 'Organisation', PARTY, PARTIES[who], `register-${who}`));
    if (known.state !== 'PENDING_VERIFICATION') return known;
    return officer.mutate<Party>('verifyOrganisation', 'Organisation', PARTY, {
      organisationId: known.id, assuranceLevel: 2, schemes: known.registryNumbers.map((n) => n.scheme), evidence: `Extract of the public register for ${known.registryNumbers[0]!.value}, seen for the sample market`,
    }, `verify-${who}`);
  }
}

async function tolerate(kind: string, work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof RefusedError) || error.refusal['__typename'] !== kind) throw error;
  });
}
