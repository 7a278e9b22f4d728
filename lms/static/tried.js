// Makes the result of a trial unfold and print as a result does. There is nothing to wait for or to erase.

import "./result/folds.js";
import "./result/printing.js";
