// Page behaviour: drawer, menu, drop-downs, confirm questions, unsaved changes, double submits, toasts.
// Every page works without it; everything here listens on the document, so that swapped-in parts need no set-up.

const root = document.documentElement;
root.classList.add("js");
const $ = (selector, from = document) => from.querySelector(selector);
const drawer = $("#drawer");
const drawerBody = $("#drawer-body");
const dirty = new WeakSet();
let opener = null;

// --- drawer: <a data-drawer href="…"> opens the page's content at the side ---

function openDrawer(url, from) {
  if (!drawer || !window.htmx) return false;
  if (!drawer.open) opener = from;
  drawerBody.replaceChildren($("#drawer-loading").content.cloneNode(true));
  if (!drawer.open) drawer.showModal();
  window.htmx.ajax("GET", url, { target: "#drawer-body", swap: "innerHTML" });
  return true;
}

function closeDrawer() {
  const form = $("form[data-guard]", drawer);
  if (form && dirty.has(form)) {
    ask("填写的内容还没有保存，要关闭吗？", "关闭", () => { dirty.delete(form); drawer.close(); });
  } else {
    drawer.close();
  }
}

drawer?.addEventListener("cancel", (event) => { event.preventDefault(); closeDrawer(); });
drawer?.addEventListener("click", (event) => { if (event.target === drawer) closeDrawer(); });
drawer?.addEventListener("close", () => { drawerBody.replaceChildren(); opener?.focus(); opener = null; });

// --- a question before a step: data-confirm="…" on a form, button or link ---

function ask(text, yes, then) {
  const dialog = $("#ask");
  if (!dialog) { then(); return; }
  $("#ask-text").textContent = text;
  $("[data-ask-yes]", dialog).textContent = yes;
  dialog.returnValue = "";
  dialog.onclose = () => { if (dialog.returnValue === "yes") then(); };
  dialog.showModal();
}

function toast(text) {
  const note = document.createElement("div");
  note.className = "toast-note";
  note.textContent = text;
  $("#toasts")?.append(note);
  setTimeout(() => note.remove(), 8000);
}

// --- clicks ---

function plain(event) {
  return event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
}

document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-drawer], [data-drawer-close], [data-dismiss], [data-menu], [data-menu-close], [data-print], [data-back], a[data-confirm]");
  for (const open of document.querySelectorAll("details.menu-drop[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
  if (!target || !plain(event)) return;
  if (target.matches("[data-drawer]")) {
    if (openDrawer(target.href || target.dataset.drawer, target)) event.preventDefault();
  } else if (target.matches("[data-drawer-close]") && drawer?.open) {
    event.preventDefault();
    closeDrawer();
  } else if (target.matches("[data-dismiss]")) {
    target.closest(".alert").remove();
  } else if (target.matches("[data-menu]")) {
    event.preventDefault();
    root.classList.add("menu-open");
    $("#menu a")?.focus();
  } else if (target.matches("[data-menu-close]")) {
    event.preventDefault();
    root.classList.remove("menu-open");
    $("[data-menu]")?.focus();
  } else if (target.matches("[data-print]")) {
    window.print();
  } else if (target.matches("[data-back]") && window.history.length > 1) {
    event.preventDefault();
    window.history.back();
  } else if (target.matches("a[data-confirm]")) {
    event.preventDefault();
    ask(target.dataset.confirm, target.dataset.yes || "确定", () => { window.location.href = target.href; });
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  root.classList.remove("menu-open");
  for (const open of document.querySelectorAll("details.menu-drop[open]")) {
    open.open = false;
    $("summary", open).focus();
  }
});

// --- forms: ask first, submit once, warn before leaving with unsaved text ---

function lock(form, submitter) {
  form.dataset.sent = "yes";
  if (submitter) submitter.classList.add("is-busy");
  // after this turn, or the pressed button's own name and value would not be sent
  setTimeout(() => form.querySelectorAll("button[type=submit], button:not([type])").forEach((b) => { b.disabled = true; }));
}

function unlock(form) {
  delete form.dataset.sent;
  form.querySelectorAll("button").forEach((b) => { b.disabled = false; b.classList.remove("is-busy"); });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  const question = event.submitter?.dataset.confirm || form.dataset.confirm;
  if (question && !form.dataset.asked) {
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = event.submitter;
    ask(question, submitter?.dataset.yes || "确定", () => {
      form.dataset.asked = "yes";
      form.requestSubmit(submitter);
      delete form.dataset.asked;
    });
    return;
  }
  dirty.delete(form);
  lock(form, event.submitter);
}, true);

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-guard]");
  if (form) dirty.add(form);
});

window.addEventListener("beforeunload", (event) => {
  if ([...document.querySelectorAll("form[data-guard]")].some((form) => dirty.has(form))) event.preventDefault();
});

window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(unlock);
});

// --- htmx: focus after a swap, sentences after a failure ---

document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.verb !== "get" || !detail.formData) return;
  for (const [name, value] of [...detail.formData]) if (value === "") detail.formData.delete(name);
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "drawer-body") return;
  markRefused(drawer);
  ($(".error-summary", drawer) || $("#drawer-title", drawer))?.focus();
});

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form[data-sent]");
  if (form && !event.detail.xhr?.getResponseHeader("HX-Redirect")) unlock(form);
});

const SENTENCES = {
  0: "网络不通，刚才这一步没有送到。请检查网络后再试。",
  403: "您的账号没有办理这一步的权限，或页面放得太久。请刷新页面再试。",
  404: "没有找到这条记录，可能已不在您的查看范围内。请刷新页面再试。",
  409: "这一步和刚刚保存的内容冲突，可能有人同时办了同样的事。没有保存，请刷新页面看看现在的情况再办。",
  503: "系统正忙或数据库暂时用不了，这一步没有保存。请等一会儿再试。",
};

function failed(event) {
  const status = event.detail.xhr?.status ?? 0;
  toast(SENTENCES[status] || "系统出了差错，刚才这一步没有办成，数据没有变化。请稍后再试。");
  if (drawer?.open && $(".drawer-loading", drawer)) drawer.close();
}
document.addEventListener("htmx:responseError", failed);
document.addEventListener("htmx:sendError", failed);

// --- time lines open at their newest end ---

const toNewest = (from) => from.querySelectorAll(".bars-scroll").forEach((line) => { line.scrollLeft = line.scrollWidth; });
toNewest(document);
document.addEventListener("htmx:afterSwap", (event) => toNewest(event.target));

// --- error summary: say at once what is wrong; what was typed is not saved yet ---

function markRefused(from) {
  from.querySelectorAll("form[data-guard]").forEach((form) => { if ($(".error-summary", form)) dirty.add(form); });
}
markRefused(document);

$("main .error-summary")?.focus();

// --- on a phone the filters start folded, unless one is set (the style sheet shows the button there only) ---

document.querySelectorAll(".filters-fold").forEach((button) => {
  const fold = (open) => button.setAttribute("aria-expanded", String(open));
  button.hidden = false;
  fold([...button.nextElementSibling.querySelectorAll("select")].some((select) => select.value));
  button.addEventListener("click", () => fold(button.getAttribute("aria-expanded") === "false"));
});
