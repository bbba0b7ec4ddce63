// The rates service, whose test account the tests may change.
const URL = process.env.RATES_URL ?? 'http://localhost:1339'

async function rates (method, path, body) {
  const response = await fetch(URL + path, {
    method,
    headers: { 'x-api-key': process.env.RATES_TEST_KEY ?? 'rk_tests_8vTz1p', ...(body && { 'content-type': 'application/json' }) },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(3000)
  })
  const answer = await response.json()
  if (!response.ok) throw new Error(`rates ${method} ${path}: ${response.status} ${answer.error}`)
  return answer
}

module.exports = { rates }
