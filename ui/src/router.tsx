// The routes. Everything that a page shows is in its address.
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { NotFound } from "./components/NotFound";
import { Shell } from "./components/Shell";
import { parseSearch, recordingSearch, runSearch, stringifySearch } from "./search";

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
  component: lazyRouteComponent(() => import("./pages/run/RunPage"), "RunPage"),
});

export const recordingRoute = createRoute({
  getParentRoute: () => root,
  path: "/a/$attempt",
  validateSearch: recordingSearch,
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
