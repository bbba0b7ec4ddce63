import { gql } from 'graphql-request'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { accept, asChair, client, handIn, inProgramme, newPerson, newRoom, post, refused } from './helpers/api.js'
import { unique, waitFor } from './helpers/wait.js'

describe('Programme', () => {
  let chair, speaker, room

  beforeAll(async () => {
    chair = await asChair()
    speaker = await newPerson('Grace')
  })

  beforeEach(async () => {
    room = await newRoom(chair, 3)
  })

  afterAll(async () => {
    const { talks } = await chair.request('query Left($speaker: Int!) { talks(condition: {speakerId: $speaker}) { nodes { id } } }', { speaker: speaker.id })
    for (const { id } of talks.nodes) await chair.request('mutation Clear($id: Int!) { deleteTalk(input: {id: $id}) { deletedTalkNodeId } }', { id })
  })

  it('lists talks by their level', async () => {
    const easy = await inProgramme(chair, speaker, room, 10)
    const hard = await inProgramme(chair, speaker, room, 11, { level: 'ADVANCED', minutes: 90 })
    const found = await client().request(gql`
      query ByLevel($room: Int!) {
        beginners: talks(filter: {roomId: {equalTo: $room}, level: {equalTo: BEGINNER}}) { totalCount nodes { ...short } }
        advanced: talks(filter: {roomId: {equalTo: $room}, level: {equalTo: ADVANCED}}) { totalCount nodes { ...short } }
      }
      fragment short on Talk { title minutes level speaker { name } }
    `, { room: room.id })
    expect(found.beginners).toEqual({ totalCount: 1, nodes: [{ title: easy.title, minutes: 45, level: 'BEGINNER', speaker: { name: 'Grace' } }] })
    expect(found.advanced).toEqual({ totalCount: 1, nodes: [{ title: hard.title, minutes: 90, level: 'ADVANCED', speaker: { name: 'Grace' } }] })
  })

  it('turns its pages', async () => {
    const titles = []
    for (const hour of [10, 11, 12, 13, 14]) titles.push((await inProgramme(chair, speaker, room, hour)).title)
    const page = gql`
      query Page($room: Int!, $after: Cursor) {
        talks(condition: {roomId: $room}, orderBy: STARTS_AT_ASC, first: 2, after: $after) {
          totalCount edges { cursor node { title } } pageInfo { hasNextPage endCursor }
        }
      }
    `
    const seen = []
    let after = null
    let pages = 0
    do {
      const { talks } = await client().request(page, { room: room.id, after })
      expect(talks.totalCount).toBe(5)
      seen.push(...talks.edges.map(({ node }) => node.title))
      after = talks.pageInfo.hasNextPage ? talks.pageInfo.endCursor : null
      pages += 1
    } while (after)
    expect(seen).toEqual(titles)
    expect(pages).toBe(3)
  })

  it('is searched by words', async () => {
    const word = unique('compiler').replace(/-/g, '')
    await inProgramme(chair, speaker, room, 10, { title: `Why a ${word}` })
    await inProgramme(chair, speaker, room, 11, { title: 'Nanoseconds', abstract: `With a piece of wire, no ${word}.` })
    await handIn(speaker, { title: `A draft on the ${word}` })
    const { searchTalks } = await client().request('query Search($term: String!) { searchTalks(term: $term) { nodes { title } } }', { term: word })
    expect(searchTalks.nodes.map(({ title }) => title)).toEqual(['Nanoseconds', `Why a ${word}`])
  })

  it('shows drafts to whoever handed them in', async () => {
    const draft = await handIn(speaker)
    const other = await newPerson('Joan')
    const look = 'query Draft($id: Int!) { talk(id: $id) { title status } }'
    expect((await speaker.as.request(look, { id: draft.id })).talk).toEqual({ title: draft.title, status: 'DRAFT' })
    expect((await other.as.request(look, { id: draft.id })).talk).toBeNull()
    await accept(chair, draft, room)
    expect((await other.as.request(look, { id: draft.id })).talk).toEqual({ title: draft.title, status: 'ACCEPTED' })
  })

  it('is made by organizers only', async () => {
    const talk = await handIn(speaker)
    const [error] = await refused(accept(speaker.as, talk, room))
    expect(error).toEqual({ message: 'only organizers accept talks', code: '42501' })
    expect((await accept(chair, talk, room)).status).toBe('ACCEPTED')
  })

  it('has one talk at a time in a room', async () => {
    await inProgramme(chair, speaker, room, 10)
    const second = await handIn(speaker)
    const [error] = await refused(accept(chair, second, room, 10))
    expect(error.code).toBe('23505')
    expect(error.message).toContain('talk_room_taken')
    expect((await accept(chair, second, room, 11)).startsAt).toBe('2026-12-01T11:00:00+00:00')
  })

  it('averages what listeners think', async () => {
    const talk = await inProgramme(chair, speaker, room, 10)
    const rate = 'mutation Rate($talk: Int!, $person: Int!, $stars: Int!) { createRating(input: {rating: {talkId: $talk, personId: $person, stars: $stars}}) { rating { stars talk { averageStars } } } }'
    for (const [name, stars] of [['Joan', 5], ['Betty', 4], ['Kay', 4]]) {
      const listener = await newPerson(name)
      await listener.as.request(rate, { talk: talk.id, person: listener.id, stars })
    }
    const rated = await client().request('query Rated($id: Int!) { talk(id: $id) { averageStars ratings { totalCount } } }', { id: talk.id })
    expect(rated.talk).toEqual({ averageStars: 4.33, ratings: { totalCount: 3 } })
  })

  it('is rated once by each, with one to five stars', async () => {
    const talk = await inProgramme(chair, speaker, room, 10)
    const joan = await newPerson('Joan')
    const rate = 'mutation Rate($talk: Int!, $person: Int!, $stars: Int!) { createRating(input: {rating: {talkId: $talk, personId: $person, stars: $stars}}) { rating { stars } } }'
    const [tooMany] = await refused(joan.as.request(rate, { talk: talk.id, person: joan.id, stars: 6 }))
    expect(tooMany.message).toContain('rating_stars_check')
    await joan.as.request(rate, { talk: talk.id, person: joan.id, stars: 3 })
    const [again] = await refused(joan.as.request(rate, { talk: talk.id, person: joan.id, stars: 5 }))
    expect(again.message).toContain('rating_once')
  })

  it('answers several questions at once', async () => {
    const talk = await inProgramme(chair, speaker, room, 10)
    const { status, body } = await post([
      { query: 'query Room($id: Int!) { room(id: $id) { name seats } }', variables: { id: room.id } },
      { query: 'query Talk($id: Int!) { talk(id: $id) { title seatsLeft } }', variables: { id: talk.id } },
      { query: 'query Wrong { talk(id: 1) { price } }' }
    ])
    expect(status).toBe(200)
    expect(body[0].data.room).toEqual({ name: room.name, seats: 3 })
    expect(body[1].data.talk).toEqual({ title: talk.title, seatsLeft: 3 })
    expect(body[2].errors[0].message).toContain('Cannot query field "price"')
  })

  it('tells who has booked that a talk was moved', async () => {
    const talk = await inProgramme(chair, speaker, room, 10)
    const joan = await newPerson('Joan')
    await joan.as.request('mutation Book($talk: Int!, $person: Int!) { bookSeat(input: {talkId: $talk, personId: $person}) { booking { id } } }', { talk: talk.id, person: joan.id })
    await accept(chair, talk, room, 15)
    const notices = await waitFor('the notice', async () => {
      const { notices } = await joan.as.request('query Notices { notices { nodes { text } } }')
      return notices.nodes.length > 0 && notices.nodes
    })
    expect(notices).toEqual([{ text: `${talk.title} was moved` }])
  })

  it('has no more listeners than seats', async () => {
    const talk = await inProgramme(chair, speaker, room, 10)
    const book = 'mutation Book($talk: Int!, $person: Int!) { bookSeat(input: {talkId: $talk, personId: $person}) { booking { talk { seatsLeft } } } }'
    for (const name of ['Joan', 'Betty', 'Kay']) {
      const listener = await newPerson(name)
      await listener.as.request(book, { talk: talk.id, person: listener.id })
    }
    const late = await newPerson('Ruth')
    expect(await refused(late.as.request(book, { talk: talk.id, person: late.id }))).toEqual([{ message: 'no seats left', code: 'CF409' }])
    expect((await client().request('query Left($id: Int!) { talk(id: $id) { seatsLeft } }', { id: talk.id })).talk.seatsLeft).toBe(0)
  })

  it('names its studios in their order', async () => {
    const create = 'mutation Studio($name: String!) { createRoom(input: {room: {name: $name, seats: 8}}) { room { id } } }'
    const made = []
    for (const name of ['Studio B', 'Studio A']) made.push((await chair.request(create, { name })).createRoom.room.id)
    const { rooms } = await client().request('query Studios { rooms(filter: {name: {startsWith: "Studio"}}, orderBy: NAME_ASC) { totalCount nodes { name seats } } }')
    expect(rooms).toEqual({ totalCount: 2, nodes: [{ name: 'Studio A', seats: 8 }, { name: 'Studio B', seats: 8 }] })
    for (const id of made) await chair.request('mutation CloseStudio($id: Int!) { deleteRoom(input: {id: $id}) { deletedRoomNodeId } }', { id })
  })
})
