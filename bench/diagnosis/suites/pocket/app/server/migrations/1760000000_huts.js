// The collections of the huts, and the accounts without which nobody could begin.
migrate(app => {
  const settings = app.settings()
  settings.meta.appName = 'Huts'
  settings.batch.enabled = true
  settings.batch.maxRequests = 20
  settings.batch.timeout = 5
  settings.logs.maxDays = 0
  app.save(settings)

  const office = "@request.auth.collectionName = 'staff' && @request.auth.role = 'office'"
  const staff = "@request.auth.collectionName = 'staff'"
  const times = [
    { type: 'autodate', name: 'created', onCreate: true },
    { type: 'autodate', name: 'updated', onCreate: true, onUpdate: true }
  ]
  const make = definition => {
    const collection = new Collection({ ...definition, fields: [...definition.fields, ...times] })
    app.save(collection)
    return collection
  }

  const people = make({
    type: 'auth',
    name: 'staff',
    listRule: staff,
    viewRule: staff,
    createRule: office,
    updateRule: office,
    deleteRule: office,
    authToken: { duration: 7200 },
    fields: [{ type: 'select', name: 'role', values: ['office', 'warden', 'kitchen'], maxSelect: 1, required: true }]
  })
  const guests = make({
    type: 'auth',
    name: 'guests',
    listRule: "@request.auth.id != ''",
    viewRule: "@request.auth.id != ''",
    createRule: '',
    updateRule: "id = @request.auth.id && @request.body.grade:isset = false",
    deleteRule: 'id = @request.auth.id',
    authToken: { duration: 7200 },
    fields: [
      { type: 'text', name: 'name', required: true },
      { type: 'select', name: 'grade', values: ['guest', 'member'], maxSelect: 1 }
    ]
  })
  const huts = make({
    type: 'base',
    name: 'huts',
    listRule: '',
    viewRule: '',
    createRule: office,
    updateRule: staff,
    deleteRule: office,
    fields: [
      { type: 'text', name: 'name', required: true },
      { type: 'text', name: 'slug', required: true },
      { type: 'text', name: 'region' },
      { type: 'number', name: 'beds', onlyInt: true, min: 0 },
      { type: 'number', name: 'altitude' },
      { type: 'bool', name: 'open' },
      { type: 'select', name: 'facilities', values: ['stove', 'shower', 'boot room', 'kitchen', 'radio'], maxSelect: 5 },
      { type: 'json', name: 'contact' },
      { type: 'file', name: 'photos', maxSelect: 4, maxSize: 60000, mimeTypes: ['image/png', 'text/plain'] }
    ],
    indexes: ['CREATE UNIQUE INDEX idx_huts_slug ON huts (slug)']
  })
  const hut = { type: 'relation', name: 'hut', collectionId: huts.id, maxSelect: 1, required: true, cascadeDelete: true }
  make({
    type: 'base',
    name: 'bookings',
    listRule: `${staff} || guest = @request.auth.id`,
    viewRule: `${staff} || guest = @request.auth.id`,
    createRule: `${staff} || (@request.auth.id != '' && guest = @request.auth.id)`,
    updateRule: staff,
    deleteRule: office,
    fields: [
      hut,
      { type: 'relation', name: 'guest', collectionId: guests.id, maxSelect: 1, required: true, cascadeDelete: true },
      { type: 'text', name: 'night', required: true, pattern: '^\\d{4}-\\d{2}-\\d{2}$' },
      { type: 'number', name: 'beds', onlyInt: true, min: 1, max: 30, required: true },
      { type: 'number', name: 'cents', onlyInt: true },
      { type: 'select', name: 'status', values: ['asked', 'confirmed', 'arrived', 'cancelled', 'missed'], maxSelect: 1 },
      { type: 'text', name: 'note', max: 200 }
    ],
    indexes: ['CREATE INDEX idx_bookings_night ON bookings (hut, night)']
  })
  make({
    type: 'base',
    name: 'reports',
    listRule: '',
    viewRule: '',
    createRule: `${staff} || (@request.auth.id != '' && author = @request.auth.id)`,
    updateRule: 'author = @request.auth.id',
    deleteRule: `${office} || author = @request.auth.id`,
    fields: [
      hut,
      { type: 'relation', name: 'author', collectionId: guests.id, maxSelect: 1 },
      { type: 'text', name: 'text', required: true, max: 500 },
      { type: 'select', name: 'level', values: ['green', 'yellow', 'red'], maxSelect: 1, required: true },
      { type: 'number', name: 'km' }
    ]
  })
  make({
    type: 'base',
    name: 'stock',
    listRule: staff,
    viewRule: staff,
    createRule: staff,
    updateRule: staff,
    deleteRule: office,
    fields: [hut, { type: 'text', name: 'item', required: true }, { type: 'number', name: 'amount' }, { type: 'number', name: 'least' }],
    indexes: ['CREATE UNIQUE INDEX idx_stock_item ON stock (hut, item)']
  })
  make({
    type: 'base',
    name: 'papers',
    listRule: staff,
    viewRule: staff,
    createRule: office,
    deleteRule: office,
    fields: [hut, { type: 'file', name: 'scan', maxSelect: 1, maxSize: 60000, protected: true }]
  })
  make({
    type: 'base',
    name: 'tariffs',
    listRule: '',
    viewRule: '',
    updateRule: office,
    fields: [{ type: 'text', name: 'grade', required: true }, { type: 'number', name: 'cents', onlyInt: true }]
  })

  const add = (collection, values) => {
    const record = new Record(app.findCollectionByNameOrId(collection))
    for (const name in values) record.set(name, values[name])
    app.save(record)
  }
  add('_superusers', { email: 'root@huts.test', password: 'glacier-1865' })
  add('staff', { email: 'office@huts.test', password: 'edelweiss-1', role: 'office', verified: true })
  add('staff', { email: 'warden@huts.test', password: 'marmot-2-marmot', role: 'warden', verified: true })
  add('tariffs', { grade: 'member', cents: 1400 })
  add('tariffs', { grade: 'guest', cents: 2600 })
}, () => {})
