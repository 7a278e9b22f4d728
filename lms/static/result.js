// The result page: waits for the grade, clears this device, unfolds items. Without it a link refreshes the page.

import "./result/clearing.js";
import "./result/waiting.js";
import "./result/folds.js";
import "./result/printing.js";
