// Who may sign in at the library.

export const ACCOUNTS = {
  ada: { password: 'Zettelkasten-1', name: 'Ada Krug', email: 'ada@readers.test', role: 'reader', branch: 'north' },
  ben: { password: 'Zettelkasten-2', name: 'Ben Roth', email: 'ben@readers.test', role: 'reader', branch: 'south' },
  ida: { password: 'Signatur-3', name: 'Ida Voss', email: 'ida@lib.test', role: 'librarian', branch: 'north' },
  kim: { password: 'Signatur-4', name: 'Kim Lang', email: 'kim@lib.test', role: 'librarian', branch: 'south' }
}

export function findAccount (_ctx, id) {
  const account = ACCOUNTS[id]
  if (!account) return undefined
  const { name, email, role, branch } = account
  return { accountId: id, claims: async () => ({ sub: id, name, email, email_verified: true, role, branch }) }
}

/** What stands in tokens of people beside what the standard wants. */
export function extraTokenClaims (_ctx, token) {
  const account = ACCOUNTS[token.accountId]
  return account && { role: account.role, branch: account.branch }
}
