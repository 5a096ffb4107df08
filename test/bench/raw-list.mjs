// The raw limit: Fastify, one join through pg as a named statement, the same JSON as the GraphQL answer.
import fastify from 'fastify';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const LIST = {
  name: 'raw-list',
  text: `select p.id, p.title, p.vendor_id, p.vendor_name, p.vendor_jurisdiction, o.id as offer_id, o.title as offer_title, o.plans
         from (select * from catalog.product where state = 'LISTED' and vendor_state = 'VERIFIED' order by listed_at desc, id desc limit $1) p
         left join contracts.offer o on o.product_id = p.id and o.state = 'ACTIVE' and o.audience = 'PUBLIC' order by p.listed_at desc, p.id desc, o.entry_minor`,
};
const app = fastify();
app.get('/ready', () => ({ ok: true }));
app.post('/', async (request) => {
  const { rows } = await pool.query({ ...LIST, values: [request.body.variables.first] });
  const nodes = [];
  let last;
  for (const r of rows) {
    if (last?.id !== r.id) nodes.push((last = { id: r.id, title: r.title, vendor: { id: r.vendor_id, legalName: r.vendor_name, jurisdiction: r.vendor_jurisdiction }, offers: [] }));
    if (r.offer_id) last.offers.push({ id: r.offer_id, title: r.offer_title, plans: r.plans.map(show) });
  }
  return { data: { products: { nodes } } };
});
const show = ({ label, currency, components }) => ({
  label, components: components.map((c) => ({ label: c.label, amount: c.minor === undefined ? null : { minor: c.minor, currency, formatted: format(c.minor, currency) }, tiers: c.tiers?.map((t) => ({ unitPrice: t.unitPrice })) ?? null })),
});
const format = (minor, currency) => `${currency} ${minor.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',')}.${minor.slice(-2)}`;
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
process.on('SIGTERM', () => app.close().then(() => pool.end()));
