// Saves answers as they are given, keeps what the server has not acknowledged on this device,
// and shows the time left. Without it the pages work as plain forms.

import "./player/moving.js";
import "./player/numbers.js";
import "./player/rule-out.js";
import "./player/tabs.js";
import { record, write } from "./player/items.js";
import { answerKey } from "./common/device.js";
import { recall, unsynced } from "./common/queue.js";
import { pump } from "./common/saving.js";
import { attempt } from "./player/page.js";

// What an earlier page could not send goes first
recall((position) => answerKey(attempt.attempt, position));
for (const [position, { controls }] of unsynced) if (record(position)) write(position, controls);
if (unsynced.size) pump();
