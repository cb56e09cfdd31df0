// Two minutes before the sign-in ends this asks, and one button lets it go on. Tabs share the time.
(() => {
  const box = document.querySelector("dialog[data-seconds]");
  if (!box || !box.showModal) return;
  const form = box.querySelector("form");
  const words = box.querySelector("p");
  const WARNING = 120000, seconds = Number(box.dataset.seconds);
  let end = 0, over = false;

  const again = () => {
    end = Date.now() + seconds * 1000;
    try { localStorage.setItem("ends", end); } catch { /* this tab alone, then */ }
  };
  const ended = () => {
    over = true;
    words.textContent = box.dataset.ended;
    form.querySelector("button").textContent = "OK";
  };

  again();
  setInterval(() => {
    if (over) return;
    try { end = Math.max(end, Number(localStorage.getItem("ends"))); } catch { /* as above */ }
    const left = end - Date.now();
    if (left > WARNING) { if (box.open) box.close(); return; }
    if (!box.open) box.showModal();
    if (left <= 0) ended();
  }, 1000);

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (over) return box.close();
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: new FormData(form), credentials: "same-origin",
      });
      if (answer.status === 204) { again(); box.close(); } else ended();
    } catch { /* the line is gone: asked again in a second, until it is too late */ }
  });
})();
