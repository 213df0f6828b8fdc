// texts gives all that a person reads or hears on the screen as it is.
(() => {
  const root = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
  const out = new Set();
  const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const el = walk.currentNode.parentElement;
    if (!el.closest("script, style, noscript, kbd, code, body [lang], select.country option")) out.add(walk.currentNode.data.trim());
  }
  for (const name of ["aria-label", "title", "placeholder", "alt"]) for (const el of root.querySelectorAll("[" + name + "]")) if (!el.closest("time")) out.add(el.getAttribute(name));
  out.add(document.title);
  return [...out].filter(Boolean);
})()
