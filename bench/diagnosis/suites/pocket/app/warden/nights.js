// The end of the day: who did not come has missed the bed, and the valley gets a report.
import { collection, filter } from './base.js'
import { refusal } from './errors.js'
import { hutOf } from './bookings.js'

const LATEST = Number(process.env.WARDEN_LATEST_DAYS ?? 1)
const runs = new Map()

async function close (run, hut, night) {
  const bookings = await collection('bookings').getFullList({
    filter: filter("hut = {:hut} && night = {:night} && status != 'cancelled'", { hut: hut.id, night }),
    sort: 'created'
  })
  for (const { id, status, beds } of bookings) {
    if (status === 'arrived') {
      run.slept += beds
      continue
    }
    await collection('bookings').update(id, { status: 'missed' })
    run.missed += 1
  }
  const level = run.slept > hut.beds * 0.8 ? 'yellow' : 'green'
  const report = await collection('reports').create({ hut: hut.id, level, km: run.slept, text: `${night}: ${run.slept} slept here, ${run.missed} did not come` })
  run.report = report.id
}

/** Closes a night in the background. */
export async function start (slug, night) {
  const day = new Date(`${night}T18:00:00Z`)
  if (day - Date.now() > LATEST * 86_400_000) throw refusal(409, `${night} is not over`)
  const hut = await hutOf(slug)
  const run = { state: 'running', slept: 0, missed: 0 }
  runs.set(`${slug} ${night}`, run)
  close(run, hut, night).then(() => { run.state = 'done' }, error => {
    console.error(`the night ${night} is not closed: ${error.message}`)
    run.state = 'failed'
  })
  return { state: run.state }
}

export function state (slug, night) {
  const run = runs.get(`${slug} ${night}`)
  if (!run) throw refusal(404, 'nobody has closed this night')
  return run
}
