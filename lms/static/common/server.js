// What pages ask of the server: to keep what was written, and where something is.
// No wait is without an end. What fails is thrown.

const JSON_TYPE = "application/json";

export function ask(url, headers, options) {
  return fetch(url, {
    headers: { Accept: JSON_TYPE, ...headers },
    redirect: "manual",
    signal: AbortSignal.timeout?.(10000),
    ...options,
  });
}

export async function send(url, packet, token, options) {
  const body = JSON.stringify({ ...packet, age: Math.max(0, Date.now() - packet.at) || 0 });
  const headers = { "Content-Type": JSON_TYPE, "X-CSRFToken": token };
  const page = await ask(url, headers, { method: "POST", body, ...options });
  const told = (page.headers.get("Content-Type") || "").startsWith(JSON_TYPE);
  return { status: page.status, reply: told ? await page.json() : null };
}

export async function statusAt(url) {
  const page = await ask(url);
  return page.json();
}
