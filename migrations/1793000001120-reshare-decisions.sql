-- What the law said when data was passed on is kept like every other decision: the order's is the one before it, the reshare names it.
alter table compliance.decision drop constraint decision_stage;
alter table compliance.decision add constraint decision_stage check (stage in ('ORDER', 'DELIVERY', 'SCREENING', 'RESHARE'));
-- In the sequence of the places; none in what was passed on before this was kept.
alter table contracts.reshare add column decision_ids uuid[] not null default '{}';
