// The page of an attempt whose clock stands: others that show a case of it are told, and cover it.

import { answerKey } from "./common/device.js";

const { frozen } = document.querySelector("[data-frozen]").dataset;
if ("BroadcastChannel" in window) new BroadcastChannel(answerKey(frozen)).postMessage("frozen");
