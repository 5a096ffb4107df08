-- What decisions stand on has changed: deliveries that run are decided again before their next byte. A declaration of an order that is only made
-- changes nothing for deliveries; one that takes the place of another does.
create function compliance.move_epoch() returns trigger language plpgsql as $$
begin
  perform compliance.bump_epoch();
  return null;
end $$;
create trigger approval_moves_epoch after insert or update on compliance.approval for each statement execute function compliance.move_epoch();
create trigger certificate_moves_epoch after insert or update on compliance.certificate for each statement execute function compliance.move_epoch();
create trigger restricted_party_moves_epoch after insert or update on compliance.restricted_party for each statement execute function compliance.move_epoch();
create trigger finding_moves_epoch after insert or update on compliance.finding for each statement execute function compliance.move_epoch();
create trigger end_use_moves_epoch after update on compliance.end_use_declaration for each statement execute function compliance.move_epoch();
