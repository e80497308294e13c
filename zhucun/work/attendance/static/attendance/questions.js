// Questions by keyboard: 1–6 choose and go on, Enter and arrows move, Backspace goes back. Each answer is saved by htmx as soon
// as it is chosen; without scripts the page is the form it looks like.

const form = document.querySelector("[data-questions]");
const cards = form ? [...form.querySelectorAll("[data-question]")] : [];
const count = form?.querySelector("[data-count]");
const left = document.querySelector("[data-left]");
const total = Number(left?.textContent ?? 0);
let at = 0;

const radios = (card) => [...card.querySelectorAll("input[type=radio]")];

function go(place) {
  cards[at]?.classList.remove("is-current");
  at = Math.max(0, Math.min(place, cards.length));
  const target = cards[at] || form.querySelector("[data-next]");
  cards[at]?.classList.add("is-current");
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "nearest", behavior: "auto" });
}

function choose(card, radio) {
  if (!radio) return;
  if (!radio.checked) {
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  }
  go(cards.indexOf(card) + 1);
}

function tell() {
  const kept = cards.filter((card) => card.classList.contains("is-kept")).length;
  count.textContent = kept ? `这一页 ${cards.length} 格，已存 ${kept} 格` : "";
  left.textContent = total - kept;
  form.querySelector("[data-done]").hidden = kept < total;
}

const STEPS = { Enter: 1, ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, Backspace: -1 };

function pressed(event) {
  const elsewhere = event.target.closest("a, button, summary, select, textarea, dialog, input:not([type=radio])");
  if (elsewhere || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const card = event.target.closest("[data-question]") || cards[at];
  if (/^[1-6]$/.test(event.key) && card) {
    event.preventDefault();
    choose(card, radios(card)[Number(event.key) - 1]);
  } else if (event.key in STEPS) {
    event.preventDefault();
    go((card ? cards.indexOf(card) : at) + STEPS[event.key]);
  }
}

function back(event) {
  if (event.key !== "Backspace" && event.key !== "ArrowUp") return;
  event.preventDefault();
  go(cards.length - 1);
}

if (cards.length) {
  cards.forEach((card) => { card.tabIndex = -1; });
  document.addEventListener("keydown", pressed);
  form.querySelector("[data-next]").addEventListener("keydown", back);
  form.addEventListener("focusin", (event) => {
    const place = cards.indexOf(event.target.closest("[data-question]"));
    if (place < 0 || place === at) return;
    cards[at]?.classList.remove("is-current");
    at = place;
    cards[at].classList.add("is-current");
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    const card = detail.elt.closest?.("[data-question]");
    if (!card) return;
    card.classList.toggle("is-kept", detail.successful);
    card.classList.toggle("is-wrong", !detail.successful);
    if (!detail.successful) radios(card).forEach((radio) => { radio.checked = false; });
    tell();
  });
  go(0);
}
