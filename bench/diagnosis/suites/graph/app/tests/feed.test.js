// What partners read and write, over TLS.
import { beforeAll, describe, expect, it } from 'vitest'
import { asChair, FEED, handIn, inProgramme, logIn, newPerson, newRoom, post } from './helpers/api.js'

describe('Feed', () => {
  let chair, speaker, room

  beforeAll(async () => {
    chair = await asChair()
    speaker = await newPerson('Margaret')
    room = await newRoom(chair)
  })

  it('has the programme of a day', async () => {
    const talk = await inProgramme(chair, speaker, room, 9)
    const { status, body } = await post({
      query: 'query Day($room: Int!, $from: Datetime!, $to: Datetime!) { talks(filter: {roomId: {equalTo: $room}, startsAt: {greaterThanOrEqualTo: $from, lessThan: $to}}) { nodes { title startsAt room { name } } } }',
      variables: { room: room.id, from: '2026-12-01T00:00:00+00:00', to: '2026-12-02T00:00:00+00:00' }
    }, { url: FEED })
    expect(status).toBe(200)
    expect(body.data.talks.nodes).toEqual([{ title: talk.title, startsAt: '2026-12-01T09:00:00+00:00', room: { name: room.name } }])
  })

  it('finds a talk again by its global identifier', async () => {
    const talk = await handIn(speaker)
    const own = { url: FEED, token: speaker.token }
    const first = await post({ query: 'query Talk($id: Int!) { talk(id: $id) { nodeId } }', variables: { id: talk.id } }, own)
    const { nodeId } = first.body.data.talk
    const { body } = await post({ query: 'query Node($nodeId: ID!) { node(nodeId: $nodeId) { __typename nodeId ... on Talk { title minutes } } }', variables: { nodeId } }, own)
    expect(body.data.node).toEqual({ __typename: 'Talk', nodeId, title: talk.title, minutes: 45 })
  })

  it('takes several rooms in one call', async () => {
    const token = await logIn('chair@conf.test', process.env.CHAIR_PASSWORD ?? 'frequency-hopping')
    const name = `${room.name} annex`
    const { body } = await post({
      query: 'mutation Rooms($one: String!, $two: String!) { one: createRoom(input: {room: {name: $one, seats: 40}}) { room { seats } } two: createRoom(input: {room: {name: $two, seats: 50}}) { room { seats } } twice: createRoom(input: {room: {name: $one, seats: 60}}) { room { seats } } }',
      variables: { one: `${name} 1`, two: `${name} 2` }
    }, { url: FEED, token })
    expect(body.errors.map(({ path }) => path)).toEqual([['twice']])
    const kept = await post({ query: 'query Rooms($name: String!) { rooms(filter: {name: {startsWith: $name}}, orderBy: NAME_ASC) { nodes { seats } } }', variables: { name } }, { url: FEED, token })
    expect(kept.body.data.rooms.nodes).toEqual([{ seats: 40 }, { seats: 50 }])
  })

  it('tells of what it does not understand', async () => {
    const { status, body } = await post({ query: 'query Old { talks { nodes { titel } } }' }, { url: FEED })
    expect(status).toBe(400)
    expect(body.errors[0].message).toContain('Cannot query field "titel" on type "Talk". Did you mean "title"')
  })
})
