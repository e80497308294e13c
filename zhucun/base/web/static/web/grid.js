// A table of form fields that is filled in like a worksheet: <table class="table table-grid" data-grid>.
// Enter and the arrows go up and down, Ctrl+D copies from above, a block from Excel is pasted, changes are marked.
// Listens on the document like app.js; the table works without it as the form it is.

const FIELDS = "input:not([type=hidden]):not([type=submit]):not([type=button]):not([type=file]):not([type=radio]), select, textarea";
const YES = ["是", "√", "✓", "1", "y", "yes", "true", "有"];
const NO = ["", "否", "×", "0", "n", "no", "false", "无"];
const OWN_ARROWS = ["date", "month", "time", "week", "datetime-local", "range"];
let opened = null;
let leaving = false;

// --- where things stand ---

const tableOf = (node) => node?.closest?.("table[data-grid]");
const cellOf = (field) => field.closest("td, th");
const fieldIn = (cell) => cell && [...cell.querySelectorAll(FIELDS)].find((field) => !field.disabled);
const fieldsOf = (table) => [...table.querySelectorAll(FIELDS)].filter((field) => tableOf(field) === table);
const rowsOf = (table) => [...table.tBodies].flatMap((body) => [...body.rows]).filter((row) => row.getClientRects().length);
const plain = (text) => text.normalize("NFKC").replace(/\s+/g, "");

// Cells by the column they stand in: a cell may span several.
function columnsOf(row) {
  const columns = [];
  for (const cell of row.cells) for (let span = 0; span < cell.colSpan; span += 1) columns.push(cell);
  return columns;
}

function placeOf(field) {
  const table = tableOf(field);
  const rows = rowsOf(table);
  const cell = cellOf(field);
  const row = rows.indexOf(cell.parentElement);
  return { table, rows, row, column: row < 0 ? -1 : columnsOf(rows[row]).indexOf(cell) };
}

const fieldAt = (rows, row, column) => rows[row] && fieldIn(columnsOf(rows[row])[column]);

// The nearest row in one direction that has a field in this column.
function next({ rows, row, column }, step) {
  for (let at = row + step; rows[at]; at += step) {
    const field = fieldAt(rows, at, column);
    if (field) return field;
  }
  return null;
}

function go(field) {
  if (!field) return;
  field.focus();
  if (field.matches("input:not([type=checkbox])")) field.select();
}

// --- writing a text into a field as if somebody had typed it ---

function optionFor(select, text) {
  const options = [...select.options].filter((option) => !option.disabled && !option.parentElement.disabled);
  return options.find((option) => plain(option.text) === plain(text)) || options.find((option) => option.value === text.trim());
}

function asDay(text) {
  const found = /^(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?$/.exec(plain(text));
  return found ? [found[1], ...found.slice(2).filter(Boolean).map((part) => part.padStart(2, "0"))].join("-") : plain(text);
}

function valueFor(field, text) {
  if (field.type === "number") return plain(text).replace(/(\d),(?=\d{3}(\D|$))/g, "$1");
  if (field.type === "date" || field.type === "month") return asDay(text);
  return field.tagName === "TEXTAREA" ? text : text.replace(/\s+/g, " ").trim();
}

// Whether the text could be written; a field that would not take it keeps what it had.
function put(field, text) {
  if (field.readOnly || field.disabled) return false;
  const before = field.type === "checkbox" ? field.checked : field.value;
  if (field.type === "checkbox") {
    const said = plain(text).toLowerCase();
    if (!YES.includes(said) && !NO.includes(said)) return false;
    field.checked = YES.includes(said);
  } else if (field.tagName === "SELECT") {
    const option = field.multiple ? null : optionFor(field, text);
    if (!option) return false;
    field.value = option.value;
  } else {
    const value = valueFor(field, text);
    field.value = value;
    const long = field.maxLength >= 0 && field.value.length > field.maxLength;
    if (long || (value && !field.value) || !field.validity.valid) {
      field.value = before;
      return false;
    }
  }
  if (before !== (field.type === "checkbox" ? field.checked : field.value)) {
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  return true;
}

function textOf(field) {
  if (field.type === "checkbox") return field.checked ? "是" : "否";
  return field.tagName === "SELECT" ? field.selectedOptions[0]?.text ?? "" : field.value;
}

// --- a block from Excel: rows by line breaks, cells by tabs, cells with either inside in quotation marks ---

function blockOf(text) {
  const rows = [[]];
  const cells = /(?:"((?:[^"]|"")*)"(?=[\t\r\n]|$)|([^\t\r\n]*))(\t|\r\n|\n|\r|$)/g;
  for (let found = cells.exec(text); found; found = cells.exec(text)) {
    rows[rows.length - 1].push(found[1] === undefined ? found[2] : found[1].replace(/""/g, '"'));
    if (cells.lastIndex >= text.length) break;
    if (found[3] !== "\t") rows.push([]);
  }
  if (text.endsWith("\t")) rows[rows.length - 1].push("");
  return rows;
}

