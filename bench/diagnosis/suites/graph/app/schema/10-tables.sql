-- What the conference keeps.
create schema conf;
create schema conf_private;

create role visitor;
create role attendee in role visitor;
create role organizer in role attendee;

create type conf.level as enum ('BEGINNER', 'ADVANCED');
create type conf.talk_status as enum ('DRAFT', 'ACCEPTED', 'REJECTED');
create type conf.ticket_status as enum ('PAID', 'REFUNDED');

create table conf.person (
  id serial primary key,
  email text not null unique check (email like '%@%'),
  name text not null,
  company text,
  role text not null default 'attendee'
);

create table conf_private.account (
  person_id integer primary key references conf.person on delete cascade,
  secret text not null
);

create table conf.room (
  id serial primary key,
  name text not null unique,
  seats integer not null check (seats > 0)
);

create table conf.talk (
  id serial primary key,
  title text not null check (length(title) between 3 and 120),
  abstract text,
  level conf.level not null default 'BEGINNER',
  minutes integer not null default 45 check (minutes between 10 and 180),
  status conf.talk_status not null default 'DRAFT',
  likes integer not null default 0,
  speaker_id integer not null references conf.person,
  room_id integer references conf.room,
  starts_at timestamptz,
  constraint talk_room_taken unique (room_id, starts_at)
);

create table conf.booking (
  id serial primary key,
  talk_id integer not null references conf.talk on delete cascade,
  person_id integer not null references conf.person on delete cascade,
  unique (talk_id, person_id)
);

create table conf.rating (
  id serial primary key,
  talk_id integer not null references conf.talk on delete cascade,
  person_id integer not null references conf.person on delete cascade,
  stars integer not null check (stars between 1 and 5),
  comment text,
  constraint rating_once unique (talk_id, person_id)
);

create table conf.voucher (
  code text primary key,
  percent integer not null check (percent between 1 and 100),
  uses_left integer not null check (uses_left >= 0)
);

create table conf.ticket (
  id serial primary key,
  person_id integer not null references conf.person,
  kind text not null,
  price integer not null,
  voucher_code text references conf.voucher,
  status conf.ticket_status not null default 'PAID',
  badge text
);

create table conf.notice (
  id serial primary key,
  person_id integer not null references conf.person on delete cascade,
  talk_id integer references conf.talk on delete cascade,
  text text not null
);

-- What is still to be told; the API delivers it a moment later.
create table conf_private.outbox (
  id serial primary key,
  person_id integer not null references conf.person on delete cascade,
  talk_id integer references conf.talk on delete cascade,
  text text not null
);

create index on conf.talk (speaker_id);
create index on conf.talk (room_id);
create index on conf.booking (person_id);
create index on conf.rating (person_id);
create index on conf.ticket (person_id);
create index on conf.ticket (voucher_code);
create index on conf.notice (person_id);
create index on conf.notice (talk_id);
