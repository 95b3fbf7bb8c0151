// What makes the pages livelier. Without it every page still works: forms are sent, and pages are asked for again.
"use strict";
document.documentElement.classList.add("js");

const part = { "X-Kinora": "part" };
const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
const token = () => $('input[name="csrf"]')?.value ?? "";

// -- times in the reader's own zone ---------------------------------------------------------------------------------

function tellTimes(within = document) {
  const told = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  for (const time of $$("time[datetime]", within)) time.textContent = told.format(new Date(time.dateTime));
}

// -- drafts: what was typed is there again after a reload -----------------------------------------------------------

const KEPT = "kinora:draft:";

function keepDraft(form) {
  const key = KEPT + form.dataset.draft;
  const fields = () => [...form.elements].filter((one) => one.name && !["csrf", "clip", "do"].includes(one.name) && one.type !== "file" && one.type !== "hidden");
  const isAnswer = $(".trouble", form) || location.search.includes("like=") || location.search.includes("prompt=");
  const kept = JSON.parse(localStorage.getItem(key) ?? "null");
  if (kept && !isAnswer) {
    if (form.dataset.board !== undefined) form.dispatchEvent(new CustomEvent("kinora:restore", { detail: kept }));
    for (const field of fields()) {
      if (!(field.name in kept)) continue;
      if (field.type === "radio") field.checked = kept[field.name] === field.value;
      else if (field.type === "checkbox") field.checked = kept[field.name] === true;
      else field.value = kept[field.name];
    }
  }
  const keep = () => {
    const now = {};
    for (const field of fields()) {
      if (field.type === "radio") { if (field.checked) now[field.name] = field.value; }
      else now[field.name] = field.type === "checkbox" ? field.checked : field.value;
    }
    localStorage.setItem(key, JSON.stringify(now));
  };
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  form.addEventListener("kinora:made", () => localStorage.removeItem(key));
}

function forgetDrafts() {
  for (const key of Object.keys(localStorage)) if (key.startsWith(KEPT)) localStorage.removeItem(key);
}

// -- the price, while one chooses -----------------------------------------------------------------------------------

function tellPrice(form) {
  const where = $("[data-price]", form);
  let waiting = 0;
  let asked = 0;
  const ask = async () => {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    if (form.dataset.draft === "create" && !String(data.get("prompt")).trim()) data.set("prompt", "…a");
    data.set("do", "price");
    const number = ++asked;
    try {
      const answer = await fetch(form.dataset.priced, { method: "POST", headers: part, body: new URLSearchParams(data) });
      const told = await answer.json();
      if (number === asked) where.textContent = !told.trouble || form.dataset.draft === "create" ? told.sentence : "";
    } catch { /* no network: the price is told when it is asked for again */ }
  };
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(ask, 350); };
  form.addEventListener("change", soon);
  form.addEventListener("input", (event) => { if (event.target.type === "number") soon(); });
  soon();
}

function tellChosen(form) {
  const where = $("[data-chosen]", form);
  if (!where) return;
  const tell = () => {
    const words = ["aspect", "resolution", "seconds", "variations"].map((name) => $(`input[name="${name}"]:checked:not([value=""]) + span`, form)?.textContent).filter(Boolean);
    const style = form.elements.style?.value;
    where.textContent = [...words.slice(0, 3), words[3] && words[3] !== "1" ? `×${words[3]}` : "", style].filter(Boolean).join(" · ");
  };
  form.addEventListener("change", tell);
  form.addEventListener("input", tell);
  tell();
}

function preferOwnLength(form) {
  const own = form.elements.own_seconds;
  if (!own) return;
  form.addEventListener("change", (event) => { if (event.target.name === "seconds") own.value = ""; });
  own.addEventListener("input", () => { if (own.value) for (const pill of $$('input[name="seconds"]', form)) pill.checked = false; });
}

// -- sending without leaving the page -------------------------------------------------------------------------------

async function sendInPlace(form, event) {
  event.preventDefault();
  const go = event.submitter ?? $(".go", form);
  const data = new FormData(form, event.submitter);
  $(".trouble", form)?.remove();
  go.disabled = true;
  try {
    const answer = await fetch(form.action, { method: "POST", headers: { ...part, "X-CSRF": token() }, body: form.enctype.startsWith("multipart") ? data : new URLSearchParams(data) });
    const told = await answer.json();
    if (!answer.ok) return complain(form, told.sentence);
    form.dispatchEvent(new CustomEvent("kinora:made"));
    const list = $("[data-jobs]");
    if (!list) { location.assign(told.go ?? `/jobs/${told.job}`); return; }
    $(".empty", list)?.remove();
    const card = await fetchPart(`/jobs/${told.job}`);
    $("h2", list).after(card);
    card.scrollIntoView({ behavior: "smooth", block: "nearest" });
    follow();
  } catch {
    form.submit(); // whatever stood in the way, the plain form is sent
  } finally {
    go.disabled = false;
  }
}

function complain(form, sentence) {
  const said = document.createElement("p");
  said.className = "trouble";
  said.setAttribute("role", "alert");
  said.textContent = sentence;
  $(".send", form).before(said);
  said.scrollIntoView({ block: "nearest" });
}

async function fetchPart(path) {
  const answer = await fetch(path, { headers: part });
  if (!answer.ok) throw new Error(path);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = document.importNode(page.body.firstElementChild, true);
  tellTimes(found);
  return found;
}

// -- live: jobs and the desk ----------------------------------------------------------------------------------------

let stream = null;

