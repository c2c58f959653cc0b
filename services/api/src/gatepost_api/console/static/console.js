// What the pages gain where scripts run: they follow what happens, choose and preview without a
// reload, and tell times anew. Every page and form works without it.
"use strict";

const body = document.body;
const regions = () => [...document.querySelectorAll("[data-live]")];

// ---- Taking over parts of a page by their ids -------------------------------------------------

async function fetched(address, options) {
  const answer = await fetch(address, { credentials: "same-origin", ...options });
  if (answer.redirected && new URL(answer.url).pathname === "/sign-in") {
    location.assign(answer.url);
    throw new Error("signed out");
  }
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

function take(region, page) {
  const fresh = page.getElementById(region.id);
  if (!fresh || fresh.outerHTML === region.outerHTML) return false;
  const focused = region.contains(document.activeElement) ? document.activeElement.id : "";
  const scrolled = [...region.querySelectorAll(".scroll")].map((each) => [each.scrollLeft, each.scrollTop]);
  region.replaceWith(document.adoptNode(fresh));
  fresh.querySelectorAll(".scroll").forEach((each, n) => {
    if (scrolled[n]) [each.scrollLeft, each.scrollTop] = scrolled[n];
  });
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  dress(fresh);
  return fresh;
}

// Somebody who is writing in a part of the page is not interrupted: it is taken over when they leave.
const isBusy = (region) =>
  region.dataset.live === "guarded" &&
  [...region.querySelectorAll("details[open] :is(input, textarea):not([type=hidden])")].some(
    (field) => field === document.activeElement || field.value !== field.defaultValue || field.checked !== field.defaultChecked,
  );

// ---- Following what happens -------------------------------------------------------------------

let stream = null;
let seen = Number(body.dataset.seq);
let timer = 0;
let isTaking = false;
let isBehind = false;
let rested = 0;

function follow() {
  if (!body.dataset.stream || stream || document.hidden || !regions().length) return;
  stream = new EventSource(`${body.dataset.stream}?after=${seen}`);
  stream.onopen = () => tell("");
  stream.onmessage = (message) => {
    seen = Number(message.lastEventId);
    soon();
  };
  stream.onerror = () => {
    if (stream?.readyState !== EventSource.CLOSED) return tell("Reconnecting…");
    stream = null;
    catchUp().then(follow, () => setTimeout(follow, 5000));
  };
}

// Much at once is taken over at once; a page that takes long to make is asked for less often.
function soon() {
  if (timer) return;
  timer = setTimeout(
    () => {
      timer = 0;
      catchUp().catch(() => {});
    },
    Math.max(60, rested - performance.now()),
  );
}

async function catchUp() {
  if (isTaking) {
    isBehind = true;
    return;
  }
  isTaking = true;
  const begun = performance.now();
  try {
    do {
      isBehind = false;
      const page = await fetched(location.href.replace(/#.*/, ""));
      seen = Math.max(seen, Number(page.body.dataset.seq) || 0);
      for (const region of regions()) {
        if (isBusy(region)) {
          region.addEventListener("focusout", () => setTimeout(soon, 200), { once: true });
          continue;
        }
        const fresh = take(region, page);
        if (fresh) fresh.classList?.add("changed");
      }
      refilter();
    } while (isBehind);
  } finally {
    isTaking = false;
    rested = performance.now() + 4 * (performance.now() - begun);
  }
}

// What is told without being an event, such as the steps of a rollout, is asked for while it goes on.
setInterval(() => {
  if (!document.hidden && document.querySelector("[data-again]")) soon();
}, 1500);

function tell(sentence) {
  const place = document.getElementById("link");
  place.textContent = sentence;
  place.hidden = !sentence;
}

// A browser keeps six connections to a host: a page that was left, or that nobody looks at, holds
// none. Whoever comes back is told what they missed.
addEventListener("pagehide", () => {
  stream?.close();
  stream = null;
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    stream?.close();
    stream = null;
  } else if (!stream) {
    catchUp().catch(() => {});
    follow();
  }
});
addEventListener("pageshow", (event) => {
  if (event.persisted) catchUp().catch(() => {});
  follow();
});

// ---- Times ------------------------------------------------------------------------------------

const STEPS = [[60, 1, "second"], [3600, 60, "minute"], [86400, 3600, "hour"], [86400 * 45, 86400, "day"], [86400 * 548, 86400 * 30.44, "month"], [Infinity, 86400 * 365.25, "year"]];

function ago(then) {
  const seconds = (Date.now() - then) / 1000;
  if (Math.abs(seconds) < 10) return "just now";
  const [, size, unit] = STEPS.find(([below]) => Math.abs(seconds) < below);
  const count = Math.max(Math.floor(Math.abs(seconds) / size), 1);
  const length = `${count} ${unit}${count === 1 ? "" : "s"}`;
  return seconds > 0 ? `${length} ago` : `in ${length}`;
}

setInterval(() => {
  for (const time of document.querySelectorAll("time[datetime]")) {
    const text = ago(new Date(time.dateTime));
    if (time.textContent !== text) time.textContent = text;
  }
}, 20000);

// ---- Finding, choosing, previewing, copying ------------------------------------------------------

function refilter() {
  for (const field of document.querySelectorAll("[data-filter]")) {
    const sought = field.value.trim().toLowerCase();
    for (const row of document.querySelectorAll(`#${field.dataset.filter} [data-find]`)) {
      row.hidden = !row.dataset.find.toLowerCase().includes(sought);
    }
  }
}

// Of several answers on their way only the last counts, and nothing that was filled in meanwhile is lost.
const turns = {};

async function send(form, what, id) {
  if (!document.getElementById(id)) return;
  const turn = (turns[id] = (turns[id] ?? 0) + 1);
  const fields = new URLSearchParams(new FormData(form));
  fields.set("_do", what);
  const page = await fetched(form.action, { method: "POST", body: fields });
  const region = document.getElementById(id);
  if (turn !== turns[id] || !region || !page.getElementById(id)) return;
  const filled = [...region.querySelectorAll("[name]")].map((field) => [field.name, field.value]);
  const fresh = take(region, page);
  for (const [name, value] of fresh ? filled : []) {
    const field = fresh.querySelector(`[name="${name}"]`);
    const fits = field && (!field.options || [...field.options].some((each) => each.value === value));
    if (value && fits) field.value = value;
  }
}

// Until a form can be sent at all there is nothing to preview, and nothing to complain of.
const preview = (form) => form.checkValidity() && send(form, "preview", form.dataset.preview).catch(() => {});

addEventListener("input", (event) => {
  if (event.target.dataset?.filter) refilter();
});
addEventListener("change", async (event) => {
  const field = event.target;
  const form = field.form;
  if (!form) return;
  if ("submit" in field.dataset) return form.requestSubmit();
  if ("choice" in field.dataset && form.dataset.choose) await send(form, "choose", form.dataset.choose).catch(() => {});
  if (form.dataset.preview) preview(form);
});
addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) return event.preventDefault();
  if (event.submitter?.value === "preview" && form.dataset.preview) {
    event.preventDefault();
    preview(form);
    return;
  }
  form.dataset.sent = "yes";
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));
addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.parentElement.querySelector("code").textContent);
  button.lastChild.textContent = "Copied";
});
addEventListener("keydown", (event) => {
  const isWriting = event.target.closest?.("input, textarea, select");
  if (event.key === "/" && !isWriting && !event.ctrlKey && !event.metaKey) {
    const field = document.querySelector("input[type=search]");
    if (field) {
      event.preventDefault();
      field.focus();
    }
  }
  const cell = event.target.closest?.(".matrix td, .matrix th");
  if (cell && !isWriting) move(event, cell);
});

// Arrow keys go from cell to cell of a matrix.
function move(event, cell) {
  const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
  if (!step) return;
  const rows = [...cell.closest("table").rows].filter((row) => !row.hidden);
  const row = rows[rows.indexOf(cell.parentElement) + step[0]];
  const link = row?.cells[cell.cellIndex + step[1]]?.querySelector("a");
  if (!link) return;
  event.preventDefault();
  link.focus();
}

function dress(part) {
  for (const button of part.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
}

dress(document);
refilter();
// What a form led to is the page it belongs to: to load it again must not send the form again.
if (body.dataset.here) history.replaceState(null, "", body.dataset.here);
if (new URL(location.href).searchParams.has("done")) {
  const clean = new URL(location.href);
  clean.searchParams.delete("done");
  history.replaceState(null, "", clean);
}
if (document.querySelector("#notices .bad")) document.querySelector("[aria-invalid]")?.focus();
