import { startExchange, type TestExchange } from './support/exchange.js';
import { enlist } from './support/market.js';

const VENDOR = { legalName: 'Lingang Data Co', jurisdiction: 'CN', subdivision: 'CN-SH', registryNumbers: [{ scheme: 'USCC', value: '91350100M000100Y43' }] };

describe('identity', () => {
  let exchange: TestExchange;
  beforeAll(async () => {
    exchange = await startExchange();
  });
  afterAll(() => exchange.close());

  it('registers, verifies, suspends and reinstates an organisation, and the suspension bites at the next request', async () => {
    const [vendor, admin, officer] = await Promise.all(['vendor', 'staff-admin', 'officer'].map((s) => exchange.client(s)));
    const registered = await vendor!.mutate<{ id: string; state: string; registryNumbers: object[] }>('registerOrganisation', 'Organisation', 'id state registryNumbers { checksum proven }', VENDOR);
    expect(registered).toMatchObject({ __typename: 'Organisation', state: 'PENDING_VERIFICATION', registryNumbers: [{ checksum: 'PASSED', proven: false }] });
    expect((await vendor!.mutate('createApiKey', 'CreatedApiKey', 'id', { name: 'k', scopes: ['CATALOG_MANAGE'], expiresAt: new Date(Date.now() + 1e6).toISOString() })).__typename).toBe('NotPermitted');
    await enlist(admin!, officer!, 'Officer', 'COMPLIANCE_OFFICER');
    const verify = { organisationId: registered.id, assuranceLevel: 2, schemes: ['USCC'], evidence: 'extract of the register, 2026-11-20' };
    expect((await vendor!.mutate('verifyOrganisation', 'Organisation', 'id', verify)).__typename).toBe('NotPermitted');
    expect(await officer!.mutate('verifyOrganisation', 'Organisation', 'id assuranceLevel state', verify)).toMatchObject({ __typename: 'Organisation', assuranceLevel: 2 });
    const key = await vendor!.mutate<{ secret: string; id: string }>('createApiKey', 'CreatedApiKey', 'id secret', { name: 'k', scopes: ['CATALOG_MANAGE'], expiresAt: new Date(Date.now() + 1e6).toISOString() });
    const machine = new (await import('./support/client.js')).GraphClient(exchange.url, key.secret);
    expect(await machine.ask('{ me { subject acts } }')).toEqual({ me: { subject: `key:${key.id}`, acts: ['CATALOG_MANAGE'] } });
    await officer!.mutate('suspendOrganisation', 'Organisation', 'id', { organisationId: registered.id, reason: 'false evidence' });
    expect(await machine.ask('{ me { acts } }')).toEqual({ me: { acts: [] } });
    await officer!.mutate('reinstateOrganisation', 'Organisation', 'id', { organisationId: registered.id, reason: 'cleared' });
    expect(await machine.ask('{ me { acts } }')).toEqual({ me: { acts: ['CATALOG_MANAGE'] } });
    await vendor!.mutate('revokeApiKey', 'ApiKey', 'id', { id: key.id });
    expect((await machine.raw('{ me { acts } }')).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });
});
