// AWS Lambda. On a bad day it throttles, the way its API does: status 400, and an error type in a header.
export function lambda(bad) {
  return () => {
    if (bad) {
      return {
        status: 400,
        headers: { "x-amzn-errortype": "TooManyRequestsException", "x-amzn-requestid": "7d3c9a54-0b1f-4c8e-9f6e-2d1c5b7a9e01" },
        json: { Type: "User", message: "Rate Exceeded." },
      };
    }
    return { json: { pages: 1 } };
  };
}
