// The page of a job: shows how far it is, and then its report. Without it a link refreshes the page.

import { statusAt } from "./common/server.js";

const page = document.querySelector("[data-job]");

async function look(pause) {
  if (!document.hidden) {
    try {
      const { state, progress } = await statusAt(page.dataset.job);
      if (state === "done" || state === "failed") { location.reload(); return; }
      page.querySelector("progress").value = progress;
      page.querySelector("[data-percent]").textContent = Math.floor(progress * 100);
    } catch { /* no connection: look again later */ }
  }
  setTimeout(look, pause, Math.min(pause * 1.3, 10000));
}

if (page) setTimeout(look, 500, 1000);
