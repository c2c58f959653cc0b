// Keyboard shortcuts: search, moving in lists, opening approvals, and going to pages. Without
// JavaScript, the links to /search and /help/keys lead to the same content.
"use strict";

const isTextField = (element) => element?.closest?.("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])");
const isHidden = (element) => !element.checkVisibility();

// ---- Dialogs ----------------------------------------------------------------------------------

const searchDialog = document.getElementById("search-dialog");
const searchField = searchDialog.querySelector("input");
const searchResults = document.getElementById("search-dialog-results");
const searchStatus = document.getElementById("search-dialog-status");
const keysDialog = document.getElementById("keys-dialog");
const keysContent = document.getElementById("keys-dialog-content");

for (const dialog of [searchDialog, keysDialog]) {
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
}

function openSearch() {
  if (!searchDialog.open) searchDialog.showModal();
  searchField.select();
}

async function openKeys() {
  if (!keysContent.hasChildNodes()) {
    const page = await fetchPage("/help/keys");
    keysContent.append(...page.getElementById("keys").childNodes);
  }
  if (!keysDialog.open) keysDialog.showModal();
}

const hits = () => [...searchResults.querySelectorAll("[data-hit]")];
let searchedText = "";
let searchNumber = 0;
let paletteTimer = 0;

// Only the results for the latest text are shown.
async function showResults() {
  clearTimeout(paletteTimer);
  const text = searchField.value.trim();
  const number = ++searchNumber;
  const page = text && (await fetchPage(`/search?q=${encodeURIComponent(text)}`));
  if (number !== searchNumber) return;
  searchResults.replaceChildren(...(page ? page.getElementById("search-results").childNodes : []));
  searchedText = text;
  const count = hits().length;
  searchStatus.textContent = text ? `${count} hit${count === 1 ? "" : "s"}` : "";
}

async function openFirstHit() {
  try {
    if (searchedText !== searchField.value.trim()) await showResults();
  } catch {
    return searchField.form.submit();
  }
  hits()[0]?.click();
}

searchField.addEventListener("input", () => {
  clearTimeout(paletteTimer);
  paletteTimer = setTimeout(() => showResults().catch(() => {}), 120);
});
searchField.form.addEventListener("submit", (event) => {
  event.preventDefault();
  openFirstHit();
});
searchDialog.addEventListener("keydown", (event) => {
  if (event.key === "Escape") return searchDialog.close(); // instead of emptying the field first
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const stops = [searchField, ...hits()];
  if (step) {
    event.preventDefault();
    stops[Math.min(Math.max(stops.indexOf(document.activeElement) + step, 0), stops.length - 1)].focus();
  } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && document.activeElement !== searchField && event.key !== " ") searchField.focus();
});
// The dialog must be closed here, because a link to another part of the same page loads no page.
searchResults.addEventListener("click", (event) => {
  if (event.target.closest("[data-hit]") && !event.ctrlKey && !event.metaKey) searchDialog.close();
});

document.getElementById("open-search").addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  openSearch();
});
document.getElementById("open-keys").addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  openKeys().catch(() => location.assign("/help/keys"));
});
for (const hint of document.querySelectorAll("[data-modifier]")) {
  hint.textContent = /Mac|iP/.test(navigator.platform) ? "⌘K" : "Ctrl K";
  hint.hidden = false;
}

// ---- Rows of lists ----------------------------------------------------------------------------

const ROWS = "main table.rows tbody tr, main .item-list > li";
const rowLink = (row) => row.querySelector("a.number, a[href^='/']");
let lastLink = "";

// A live update replaces the rows, so the last selected row is identified by the address of its link.
function currentRow(rows) {
  return document.activeElement?.closest(ROWS) ?? rows.find((row) => lastLink && rowLink(row).getAttribute("href") === lastLink);
}

function moveToRow(step) {
  const rows = [...document.querySelectorAll(ROWS)].filter((row) => rowLink(row) && !isHidden(row));
  const index = rows.indexOf(currentRow(rows));
  const row = rows[Math.min(Math.max(index + step, 0), rows.length - 1)];
  if (!row) return;
  lastLink = rowLink(row).getAttribute("href");
  rowLink(row).focus();
  row.scrollIntoView({ block: "nearest" });
}

// The key opens the form for an action; it never performs the action immediately.
function openAction(action) {
  const row = document.activeElement?.closest(ROWS);
  if (row) {
    const control = row.querySelector(`form[action$="/${action}"], a[href*="action=${action}"]`);
    if (control) location.assign(`${rowLink(row).getAttribute("href").replace(/[?#].*/, "")}?action=${action}#actions`);
    return;
  }
  const details = document.querySelector(`#actions form[action$="/${action}"]`)?.closest("details");
  if (!details) return;
  details.open = true;
  focusForm(details);
}

// Focus the first field or, if it is already filled in, the first empty one.
function focusForm(details) {
  const fields = [...details.querySelectorAll("form :is(textarea, select, input:not([type=hidden]))")];
  const isFilledIn = fields[0]?.matches("textarea") && fields[0].value;
  ((isFilledIn && fields.find((field) => !field.value)) || fields[0] || details.querySelector("form button")).focus();
}

// ---- Keys -------------------------------------------------------------------------------------

const PAGES = { o: "/", d: "/deployments", i: "/inbox", s: "/services", c: "/compare", e: "/environments", f: "/freezes", r: "/reports", p: "/people", n: "/deployments/new" };
const KEYS = {
  "/": () => {
    const field = [...document.querySelectorAll("main input[type=search]")].find((element) => !isHidden(element));
    field ? field.focus() : openSearch();
  },
  "?": () => openKeys().catch(() => location.assign("/help/keys")),
  j: () => moveToRow(1),
  k: () => moveToRow(-1),
  x: () => document.activeElement?.closest(ROWS)?.querySelector("input[type=checkbox]")?.click(),
  a: () => openAction("approve"),
  r: () => openAction("reject"),
};
let goesToPageUntil = 0;

addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    return openSearch();
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTextField(event.target) || document.querySelector("dialog[open]")) return;
  const page = performance.now() < goesToPageUntil && PAGES[event.key];
  goesToPageUntil = event.key === "g" ? performance.now() + 1500 : 0;
  if (page) return location.assign(page);
  if (!KEYS[event.key]) return;
  event.preventDefault();
  KEYS[event.key]();
});

// ---- Focus after a page was opened ------------------------------------------------------------

// Runs after the browser has scrolled to the part of the page that the address names.
addEventListener("load", () => {
  const openForm = document.querySelector("#actions details.action[open]");
  const notice = document.querySelector(".notice[tabindex]");
  const isTyping = isTextField(document.activeElement);
  if (isTyping) return;
  if (notice) notice.focus({ preventScroll: Boolean(openForm) });
  else if (openForm && !document.querySelector("#notices .bad")) focusForm(openForm);
});
