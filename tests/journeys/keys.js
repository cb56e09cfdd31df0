// Where the keyboard stands: what it is called, and whether somebody who looks can find it.
(() => {
  const words = (one) => (one ? one.innerText.replace(/\s+/g, " ").trim() : "");
  function ringed(one) {
    const style = getComputedStyle(one);
    const outline = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    return outline || style.boxShadow !== "none";
  }
  // How much the ring stands out from what lies behind it: 1.4.11 asks for 3 to 1.
  function light(colour) {
    const [r, g, b] = colour.match(/[\d.]+/g).slice(0, 3).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }
  function standsOut(one) {
    let behind = one.parentElement;
    const clear = (each) => /(, 0\)|transparent)$/.test(getComputedStyle(each).backgroundColor);
    while (behind.parentElement && clear(behind)) behind = behind.parentElement;
    const ring = light(getComputedStyle(one).outlineColor);
    const ground = light(getComputedStyle(behind).backgroundColor);
    return (Math.max(ring, ground) + 0.05) / (Math.min(ring, ground) + 0.05);
  }
  function covered(one) {
    const box = one.getBoundingClientRect();
    if (box.bottom < 1 || box.top > innerHeight - 1) return "off the screen";
    const x = Math.min(Math.max(box.left + Math.min(box.width / 2, 40), 1), innerWidth - 1);
    const y = Math.min(Math.max(box.top + Math.min(box.height / 2, 40), 1), innerHeight - 1);
    const top = document.elementFromPoint(x, y);
    if (!top || one.contains(top) || top.contains(one) || top.closest("label")?.contains(one)) return "";
    return `under ${top.outerHTML.slice(0, 80)}`;
  }
  window.standing = () => {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const named = one.labels?.length ? [...one.labels].map(words).join(" ") : words(one);
    const card = one.closest(".ls-card--link");
    return {
      id: one.id,
      kind: one.matches("input") ? one.type : one.tagName.toLowerCase(),
      name: named || one.getAttribute("aria-label") || "",
      group: words(one.closest("fieldset")?.querySelector("legend")),
      inMain: Boolean(one.closest("main")),
      alert: one.matches("[role=alert]"),
      href: one.getAttribute("href") || "",
      ringed: ringed(one) || Boolean(card && ringed(card)),
      contrast: standsOut(card || one),
      covered: covered(one),
    };
  };
})();
