// The programme as visitors see it, from a cache, and what they do with it.
import { ask } from './graph.js'

const CACHED_FOR_MS = 60_000
const PAGE = 2
const cache = new Map()

/** The talks of a room, which change seldom. */
export async function programme (room) {
  const known = cache.get(room)
  if (known && Date.now() - known.at < CACHED_FOR_MS) return { talks: known.talks, cached: true }
  const { talks } = await ask(`query Programme($room: Int!) {
    talks(filter: {roomId: {equalTo: $room}, status: {equalTo: ACCEPTED}}, orderBy: STARTS_AT_ASC) { nodes { id title minutes startsAt } }
  }`, { room })
  cache.set(room, { at: Date.now(), talks: talks.nodes })
  return { talks: talks.nodes, cached: false }
}

/** Changes a talk, and forgets what was cached of its room. */
export async function change (id, patch) {
  const { updateTalk: { talk } } = await ask('mutation Change($id: Int!, $patch: TalkPatch!) { updateTalk(input: {id: $id, patch: $patch}) { talk { id title minutes roomId } } }', { id, patch })
  cache.delete(talk.roomId)
  return talk
}

/** All that somebody has booked, page by page. */
export async function schedule (person) {
  const talks = []
  let after = null
  for (;;) {
    const { bookings } = await ask(`query Schedule($person: Int!, $first: Int!, $after: Cursor) {
      bookings(condition: {personId: $person}, orderBy: ID_ASC, first: $first, after: $after) {
        nodes { talk { title minutes } } pageInfo { hasNextPage endCursor }
      }
    }`, { person, first: PAGE, after })
    talks.push(...bookings.nodes.map(({ talk }) => talk))
    if (!bookings.pageInfo.hasNextPage) break
    after = bookings.pageInfo.endCursor
  }
  return { talks: talks.map(({ title }) => title), minutes: talks.reduce((sum, { minutes }) => sum + minutes, 0) }
}

/** One more likes the talk; when somebody else was faster, looks again. */
export async function like (id) {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const { talk } = await ask('query Likes($id: Int!) { talk(id: $id) { likes } }', { id })
    const { setLikes } = await ask(`mutation Like($id: Int!, $expected: Int!, $likes: Int!) {
      setLikes(input: {talkId: $id, expected: $expected, likes: $likes}) { talk { likes } }
    }`, { id, expected: talk.likes, likes: talk.likes + 1 })
    if (setLikes.talk) return { likes: setLikes.talk.likes }
  }
  throw new Error('too many like this talk at once')
}