const headOf = (table, column) => {
  const heads = table.tHead?.rows.length ? columnsOf(table.tHead.rows[table.tHead.rows.length - 1]) : [];
  return heads[column]?.textContent.trim().replace(/\s+/g, " ") || `第${column + 1}列`;
};

function paste(field, block) {
  const { table, rows, row, column } = placeOf(field);
  const skipped = [];
  let filled = 0;
  let outside = 0;
  block.forEach((texts, down) => texts.forEach((text, right) => {
    const cell = rows[row + down] && columnsOf(rows[row + down])[column + right];
    const target = fieldIn(cell);
    if (!cell) outside += text.trim() ? 1 : 0;
    else if (target && put(target, text)) filled += 1;
    else if (target ? plain(textOf(target)) !== plain(text) : text.trim() && plain(cell.textContent) !== plain(text)) {
      const what = text.trim() ? `不能填“${text.trim().slice(0, 20)}”` : "不能留空";
      skipped.push(`第${row + down + 1}行“${headOf(table, column + right)}”${what}`);
    }
  }));
  say(table, [
    `已粘贴${filled}格`,
    skipped.length ? `${skipped.length}格没有填：${skipped.slice(0, 3).join("、")}${skipped.length > 3 ? "等" : ""}` : "",
    outside ? `${outside}格超出表格，没有填` : "",
  ]);
}

// --- what is said below the table: how much is not saved, and what the last step did ---

function barOf(table) {
  const place = table.closest(".table-responsive") || table;
  let bar = place.nextElementSibling;
  if (!bar?.matches(".grid-bar")) {
    bar = document.createElement("div");
    bar.className = "grid-bar";
    const count = document.createElement("span");
    const note = document.createElement("span");
    count.className = "grid-count";
    note.className = "grid-note";
    note.setAttribute("role", "status");
    note.setAttribute("aria-live", "polite");
    bar.append(count, note);
    place.after(bar);
  }
  return bar;
}

function say(table, sentences) {
  barOf(table).querySelector(".grid-note").textContent = `${sentences.filter(Boolean).join("；")}。`;
}

function isChanged(field) {
  if (field.type === "checkbox") return field.checked !== field.defaultChecked;
  if (field.tagName !== "SELECT") return field.value !== field.defaultValue;
  const given = [...field.options].some((option) => option.defaultSelected);
  return [...field.options].some((option, at) => option.selected !== (given || field.multiple ? option.defaultSelected : at === 0));
}

// Forms sent back by the server with mistakes hold as given what was never saved.
const refused = (table) => Boolean((fieldsOf(table)[0]?.form ?? table).querySelector(".error-summary, .is-invalid"));

function mark(table) {
  const changed = fieldsOf(table).filter(isChanged);
  const cells = new Set(changed.map(cellOf));
  table.querySelectorAll(".is-changed").forEach((cell) => { if (!cells.has(cell)) cell.classList.remove("is-changed"); });
  cells.forEach((cell) => cell.classList.add("is-changed"));
  const bar = barOf(table);
  const text = cells.size ? `有未保存的修改：${cells.size}格` : "";
  bar.querySelector(".grid-count").textContent = text || (refused(table) ? "有未保存的修改" : "");
}

