// Keeps a draft as it is written, renews what is said beside it, and moves rows by keys. Without it the page is a form.

import "./editor/keys.js";
import "./editor/lengths.js";
import "./editor/pasting.js";
import "./editor/preview.js";
import "./editor/rows.js";
import "./editor/tools.js";
import { begin } from "./editor/autosave.js";

begin();
