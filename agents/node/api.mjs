// The optional API of `@flakescope/node` for ECMAScript modules; see api.cjs.
import api from './api.cjs';

export const { test, step, tag } = api;
export default api;