// What was saved without a new page becomes what is given.
function settle(field) {
  if (field.type === "checkbox") field.defaultChecked = field.checked;
  else if (field.tagName === "SELECT") [...field.options].forEach((option) => { option.defaultSelected = option.selected; });
  else field.defaultValue = field.value;
}

// --- listening ---

document.addEventListener("keydown", (event) => {
  const field = event.target;
  const table = tableOf(field);
  if (!table || !field.matches(FIELDS) || event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
  const down = event.key === "ArrowDown";
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "d") {
    event.preventDefault();
    const above = next(placeOf(field), -1);
    if (above && !put(field, textOf(above))) say(table, [`这一格不能填上一行的“${textOf(above).slice(0, 20)}”`]);
  } else if (event.ctrlKey || event.metaKey) {
    return;
  } else if (event.altKey || event.key === " " || event.key === "F4") {
    if (field.tagName === "SELECT") opened = field;
  } else if (event.key === "Enter" && field.tagName !== "TEXTAREA" && !isOpen(field)) {
    event.preventDefault();
    go(next(placeOf(field), event.shiftKey ? -1 : 1));
  } else if ((down || event.key === "ArrowUp") && !event.shiftKey && movesByArrow(field)) {
    event.preventDefault();
    go(next(placeOf(field), down ? 1 : -1));
  }
});

function isOpen(field) {
  if (field.tagName !== "SELECT") return false;
  try {
    return field.matches(":open");
  } catch {
    return opened === field;
  }
}

function movesByArrow(field) {
  return field.tagName !== "TEXTAREA" && !field.multiple && !OWN_ARROWS.includes(field.type) && !isOpen(field);
}

document.addEventListener("mousedown", ({ target }) => {
  const select = target.closest?.("table[data-grid] select");
  opened = select && select !== opened ? select : null;
});
document.addEventListener("focusout", ({ target }) => { if (target === opened) opened = null; });
document.addEventListener("keyup", ({ key }) => { if (key === "Enter" || key === "Escape") opened = null; });

document.addEventListener("paste", (event) => {
  const field = event.target;
  if (!tableOf(field) || !field.matches?.(FIELDS)) return;
  const text = (event.clipboardData?.getData("text/plain") ?? "").replace(/(\r\n|\n|\r)$/, "");
  const typed = field.matches("textarea, input:not([type=checkbox])");
  // one value goes into a text field the usual way, at the caret; so does a text of several lines into a larger one
  if (!text || (typed && !/[\t\r\n]/.test(text)) || (field.tagName === "TEXTAREA" && !text.includes("\t"))) return;
  event.preventDefault();
  paste(field, blockOf(text));
});

for (const kind of ["input", "change"]) {
  document.addEventListener(kind, ({ target }) => {
    const table = tableOf(target);
    if (kind === "change" && target === opened) opened = null;
    if (!table) return;
    leaving = false;
    mark(table);
  });
}

const grids = (from = document) => [...from.querySelectorAll("table[data-grid]")];
document.addEventListener("reset", () => setTimeout(() => grids().forEach(mark)));
document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented && [...event.target.elements].some(tableOf)) leaving = true;
});
window.addEventListener("beforeunload", (event) => {
  if (!leaving && grids().some((table) => table.querySelector(".is-changed") || refused(table))) event.preventDefault();
});
window.addEventListener("pageshow", () => {
  leaving = false;
  grids().forEach(mark);
});

document.addEventListener("htmx:afterRequest", ({ target, detail }) => {
  if (!detail.successful || detail.requestConfig?.verb === "get") return;
  const table = tableOf(target);
  const saved = table ? fieldsOf(table).filter((field) => target.contains(field)) : [];
  const tables = table ? [table] : grids(target);
  for (const field of table ? saved : tables.flatMap(fieldsOf)) settle(field);
  tables.forEach(mark);
});
document.addEventListener("htmx:afterSettle", () => grids().forEach(mark));
grids().forEach(mark);
