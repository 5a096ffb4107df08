-- What a buyer says to a receipt: he acknowledges or contests it, once. The receipt itself never changes.
create table delivery.receipt_answer (
  receipt_id uuid primary key,
  licence_id uuid not null,
  vendor_id uuid not null,
  buyer_id uuid not null,
  state text not null check (state in ('ACKNOWLEDGED', 'CONTESTED', 'REJECTED', 'ESCALATED', 'UPHELD', 'DISMISSED', 'WITHDRAWN')),
  ground text check (ground in ('NOT_REQUESTED', 'NOT_RECEIVED', 'INCOMPLETE', 'OTHER_CONTENT', 'OTHER')),
  reason text check (length(reason) between 1 and 5000),
  reply text check (length(reply) between 1 and 5000),
  verdict text check (length(verdict) between 1 and 5000),
  answered_by text not null,
  answered_at timestamptz not null,
  next_at timestamptz,
  closed_at timestamptz,
  jws text,
  check ((state = 'ACKNOWLEDGED') = (ground is null) and (ground is null) = (reason is null) and (ground is null) = (jws is not null)),
  check ((state in ('CONTESTED', 'REJECTED', 'ESCALATED')) = (closed_at is null)),
  check (next_at is null or closed_at is null)
);
create index receipt_answer_of_licence on delivery.receipt_answer (licence_id, receipt_id);
create index receipt_answer_of_vendor on delivery.receipt_answer (vendor_id, receipt_id) where state <> 'ACKNOWLEDGED';
create index receipt_answer_of_buyer on delivery.receipt_answer (buyer_id, receipt_id) where state <> 'ACKNOWLEDGED';
create index receipt_answer_contested on delivery.receipt_answer (receipt_id) where state <> 'ACKNOWLEDGED';
create index receipt_answer_due on delivery.receipt_answer (next_at) where next_at is not null;

create function delivery.refuse_answer_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.closed_at is not null or (to_jsonb(new) - '{state,reply,verdict,next_at,closed_at}'::text[]) is distinct from (to_jsonb(old) - '{state,reply,verdict,next_at,closed_at}'::text[]) then
    raise exception 'an answer to a receipt is given once and ends once' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger receipt_answer_stays before update or delete on delivery.receipt_answer for each row execute function delivery.refuse_answer_change();
create trigger receipt_answer_is_kept before truncate on delivery.receipt_answer for each statement execute function shared.refuse_change();
select shared.guard('delivery.receipt_answer', '{vendor_id,buyer_id}');