function follow() {
  const live = $$("[data-job][data-live]");
  const desk = $("[data-queue]");
  stream?.close();
  stream = null;
  if (!live.length && !desk) return;
  const jobs = live.map((one) => `${one.dataset.job}:${one.dataset.live}`).join(",");
  stream = new EventSource(`/events?jobs=${jobs}${desk ? `&desk=${desk.dataset.queue}` : ""}`);
  stream.onmessage = (message) => {
    const news = JSON.parse(message.data);
    if (news.kind === "desk") renewQueue();
    else if (news.kind === "progress") showProgress(news);
    else renewJob(news.job);
  };
  stream.onerror = () => { if (stream?.readyState === EventSource.CLOSED) askAgain(); };
}

// Where no stream is to be had, say because many pages are open, the page asks for itself now and then.
let asking = 0;

function askAgain() {
  clearTimeout(asking);
  asking = setTimeout(() => {
    for (const one of $$("[data-job][data-live]")) renewJob(one.dataset.job);
    if ($("[data-queue]")) renewQueue();
    follow();
  }, 10_000);
}

function showProgress({ job, number, share, id }) {
  const card = document.getElementById(job);
  if (!card) return;
  card.dataset.live = id;
  const bar = $(`progress[data-take="${number}"]`, card);
  if (bar) bar.value = share;
}

const renewing = new Map();

async function renewJob(job) {
  if (renewing.has(job)) { renewing.set(job, true); return; }
  renewing.set(job, false);
  try {
    const before = document.getElementById(job);
    const card = await fetchPart(`/jobs/${job}`);
    if (before) {
      const held = before.contains(document.activeElement);
      before.replaceWith(card);
      if (held) $("a, button", card)?.focus();
      if (card.dataset.live === undefined) { follow(); $("video", card)?.play().catch(() => {}); }
    }
  } catch { /* the next news tries again */ } finally {
    const again = renewing.get(job);
    renewing.delete(job);
    if (again) renewJob(job);
  }
}

async function renewQueue() {
  const place = $("[data-queue]");
  const answer = await fetch(location.pathname + location.search, { headers: part });
  if (!answer.ok || !place) return;
  const at = place.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  place.replaceChildren(...page.body.childNodes);
  tellTimes(place);
  if (at) $(`a[href="${CSS.escape(at)}"]`, place)?.focus();
}

function refresh(place) {
  if (place.dataset.rests !== undefined) return;
  const asking = setInterval(async () => {
    if (document.hidden || place.contains(document.activeElement)) return;
    const answer = await fetch(location.href);
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const renewed = $("[data-refresh]", page);
    if (!renewed) return;
    place.replaceChildren(...renewed.childNodes);
    tellTimes(place);
    if (renewed.dataset.rests !== undefined) clearInterval(asking);
  }, Number(place.dataset.refresh) * 1000);
}

// -- files that are dropped -----------------------------------------------------------------------------------------

function takeDrops(drop) {
  const input = $("input[type=file]", drop);
  const shown = $("[data-preview]", drop);
  const chosen = () => {
    const file = input.files[0];
    if (!file) return;
    $("span", drop).textContent = file.name;
    if (shown && file.type.startsWith("image/")) { shown.src = URL.createObjectURL(file); shown.hidden = false; }
    if (drop.dataset.sends !== undefined) drop.closest("form").requestSubmit();
  };
  input.addEventListener("change", chosen);
  for (const kind of ["dragover", "dragenter"]) drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("over"); });
  for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    chosen();
  });
}

// -- smaller things -------------------------------------------------------------------------------------------------

async function answerInto(form, event) {
  event.preventDefault();
  const place = document.getElementById(form.dataset.into);
  place.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", headers: part, body: form.enctype.startsWith("multipart") ? new FormData(form) : new URLSearchParams(new FormData(form)) });
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      place.replaceChildren(...page.body.childNodes);
    } else {
      const said = document.createElement("p");
      said.className = "trouble";
      said.textContent = (await answer.json()).sentence;
      place.replaceChildren(said);
    }
  } catch { form.submit(); } finally { place.removeAttribute("aria-busy"); }
}

function playOnHover(image) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches || !matchMedia("(hover: hover)").matches) return;
  const screen = image.closest(".screen");
  let film = null;
  screen.addEventListener("mouseenter", () => {
    film = Object.assign(document.createElement("video"), { src: image.dataset.film, muted: true, loop: true, playsInline: true });
    film.addEventListener("canplay", () => { if (film) image.hidden = true; }, { once: true });
    screen.append(film);
    film.play().catch(() => {});
  });
  screen.addEventListener("mouseleave", () => { film?.remove(); film = null; image.hidden = false; });
}

tellTimes();
for (const form of $$("form[data-draft]")) {
  keepDraft(form);
  tellChosen(form);
  preferOwnLength(form);
  if (form.dataset.priced) tellPrice(form);
  form.addEventListener("submit", (event) => { if (event.submitter?.value !== "price") sendInPlace(form, event); });
}
for (const form of $$("form[data-into]")) form.addEventListener("submit", (event) => answerInto(form, event));
for (const form of $$("form[data-forgets]")) form.addEventListener("submit", forgetDrafts);
for (const drop of $$("[data-drop]")) takeDrops(drop);
for (const image of $$("img[data-film]")) playOnHover(image);
for (const place of $$("[data-refresh]")) refresh(place);
for (const all of $$("[data-all]")) all.addEventListener("change", () => { for (const one of $$(`input[name="${all.dataset.all}"]`)) one.checked = all.checked; });
for (const field of $$("[data-select]")) { field.addEventListener("focus", () => field.select()); field.focus(); }
for (const list of $$("[data-choose]")) {
  list.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    for (const other of $$("button", list)) other.setAttribute("aria-pressed", String(other === button));
    const field = list.closest("form").elements[list.dataset.choose];
    field.value = button.value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
follow();
