// Who customers and staff are.
Parse.Cloud.beforeSave(Parse.User, request => {
  const user = request.object
  const name = user.get('displayName')
  if (name !== undefined) user.set('displayName', name.trim())
  if (user.isNew() && !request.master) user.set('points', 0)
  if (!user.isNew() && user.dirty('points') && !request.master) {
    throw new Parse.Error(Parse.Error.OPERATION_FORBIDDEN, 'points are given by the shop')
  }
})

Parse.Cloud.define('hire', async request => {
  const user = await new Parse.Query(Parse.User).equalTo('username', request.params.username).first({ useMasterKey: true })
  if (!user) throw new Parse.Error(Parse.Error.OBJECT_NOT_FOUND, `nobody is called ${request.params.username}`)
  let role = await new Parse.Query(Parse.Role).equalTo('name', 'staff').first({ useMasterKey: true })
  if (!role) {
    const acl = new Parse.ACL()
    acl.setRoleReadAccess('staff', true)
    role = new Parse.Role('staff', acl)
  }
  role.getUsers().add(user)
  await role.save(null, { useMasterKey: true })
  return { username: user.get('username'), role: 'staff' }
}, { requireMaster: true })

Parse.Cloud.define('givePoints', async request => {
  const user = await new Parse.Query(Parse.User).get(request.params.user, { useMasterKey: true })
  user.increment('points', request.params.points)
  await user.save(null, { useMasterKey: true })
  return user.get('points')
}, { requireAllUserRoles: ['staff'] })
