// A link to a case that is folded unfolds it.

function unfold() {
  const fold = document.getElementById(location.hash.slice(1))?.closest("details");
  if (fold) fold.open = true;
}

addEventListener("hashchange", unfold);
unfold();
