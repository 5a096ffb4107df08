import type { INestApplication } from '@nestjs/common';
import { DevIssuer } from '#identity';
import type { Config } from '#shared';
import { SUBJECTS } from '../../demo/src/actors.js';

const FIRST_QUERY = '{ products(first: 5) { nodes { id title vendor { legalName } offers { id title plans { label quote { total { formatted } } } } } } }';

/** What to try, for whoever started it by hand. */
export async function welcome(app: INestApplication, config: Config): Promise<string> {
  const issuer = app.get(DevIssuer);
  const actors = { 'Vendor (Shanghai)': SUBJECTS.vendor, 'Buyer (Singapore)': SUBJECTS.buyer, 'Exchange staff (auditor)': SUBJECTS.auditor };
  const tokens = await Promise.all(Object.entries(actors).map(async ([who, subject]) => `${who}\n  {"Authorization": "Bearer ${await issuer.token(subject, who)}"}\n`));
  return `
The exchange is open: ${config.publicUrl}
${config.graphiql ? `GraphiQL:             ${config.publicUrl}/graphiql\n` : ''}
Paste one of these into the headers pane of GraphiQL (good for 12 hours):
${tokens.join('')}
Try:   ${FIRST_QUERY}
Or:    npm run demo        plays a whole trade against this server, in another terminal
More people: POST ${config.publicUrl}/dev-issuer/token {"subject": "${SUBJECTS.officer}"} (also ${SUBJECTS.settler}, ${SUBJECTS.reviewer}, ${SUBJECTS.admin}, or anybody new)
Stop:  Ctrl-C
`;
}
