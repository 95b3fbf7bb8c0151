// The storyboard as a timeline over the same rows that are sent without it: cards are dragged, or moved by keys.
"use strict";
(() => {
  const form = document.querySelector("form[data-board]");
  if (!form) return;
  const list = form.querySelector("[data-cards]");
  const said = form.dataset;
  const LIMIT = Number(said.limit);
  const LONGEST = Number(said.longest);
  const CUT = 1; // seconds: cards that are closer become a cut
  const NAMES = ["at", "text", "clip", "start", "end"];
  const kept = new Map(); // rows by number, also those that undo may bring back, with the pictures chosen in them
  let next = 0;
  let selected = null;
  const past = [];
  const future = [];

  const make = (name, attributes = {}, text = "") => {
    const made = Object.assign(document.createElement(name), attributes);
    if (text) made.textContent = text;
    return made;
  };
  const rows = () => [...list.querySelectorAll("[data-card]")];
  const number = (row) => row.dataset.card;
  const field = (row, name) => row.querySelector(`[name="${name}-${number(row)}"]`);
  const at = (row) => Math.min(LONGEST, Math.max(0, Number(field(row, "at").value) || 0));
  const picture = (row) => field(row, "picture").files.length > 0;
  const sorted = () => rows().sort((one, other) => at(one) - at(other));

  // -- rows ---------------------------------------------------------------------------------------------------------

  function remember(row) {
    kept.set(number(row), row);
    next = Math.max(next, Number(number(row)) + 1);
    if (row.querySelector("[data-remove]")) return;
    const remove = make("button", { type: "button", className: "quiet" }, said.sayRemove);
    remove.dataset.remove = "";
    remove.addEventListener("click", () => change(() => takeAway(row)));
    row.querySelector("fieldset").append(remove);
    row.addEventListener("focusin", () => select(row, false));
  }

  function fresh(seconds, wanted = String(next)) {
    const known = kept.get(wanted);
    if (known) return known;
    const row = rows()[0].cloneNode(true);
    const before = number(row);
    row.dataset.card = wanted;
    row.classList.remove("selected");
    row.querySelector("[data-remove]")?.remove();
    for (const one of row.querySelectorAll("[name]")) {
      one.name = one.name.replace(`-${before}`, `-${wanted}`);
      one.value = "";
    }
    row.querySelector("details")?.removeAttribute("open");
    field(row, "at").value = round(seconds);
    remember(row);
    return row;
  }

  function takeAway(row) {
    if (rows().length === 1) { for (const name of NAMES) field(row, name).value = name === "at" ? "0" : ""; return; }
    row.remove();
    if (selected === row) selected = null;
  }

  const round = (seconds) => String(Math.round(Math.min(LONGEST, Math.max(0, seconds)) * 10) / 10);

  // -- undo ---------------------------------------------------------------------------------------------------------

  const snapshot = () => JSON.stringify(rows().map((row) => [number(row), ...NAMES.map((name) => field(row, name).value)]));
  let current = "";

  function restore(state) {
    const wanted = JSON.parse(state);
    const made = wanted.map(([name, ...values]) => {
      const row = fresh(0, name);
      NAMES.forEach((one, place) => { field(row, one).value = values[place]; });
      return row;
    });
    list.replaceChildren(...made);
    current = state;
    draw();
  }

  function settle() {
    const state = snapshot();
    if (state === current) return;
    past.push(current);
    if (past.length > 100) past.shift();
    future.length = 0;
    current = state;
    form.dispatchEvent(new Event("change", { bubbles: true }));
    draw();
  }

  function change(how) { how(); settle(); }

  function step(from, to) {
    if (!from.length) return;
    to.push(current);
    restore(from.pop());
    form.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // -- the timeline -------------------------------------------------------------------------------------------------

  const tools = make("div", { className: "board-tools" });
  const undo = make("button", { type: "button", className: "button" }, said.sayUndo);
  const redo = make("button", { type: "button", className: "button" }, said.sayRedo);
  const add = make("button", { type: "button", className: "button" }, said.sayAdd);
  const play = make("button", { type: "button", className: "button" }, said.sayPlay);
  tools.append(add, undo, redo, play);
  const line = make("div", { className: "timeline" });
  line.setAttribute("role", "group");
  line.setAttribute("aria-label", said.sayTimeline);
  const how = make("p", { className: "hint" }, said.sayHow);
  const preview = make("p", { className: "preview-line" });
  preview.setAttribute("aria-live", "polite");
  list.before(tools, line, how, preview);

  const total = () => {
    const last = Math.max(0, ...rows().map(at));
    return Number(form.elements.seconds.value) || Math.min(LONGEST, last + 4);
  };

  function span() { return Math.max(total(), ...rows().map(at), 4) + 0.5; }

  const left = (seconds) => `calc(${(seconds / span()) * 100}% * 0.86 + 0.6rem)`;

  function draw() {
    const ordered = sorted();
    const whole = span();
    const marks = [];
    for (let second = 0; second <= whole; second += whole > 30 ? 5 : whole > 12 ? 2 : 1) {
      const tick = make("span", { className: "tick" }, `${second}`);
      tick.style.left = left(second);
      tick.setAttribute("aria-hidden", "true");
      marks.push(tick);
    }
    const parts = ordered.map((row, place) => {
      const end = place + 1 < ordered.length ? at(ordered[place + 1]) : total();
      const close = place + 1 < ordered.length && end - at(row) < CUT;
      const part = make("span", { className: close ? "between cut" : "between" }, close ? said.sayCut : said.sayFilled);
      part.style.left = left(at(row));
      part.style.width = `calc(${(Math.max(0, end - at(row)) / whole) * 86}%)`;
      return part;
    });
    const cards = ordered.map((row, place) => {
      row.querySelector("[data-number]").textContent = place + 1;
      row.classList.toggle("selected", row === selected);
      const words = field(row, "text").value || field(row, "clip").value || (picture(row) ? field(row, "picture").files[0].name : "…");
      const card = make("button", { type: "button", className: "on-line" });
      card.append(make("strong", {}, `${round(at(row))} s`), words.slice(0, 60));
      card.style.left = left(at(row));
      card.setAttribute("aria-label", `${said.sayCard} ${place + 1}: ${round(at(row))} s, ${words.slice(0, 80)}`);
      card.setAttribute("aria-pressed", String(row === selected));
      card.dataset.of = number(row);
      return card;
    });
    const focused = line.contains(document.activeElement) ? document.activeElement.dataset.of : null;
    line.replaceChildren(...marks, ...parts, ...cards);
    if (focused) line.querySelector(`[data-of="${focused}"]`)?.focus();
    undo.disabled = !past.length;
    redo.disabled = !future.length;
    add.disabled = rows().length >= LIMIT;
  }

  function select(row, scrolls = true) {
    if (selected === row) return;
    selected = row;
    for (const one of rows()) one.classList.toggle("selected", one === row);
    for (const card of line.querySelectorAll(".on-line")) card.setAttribute("aria-pressed", String(card.dataset.of === number(row)));
    if (scrolls) row.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }

  // -- moving: by mouse, by touch, by keys ----------------------------------------------------------------------------

  let dragged = null;

  line.addEventListener("pointerdown", (event) => {
    const card = event.target.closest(".on-line");
    if (!card) return;
    const row = kept.get(card.dataset.of);
    select(row, false);
    dragged = { row, from: event.clientX, began: at(row), pointer: event.pointerId, moved: false };
    line.setPointerCapture(event.pointerId);
  });
  line.addEventListener("pointermove", (event) => {
    if (!dragged || event.pointerId !== dragged.pointer) return;
    const moved = event.clientX - dragged.from;
    if (!dragged.moved && Math.abs(moved) < 4) return;
    dragged.moved = true;
    dragged.whole ??= span();
    field(dragged.row, "at").value = round(dragged.began + (moved / (line.clientWidth * 0.86)) * dragged.whole);
    draw();
  });
  for (const end of ["pointerup", "pointercancel"]) {
    line.addEventListener(end, () => {
      if (!dragged) return;
      const { row, moved } = dragged;
      dragged = null;
      settle();
      line.querySelector(`[data-of="${number(row)}"]`)?.focus();
      if (!moved) row.scrollIntoView({ block: "nearest", behavior: "smooth" });
    });
  }

  line.addEventListener("keydown", (event) => {
    const card = event.target.closest(".on-line");
    if (!card) return;
    const row = kept.get(card.dataset.of);
    const stride = event.shiftKey ? 1 : 0.1;
    const by = { ArrowLeft: -stride, ArrowRight: stride }[event.key];
    if (by !== undefined) change(() => { select(row, false); field(row, "at").value = round(at(row) + by); });
    else if (event.key === "Delete" || event.key === "Backspace") change(() => takeAway(row));
    else if (event.key === "Enter" || event.key === " ") { select(row); field(row, "text").focus(); }
    else return;
    event.preventDefault();
  });

  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z" || /^(INPUT|TEXTAREA)$/.test(event.target.tagName)) return;
    event.preventDefault();
    if (event.shiftKey) step(future, past); else step(past, future);
  });
  undo.addEventListener("click", () => step(past, future));
  redo.addEventListener("click", () => step(future, past));
  add.addEventListener("click", () => change(() => {
    const row = fresh(Math.min(LONGEST, Math.max(0, ...rows().map(at)) + 4));
    list.append(row);
    select(row);
    field(row, "text").focus({ preventScroll: true });
  }));
  list.addEventListener("change", settle);
  form.elements.seconds.addEventListener("input", draw);

  // -- playing through ------------------------------------------------------------------------------------------------

  play.addEventListener("click", () => {
    const ordered = sorted();
    const head = make("span", { className: "head-line" });
    line.append(head);
    const began = performance.now();
    const long = total();
    let shown = -1;
    play.disabled = true;
    const go = (moment) => {
      const second = (moment - began) / 1000;
      if (second > long || !head.isConnected) { head.remove(); play.disabled = false; preview.textContent = ""; return; }
      head.style.left = left(second);
      const now = ordered.findLastIndex((row) => at(row) <= second);
      if (now !== shown && now >= 0) { shown = now; preview.textContent = field(ordered[now], "text").value || field(ordered[now], "clip").value; }
      requestAnimationFrame(go);
    };
    requestAnimationFrame(go);
  });

  // -- what it will look like -----------------------------------------------------------------------------------------

  const shown = form.querySelector("[data-shown]");
  form.addEventListener("submit", async (event) => {
    const pressed = event.submitter;
    if (pressed?.value !== "preview") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    form.querySelector(".trouble")?.remove();
    pressed.disabled = true;
    shown.replaceChildren(make("p", { className: "hint" }, shown.dataset.sayWaits));
    try {
      const data = new FormData(form);
      data.set("do", "preview");
      const answer = await fetch(form.action, { method: "POST", headers: { ...part, "X-CSRF": token() }, body: data });
      if (answer.headers.get("Content-Type").startsWith("application/json")) { shown.replaceChildren(); complain(form, (await answer.json()).sentence); return; }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      shown.replaceChildren(document.importNode(page.body.firstElementChild, true));
      shown.scrollIntoView({ block: "nearest", behavior: "smooth" });
    } catch { shown.replaceChildren(); } finally { pressed.disabled = false; pressed.focus({ preventScroll: true }); }
  }, true);

  form.addEventListener("kinora:restore", (event) => {
    const numbers = Object.keys(event.detail).filter((name) => name.startsWith("at-")).map((name) => name.slice(3));
    if (numbers.length) list.replaceChildren(...numbers.map((name) => fresh(0, name)));
  });

  rows().forEach(remember);
  current = snapshot();
  draw();
  addEventListener("load", () => { current = snapshot(); draw(); }); // a draft has been put back meanwhile
})();
