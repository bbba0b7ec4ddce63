-- Who may do what.
grant usage on schema conf to visitor;
grant usage on schema conf_private to visitor;
revoke execute on all functions in schema conf, conf_private from public;

grant select on conf.person, conf.room, conf.talk, conf.rating to visitor;
grant select on conf.booking, conf.ticket, conf.notice to attendee;
grant insert, update, delete on conf.talk, conf.rating to attendee;
grant delete on conf.booking to attendee;
grant update (name, company) on conf.person to attendee;
grant usage on all sequences in schema conf to attendee;
grant all on all tables in schema conf to organizer;

grant execute on function conf_private.current_person, conf.authenticate, conf.register, conf.me to visitor;
grant execute on function conf.talk_average_stars, conf.talk_seats_left, conf.search_talks to visitor;
grant execute on function conf.book_seat, conf.accept_talk to attendee;
grant execute on function conf.buy_ticket, conf.refund_ticket, conf.set_likes to organizer;

alter table conf.person enable row level security;
create policy everybody on conf.person for select using (true);
create policy oneself on conf.person for update to attendee using (id = conf_private.current_person());
create policy organizers on conf.person to organizer using (true);

alter table conf.talk enable row level security;
create policy accepted on conf.talk for select using (status = 'ACCEPTED');
create policy own_talks on conf.talk to attendee
  using (speaker_id = conf_private.current_person()) with check (speaker_id = conf_private.current_person());
create policy organizers on conf.talk to organizer using (true);

alter table conf.booking enable row level security;
create policy own_bookings on conf.booking to attendee using (person_id = conf_private.current_person());
create policy organizers on conf.booking to organizer using (true);

alter table conf.ticket enable row level security;
create policy own_tickets on conf.ticket to attendee using (person_id = conf_private.current_person());
create policy organizers on conf.ticket to organizer using (true);

alter table conf.notice enable row level security;
create policy own_notices on conf.notice to attendee using (person_id = conf_private.current_person());

alter table conf.rating enable row level security;
create policy everybody on conf.rating for select using (true);
create policy own_ratings on conf.rating to attendee
  using (person_id = conf_private.current_person()) with check (person_id = conf_private.current_person());
create policy organizers on conf.rating to organizer using (true);

-- Those who are there from the first day.
insert into conf.person (email, name, role) values ('chair@conf.test', 'Hedy', 'organizer'), ('box@conf.test', 'Box office', 'organizer');
insert into conf_private.account
  select id, conf_private.secret(email, case name when 'Hedy' then 'frequency-hopping' else 'tickets-please' end) from conf.person;
