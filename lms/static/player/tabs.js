// A second tab of the attempt is told, and tells the first.

import { answerKey } from "../common/device.js";
import { find, make, say } from "../common/page.js";
import { answers, attempt } from "./page.js";

const WARNING = "This quiz is open in another tab too. The last change to an item counts.";

if (answers && "BroadcastChannel" in window) {
  const channel = new BroadcastChannel(answerKey(attempt.attempt));
  channel.addEventListener("message", ({ data }) => {
    say(WARNING);
    if (!find("[data-second]")) {
      const note = make("p", { className: "notice warn", textContent: WARNING });
      note.dataset.second = "1";
      answers.prepend(note);
    }
    if (data === "hello") channel.postMessage("here");
  });
  channel.postMessage("hello");
}
