// What is pasted: a list into an empty option is split, a picture is uploaded. The server reads both.

import { make } from "../common/page.js";
import { saveNow } from "./autosave.js";
import { form, rowOf } from "./form.js";
import { post } from "./posting.js";

const OPTION = "[data-lists] > .oedit > .oedit-line > textarea";
const LIST = /\S\s*\n|\bB[.)]\s/iu;
const MINUTE = 60000;

let said = null;

form.addEventListener("paste", ({ target, clipboardData }) => {
  const [file] = clipboardData.files;
  const text = clipboardData.getData("text/plain").trim();
  const { selectionStart, selectionEnd, value } = target;
  if (!text && file) upload(file, target);
  else if (LIST.test(text) && target.matches(OPTION) && selectionEnd - selectionStart === value.length) {
    // Once it stands there, so that it is kept, come what may.
    setTimeout(() => press(`paste:${rowOf(target).id}`));
  }
});

function press(value) {
  const button = make("button", { name: "do", value, hidden: true });
  form.append(button);
  form.requestSubmit(button);
}

async function upload(file, beside) {
  said?.remove();
  said = make("p", { className: "error", role: "alert", textContent: "Uploading the picture" });
  (beside.closest(".box, .oedit-line") ?? beside).after(said);
  const why = await bring(file, rowOf(beside)?.id ?? "").catch(() => "no connection");
  if (why) said.textContent = `The picture was not uploaded: ${why}`;
}

async function bring(file, near) {
  const body = new FormData();
  body.set("picture", file);
  body.set("near", near);
  await saveNow();
  const { reply } = await post(body, form.dataset.pictures, { signal: AbortSignal.timeout?.(MINUTE) });
  if (!reply?.path) return reply?.error ?? "reload this page first";
  await saveNow();
  location.assign(`?at=${reply.path}#${reply.path}`);
  return "";
}
