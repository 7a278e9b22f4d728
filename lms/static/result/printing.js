// Paper shows what is folded, in browsers too whose style sheets cannot say so.

let unfolded = [];

// Those of one name would close each other.
addEventListener("beforeprint", () => {
  const folds = [...document.querySelectorAll("main details:not([open])")];
  unfolded = folds.map((fold) => [fold, fold.getAttribute("name")]);
  for (const fold of folds) {
    fold.removeAttribute("name");
    fold.open = true;
  }
});

addEventListener("afterprint", () => {
  for (const [fold, name] of unfolded) {
    fold.open = false;
    if (name) fold.setAttribute("name", name);
  }
});
