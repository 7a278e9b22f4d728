// Keeps the words that were selected last, and where they stand, for the button “Comment on words”.
// A press on the button may end the selection before the form is sent, so it is noted as it is made.

const form = document.getElementById("judge");

const placeOf = (node) => (node instanceof Element ? node : node?.parentElement)?.closest("[data-field]");

const note = () => {
  const selection = document.getSelection();
  const words = selection?.toString().trim() ?? "";
  const place = words ? placeOf(selection.anchorNode) : null;
  if (place && place === placeOf(selection.focusNode)) {
    form.elements.field.value = place.dataset.field;
    form.elements.quoted.value = words;
  }
};

if (form) document.addEventListener("selectionchange", note);
