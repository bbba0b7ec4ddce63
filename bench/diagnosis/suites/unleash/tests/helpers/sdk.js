import { Unleash, InMemStorageProvider } from 'unleash-client'
import { EDGE } from './edge.js'

const started = []

/** The SDK, once it has read the flags. */
export async function startSdk (token, options = {}) {
  const sdk = new Unleash({
    appName: 'shop',
    url: `${EDGE}/api`,
    refreshInterval: 500,
    disableMetrics: true,
    storageProvider: new InMemStorageProvider(),
    customHeaders: { Authorization: token },
    ...options
  })
  started.push(sdk)
  await new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error('the SDK is not synchronized after 6 s')), 6000)
    sdk.once('synchronized', () => { clearTimeout(limit); resolve() })
    sdk.on('error', error => { clearTimeout(limit); reject(error) })
    sdk.on('warn', () => {})
  })
  return sdk
}

export function stopSdks () {
  for (const sdk of started.splice(0)) sdk.destroy()
}
