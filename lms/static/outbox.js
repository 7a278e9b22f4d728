// What the player could not send from any page of a fellow: it is sent on, home says what is still
// here, and signing out waits for it or asks. Without it only the pages of that attempt send it.

import "./outbox/signing-out.js";
import { deliver } from "./outbox/delivering.js";

addEventListener("online", deliver);
deliver();
