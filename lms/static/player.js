// Saves answers as they are given, keeps what the server has not acknowledged on this device,
// and shows the time left. Without it the pages work as plain forms.

import "./player/moving.js";
import "./player/numbers.js";
import "./player/rule-out.js";
import "./player/tabs.js";
import { record, write } from "./player/items.js";
import { recall, unsynced } from "./player/queue.js";
import { pump } from "./player/saving.js";

// What an earlier page could not send goes first
recall();
for (const [position, { controls }] of unsynced) if (record(position)) write(position, controls);
if (unsynced.size) pump();
