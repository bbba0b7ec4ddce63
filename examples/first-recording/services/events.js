// The event bus. On a bad day it resets the connection.
export function events(bad) {
  let offset = 0;
  return ({ socket }) => {
    if (bad) {
      socket.resetAndDestroy();
      return undefined;
    }
    offset += 1;
    return { status: 201, json: { offset } };
  };
}
