// The API: what users and their functions talk to.
//
//   node --import ./product/tracing.js product/api.js
import { serve } from "./service.js";
import * as accounts from "./api/accounts.js";
import * as crashes from "./api/crashes.js";
import * as functions from "./api/functions.js";
import * as insights from "./api/insights.js";
import * as projects from "./api/projects.js";
import * as slack from "./api/slack.js";

await serve({
  host: "127.0.0.14",
  routes: {
    "POST /signup": accounts.signUp,
    "GET /projects/:project": projects.show,
    "PATCH /projects/:project": projects.rename,
    "PUT /projects/:project/aws": functions.useAccount,
    "GET /projects/:project/functions": functions.suggest,
    "POST /projects/:project/functions": functions.connect,
    "PUT /projects/:project/slack": slack.connect,
    "POST /projects/:project/slack/hello": slack.sayHello,
    "POST /projects/:project/crashes": crashes.accept,
    "GET /projects/:project/insights": insights.list,
    "GET /projects/:project/summary": insights.summary,
    "GET /projects/:project/timeline": insights.timeline,
  },
});
