// The desk by keyboard alone: one key does one thing, and nothing is shown that was not asked for.
"use strict";
(() => {
  const page = document.querySelector("[data-case-page]");
  const typing = (event) => /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && !["checkbox", "radio"].includes(event.target.type);
  const press = (selector) => { const found = document.querySelector(selector); if (found && !found.disabled) { found.click(); return true; } return false; };

  // -- looking at frames --------------------------------------------------------------------------------------------

  const sheet = document.querySelector("[data-sheet]");
  const shows = document.querySelector("[data-show-sheet]");
  const reveals = document.querySelector("[data-reveal]");
  let hidden = null; // the blurred sheet, to come back to
  let held = false;
  let drawn = null;

  function show(address, alt, revealed) {
    const image = new Image();
    image.src = address;
    image.alt = alt;
    sheet.replaceChildren(image);
    sheet.classList.toggle("revealed", revealed);
  }

  shows?.addEventListener("click", (event) => {
    event.preventDefault();
    show(shows.href, shows.dataset.alt, false);
  });

  async function reveal() {
    if (held || !reveals) return;
    held = true;
    hidden = [...sheet.childNodes];
    if (drawn === null) {
      const answer = await fetch(reveals.action, { method: "POST", headers: { "X-Kinora": "part" }, body: new URLSearchParams(new FormData(reveals)) });
      if (!answer.ok) { held = false; return; }
      drawn = URL.createObjectURL(await answer.blob());
    }
    if (held) show(drawn, reveals.dataset.alt, true);
  }

  function cover() {
    if (!held) return;
    held = false;
    if (drawn !== null) { URL.revokeObjectURL(drawn); drawn = null; } // the next look is asked for, and written down, anew
    sheet.classList.remove("revealed");
    sheet.replaceChildren(...(hidden ?? []));
  }

  if (reveals) {
    const button = reveals.querySelector("button");
    reveals.addEventListener("submit", (event) => event.preventDefault());
    button.addEventListener("pointerdown", reveal);
    for (const end of ["pointerup", "pointerleave", "pointercancel", "blur"]) button.addEventListener(end, cover);
    window.addEventListener("blur", cover);
    document.addEventListener("visibilitychange", cover);
  }

  // -- keys ---------------------------------------------------------------------------------------------------------

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") { event.target.blur?.(); return; }
    if (typing(event)) return;
    if (event.key === "u" && press("[data-undo] button")) return;
    if (page) onCase(event); else onList(event);
  });
  document.addEventListener("keyup", (event) => { if (event.key === "g") cover(); });

  function onCase(event) {
    if (event.key === "g") { if (!event.repeat) reveal(); return; }
    if (event.repeat) return;
    if (event.key === "Enter" && event.target.matches?.("a, button, summary")) return;
    const place = document.querySelector(`[data-focus="${CSS.escape(event.key)}"]`);
    const box = document.querySelector(`[data-toggle="${CSS.escape(event.key)}"]`);
    if (place) { event.preventDefault(); place.focus(); }
    else if (box) box.checked = !box.checked;
    else if (press(`[data-key="${CSS.escape(event.key)}"]`)) event.preventDefault();
  }

  function onList(event) {
    const lines = [...document.querySelectorAll("[data-case]")];
    const at = lines.indexOf(document.activeElement);
    if (["j", "ArrowDown"].includes(event.key) && lines.length) { event.preventDefault(); lines[Math.min(at + 1, lines.length - 1)].focus(); }
    else if (["k", "ArrowUp"].includes(event.key) && lines.length) { event.preventDefault(); lines[Math.max(at - 1, 0)].focus(); }
    else if (event.key === "n") press("[data-next] button");
  }

  // -- an open case stays on its desk -------------------------------------------------------------------------------

  if (page?.dataset.mine !== undefined) {
    const csrf = document.querySelector('input[name="csrf"]').value;
    setInterval(() => fetch(`/desk/${page.dataset.casePage}/keep`, { method: "POST", headers: { "X-Kinora": "part" }, body: new URLSearchParams({ csrf }) }), 300_000);
  }
})();
