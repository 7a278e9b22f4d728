// Makes the page of a trial answer as the player's does. It keeps nothing, here or elsewhere.

import "./player/choosing.js";
import "./player/numbers.js";
