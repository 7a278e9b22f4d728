// A link to an item unfolds it; of the items one is open at a time, and its line stays in sight.

const opened = () => document.querySelector("details[name][open]");

function unfold(place) {
  const goal = document.getElementById(place.slice(1));
  for (let fold = goal?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  goal?.scrollIntoView();
}

document.addEventListener("click", ({ target }) => {
  const link = target.closest('a[href^="#"]');
  if (link) setTimeout(unfold, 0, link.hash);

  // The one before closes first: that moves up what is below it.
  const fold = target.closest("summary")?.parentElement;
  if (!fold?.hasAttribute("name") || fold.open) return;
  if (opened()) opened().open = false;
  if (fold.getBoundingClientRect().top < 0) fold.scrollIntoView();
});

addEventListener("hashchange", () => unfold(location.hash));
if (location.hash) unfold(location.hash);
