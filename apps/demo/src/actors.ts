import { ExchangeClient } from './client.js';

/** The people of the sample market. Their subjects are identities at the development issuer. */
export interface Actors {
  readonly vendor: ExchangeClient;
  readonly buyer: ExchangeClient;
  /** The exchange's staff: four people, because whoever files an opinion does not review, whoever stops a party does not pay it, and the auditor changes nothing. */
  readonly officer: ExchangeClient;
  readonly settler: ExchangeClient;
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

export const SUBJECTS = { vendor: 'vendor-lingang', buyer: 'buyer-merlion', assessor: 'assessor-huangpu', admin: 'staff-admin', officer: 'staff-officer', settler: 'staff-settler', reviewer: 'staff-reviewer', auditor: 'staff-auditor' } as const;

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
  const [officer, settler, reviewer, auditor] = [await employ('officer', 'COMPLIANCE_OFFICER'), await employ('settler', 'SETTLEMENT_OFFICER'), await employ('reviewer', 'LISTING_REVIEWER'), await employ('auditor', 'AUDITOR')];
  const clients = { vendor: await signIn('vendor'), buyer: await signIn('buyer'), assessor: await signIn('assessor') };
  const organisations = { vendor: await party('vendor'), buyer: await party('buyer'), assessor: await party('assessor') };
  return { vendor: clients.vendor, buyer: clients.buyer, officer, settler, reviewer, auditor, organisations, since };

  /** Invited by the administrator and consenting, unless he is of the staff already. */
  async function employ(who: 'officer' | 'settler' | 'reviewer' | 'auditor', role: string): Promise<ExchangeClient> {
    const client = await signIn(who);
    const { me } = await client.query<{ me: { organisation: object | null } }>('{ me { organisation { id } } }');
    if (me.organisation) return client;
    // Without a key: the token is shown once, so a fill that was cut short before it was accepted asks for another.
    const { token } = await admin.mutate<{ token: string }>('inviteMember', 'CreatedInvitation', 'token', { displayName: `Exchange ${who}`, roles: [role], subject: SUBJECTS[who], expiresInHours: 1 });
    await client.mutate('acceptInvitation', 'Member', 'id', { token }, `join-${who}`);
    return client;
  }

  async function party(who: keyof typeof PARTIES): Promise<Party> {
    const own = (): Promise<Party | null> => clients[who].query<{ me: { organisation: Party | null } }>(`{ me { organisation { ${PARTY} } } }`).then((d) => d.me.organisation);
    const known = (await own()) ?? (await clients[who].mutate<Party>('registerOrganisation', 'Organisation', PARTY, PARTIES[who], `register-${who}`));
    if (known.state !== 'PENDING_VERIFICATION') return known;
    return officer.mutate<Party>('verifyOrganisation', 'Organisation', PARTY, {
      organisationId: known.id, assuranceLevel: 2, schemes: known.registryNumbers.map((n) => n.scheme), evidence: `Extract of the public register for ${known.registryNumbers[0]!.value}, seen for the sample market`,
    }, `verify-${who}`);
  }
}
