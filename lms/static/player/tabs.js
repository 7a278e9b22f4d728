// A second tab of the attempt is told, and tells the first; one that says that the clock stands has the case covered.

import { answerKey } from "../common/device.js";
import { secondsLeft } from "./clock.js";
import { make, say } from "../common/page.js";
import { answers, attempt } from "./page.js";

const WARNING = "This quiz is open in another tab too. The last change to an item counts.";

if (answers && "BroadcastChannel" in window) {
  const note = make("p", { className: "notice warn", textContent: WARNING });
  const channel = new BroadcastChannel(answerKey(attempt.attempt));
  channel.addEventListener("message", ({ data }) => {
    secondsLeft();
    say(WARNING);
    note.dataset.second = "";
    answers.prepend(note);
    if (data === "hello") channel.postMessage("here");
  });
  channel.postMessage("hello");
}
