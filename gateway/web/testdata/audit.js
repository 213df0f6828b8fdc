// audit looks at the screen as it is and tells what is wrong for people who use a keyboard, a narrow screen or weak eyes.
(() => {
  const found = [];
  const root = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
  const say = (what, el) => found.push(what + ": " + (el ? el.outerHTML.replace(/\s+/g, " ").slice(0, 160) : ""));
  const seen = el => el.checkVisibility({visibilityProperty: true, opacityProperty: true, contentVisibilityAuto: true}) && !el.closest("[hidden]");

  // Nothing stands beside the screen.
  if (document.documentElement.scrollWidth > innerWidth) {
    const wide = [...root.querySelectorAll("*")].filter(el => seen(el) && el.getBoundingClientRect().right > innerWidth + 1);
    say("the page is " + document.documentElement.scrollWidth + " wide, more than " + innerWidth, wide.at(-1));
  }
  for (const el of root.matches("dialog") ? [root, ...root.querySelectorAll(".body")] : []) if (el.scrollWidth > el.clientWidth + 1) say("a dialog scrolls sideways", el);

  // One heading, one language, ids that are one's own.
  if (!document.documentElement.lang) say("the page has no language");
  if (!document.title) say("the page has no title");
  if (document.querySelectorAll("h1").length !== 1) say(document.querySelectorAll("h1").length + " main headings");
  if (!document.querySelector("main")) say("no main part");
  const ids = [...document.querySelectorAll("[id]")].map(x => x.id);
  for (const id of new Set(ids)) if (ids.filter(x => x === id).length > 1) say("id " + id + " stands twice");
  for (const a of ["aria-labelledby", "aria-describedby", "aria-controls"]) {
    for (const el of document.querySelectorAll("[" + a + "]")) for (const id of el.getAttribute(a).split(" ")) if (!document.getElementById(id)) say(a + " leads nowhere", el);
  }

  // Colours, as they are computed, through all that lies behind a text.
  const pen = Object.assign(document.createElement("canvas"), {width: 1, height: 1}).getContext("2d", {willReadFrequently: true});
  const known = new Map();
  const rgba = css => {
    if (!known.has(css)) {
      pen.clearRect(0, 0, 1, 1); pen.fillStyle = css; pen.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
      known.set(css, [r, g, b, a / 255]);
    }
    return known.get(css);
  };
  const over = (top, below) => { const a = top[3]; return [0, 1, 2].map(i => top[i] * a + below[i] * (1 - a)).concat(1); };
  const behind = el => {
    const layers = [];
    for (let x = el; x; x = x.parentElement) {
      const c = rgba(getComputedStyle(x).backgroundColor);
      if (c[3] > 0) layers.push(c);
      if (c[3] === 1) break;
    }
    return layers.reduceRight((below, top) => over(top, below), matchMedia("(prefers-color-scheme: dark)").matches ? [20, 19, 18, 1] : [251, 250, 248, 1]);
  };
  const light = c => { const [r, g, b] = c.map(v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); return .2126 * r + .7152 * g + .0722 * b; };
  const contrast = (a, b) => { const [x, y] = [light(a), light(b)].sort((m, n) => n - m); return (x + .05) / (y + .05); };
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const el = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !seen(el) || el.closest(":disabled, .unseen, script, style, option, noscript, [aria-disabled=true], .skip")) continue;
    const style = getComputedStyle(el), size = parseFloat(style.fontSize), back = behind(el);
    const ratio = contrast(over(rgba(style.color), back), back);
    const least = size >= 24 || size >= 18.66 && style.fontWeight >= 700 ? 3 : 4.5;
    if (ratio < least) say("contrast " + ratio.toFixed(2) + " of " + JSON.stringify(texts.currentNode.data.trim().slice(0, 30)), el);
  }
  for (const el of root.querySelectorAll("input:not([type=radio], [type=checkbox]), select, textarea")) {
    const style = getComputedStyle(el);
    if (!seen(el) || el.disabled || style.borderTopStyle === "none" || parseFloat(style.borderTopWidth) === 0) continue;
    if (contrast(over(rgba(style.borderTopColor), behind(el.parentElement)), behind(el.parentElement)) < 3) say("the frame of a field is too faint", el);
  }

  // What can be focused shows it, and can be hit.
  const looks = el => [el, el.parentElement, el.nextElementSibling, el.closest(".composer, .body, li")].filter(Boolean).map(x => {
    const s = getComputedStyle(x);
    return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.borderTopColor, s.boxShadow, s.backgroundColor].join();
  }).join("|");
  const before = document.activeElement;
  for (const el of root.querySelectorAll("a[href], button:not(:disabled), input:not(:disabled), select, textarea, summary, [tabindex='0']")) {
    if (!seen(el) || el.closest(".unseen")) continue;
    const box = el.getBoundingClientRect();
    if (el.matches("button, select, summary") && (box.width < 23.5 || box.height < 23.5)) say("too small to be hit, " + box.width.toFixed() + " by " + box.height.toFixed(), el);
    document.activeElement?.blur();
    const plain = looks(el);
    el.focus({preventScroll: true});
    if (document.activeElement === el && looks(el) === plain) say("the focus does not show", el);
  }
  before?.focus?.({preventScroll: true});

  // Nobody who asked for rest gets motion.
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) for (const a of document.getAnimations()) if (a.playState === "running") say("moves all the same", a.effect?.target);
  return found;
})()
