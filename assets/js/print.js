// Shows the button that prints the page; without scripts the browser's own menu does it.
(() => {
  for (const place of document.querySelectorAll("[data-print]")) {
    place.hidden = false;
    place.querySelector("button").addEventListener("click", () => window.print());
  }
})();
