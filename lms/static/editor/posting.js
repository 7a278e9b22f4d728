// Sends a draft, or something for it, as its form would, and says what an answer other than yes or no means.

import { ask } from "../common/server.js";
import { form } from "./form.js";

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
