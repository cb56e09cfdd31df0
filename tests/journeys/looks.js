// What a page is asked by whoever must be able to use it. Each answer is a list of what is wrong.
// No style tag is added: the pages' own security policy forbids it, and it should stay in force.
(() => {
  const controls = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const sheet = new CSSStyleSheet();
  const kept = new Map();

  function shown(one) {
    const box = one.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) return false;
    const hidden = one.closest(".ls-visually-hidden, .ls-skip, thead"); // cards hide their heads
    if (hidden && (hidden.matches(".ls-skip") || getComputedStyle(hidden).clipPath !== "none"))
      return false;
    return one.checkVisibility({ visibilityProperty: true });
  }
  function named(one) {
    return `${one.outerHTML.replace(/\s+/g, " ").slice(0, 110)}`;
  }
  function wears(css) {
    sheet.replaceSync(css);
    document.adoptedStyleSheets = css ? [sheet] : [];
  }
  // 1.4.10 and 1.4.4: nothing is wider than the screen, and no words are cut off.
  function sticksOut() {
    const wide = document.documentElement.clientWidth;
    const wrong = [];
    if (document.documentElement.scrollWidth > wide)
      wrong.push(`the page is ${document.documentElement.scrollWidth} px wide on ${wide}`);
    for (const one of document.body.querySelectorAll("*")) {
      if (!shown(one) || one.closest("svg, .ls-scroll")) continue;
      const box = one.getBoundingClientRect();
      if (box.right > wide + 1 || box.left < -1)
        wrong.push(`${Math.round(box.left)}..${Math.round(box.right)} of ${wide}: ${named(one)}`);
      const style = getComputedStyle(one);
      const clips = /hidden|clip/.test(`${style.overflowX} ${style.overflowY}`);
      const tall = one.scrollHeight > one.clientHeight + 1;
      if (clips && !one.matches("input, select") && (one.scrollWidth > one.clientWidth + 1 || tall))
        wrong.push(`cut off: ${named(one)}`);
      if (one.matches("button, .ls-button, .ls-tag, summary") && one.scrollWidth > one.clientWidth + 1)
        wrong.push(`words stick out: ${named(one)}`);
    }
    return wrong.slice(0, 6);
  }
  // 2.5.8 without its exception for spacing; a link within a sentence is excepted, as there.
  function tooSmall() {
    const wrong = [];
    for (const one of document.querySelectorAll(controls)) {
      if (!shown(one)) continue;
      const label = one.matches("[type=radio], [type=checkbox]") && one.closest("label");
      const box = (label || one).getBoundingClientRect();
      const inline = one.matches("a") && getComputedStyle(one).display === "inline";
      const around = (one.parentElement.textContent || "").replace(/\s+/g, " ").trim();
      if (inline && around.length > one.textContent.trim().length + 3) continue;
      if (box.width < 24 || box.height < 24)
        wrong.push(`${Math.round(box.width)} x ${Math.round(box.height)}: ${named(one)}`);
    }
    return wrong;
  }
  // High contrast takes every background away: what is pressed or typed into keeps an edge.
  function withoutEdge() {
    const wrong = [];
    const boxed = ".ls-button, .ls-input, .ls-select, .ls-textarea, .ls-choice, .ls-file";
    for (const one of document.querySelectorAll(boxed)) {
      if (!shown(one)) continue;
      const edged = [one, one.parentElement].some((each) => {
        const style = getComputedStyle(each);
        return parseFloat(style.borderTopWidth) >= 1 && style.borderTopStyle !== "none";
      });
      if (!edged) wrong.push(named(one));
    }
    for (const one of document.querySelectorAll("svg rect")) {
      const style = getComputedStyle(one);
      if (style.fill === getComputedStyle(document.body).backgroundColor) wrong.push(named(one));
    }
    return wrong;
  }
  function moving() {
    const seconds = (words) => Math.max(...words.split(",").map(parseFloat));
    return [...document.body.querySelectorAll("*")]
      .filter((one) => {
        const style = getComputedStyle(one);
        return seconds(style.transitionDuration) > 0 || seconds(style.animationDuration) > 0;
      })
      .map(named);
  }
  // On paper: the words stay, what only a screen can use goes, nothing falls off the sheet.
  function badOnPaper() {
    const wrong = sticksOut();
    const main = document.querySelector("main");
    if (!main.querySelector("h1") || !shown(main.querySelector("h1"))) wrong.push("no heading");
    for (const one of document.querySelectorAll(".ls-header nav, .ls-skip, .ls-actions button"))
      if (one.checkVisibility() && shown(one)) wrong.push(`printed: ${named(one)}`);
    return wrong;
  }
  // Every word two fifths longer, as German or Finnish would be; long words longer still.
  function longer() {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const text = walk.currentNode;
      if (!text.data.trim() || /^(SCRIPT|STYLE)$/.test(text.parentElement.tagName)) continue;
      kept.set(text, text.data);
      text.data = text.data.replace(/\p{L}{3,}/gu, (word) => word + "ñöüw".repeat(4).slice(0, Math.ceil(word.length * 0.4)));
    }
  }
  function asBefore() {
    for (const [text, words] of kept) text.data = words;
    kept.clear();
  }
  const spacing =
    "* {line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important}" +
    "p {margin-bottom: 2em !important}";
  // An answer that never comes would hold the whole journey: it is one more thing that is wrong.
  async function asksAxe(options) {
    const late = new Promise((_, fail) => setTimeout(() => fail(new Error("axe never ended")), 30000));
    const found = await Promise.race([axe.run(options), late]);
    return found.violations.map((one) =>
      `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
  }
  // A page that looks again, or loads itself again, does not while it is looked at.
  for (let timer = setTimeout(() => {}); timer > 0; timer -= 1) clearTimeout(timer);
  for (const one of document.querySelectorAll("details")) one.open = true;
  window.looks = {
    axe: asksAxe, sticksOut, tooSmall, withoutEdge, moving, onPaper: badOnPaper,
    spaced() { wears(spacing); const wrong = sticksOut(); wears(""); return wrong; },
    twice() { wears("html {font-size: 200% !important}"); const wrong = sticksOut(); wears(""); return wrong; },
    mirrored() {
      document.documentElement.dir = "rtl";
      const wrong = sticksOut();
      document.documentElement.removeAttribute("dir");
      return wrong;
    },
    longer() { longer(); const wrong = sticksOut(); asBefore(); return wrong; },
  };
})();
