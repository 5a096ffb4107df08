-- The lists of trades, payments, invoices and of the log are narrowed down. Each page of them costs what it shows, however long the list behind it is.
-- By state: a rare one among a million that are settled. By time: a month of two years ago.
create index trade_unsettled_of_vendor on settlement.trade (vendor_id, state, id desc) where state <> 'SETTLED';
create index trade_unsettled_of_buyer on settlement.trade (buyer_id, state, id desc) where state <> 'SETTLED';
create index trade_of_vendor_by_time on settlement.trade (vendor_id, executed_at);
create index trade_of_buyer_by_time on settlement.trade (buyer_id, executed_at);
create index payment_unpaid_of_buyer on billing.payment (buyer_id, state, id desc) where state <> 'SUCCEEDED';
create index payment_of_buyer_by_time on billing.payment (buyer_id, created_at);
create index invoice_of_issuer_by_time on billing.invoice (issuer_id, issued_at);
create index invoice_of_customer_by_time on billing.invoice (customer_id, issued_at);
create index invoice_of_agreement on billing.invoice (agreement_id, id);
-- The log grew without an index in its own sequence: its newest page sorted all of it.
create index entry_by_time on audit.entry (recorded_at desc, id desc);
create index entry_of_tenant on audit.entry (tenant_id, recorded_at desc, id desc) where tenant_id is not null;
