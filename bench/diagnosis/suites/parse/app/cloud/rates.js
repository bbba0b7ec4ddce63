// The service that knows taxes and shipping rates.
const URL = process.env.RATES_URL
const KEY = process.env.RATES_KEY
const TIMEOUT_MS = Number(process.env.RATES_TIMEOUT_MS ?? 3000)

async function ask (path) {
  let response
  try {
    response = await fetch(URL + path, { headers: { 'x-api-key': KEY }, signal: AbortSignal.timeout(TIMEOUT_MS) })
  } catch (error) {
    const reason = error.cause?.code ?? error.name
    throw new Parse.Error(Parse.Error.SCRIPT_FAILED, `rates service: ${reason}`)
  }
  const body = await response.json()
  if (!response.ok) throw new Parse.Error(Parse.Error.SCRIPT_FAILED, `rates service: ${response.status} ${body.error}`)
  return body
}

exports.tax = async country => (await ask(`/v1/tax/${country}`)).percent

exports.shipping = (country, grams) => ask(`/v1/shipping/${country}?grams=${grams}`)
