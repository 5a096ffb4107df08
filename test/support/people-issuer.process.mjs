// A real OpenID provider (oidc-provider) in a process of its own: it tells plain objects by their constructor, and in the test runner's realm those are others.
import http from 'node:http';
import { Provider } from 'oidc-provider';

const { url, keys, clients, fapi } = JSON.parse(process.env.PEOPLE_ISSUER);
const { alg } = keys[0];
let person = { sub: 'nobody', name: 'Nobody', acr: 'loa1' };
/** As Corppass tells of the entity for which the person acts. */
const told = ({ name, acr, uen }) => ({ name, acr, ...(uen ? { entityInfo: { CPEntID: uen, CPEnt_TYPE: 'UEN', CPEntName: 'STRAITS ANALYTICS' } } : {}) });

const provider = new Provider(url, {
  clients, jwks: { keys }, cookies: { keys: ['test'] },
  // Its own guard against private addresses would not let it read the keys of a client on this machine.
  fetch: (address, options) => fetch(address, { ...options, dispatcher: undefined }),
  scopes: ['openid', 'trade'], clientAuthMethods: ['private_key_jwt'], conformIdTokenClaims: false,
  claims: { openid: ['sub', 'name', 'acr', 'auth_time', 'entityInfo'] },
  enabledJWA: { clientAuthSigningAlgValues: ['ES256'], idTokenSigningAlgValues: [alg], dPoPSigningAlgValues: ['ES256'], idTokenEncryptionAlgValues: ['ECDH-ES+A256KW'], idTokenEncryptionEncValues: ['A256GCM'] },
  findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, auth_time: Math.floor(Date.now() / 1000), ...told(person) }) }),
  extraTokenClaims: () => told(person),
  interactions: { url: (_, { uid }) => `/interaction/${uid}` },
  loadExistingGrant: async ({ oidc: { client, session } }) => {
    const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope('openid trade');
    grant.addResourceScope('urn:entrepot', 'trade');
    await grant.save();
    return grant;
  },
  features: {
    devInteractions: { enabled: false }, encryption: { enabled: true },
    fapi: fapi ? { enabled: true, profile: '2.0' } : { enabled: false },
    pushedAuthorizationRequests: { enabled: fapi, requirePushedAuthorizationRequests: fapi }, dPoP: { enabled: fapi },
    resourceIndicators: {
      enabled: true, defaultResource: () => [], useGrantedResource: () => true,
      getResourceServerInfo: () => ({ scope: 'trade', audience: 'entrepot', accessTokenTTL: 600, accessTokenFormat: 'jwt', jwt: { sign: { alg } } }),
    },
  },
});
const answer = provider.callback();
http.createServer((request, response) => {
  if (!request.url.startsWith('/interaction/')) return void answer(request, response);
  const result = person.refuses ? { error: 'access_denied', error_description: 'the person went away' } : { login: { accountId: person.sub, acr: person.acr } };
  provider.interactionFinished(request, response, result).catch((error) => response.writeHead(500).end(error.message));
}).listen(Number(new URL(url).port), '127.0.0.1', () => process.send('ready'));
process.on('message', (next) => {
  person = next;
  process.send('known');
});
process.on('disconnect', () => process.exit());
