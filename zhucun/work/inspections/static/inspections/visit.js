// The on-site sheet on a phone: kept on this device while it is filled in, sent when there is a signal, forgotten once the server
// has it. Without scripts the page is the plain form it looks like. Only the page that shows the entered sheet, with the same key,
// ends a draft; a lost answer, a sign-in that ran out or a refusal keep it.

const PREFIX = "zhucun-";
const DAYS = 14;
const TOLD = {
  offline: "没有信号，没有发出去。填写的内容存在这台设备上，有信号时再发一次。",
  busy: "系统正忙，没有保存。填写的内容还在，请过一会儿再发一次。",
  stale: "页面放得太久或登录已过期，没有保存。请重新登录后打开这一页，草稿会自动恢复。",
};

const store = {
  read(name) { try { return JSON.parse(localStorage.getItem(PREFIX + name)); } catch { return null; } },
  write(name, value) { try { localStorage.setItem(PREFIX + name, JSON.stringify(value)); return true; } catch { return false; } },
  drop(name) { try { localStorage.removeItem(PREFIX + name); } catch { /* nothing is kept */ } },
};

function dropOld() {
  try {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(`${PREFIX}visit:`)) continue;
      const kept = store.read(key.slice(PREFIX.length));
      if (!kept || Date.now() - kept.at > DAYS * 86400000) localStorage.removeItem(key);
    }
  } catch { /* no storage on this device */ }
}

// --- the form ---

const fieldsOf = (form) => [...form.elements].filter((one) => one.name && !["csrfmiddlewaretoken", "sure"].includes(one.name) && one.type !== "submit");

function values(form) {
  const found = {};
  for (const one of fieldsOf(form)) if (one.type !== "radio" || one.checked) found[one.name] = one.value;
  return found;
}

function fill(form, kept) {
  for (const one of fieldsOf(form)) {
    if (!(one.name in kept)) continue;
    if (one.type === "radio") one.checked = one.value === kept[one.name];
    else if (!one.name.endsWith("_FORMS")) one.value = kept[one.name];
  }
}

function say(form, text, tone, buttons = []) {
  const note = form.querySelector(".draft-note");
  note.className = `draft-note alert alert-${tone}`;
  note.replaceChildren(Object.assign(document.createElement("div"), { className: "alert-text", textContent: text }));
  for (const [label, act] of buttons) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm", textContent: label });
    button.addEventListener("click", act);
    note.append(button);
  }
  note.hidden = false;
  note.scrollIntoView({ block: "nearest" });
}

const hush = (form) => { form.querySelector(".draft-note").hidden = true; };

function open(form) {
  delete form.dataset.sent;
  form.querySelectorAll("button").forEach((one) => { one.disabled = false; one.classList.remove("is-busy"); });
}

function rowsOf(form) {
  const rows = [...form.querySelectorAll("[data-found-row]")];
  const more = form.querySelector("[data-found-more]");
  if (!more) return;
  const used = (row) => row.querySelector("textarea").value.trim() || row.querySelector("select").value || row.querySelector(".field-error");
  rows.forEach((row, at) => { row.hidden = at > 0 && !used(row); });
  const tell = () => { more.hidden = rows.every((row) => !row.hidden); };
  more.addEventListener("click", () => {
    const next = rows.find((row) => row.hidden);
    if (next) { next.hidden = false; next.querySelector("select").focus(); }
    tell();
  });
  tell();
}

function doubt(form) {
  for (const group of form.querySelectorAll("[data-covered]")) {
    const note = group.closest(".who-row").querySelector(".who-doubt");
    const absent = group.querySelector("input[value=absent]")?.checked;
    note.textContent = absent ? `请再核对一次：${group.dataset.covered}。` : "";
    note.hidden = !absent;
  }
}

function keep(form) {
  const kept = values(form);
  if (!store.write(form.dataset.draft, { at: Date.now(), key: kept.key, fields: kept })) {
    say(form, "这台设备不能保存草稿，请不要关闭这一页，填完马上提交。", "warning");
  }
}

async function send(form, submitter) {
  keep(form);
  const body = new FormData(form);
  let answer;
  try {
    answer = await fetch(form.action, { method: "POST", body, redirect: "manual", credentials: "same-origin" });
  } catch {
    open(form);
    say(form, TOLD.offline, "warning", [["再发一次", () => form.requestSubmit(submitter)]]);
    return;
  }
  if (answer.type === "opaqueredirect") { window.location.assign(form.action); return; }
  open(form);
  if (answer.ok) {
    replace(form, await answer.text());
  } else {
    say(form, answer.status === 403 ? TOLD.stale : TOLD.busy, "warning", [["再发一次", () => form.requestSubmit(submitter)]]);
  }
}

function replace(form, text) {
  const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-visit-form]");
  if (!fresh) { window.location.assign(form.action); return; }
  form.replaceWith(fresh);
  begin(fresh);
  fresh.querySelector(".error-summary")?.focus();
}

function begin(form) {
  const kept = store.read(form.dataset.draft);
  if (kept && !form.dataset.bound) {
    fill(form, kept.fields);
    const when = new Date(kept.at).toLocaleString("zh-CN", { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });
    say(form, `已恢复 ${when} 存在这台设备上、还没有提交的内容。`, "info", [["不要了，重新填", () => { store.drop(form.dataset.draft); window.location.reload(); }]]);
  }
  rowsOf(form);
  doubt(form);
  let timer;
  const soon = () => { clearTimeout(timer); timer = setTimeout(() => { if (form.isConnected && !form.dataset.sent) keep(form); }, 300); };
  form.addEventListener("input", () => { doubt(form); soon(); });
  form.addEventListener("change", () => { doubt(form); soon(); });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (event.defaultPrevented) return;
    event.preventDefault();
    hush(form);
    send(form, event.submitter);
  });
  window.addEventListener("pagehide", () => { if (form.isConnected && timer && !form.dataset.sent) keep(form); });
}

// --- the sheet that was entered ---

function ended(mark) {
  const kept = store.read(mark.dataset.draft);
  if (!kept) return;
  if (kept.key === mark.dataset.key) { store.drop(mark.dataset.draft); return; }
  const note = document.createElement("div");
  note.className = "alert alert-warning draft-note";
  const text = Object.assign(document.createElement("div"), { className: "alert-text", textContent: "这台设备上还有一份没有提交的内容，和已经录入的不是同一份。请对照已录入的核查单，需要改的用“更正核查单”，核对完再删除。" });
  const list = document.createElement("ul");
  for (const [name, value] of Object.entries(kept.fields)) {
    if (value && (name.startsWith("note") || name.endsWith("-text") || ["time", "households", "knowing", "witness"].includes(name))) {
      list.append(Object.assign(document.createElement("li"), { textContent: value }));
    }
  }
  text.append(list);
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm", textContent: "核对过了，删除" });
  button.addEventListener("click", () => { store.drop(mark.dataset.draft); note.remove(); });
  note.append(text, button);
  mark.replaceWith(note);
}

dropOld();
const form = document.querySelector("[data-visit-form]");
const mark = document.querySelector("[data-visit-saved]");
if (form) begin(form);
if (mark) ended(mark);
