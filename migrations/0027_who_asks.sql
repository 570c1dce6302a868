-- Servers that remember for a moment who shows a session or a token are told of
-- whatever may change what it opens.

-- +goose Up

-- +goose StatementBegin
create function arpent.tell_access() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
  perform pg_notify('arpent_access', '');
  return null;
end
$$;
-- +goose StatementEnd

create trigger tell_access after insert or update or delete on arpent.account for each statement execute function arpent.tell_access();
create trigger tell_access after insert or update or delete on arpent.membership for each statement execute function arpent.tell_access();
create trigger tell_access after insert or update or delete on arpent.profile_grant for each statement execute function arpent.tell_access();
create trigger tell_access after insert or update or delete on arpent.profile_field for each statement execute function arpent.tell_access();
create trigger tell_access after delete or update of account_id, hash, expires_at on arpent.token for each statement execute function arpent.tell_access();
create trigger tell_access after delete on arpent.session for each statement execute function arpent.tell_access();

-- +goose Down

drop trigger tell_access on arpent.session;
drop trigger tell_access on arpent.token;
drop trigger tell_access on arpent.profile_field;
drop trigger tell_access on arpent.profile_grant;
drop trigger tell_access on arpent.membership;
drop trigger tell_access on arpent.account;
drop function arpent.tell_access();
