// The identity service. On a bad day the tokens that it gave are revoked.
const encode = (part) => Buffer.from(JSON.stringify(part)).toString("base64url");

function token() {
  const now = Math.floor(Date.now() / 1000);
  const claims = { sub: "customer-7", iat: now, exp: now + 3600 };
  return `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}.${Buffer.from("signature").toString("base64url")}`;
}

export function identity(bad) {
  return ({ path }) => {
    if (path === "/token") return { json: { access_token: token(), token_type: "Bearer" } };
    if (bad) {
      return {
        status: 401,
        headers: { "www-authenticate": 'Bearer error="invalid_token", error_description="The token was revoked"' },
        json: { error: "invalid_token", error_description: "The token was revoked" },
      };
    }
    return { json: { sub: "customer-7", name: "Ada" } };
  };
}
