// What an author wrote in a draft and could not send is on this device: who signs out, on any page, is told so.
// The editor's own page sends it first.

import { keysFrom } from "./common/device.js";
import { make } from "./common/page.js";
import { pumpAll } from "./common/saving.js";
import { askBefore } from "./common/signing-out.js";

const linkTo = (key) => make("a", { href: `/drafts/${key.split(":")[1]}`, textContent: "Open the draft to send it" });

askBefore(pumpAll, () => {
  const [key] = keysFrom("drafts:");
  const text = "What you wrote last in a draft is still on this device: not sent. Signing out erases it. ";
  return key ? [text, linkTo(key)] : [];
});
