// Files go piece by piece (tus 1.0.0) and on from where they stopped: after a broken line by
// themselves, after a reload too. Without this script the same form sends them the plain way.
(() => {
  const box = document.querySelector("[data-uploads]");
  const form = box && box.closest("form");
  const input = form && form.querySelector("input[type=file]");
  if (!input || !window.fetch || !window.AbortController) return;
  box.previousElementSibling.hidden = true;  // what to do without this script
  const said = box.querySelector("[role=status]");
  const bar = box.querySelector("progress");
  const words = box.dataset;
  const page = location.pathname;
  const BIG = 2e6, SIDE = 2600, DAY = 864e5;
  let underWay = false, stopped = false, told = "", piece = 65536;

  const tell = (key, name = "", percent = "") => {
    const text = (words[key] || key).replace("{name}", name).replace("{percent}", percent);
    if (text === told) return;
    said.setAttribute("role", "status");
    said.classList.remove("ls-error");
    said.textContent = told = text;
  };

  // What is under way survives a reload in the browser's own store, for a day at most.
  const store = (mode, act) => new Promise((done) => {
    try {
      const opening = indexedDB.open("latchstring", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("sending");
      opening.onerror = () => done();
      opening.onsuccess = () => {
        const change = opening.result.transaction("sending", mode);
        const asked = act(change.objectStore("sending"));
        change.oncomplete = () => { opening.result.close(); done(asked.result); };
        change.onabort = change.onerror = () => done();
      };
    } catch { done(); }
  });
  const keep = (work) => store("readwrite", (s) => s.put(work, page));
  const drop = () => store("readwrite", (s) => s.delete(page));

  const pause = (seconds) => new Promise((done) => {
    const timer = setTimeout(done, seconds * 1000);
    addEventListener("online", () => { clearTimeout(timer); done(); }, { once: true });
  });

  class Final extends Error {}

  const ask = async (url, method, headers, body) => {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), 90000);
    try {
      const answer = await fetch(url, {
        method, body, signal: patience.signal, credentials: "same-origin",
        headers: {
          "Tus-Resumable": "1.0.0", "X-CSRFToken": form.csrfmiddlewaretoken.value, ...headers,
        },
      });
      if (answer.redirected) throw new Final("out");
      if (answer.ok || answer.status === 409) return answer;
      if (answer.status >= 500 || answer.status === 423) throw new Error("again");
      const why = answer.headers.has("Tus-Resumable") && (await answer.text());
      const wrong = new Final(why || "out");
      wrong.status = answer.status;
      throw wrong;
    } finally { clearTimeout(timer); }
  };

  const base64 = (text) =>
    btoa(Array.from(new TextEncoder().encode(text), (b) => String.fromCharCode(b)).join(""));

  // A phone's photo is larger than anybody needs to read a page: smaller before it is sent.
  const smaller = async (file) => {
    if (file.size <= BIG || !/^image\/(jpeg|png|webp)$/.test(file.type)) return file;
    try {
      tell("smaller", file.name);
      const image = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, SIDE / Math.max(image.width, image.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(image.width * scale);
      canvas.height = Math.round(image.height * scale);
      const paint = canvas.getContext("2d");
      paint.fillStyle = "#fff";
      paint.fillRect(0, 0, canvas.width, canvas.height);
      paint.drawImage(image, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
      return blob && blob.size < file.size ? blob : file;
    } catch { return file; }
  };

  const show = (work, item, offset) => {
    const all = work.items.reduce((sum, one) => sum + one.blob.size, 0);
    const done = work.items.reduce((sum, one) => sum + (one === item ? 0 : one.done || 0), offset);
    item.done = offset;
    bar.value = (100 * done) / all;
    // Read out at each quarter, not at each piece.
    tell("sending", item.name, 25 * Math.floor((4 * done) / all));
  };

  const offsetOf = (answer) => Number(answer.headers.get("Upload-Offset"));

  const sendOne = async (work, item) => {
    if (!item.url) {
      const made = await ask(words.uploads, "POST", {
        "Upload-Length": item.blob.size, "Upload-Metadata": `filename ${base64(item.name)}`,
      });
      item.url = made.headers.get("Location");
      await keep(work);
    }
    const head = await ask(item.url, "HEAD");
    work.given = head.headers.get("Upload-Given") === "yes";
    let offset = offsetOf(head);
    show(work, item, offset);
    while (offset < item.blob.size && !stopped) {
      const began = Date.now();
      const bytes = item.blob.slice(offset, offset + piece);
      const answer = await ask(item.url, "PATCH", {
        "Upload-Offset": offset, "Content-Type": "application/offset+octet-stream",
      }, bytes);
      offset = offsetOf(answer);
      work.wait = 1;
      show(work, item, offset);
      const took = Date.now() - began;
      piece = took < 1500 ? Math.min(piece * 2, 1048576) : took > 6000 ? Math.max(piece / 2, 16384) : piece;
    }
  };

  const busy = (on) => {
    underWay = on;
    box.hidden = !on && !told;
    bar.hidden = stop.hidden = !on;
    input.disabled = on;  // what goes in pieces does not go again with the form
    form.querySelectorAll("button").forEach((one) => {
      if (one !== stop) one.setAttribute("aria-disabled", on);
    });
  };

  const send = async (work) => {
    stopped = false;
    busy(true);
    for (const item of work.items) {
      work.wait = 1;
      for (let whole = false; !whole && !stopped;) {
        try {
          await sendOne(work, item);
          whole = true;
        } catch (wrong) {
          if (wrong instanceof Final) return ended(work, wrong);
          tell("lost");
          await pause(work.wait);
          work.wait = Math.min(work.wait * 2, 30);
        }
      }
    }
    if (stopped) return;
    if (work.posted && work.given) { await drop(); told = ""; return busy(false); }
    for (const item of work.items) {
      const hidden = document.createElement("input");
      hidden.type = "hidden";
      hidden.name = "sent";
      hidden.value = item.url.split("/").filter(Boolean).pop();
      form.append(hidden);
    }
    work.posted = true;
    await keep(work);
    tell("ready");
    form.submit();
  };

  const ended = async (work, wrong) => {
    const out = wrong.message === "out";
    if (!out) await drop();
    tell(out ? "out" : wrong.message);
    if (wrong.status === 404 && work.again) told = said.textContent = "";
    busy(false);
    if (!out && told) {  // it was not taken: said aloud, and where the eyes go
      said.setAttribute("role", "alert");
      said.classList.add("ls-error");
      said.tabIndex = -1;
      said.focus();
    }
    box.querySelector("a").hidden = !out;
    if (out) box.querySelector("a").focus();
    input.value = "";
  };

  const stop = box.querySelector("button");
  stop.addEventListener("click", async () => {
    stopped = true;
    await drop();
    tell("stopped");
    busy(false);
    input.value = "";
    input.focus();
  });

  form.addEventListener("submit", async (event) => {
    if (!underWay && !input.files.length) return;
    event.preventDefault();
    if (underWay) return;
    const work = { at: Date.now(), items: [], typed: [] };
    new FormData(form).forEach((value, name) => {
      if (typeof value === "string" && name !== "csrfmiddlewaretoken" && name !== "form") {
        work.typed.push([name, value]);
      }
    });
    const files = [...input.files];
    box.hidden = false;
    busy(true);
    for (const file of files) work.items.push({ name: file.name, blob: await smaller(file) });
    await keep(work);
    send(work);
  });

  store("readonly", (s) => s.get(page)).then((work) => {
    if (!work) return;
    if (Date.now() - work.at > DAY) return drop();
    if (work.posted && form.querySelector(".ls-field--wrong")) return drop();
    work.again = true;
    for (const [name, value] of work.typed) {
      if (form.elements[name]) form.elements[name].value = value;
    }
    tell("again");
    send(work);
  });
})();
