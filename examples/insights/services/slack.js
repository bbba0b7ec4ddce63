// Slack, as far as the product and its tests use it. It says no with status 200, as the real one does.
import { schedule } from "./schedule.js";
import { serve } from "./stand-in.js";

class Slack {
  #messages = [];
  #refusedOnce = new Set();

  answer({ path, headers, body }) {
    const [, company] = /^Bearer xoxb-(\w+)-/.exec(headers.authorization) ?? [];
    const call = Object.fromEntries(new URLSearchParams(body));
    switch (path) {
      case "/api/auth.test":
        return { json: { ok: true, team: company, user: "insights", team_id: "T024BE7LD", user_id: "U0G9QF9C6" } };
      case "/api/chat.postMessage":
        return this.#post(company, call);
      case "/api/conversations.history":
        return { json: { ok: true, messages: this.#in(company, call.channel), has_more: false } };
      default:
        return { json: { ok: false, error: "unknown_method" } };
    }
  }

  #post(company, { channel, text }) {
    if (company === schedule.revokedToken) return { json: { ok: false, error: "token_revoked" } };
    if (company === schedule.expiredToken) return { json: { ok: false, error: "token_expired" } };
    if (company === schedule.unavailableOnce && !this.#refusedOnce.has(company)) {
      this.#refusedOnce.add(company);
      return { status: 503, json: { ok: false, error: "service_unavailable" } };
    }
    const ts = `1795000000.${String(this.#messages.length + 1).padStart(6, "0")}`;
    const message = { type: "message", user: "U0G9QF9C6", text, ts };
    this.#messages.push({ company, channel, message });
    return { json: { ok: true, channel, ts, message } };
  }

  #in(company, channel) {
    const there = this.#messages.filter((sent) => sent.company === company && sent.channel === channel);
    return there.map(({ message }) => message).reverse();
  }
}

const slack = new Slack();
await serve("127.0.0.13", (request) => slack.answer(request));
