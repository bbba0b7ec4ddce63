// Loader hooks of the project: a module that is nowhere.
export const resolve = (specifier, context, next) =>
  specifier === "virtual:answer" ? { url: specifier, shortCircuit: true } : next(specifier, context);

export const load = (url, context, next) =>
  url === "virtual:answer" ? { format: "module", source: "export const answer = 42;", shortCircuit: true } : next(url, context);
