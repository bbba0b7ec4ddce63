/// What the server does beyond its collections. Handlers run on their own: what they share is in `beds.js`.

// Nobody gets a bed that is not there.
onRecordCreateRequest(e => {
  const { taken } = require(`${__hooks}/beds.js`)
  const hut = $app.findRecordById('huts', e.record.getString('hut'))
  if (!hut.getBool('open')) throw new BadRequestError('This hut is closed.', { hut: new ValidationError('hut_closed', 'It is closed.') })
  const free = hut.getInt('beds') - taken(hut.id, e.record.getString('night'))
  if (e.record.getInt('beds') > free) {
    throw new BadRequestError('Not enough beds.', { beds: new ValidationError('beds_taken', `There are ${free} left.`) })
  }
  if (!e.record.getString('status')) e.record.set('status', 'asked')
  e.next()
}, 'bookings')

routerAdd('GET', '/api/huts/{slug}/free', e => {
  const { taken, bySlug } = require(`${__hooks}/beds.js`)
  const hut = bySlug(e.request.pathValue('slug'))
  const night = e.request.url.query().get('night')
  if (!night) throw new BadRequestError('Which night?')
  const used = taken(hut.id, night)
  return e.json(200, { hut: hut.id, night, beds: hut.getInt('beds'), taken: used, free: hut.getInt('beds') - used })
}, $apis.requireAuth())

routerAdd('POST', '/api/huts/{slug}/close', e => {
  const { bySlug } = require(`${__hooks}/beds.js`)
  const hut = bySlug(e.request.pathValue('slug'))
  hut.set('open', false)
  $app.save(hut)
  const asked = $app.findRecordsByFilter('bookings', "hut = {:hut} && status = 'asked'", 'created', 0, 0, { hut: hut.id })
  asked.forEach(booking => {
    booking.set('status', 'cancelled')
    $app.save(booking)
  })
  return e.json(200, { slug: hut.getString('slug'), open: false, cancelled: asked.length })
}, $apis.requireAuth('staff'))

// What a night costs. Whoever has it already is told that it is as it was.
routerAdd('GET', '/api/tariffs', e => {
  const cents = {}
  $app.findRecordsByFilter('tariffs', 'cents >= 0', 'grade', 0, 0).forEach(tariff => { cents[tariff.getString('grade')] = tariff.getInt('cents') })
  const tag = `"${$security.md5(JSON.stringify(cents)).slice(0, 12)}"`
  e.response.header().set('ETag', tag)
  e.response.header().set('Cache-Control', 'no-cache')
  if (e.request.header.get('If-None-Match') === tag) return e.noContent(304)
  return e.json(200, { currency: 'EUR', cents })
})
