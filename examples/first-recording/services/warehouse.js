// The warehouse. On a bad day it is down for maintenance.
export function warehouse(bad) {
  return () => {
    if (bad) {
      return { status: 503, headers: { "retry-after": "120" }, json: { title: "Service Unavailable", detail: "down for maintenance" } };
    }
    return { status: 201, json: { reservation: "R-77" } };
  };
}
