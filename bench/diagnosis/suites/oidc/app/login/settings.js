// The clients of the library's log-in, and how long what they get is good.
import { findAccount, extraTokenClaims } from './accounts.js'

export const ISSUER = process.env.ISSUER ?? 'http://login.lib.test:5300'
const API = 'https://loans.lib.test'
const OFFICE = 'https://office.lib.test'
const CALLBACK = 'https://www.lib.test/callback'
const SCOPES = { [API]: 'books:read books:write loans', [OFFICE]: 'mail:send tariffs:read' }

/** Seconds that an access token is good, by client. */
const LIFETIMES = { kiosk: 600, pages: 2, terminal: 3 }
const lifetime = client => LIFETIMES[client?.clientId] ?? 600

const clients = [
  { client_id: 'reading-room', token_endpoint_auth_method: 'none', redirect_uris: [CALLBACK], post_logout_redirect_uris: ['https://www.lib.test/'], grant_types: ['authorization_code', 'refresh_token'], scope: 'openid profile email offline_access books:read books:write loans' },
  { client_id: 'terminal', token_endpoint_auth_method: 'none', redirect_uris: [CALLBACK], grant_types: ['authorization_code'], scope: 'openid books:read loans' },
  { client_id: 'pages', client_secret: 'pages-Regal5', redirect_uris: [CALLBACK], grant_types: ['authorization_code', 'refresh_token'], scope: 'openid profile offline_access books:read loans' },
  { client_id: 'kiosk', token_endpoint_auth_method: 'none', application_type: 'native', redirect_uris: [], response_types: [], grant_types: ['urn:ietf:params:oauth:grant-type:device_code'], scope: 'openid profile' },
  { client_id: 'loans', client_secret: 'loans-Regal6', redirect_uris: [], response_types: [], grant_types: ['client_credentials'], scope: 'mail:send tariffs:read' },
  { client_id: 'importer', client_secret: 'importer-Regal7', redirect_uris: [], response_types: [], grant_types: ['client_credentials'], scope: 'books:read books:write mail:send' }
]

export function configuration (keys) {
  return {
    clients,
    jwks: { keys },
    findAccount,
    extraTokenClaims,
    cookies: { keys: ['library-cookie-key-1'], long: { signed: true }, short: { signed: true } },
    scopes: ['openid', 'offline_access', 'profile', 'email', 'books:read', 'books:write', 'loans', 'mail:send', 'tariffs:read'],
    claims: { openid: ['sub'], profile: ['name', 'role', 'branch'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    ttl: {
      AccessToken: (_ctx, _token, client) => lifetime(client),
      ClientCredentials: () => Number(process.env.CLIENT_TOKEN_SECONDS ?? 600),
      AuthorizationCode: 60,
      DeviceCode: 120,
      IdToken: 600,
      Interaction: 600,
      Grant: 3600,
      RefreshToken: 3600,
      Session: 3600
    },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    features: {
      devInteractions: { enabled: false },
      deviceFlow: { enabled: true },
      introspection: { enabled: true },
      revocation: { enabled: true },
      clientCredentials: { enabled: true },
      userinfo: { enabled: true },
      registration: { enabled: true, initialAccessToken: 'initial-Fernleihe8' },
      registrationManagement: { enabled: true, rotateRegistrationAccessToken: false },
      rpInitiatedLogout: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => undefined,
        useGrantedResource: () => false,
        getResourceServerInfo: (_ctx, resource, client) => ({
          scope: SCOPES[resource] ?? '',
          audience: resource,
          accessTokenTTL: client.grantTypeAllowed('client_credentials') ? undefined : lifetime(client),
          accessTokenFormat: 'jwt'
        })
      }
    }
  }
}
