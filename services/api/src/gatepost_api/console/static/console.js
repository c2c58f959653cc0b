// Progressive enhancement: pages update live, forms preview and load dependent choices without a
// reload, and relative times stay current. Every page and form also works without JavaScript.
"use strict";

const body = document.body;
const liveRegions = () => [...document.querySelectorAll("[data-live]")];

// ---- Replacing regions of the page by id ------------------------------------------------------

async function fetchPage(url, options) {
  const response = await fetch(url, { credentials: "same-origin", ...options });
  if (response.redirected && new URL(response.url).pathname === "/sign-in") {
    location.assign(response.url);
    throw new Error("signed out");
  }
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

// The HTML of each region as the server sent it, without the parts that differ in every response.
const serverHtml = new WeakMap();
const comparableHtml = (region) => region.outerHTML.replace(/(<time[^>]*>)[^<]*|(name="_key" value=")[^"]*/g, "$1$2");

function replaceRegion(region, page) {
  const updated = page.getElementById(region.id);
  if (!updated) return false;
  const html = comparableHtml(updated);
  if ((serverHtml.get(region) ?? comparableHtml(region)) === html) return false;
  serverHtml.set(updated, html);
  const focusedId = region.contains(document.activeElement) ? document.activeElement.id : "";
  const scrollPositions = [...region.querySelectorAll(".scroll")].map((element) => [element.scrollLeft, element.scrollTop]);
  region.replaceWith(document.adoptNode(updated));
  updated.querySelectorAll(".scroll").forEach((element, index) => {
    if (scrollPositions[index]) [element.scrollLeft, element.scrollTop] = scrollPositions[index];
  });
  if (focusedId) document.getElementById(focusedId)?.focus({ preventScroll: true });
  showCopyButtons(updated);
  showLocalTimes(updated);
  return updated;
}

// A guarded region with unsaved input is not replaced until the user leaves it.
const isBeingEdited = (region) =>
  region.dataset.live === "guarded" &&
  [...region.querySelectorAll("details[open] :is(input, textarea):not([type=hidden])")].some(
    (field) => field === document.activeElement || field.value !== field.defaultValue || field.checked !== field.defaultChecked,
  );

// A list is not replaced under a pointer that is over a button, which would then act on another row.
const isPointedAt = (region) => region.querySelector(".actions-cell:hover");

// ---- Live updates -----------------------------------------------------------------------------

let stream = null;
let lastSeq = Number(body.dataset.seq);
let refreshTimer = 0;
let isRefreshing = false;
let refreshAgain = false;
let nextRefreshAt = 0;

function connectStream() {
  if (!body.dataset.stream || stream || document.hidden || !liveRegions().length) return;
  stream = new EventSource(`${body.dataset.stream}?after=${lastSeq}`);
  stream.onopen = () => showConnectionStatus("");
  stream.onmessage = (message) => {
    lastSeq = Number(message.lastEventId);
    scheduleRefresh();
  };
  stream.onerror = () => {
    if (stream?.readyState !== EventSource.CLOSED) return showConnectionStatus("Reconnecting…");
    stream = null;
    refreshPage().then(connectStream, () => setTimeout(connectStream, 5000));
  };
}

// Bursts of events are combined into one refresh; slow pages are refreshed less often.
function scheduleRefresh() {
  if (refreshTimer) return;
  refreshTimer = setTimeout(
    () => {
      refreshTimer = 0;
      refreshPage().catch(() => {});
    },
    Math.max(60, nextRefreshAt - performance.now()),
  );
}

async function refreshPage() {
  if (isRefreshing) {
    refreshAgain = true;
    return;
  }
  isRefreshing = true;
  const startedAt = performance.now();
  try {
    do {
      refreshAgain = false;
      const page = await fetchPage(location.href.replace(/#.*/, ""));
      lastSeq = Math.max(lastSeq, Number(page.body.dataset.seq) || 0);
      for (const region of liveRegions()) {
        if (isBeingEdited(region)) {
          region.addEventListener("focusout", () => setTimeout(scheduleRefresh, 200), { once: true });
          continue;
        }
        const cell = isPointedAt(region);
        if (cell) {
          cell.addEventListener("mouseleave", scheduleRefresh, { once: true });
          continue;
        }
        const updated = replaceRegion(region, page);
        if (updated) updated.classList?.add("changed");
      }
      for (const count of document.querySelectorAll("#inbox-count, #menu-count")) replaceRegion(count, page);
      applyFilters();
    } while (refreshAgain);
  } finally {
    isRefreshing = false;
    nextRefreshAt = performance.now() + 4 * (performance.now() - startedAt);
  }
}

// Changes without an event, such as the steps of a rollout, are polled while it runs.
setInterval(() => {
  if (!document.hidden && document.querySelector("[data-poll]")) scheduleRefresh();
}, 1500);

// A region that changes at a known time without an event, such as the end of a lease, is refreshed
// at that time: `data-ends-in` seconds after the server rendered it.
const endsAt = new WeakMap();

setInterval(() => {
  for (const region of document.querySelectorAll("[data-ends-in]")) {
    if (!endsAt.has(region)) endsAt.set(region, performance.now() + 1000 * region.dataset.endsIn);
    if (document.hidden || performance.now() < endsAt.get(region)) continue;
    endsAt.set(region, performance.now() + 5000);
    scheduleRefresh();
  }
}, 1000);

function showConnectionStatus(text) {
  const status = document.getElementById("connection-status");
  status.textContent = text;
  status.hidden = !text;
}

// Browsers allow six connections per host, so pages that were left or are hidden close their
// stream. A page that is shown again refreshes first, then reconnects.
addEventListener("pagehide", () => {
  stream?.close();
  stream = null;
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    stream?.close();
    stream = null;
  } else if (!stream) {
    refreshPage().catch(() => {});
    connectStream();
  }
});
addEventListener("pageshow", (event) => {
  if (event.persisted) refreshPage().catch(() => {});
  connectStream();
});

// ---- Relative times ---------------------------------------------------------------------------

// [limit, size, unit] in seconds, as in views/formatting.py.
const UNITS = [[60, 1, "second"], [3600, 60, "minute"], [86400, 3600, "hour"], [86400 * 45, 86400, "day"], [86400 * 548, 86400 * 30.44, "month"], [Infinity, 86400 * 365.25, "year"]];

function formatRelative(instant) {
  const seconds = (Date.now() - instant) / 1000;
  if (Math.abs(seconds) < 10) return "just now";
  const [, size, unit] = UNITS.find(([limit]) => Math.abs(seconds) < limit);
  const count = Math.max(Math.floor(Math.abs(seconds) / size), 1);
  const distance = `${count} ${unit}${count === 1 ? "" : "s"}`;
  return seconds > 0 ? `${distance} ago` : `in ${distance}`;
}

setInterval(() => {
  for (const time of document.querySelectorAll("time[datetime]:not([data-absolute])")) {
    const text = formatRelative(new Date(time.dateTime));
    if (time.textContent !== text) time.textContent = text;
  }
}, 20000);

// ---- The time zone of the browser ---------------------------------------------------------------

const formatIn = (options) => new Intl.DateTimeFormat("en-GB", options);
const ZONE_NAME = formatIn({ timeZoneName: "short" }).formatToParts().find((part) => part.type === "timeZoneName").value;
const DAY = { day: "numeric", month: "short" };
const CLOCK = { hour: "2-digit", minute: "2-digit" };
const FULL = { day: "numeric", month: "long", year: "numeric", ...CLOCK, timeZoneName: "short" };
const fullFormat = formatIn(FULL);
const exactFormat = formatIn({ ...FULL, second: "2-digit" });

const formatFull = (instant) => (instant.getSeconds() ? exactFormat : fullFormat).format(instant).replace(" at ", ", ");

// The time of day, preceded by the date and the year if they are not the current ones.
function formatShort(instant) {
  const now = new Date();
  if (instant.toDateString() === now.toDateString()) return formatIn(CLOCK).format(instant);
  if (instant.getFullYear() === now.getFullYear()) return formatIn({ ...DAY, ...CLOCK }).format(instant);
  return formatIn({ ...DAY, year: "numeric" }).format(instant);
}

const pad = (number, length = 2) => String(number).padStart(length, "0");
const toLocalField = (instant, field) => {
  const value = `${pad(instant.getFullYear(), 4)}-${pad(instant.getMonth() + 1)}-${pad(instant.getDate())}T${pad(instant.getHours())}:${pad(instant.getMinutes())}`;
  return field.step === "1" ? `${value}:${pad(instant.getSeconds())}` : value;
};

// The style sheet shows the local time beside a relative time, and the full time in print. The title
// keeps the time in UTC. Without JavaScript, times and fields are in UTC.
function showLocalTimes(root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    const instant = new Date(time.dateTime);
    if (Number.isNaN(instant.valueOf())) continue;
    time.dataset.full = formatFull(instant);
    if ("absolute" in time.dataset) time.textContent = time.dataset.full;
    else time.dataset.clock = formatShort(instant);
  }
  for (const field of root.querySelectorAll("input[data-utc]:not([data-local])")) {
    field.dataset.local = "";
    field.labels[0]?.querySelector("[data-zone]")?.replaceChildren(ZONE_NAME);
    if (!field.value) continue;
    field.value = toLocalField(new Date(`${field.value}Z`), field);
    field.defaultValue = field.value;
  }
}

addEventListener("formdata", (event) => {
  const filter = document.getElementById(event.target.dataset.currentQuery ?? "");
  if (filter) {
    const query = new URLSearchParams(event.formData.get("query"));
    for (const name of ["q", "team", "tier"]) query.set(name, filter.elements[name].value);
    event.formData.set("query", query.toString());
  }
  for (const field of event.target.querySelectorAll("input[data-local]")) {
    if (field.value) event.formData.set(field.name, new Date(field.value).toISOString().slice(0, 19));
  }
});

// The server shows the calendar in the time zone of the browser, which it reads from this cookie.
const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (browserZone) {
  document.cookie = `gatepost-zone=${browserZone}; path=/; max-age=31536000; samesite=strict${location.protocol === "https:" ? "; secure" : ""}`;
  for (const field of document.querySelectorAll("[data-browser-zone]")) {
    if (!field.value) field.value = field.defaultValue = browserZone;
  }
  const shown = document.querySelector("[data-zone-shown]");
  if (shown && shown.dataset.zoneShown !== browserZone) refreshPage().catch(() => {});
}

// ---- Filters, dependent choices, previews, copy buttons -----------------------------------------

// A filter hides rows of a complete list immediately. A partial list is searched on the server.
function applyFilters() {
  for (const field of document.querySelectorAll("[data-filter]")) {
    const list = document.getElementById(field.dataset.filter);
    const query = field.value.trim().toLowerCase();
    if (!list || list.closest("[data-partial]")) continue;
    const rows = [...list.querySelectorAll("[data-find]")];
    for (const row of rows) row.hidden = !row.dataset.find.toLowerCase().includes(query);
    for (const group of list.querySelectorAll(".group")) group.hidden = !group.parentElement.querySelector("[data-find]:not([hidden])");
    const empty = document.querySelector(`[data-filter-empty="${list.id}"]`);
    if (empty) empty.hidden = rows.some((row) => !row.hidden);
  }
}

let searchTimer = 0;

function searchSoon(field) {
  clearTimeout(searchTimer);
  searchTimer = setTimeout(() => {
    const fields = [...new FormData(field.form)].filter(([, value]) => value);
    history.replaceState(null, "", `${field.form.action}?${new URLSearchParams(fields)}`);
    refreshPage().catch(() => {});
  }, 200);
}

// Only the response to the latest request for a region is used, and input entered while waiting for
// it is restored.
const requestNumbers = {};

async function submitInBackground(form, command, regionId) {
  if (!document.getElementById(regionId)) return;
  const requestNumber = (requestNumbers[regionId] = (requestNumbers[regionId] ?? 0) + 1);
  const fields = new URLSearchParams(new FormData(form));
  fields.set("_do", command);
  const page = await fetchPage(form.action, { method: "POST", body: fields });
  const region = document.getElementById(regionId);
  if (requestNumber !== requestNumbers[regionId] || !region || !page.getElementById(regionId)) return;
  const enteredValues = [...region.querySelectorAll("[name]")].map((field) => [field.name, field.value]);
  const updated = replaceRegion(region, page);
  for (const [name, value] of updated ? enteredValues : []) {
    const field = updated.querySelector(`[name="${name}"]`);
    const canRestore = field && (!field.options || [...field.options].some((option) => option.value === value));
    if (value && canRestore) field.value = value;
  }
}

// An incomplete form is not validated, so that it shows no errors while it is being filled in. A form
// with dependent choices already shows whether the choices made so far would be refused.
function preview(form) {
  const command = form.checkValidity() ? "preview" : form.dataset.refreshTarget && "choose";
  if (command) submitInBackground(form, command, form.dataset.preview).catch(() => {});
}

addEventListener("input", (event) => {
  const field = event.target;
  if (!field.dataset?.filter) return;
  if (document.getElementById(field.dataset.region)?.matches("[data-partial]")) searchSoon(field);
  else applyFilters();
});
addEventListener("change", async (event) => {
  const field = event.target;
  const form = field.form;
  if (!form) return;
  if ("submit" in field.dataset) return form.requestSubmit();
  if ("refreshOnChange" in field.dataset && form.dataset.refreshTarget) await submitInBackground(form, "choose", form.dataset.refreshTarget).catch(() => {});
  if (form.dataset.preview) preview(form);
});
addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.submitted) return event.preventDefault();
  if (event.submitter?.value === "preview" && form.dataset.preview && form.checkValidity()) {
    event.preventDefault();
    preview(form);
    return;
  }
  form.dataset.submitted = "yes";
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-submitted]").forEach((form) => delete form.dataset.submitted));
addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.parentElement.querySelector("code").textContent);
  button.lastChild.textContent = "Copied";
});
addEventListener("keydown", (event) => {
  const isTyping = event.target.closest?.("input, textarea, select");
  const cell = event.target.closest?.(".matrix td, .matrix th");
  if (cell && !isTyping) moveFocus(event, cell);
});

// Arrow keys move the focus between the cells of the matrix.
function moveFocus(event, cell) {
  const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
  if (!step) return;
  const rows = [...cell.closest("table").rows].filter((row) => !row.hidden);
  const row = rows[rows.indexOf(cell.parentElement) + step[0]];
  const link = row?.cells[cell.cellIndex + step[1]]?.querySelector("a");
  if (!link) return;
  event.preventDefault();
  link.focus();
}

function showCopyButtons(root) {
  for (const button of root.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
}

for (const region of liveRegions()) serverHtml.set(region, comparableHtml(region));
showCopyButtons(document);
showLocalTimes(document);
applyFilters();
// After a form was submitted, show the address of its page: reloading must not submit it again.
if (body.dataset.canonicalPath) history.replaceState(null, "", body.dataset.canonicalPath);
if (new URL(location.href).searchParams.has("done")) {
  const url = new URL(location.href);
  url.searchParams.delete("done");
  url.searchParams.delete("about");
  history.replaceState(null, "", url);
}
if (document.querySelector("#notices .bad")) document.querySelector("[aria-invalid]")?.focus();
