// The photo of the day, which hikers look at before they set off.
import { collection } from './base.js'
import { refusal } from './errors.js'
import { hutOf } from './bookings.js'

const MOST = 4

/** Keeps a photo; the oldest makes room for it. */
export async function keep (slug, name, bytes) {
  if (!bytes.length) throw refusal(422, 'a photo has something in it')
  const hut = await hutOf(slug)
  const form = new FormData()
  if (hut.photos.length >= MOST) form.append('photos-', hut.photos[0])
  form.append('photos+', new Blob([bytes], { type: 'text/plain' }), name)
  const { photos } = await collection('huts').update(hut.id, form)
  return { photo: photos.at(-1), kept: photos.length }
}

export async function latest (slug) {
  const hut = await hutOf(slug)
  if (!hut.photos.length) throw refusal(404, 'no photo yet')
  return { hut: hut.id, photo: hut.photos.at(-1) }
}
