// The API as its clients see it: graphql-request, and plain calls where a client has less.
import { setTimeout as sleep } from 'node:timers/promises'
import { GraphQLClient } from 'graphql-request'
import { unique } from './wait.js'

export const API = process.env.API_URL ?? 'http://localhost:5200/graphql'
export const FEED = process.env.FEED_URL ?? API
const TIMEOUT_MS = Number(process.env.API_TIMEOUT_MS ?? 4000)
const PASSWORD = 'Analytical-1843'

/** What restarts is asked again, twice; all else is as `fetch` has it. */
export async function patientFetch (url, options) {
  for (let attempt = 0; ; attempt += 1) {
    const response = await fetch(url, { ...options, signal: AbortSignal.timeout(TIMEOUT_MS) })
    if (response.status !== 503 || attempt === 2) return response
    await response.arrayBuffer()
    await sleep(150 * (attempt + 1))
  }
}

/** A client, with the token of somebody or without. */
export const client = (token, url = API) => new GraphQLClient(url, { fetch: patientFetch, headers: token ? { authorization: `Bearer ${token}` } : {} })

/** The errors that a call which is to be refused is told of. */
export async function refused (call) {
  const answer = await call.then(() => undefined, error => error)
  if (answer === undefined) throw new Error('it was not refused')
  if (!answer.response?.errors) throw answer
  return answer.response.errors.map(({ message, errcode, extensions }) => ({ message, code: errcode ?? extensions?.exception?.errcode }))
}

/** What a plain POST is answered. */
export async function post (body, { token, url = API } = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS)
  })
  return { status: response.status, body: await response.json() }
}

const LOG_IN = 'mutation LogIn($email: String!, $password: String!) { authenticate(input: {email: $email, password: $password}) { jwt } }'

/** A token, or nothing when the password is wrong. */
export async function logIn (email, password) {
  return (await client().request(LOG_IN, { email, password })).authenticate.jwt
}

export const asChair = async () => client(await logIn('chair@conf.test', process.env.CHAIR_PASSWORD ?? 'frequency-hopping'))

/** Somebody new, with a client of their own. */
export async function newPerson (name = 'Ada') {
  const email = `${unique(name.toLowerCase())}@conf.test`
  const { register } = await client().request(`mutation Register($email: String!, $name: String!, $password: String!) {
    register(input: {email: $email, name: $name, password: $password}) { person { id email name } }
  }`, { email, name, password: PASSWORD })
  const token = await logIn(email, PASSWORD)
  return { ...register.person, password: PASSWORD, token, as: client(token) }
}

/** A room of its own. */
export async function newRoom (chair, seats = 20) {
  const { createRoom } = await chair.request('mutation Room($name: String!, $seats: Int!) { createRoom(input: {room: {name: $name, seats: $seats}}) { room { id name seats } } }', { name: unique('Hall'), seats })
  return createRoom.room
}

/** A talk that somebody has handed in. */
export async function handIn (speaker, fields = {}) {
  const talk = { title: unique('On engines'), abstract: 'What they can do.', speakerId: speaker.id, ...fields }
  const { createTalk } = await speaker.as.request('mutation HandIn($talk: TalkInput!) { createTalk(input: {talk: $talk}) { talk { id title status minutes level } } }', { talk })
  return createTalk.talk
}

const ACCEPT = `mutation Accept($talk: Int!, $room: Int!, $at: Datetime!) {
  acceptTalk(input: {talkId: $talk, roomId: $room, startsAt: $at}) { talk { id title status startsAt } }
}`

/** Has a talk accepted, for an hour of the first day. */
export async function accept (as, talk, room, hour = 10) {
  const { acceptTalk } = await as.request(ACCEPT, { talk: talk.id, room: room.id, at: `2026-12-01T${hour}:00:00+00:00` })
  return acceptTalk.talk
}

/** A talk in the programme. */
export async function inProgramme (chair, speaker, room, hour, fields) {
  const talk = await handIn(speaker, fields)
  await accept(chair, talk, room, hour)
  return talk
}
