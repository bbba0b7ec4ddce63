// The routes. Everything that a page shows is in its address. A loader asks while the page's own code is still on its way;
// what comes of it, the page finds in the cache.
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import {
  dependenciesQuery,
  headQuery,
  incidentsQuery,
  newQueryClient,
  runQuery,
  spanQuery,
  testQuery,
  testsQuery,
  timelineQuery,
} from "./api/queries";
import { NotFound } from "./components/NotFound";
import { Shell } from "./components/Shell";
import { filterSearch, parseSearch, recordingSearch, runSearch, stringifySearch, testsSearch } from "./search";

export const queryClient = newQueryClient();

const root = createRootRoute({
  component: () => (
    <Shell>
      <Outlet />
    </Shell>
  ),
  notFoundComponent: NotFound,
});

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/runs", replace: true });
  },
});

const runs = createRoute({
  getParentRoute: () => root,
  path: "/runs",
  component: lazyRouteComponent(() => import("./pages/runs/RunsPage"), "RunsPage"),
});

export const runRoute = createRoute({
  getParentRoute: () => root,
  path: "/runs/$run",
  validateSearch: runSearch,
  loader: ({ params }) => {
    queryClient.prefetchQuery(runQuery(params.run));
  },
  component: lazyRouteComponent(() => import("./pages/run/RunPage"), "RunPage"),
});

export const recordingRoute = createRoute({
  getParentRoute: () => root,
  path: "/a/$attempt",
  validateSearch: recordingSearch,
  loaderDeps: ({ search }) => ({ span: search.span }),
  loader: ({ params, deps }) => {
    queryClient.prefetchQuery(headQuery(params.attempt));
    queryClient.prefetchQuery(timelineQuery(params.attempt));
    if (deps.span !== undefined) queryClient.prefetchQuery(spanQuery(params.attempt, deps.span));
  },
  component: lazyRouteComponent(() => import("./pages/recording/RecordingPage"), "RecordingPage"),
});

const tests = createRoute({
  getParentRoute: () => root,
  path: "/tests",
  validateSearch: testsSearch,
  loaderDeps: ({ search }) => ({ flaky: search.flaky === "true" }),
  loader: ({ deps }) => {
    queryClient.prefetchQuery(testsQuery(deps.flaky));
  },
  component: lazyRouteComponent(() => import("./pages/tests/TestsPage"), "TestsPage"),
});

const test = createRoute({
  getParentRoute: () => root,
  path: "/tests/$test",
  loader: ({ params }) => {
    queryClient.prefetchQuery(testQuery(params.test));
  },
  component: lazyRouteComponent(() => import("./pages/test/TestPage"), "TestPage"),
});

const dependencies = createRoute({
  getParentRoute: () => root,
  path: "/dependencies",
  validateSearch: filterSearch,
  loader: () => {
    queryClient.prefetchQuery(dependenciesQuery);
  },
  component: lazyRouteComponent(() => import("./pages/dependencies/DependenciesPage"), "DependenciesPage"),
});

const incidents = createRoute({
  getParentRoute: () => root,
  path: "/incidents",
  validateSearch: filterSearch,
  loader: () => {
    queryClient.prefetchQuery(incidentsQuery);
  },
  component: lazyRouteComponent(() => import("./pages/incidents/IncidentsPage"), "IncidentsPage"),
});

export const router = createRouter({
  routeTree: root.addChildren([home, runs, runRoute, recordingRoute, tests, test, dependencies, incidents]),
  parseSearch,
  stringifySearch,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
