-- What the conference does.
create type conf.jwt as (role text, exp bigint, person_id integer);

create function conf_private.secret(email text, password text) returns text language sql immutable as $$
  select encode(sha256((lower(email) || ':' || password)::bytea), 'hex')
$$;

create function conf_private.current_person() returns integer language sql stable as $$
  select nullif(current_setting('jwt.claims.person_id', true), '')::integer
$$;

create function conf.authenticate(email text, password text) returns conf.jwt language sql volatile strict security definer as $$
  select (person.role, extract(epoch from now() + interval '1 hour'), person.id)::conf.jwt
  from conf.person join conf_private.account on account.person_id = person.id
  where person.email = lower(authenticate.email) and account.secret = conf_private.secret(authenticate.email, password)
$$;

create function conf.register(email text, name text, password text) returns conf.person language plpgsql strict volatile security definer as $$
declare
  made conf.person;
begin
  if length(password) < 8 then
    raise exception 'a password has at least 8 characters' using errcode = 'CF400';
  end if;
  insert into conf.person (email, name) values (lower(register.email), register.name) returning * into made;
  insert into conf_private.account values (made.id, conf_private.secret(register.email, password));
  return made;
end
$$;

create function conf.me() returns conf.person language sql stable as $$
  select * from conf.person where id = conf_private.current_person()
$$;

-- Computed columns.
create function conf.talk_average_stars(talk conf.talk) returns float language sql stable as $$
  select round(avg(stars), 2)::float from conf.rating where talk_id = talk.id
$$;

create function conf.talk_seats_left(talk conf.talk) returns integer language sql stable security definer as $$
  select room.seats - (select count(*)::integer from conf.booking where talk_id = talk.id) from conf.room where room.id = talk.room_id
$$;

create function conf.search_talks(term text) returns setof conf.talk language sql stable as $$
  select * from conf.talk
  where to_tsvector('english', title || ' ' || coalesce(abstract, '')) @@ plainto_tsquery('english', term)
  order by title
$$;

create function conf.accept_talk(talk_id integer, room_id integer, starts_at timestamptz) returns conf.talk language plpgsql volatile strict as $$
declare
  accepted conf.talk;
begin
  if current_setting('role') <> 'organizer' then
    raise exception 'only organizers accept talks' using errcode = '42501';
  end if;
  update conf.talk set status = 'ACCEPTED', room_id = accept_talk.room_id, starts_at = accept_talk.starts_at
    where id = accept_talk.talk_id returning * into accepted;
  return accepted;
end
$$;

create function conf.book_seat(talk_id integer, person_id integer) returns conf.booking language plpgsql volatile strict security definer as $$
declare
  wanted conf.talk;
  booked conf.booking;
begin
  if book_seat.person_id <> conf_private.current_person() and current_setting('jwt.claims.role', true) <> 'organizer' then
    raise exception 'only organizers book for others' using errcode = '42501';
  end if;
  select * into wanted from conf.talk where id = book_seat.talk_id and status = 'ACCEPTED' for update;
  if not found then
    raise exception 'there is no such talk' using errcode = 'CF404';
  end if;
  if conf.talk_seats_left(wanted) <= 0 then
    raise exception 'no seats left' using errcode = 'CF409';
  end if;
  insert into conf.booking (talk_id, person_id) values (book_seat.talk_id, book_seat.person_id) returning * into booked;
  return booked;
end
$$;

create function conf.buy_ticket(person_id integer, kind text, voucher_code text default null) returns conf.ticket language plpgsql volatile security definer as $$
declare
  full_price integer := case kind when 'day' then 12000 when 'week' then 40000 when 'student' then 5000 end;
  discount integer := 0;
  bought conf.ticket;
begin
  if full_price is null then
    raise exception 'there are no tickets of this kind' using errcode = 'CF400';
  end if;
  if voucher_code is not null then
    update conf.voucher set uses_left = uses_left - 1 where code = voucher_code and uses_left > 0 returning percent into discount;
    if not found then
      raise exception 'the voucher is used up' using errcode = 'CF409';
    end if;
  end if;
  insert into conf.ticket (person_id, kind, price, voucher_code)
    values (buy_ticket.person_id, kind, full_price * (100 - discount) / 100, voucher_code) returning * into bought;
  return bought;
end
$$;

create function conf.refund_ticket(ticket_id integer) returns conf.ticket language plpgsql volatile strict security definer as $$
declare
  refunded conf.ticket;
begin
  update conf.ticket set status = 'REFUNDED' where id = ticket_id and status = 'PAID' returning * into refunded;
  if not found then
    raise exception 'the ticket was refunded already' using errcode = 'CF409';
  end if;
  update conf.voucher set uses_left = uses_left + 1 where code = refunded.voucher_code;
  return refunded;
end
$$;

-- Gives nothing when somebody else was faster.
create function conf.set_likes(talk_id integer, expected integer, likes integer) returns conf.talk language sql volatile strict security definer as $$
  update conf.talk set likes = set_likes.likes where id = set_likes.talk_id and talk.likes = set_likes.expected returning *
$$;

create function conf_private.tell_of_move() returns trigger language plpgsql security definer as $$
begin
  insert into conf_private.outbox (person_id, talk_id, text)
    select booking.person_id, new.id, new.title || ' was moved' from conf.booking where booking.talk_id = new.id;
  return new;
end
$$;

create trigger talk_moved after update on conf.talk for each row
  when (old.status = 'ACCEPTED' and (old.room_id, old.starts_at) is distinct from (new.room_id, new.starts_at))
  execute function conf_private.tell_of_move();

create function conf_private.deliver() returns void language sql as $$
  with due as (delete from conf_private.outbox returning *)
  insert into conf.notice (person_id, talk_id, text) select person_id, talk_id, text from due order by id
$$;
