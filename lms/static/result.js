// The result page: waits for the grade, clears this device, unfolds cases. Without it a link refreshes the page.

import "./result/clearing.js";
import "./result/waiting.js";
import "./result/folds.js";
