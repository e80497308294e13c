// The search box on every page: suggestions while one types; arrow keys walk through them, Escape closes them.
// Without scripts it is a plain form that leads to the page of results.

const WAIT = 200;
let timer = 0;
let running = null;

const boxes = (target) => target.closest?.("form[data-search]");
const parts = (form) => ({ form, text: form.querySelector("input[type=search]"), panel: form.querySelector(".search-panel") });

function close({ panel }) {  // the panel is a live region; a search field may not say that it is expanded
  panel.hidden = true;
}

async function suggest(box) {
  running?.abort();
  if (!box.text.value.trim()) { close(box); return; }
  running = new AbortController();
  const url = new URL(box.form.action);
  url.searchParams.set("q", box.text.value);
  try {
    const answer = await fetch(url, { signal: running.signal, headers: { "HX-Request": "true" }, credentials: "same-origin" });
    if (!answer.ok || answer.redirected) { close(box); return; }
    box.panel.innerHTML = await answer.text();
  } catch {
    return;
  }
  box.panel.hidden = false;
}

document.addEventListener("input", (event) => {
  const form = boxes(event.target);
  if (!form) return;
  clearTimeout(timer);
  timer = setTimeout(() => suggest(parts(form)), WAIT);
});

document.addEventListener("keydown", (event) => {
  const form = boxes(event.target);
  if (!form) return;
  const box = parts(form);
  if (event.key === "Escape" && !box.panel.hidden) {
    event.preventDefault();
    close(box);
    box.text.focus();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const stops = [box.text, ...box.panel.querySelectorAll("a")];
    const at = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    event.preventDefault();
    stops[(at + stops.length) % stops.length].focus();
  }
});

document.addEventListener("focusin", (event) => {
  for (const form of document.querySelectorAll("form[data-search]")) {
    if (!form.contains(event.target)) close(parts(form));
  }
});
document.addEventListener("click", (event) => {
  for (const form of document.querySelectorAll("form[data-search]")) {
    if (!form.contains(event.target)) close(parts(form));
  }
});
