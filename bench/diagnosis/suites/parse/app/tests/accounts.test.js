const { Parse, PASSWORD, master, newCustomer, newStaff, rest, restOk, unique } = require('./helpers/shop.js')

describe('Accounts', () => {
  it('sign up and log in', async () => {
    const username = unique('ada')
    const signedUp = await new Parse.User().signUp({ username, password: PASSWORD, displayName: '  Ada  ' })
    const user = await Parse.User.logIn(username.toUpperCase().toLowerCase(), PASSWORD)
    expect(user.id).toBe(signedUp.id)
    expect(user.get('displayName')).toBe('Ada')
    expect(user.get('points')).toBe(0)
    const me = await restOk('GET', '/users/me', { session: user.getSessionToken() })
    expect(me).toMatchObject({ objectId: user.id, username })
  })

  it('lose their sessions when the password changes', async () => {
    const { user, as } = await newCustomer()
    const username = user.getUsername()
    const phone = await restOk('POST', '/login', { body: { username, password: PASSWORD } })
    await user.save({ password: 'Spade&Fork8!' }, as)
    const old = await rest('GET', '/users/me', { session: phone.sessionToken })
    expect(old).toMatchObject({ status: 400, body: { code: 209 } })
    const again = await Parse.User.logIn(username, 'Spade&Fork8!')
    expect(again.id).toBe(user.id)
  })

  it('log out of one device only', async () => {
    const { user } = await newCustomer()
    const credentials = { username: user.getUsername(), password: PASSWORD }
    const phone = await restOk('POST', '/login', { body: credentials })
    const tablet = await restOk('POST', '/login', { body: credentials })
    await restOk('POST', '/logout', { session: phone.sessionToken, body: {} })
    const { results } = await restOk('GET', '/sessions', { session: tablet.sessionToken })
    expect(results.map(session => session.createdWith.action)).toEqual(['signup', 'login'])
    expect((await rest('GET', '/users/me', { session: phone.sessionToken })).body.error).toBe('Invalid session token')
    const me = await restOk('GET', '/users/me', { session: tablet.sessionToken })
    expect(me.objectId).toBe(user.id)
  })

  it('change how they are called', async () => {
    const { user, as } = await newCustomer({ displayName: 'Grace' })
    const path = `/users/${user.id}`
    expect((await restOk('GET', path, { session: as.sessionToken })).displayName).toBe('Grace')
    await restOk('PUT', path, { session: as.sessionToken, body: { displayName: 'Grace H. ' } })
    const known = await restOk('GET', path, { session: as.sessionToken })
    expect(known).toMatchObject({ displayName: 'Grace H.', username: user.getUsername(), points: 0 })
  })

  it('have a name of their own', async () => {
    const { user } = await newCustomer()
    const taken = await rest('POST', '/users', { body: { username: user.getUsername(), password: PASSWORD } })
    expect(taken).toMatchObject({ status: 400, body: { code: 202, error: 'Account already exists for this username.' } })
    const other = await restOk('POST', '/users', { body: { username: unique('other'), password: PASSWORD } })
    expect(other.sessionToken).toMatch(/^r:/)
  })

  it('get points from the staff only', async () => {
    const customer = await newCustomer()
    const staff = await newStaff()
    const points = { user: customer.user.id, points: 30 }
    await expect(Parse.Cloud.run('givePoints', points, customer.as)).rejects.toThrow('Validation failed. User does not match all the required roles.')
    await expect(customer.user.save({ points: 9000 }, customer.as)).rejects.toThrow('points are given by the shop')
    expect(await Parse.Cloud.run('givePoints', points, staff.as)).toBe(30)
    expect(await Parse.Cloud.run('givePoints', points, staff.as)).toBe(60)
    const known = await new Parse.Query(Parse.User).get(customer.user.id, master)
    expect(known.get('points')).toBe(60)
  })
})
