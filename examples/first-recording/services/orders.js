// The shop's own order service. It has no bad days.
const ORDER = { number: "A-1001", lines: [{ sku: "TEA-1", count: 2, cents: 1995 }], shippingCents: 490 };

export function orders() {
  return ({ path }) => {
    if (path === "/orders?state=open") return { json: ["A-1001", "A-1002"] };
    if (path === `/orders/${ORDER.number}`) return { json: ORDER };
    return { status: 404, json: { title: "Not Found", detail: "there is no such order" } };
  };
}
