// Sends a draft, or something for it, as its form would, and says what an answer means.

import { show } from "../common/page.js";
import { ask } from "../common/server.js";
import { form, place } from "./form.js";

export async function post(body, address = form.action, options = {}) {
  const headers = { "X-CSRFToken": form.elements.csrf_token.value };
  const page = await ask(address, headers, { method: "POST", body, ...options });
  const told = page.headers.get("Content-Type")?.startsWith("application/json");
  return { status: page.status, reply: told ? await page.json() : null };
}

// Why it has to be sent again, with a way out if there is one.
export function troubleOf(status) {
  if (status === 403) return { reason: "this page is too old", link: ["Reload", location.pathname] };
  if (status >= 429) return { reason: "the server does not answer" };
  return { reason: "you are signed out", link: ["Sign in", form.dataset.signIn] };
}

// As this page sends it: the token of an earlier page may be none any more, and ours goes along in a header.
export function asOurs(controls) {
  const body = new URLSearchParams(controls);
  body.delete("csrf_token");
  body.set("at", place());
  return body;
}

// A save that was taken is said aloud once a minute; at once, if two texts do not go together.
let spoken = Date.now();

export function atOdds() {
  const link = ["See both texts", form.dataset.conflict];
  show("failed", "Somebody else changed the same words. Both texts are kept.", { link, aloud: true });
}

export function tell(time) {
  const aloud = Date.now() - spoken > 60000;
  if (aloud) spoken = Date.now();
  show("saved", "Draft saved", { time, aloud });
}
