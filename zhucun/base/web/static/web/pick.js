// Search-as-you-type choice (forms.PickWidget): arrow keys, Enter, Escape; the server answers with <li role="option">.

const WAIT = 200;
let timer = 0;
let running = null;

const parts = (text) => {
  const box = text.closest("[data-pick]");
  return { box, text, list: box.querySelector(".pick-list"), value: box.querySelector("[data-pick-value]"), was: box.querySelector("[data-pick-was]") };
};
const options = (list) => [...list.querySelectorAll("[role=option]")];

function prepare(text, list) {
  if (text.getAttribute("role")) return;
  list.id ||= `${text.id}_list`;
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) {
    text.setAttribute(name, value);
  }
}

function close({ text, list }) {
  list.hidden = true;
  text.setAttribute("aria-expanded", "false");
  text.removeAttribute("aria-activedescendant");
}

function mark({ text, list }, index) {
  const all = options(list);
  all.forEach((option, at) => {
    option.id = `${list.id}_${at}`;
    option.setAttribute("aria-selected", at === index ? "true" : "false");
  });
  const chosen = all[index];
  if (!chosen) return;
  text.setAttribute("aria-activedescendant", chosen.id);
  chosen.scrollIntoView({ block: "nearest" });
}

async function search(pick) {
  running?.abort();
  running = new AbortController();
  const url = new URL(pick.box.dataset.pick, window.location.href);
  url.searchParams.set("q", pick.text.value);
  try {
    const answer = await fetch(url, { signal: running.signal, headers: { "HX-Request": "true" }, credentials: "same-origin" });
    if (!answer.ok || answer.status === 204) throw new Error(String(answer.status));
    pick.list.innerHTML = await answer.text();
  } catch (error) {
    if (error.name === "AbortError") return;
    pick.list.innerHTML = '<li class="pick-none">查找没有成功，请检查网络后再试。</li>';
  }
  pick.list.hidden = false;
  pick.text.setAttribute("aria-expanded", "true");
  mark(pick, pick.text.value ? 0 : -1);
}

function choose(pick, option) {
  if (pick.value) {
    pick.value.value = option.dataset.value;
    pick.text.value = pick.was.value = option.dataset.label;
  } else {
    addChip(pick, option);
    pick.text.value = "";
  }
  close(pick);
  pick.text.dispatchEvent(new Event("change", { bubbles: true }));
}

function addChip({ box }, option) {
  const chips = box.querySelector(".pick-chips");
  const there = [...chips.querySelectorAll("input")].find((input) => input.value === option.dataset.value);
  if (there) { there.checked = true; return; }
  const chip = document.createElement("li");
  const label = document.createElement("label");
  const input = Object.assign(document.createElement("input"), { type: "checkbox", name: box.dataset.pickName, value: option.dataset.value, checked: true });
  label.append(input, ` ${option.dataset.label}`);
  chip.append(label);
  chips.append(chip);
}

document.addEventListener("input", (event) => {
  const text = event.target.closest("[data-pick-text]");
  if (!text) return;
  const pick = parts(text);
  prepare(text, pick.list);
  clearTimeout(timer);
  timer = setTimeout(() => search(pick), WAIT);
});

document.addEventListener("focusin", (event) => {
  const text = event.target.closest("[data-pick-text]");
  if (text) prepare(text, parts(text).list);
});

document.addEventListener("keydown", (event) => {
  const text = event.target.closest?.("[data-pick-text]");
  if (!text) return;
  const pick = parts(text);
  const all = options(pick.list);
  const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (pick.list.hidden) search(pick);
    else mark(pick, (at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length);
  } else if (event.key === "Enter" && !pick.list.hidden) {
    event.preventDefault();
    if (all[at]) choose(pick, all[at]);
  } else if (event.key === "Escape" && !pick.list.hidden) {
    event.preventDefault();
    event.stopPropagation();
    close(pick);
  }
}, true);

document.addEventListener("pointerdown", (event) => {
  const option = event.target.closest(".pick-list [role=option]");
  if (!option) return;
  event.preventDefault();
  choose(parts(option.closest("[data-pick]").querySelector("[data-pick-text]")), option);
});

document.addEventListener("focusout", (event) => {
  const text = event.target.closest("[data-pick-text]");
  if (text) close(parts(text));
});
