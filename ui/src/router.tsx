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
import { headQuery, newQueryClient, runQuery, spanQuery, timelineQuery } from "./api/queries";
import { NotFound } from "./components/NotFound";
import { Shell } from "./components/Shell";
import { parseSearch, recordingSearch, runSearch, stringifySearch } from "./search";

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

export const router = createRouter({
  routeTree: root.addChildren([home, runs, runRoute, recordingRoute]),
  parseSearch,
  stringifySearch,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
