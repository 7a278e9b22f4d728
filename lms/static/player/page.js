// The page of a case or of all items: its forms, with the facts of the attempt.

import { find } from "../common/page.js";

export const answers = find("#answer-form");
export const submission = find("#submit-form");
export const form = answers || submission;
export const attempt = form.dataset;
