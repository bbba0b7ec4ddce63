// What the office's administrators do by hand, past everybody else: `node base.mjs METHOD PATH [JSON]`, in the name of the
// superuser; `{office@huts.test}` in a path stands for the identifier of that account.
const BASE = process.env.OPS_URL ?? 'http://127.0.0.1:8091'
const [method, path, text] = process.argv.slice(2)

async function ask (method, path, body, token) {
  const response = await fetch(BASE + path, {
    method,
    headers: { 'content-type': 'application/json', ...(token && { authorization: token }) },
    body
  })
  const answer = await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${answer}`)
  return answer ? JSON.parse(answer) : undefined
}

const login = { identity: 'root@huts.test', password: 'glacier-1865' }
const { token } = await ask('POST', '/api/collections/_superusers/auth-with-password', JSON.stringify(login))
let place = path
const [, named, email] = /collections\/(\w+)\/records\/\{([^}]+)\}/.exec(path) ?? []
if (email) {
  const { items: [found] } = await ask('GET', `/api/collections/${named}/records?filter=${encodeURIComponent(`email="${email}"`)}`, undefined, token)
  place = path.replace(`{${email}}`, found.id)
}
await ask(method, place, text, token)
