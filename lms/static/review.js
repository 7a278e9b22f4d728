// The page of a review: what is selected in the case is what the next comment quotes.

import "./review/quoting.js";
