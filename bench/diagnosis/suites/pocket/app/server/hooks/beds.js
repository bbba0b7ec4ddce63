// Which beds are taken, for the hooks.
const bySlug = slug => {
  try {
    return $app.findFirstRecordByData('huts', 'slug', slug)
  } catch (_) {
    throw new NotFoundError('No such hut.')
  }
}

const taken = (hut, night) => {
  const filter = "hut = {:hut} && night = {:night} && status != 'cancelled' && status != 'missed'"
  const bookings = $app.findRecordsByFilter('bookings', filter, '', 0, 0, { hut, night })
  return bookings.reduce((sum, booking) => sum + booking.getInt('beds'), 0)
}

module.exports = { bySlug, taken }
