// What people are asked when they sign in: who they are, and whether a client may have what it wants.
import { ACCOUNTS } from './accounts.js'

export async function describeInteraction (provider, request, response) {
  const { uid, prompt, params } = await provider.interactionDetails(request, response)
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ uid, prompt: prompt.name, details: prompt.details, client_id: params.client_id, scope: params.scope }))
}

export async function answerInteraction (provider, request, response) {
  const details = await provider.interactionDetails(request, response)
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const form = new URLSearchParams(Buffer.concat(chunks).toString())
  if (details.prompt.name === 'login') return logIn(provider, request, response, form)
  return consent(provider, request, response, details, form)
}

async function logIn (provider, request, response, form) {
  const account = ACCOUNTS[form.get('login')]
  if (account?.password !== form.get('password')) {
    response.writeHead(422, { 'content-type': 'application/json' })
    return response.end(JSON.stringify({ error: 'wrong_password', login: form.get('login') }))
  }
  return provider.interactionFinished(request, response, { login: { accountId: form.get('login') } }, { mergeWithLastSubmission: false })
}

async function consent (provider, request, response, { session, params, grantId, prompt }, form) {
  if (form.get('consent') !== 'yes') {
    return provider.interactionFinished(request, response, { error: 'access_denied', error_description: 'the reader said no' }, { mergeWithLastSubmission: false })
  }
  const grant = grantId
    ? await provider.Grant.find(grantId)
    : new provider.Grant({ accountId: session.accountId, clientId: params.client_id })
  const { missingOIDCScope, missingOIDCClaims, missingResourceScopes } = prompt.details
  if (missingOIDCScope) grant.addOIDCScope(missingOIDCScope.join(' '))
  if (missingOIDCClaims) grant.addOIDCClaims(missingOIDCClaims)
  for (const [resource, scopes] of Object.entries(missingResourceScopes ?? {})) grant.addResourceScope(resource, scopes.join(' '))
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true })
}
