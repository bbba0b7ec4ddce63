// What the desk says when something goes wrong.

/** A refusal of the desk itself. */
export const refusal = (status, message) => Object.assign(new Error(message), { refusal: status })

/** Status and body for an error. */
export function explained (error) {
  if (error.refusal) return [error.refusal, { error: error.message }]
  const cause = error.originalError ?? error
  if (cause.name === 'TimeoutError') return [504, { error: 'base: no answer in time' }]
  if (error.status === 404) return [404, { error: 'no such thing' }]
  if (error.status === 400 && error.response?.data?.beds) return [409, { error: error.response.data.beds.message }]
  if (error.status) return [502, { error: `base: ${error.status} ${error.message}` }]
  if (cause.cause?.code) return [502, { error: `base: ${cause.cause.code}` }]
  return [500, { error: error.message }]
}
