// A table of marks filled in like a worksheet: <table data-marks> with one text field a person that holds the whole month.
// Letters fill at once whatever the input method; ranges, fill-down and -right, undo, and blocks from and to Excel.
// The page works without it: the fields are shown then.

const table = document.querySelector("table[data-marks]");
const form = table?.closest("form");
const { symbols, spellings, keys } = JSON.parse(document.getElementById("marks-known")?.textContent ?? "{}");
const BLANK = "·";
const OUT = "—";
const KINDS = { "√": "mark-here", "调": "mark-rest", "×": "mark-absent", "—": "mark-out" };
const letters = Object.fromEntries(Object.entries(keys ?? {}).map(([symbol, letter]) => [letter, symbol]));
const kindOf = (mark) => KINDS[mark] ?? ("公培会".includes(mark) ? "mark-counts" : "mark-leave");
const known = (mark) => mark === BLANK || mark === OUT || mark in symbols;

// --- the rows as they stand ---

const rows = [...(table?.querySelectorAll("tbody > tr:not(.marks-team)") ?? [])].map((tr) => {
  const cells = [...tr.querySelectorAll("td.mark")];
  const [present, leave, blank] = tr.querySelectorAll("td.mark-sum");
  const field = tr.querySelector(".mark-text");
  const stored = [...(tr.querySelector("input[name^='o-']")?.value ?? "")];
  return { tr, cells, field, stored, marks: field ? read(field.value, cells.length) : cells.map((cell) => cell.textContent || BLANK), sums: { present, leave, blank } };
});
const width = rows[0]?.cells.length ?? 0;
let at = { row: 0, column: 0 };
let from = at;
let painted = [];
let done = [];
let undone = [];

function read(text, days) {
  const parts = text.includes("|") ? text.split("|") : [...text];
  return Array.from({ length: days }, (_, day) => parts[day] || BLANK);
}

const isOpen = ({ row, column }) => Boolean(rows[row].field) && !rows[row].cells[column].matches(".is-out, .is-future");
const symbolOf = (text) => {
  const plain = text.trim();
  if (plain === "" || plain === BLANK || plain === ".") return BLANK;
  return plain in symbols ? plain : spellings[plain] ?? null;
};

function range() {
  const found = [];
  const [top, bottom] = [Math.min(at.row, from.row), Math.max(at.row, from.row)];
  const [left, right] = [Math.min(at.column, from.column), Math.max(at.column, from.column)];
  for (let row = top; row <= bottom; row += 1) for (let column = left; column <= right; column += 1) found.push({ row, column });
  return { found, top, bottom, left, right };
}

// --- drawing ---

function draw(row, column) {
  const { cells, marks, stored, field } = rows[row];
  const cell = cells[column];
  const mark = marks[column];
  cell.classList.remove(...Object.values(KINDS), "mark-counts", "mark-leave", "is-wrong");
  if (!known(mark)) cell.classList.add("is-wrong");
  else if (mark !== BLANK) cell.classList.add(kindOf(mark));
  cell.classList.toggle("is-changed", mark !== (stored[column] ?? BLANK));
  cell.textContent = mark === BLANK ? "" : mark;
  if (!known(mark)) cell.title = `看不懂“${mark}”`;
  else if (cell.title.startsWith("看不懂")) cell.removeAttribute("title");
  field.value = marks.join(marks.every((one) => one.length === 1) ? "" : "|");
}

function count(row) {
  const { marks, sums, cells } = rows[row];
  const many = (wanted) => marks.filter((mark) => wanted.includes(mark)).length;
  sums.present.textContent = many("√公培会");
  sums.leave.textContent = many("事病休婚产丧");
  sums.blank.textContent = marks.filter((mark, column) => mark === BLANK && !cells[column]?.matches(".is-future")).length;
}

function go(row, column, extend = false) {
  rows[at.row].cells[at.column].tabIndex = -1;
  at = { row: Math.max(0, Math.min(rows.length - 1, row)), column: Math.max(0, Math.min(width - 1, column)) };
  if (!extend) from = at;
  const cell = rows[at.row].cells[at.column];
  cell.tabIndex = 0;
  cell.focus();
  paint();
}

function paint() {
  painted.forEach((cell) => cell.removeAttribute("aria-selected"));
  const { found } = range();
  painted = found.map(({ row, column }) => rows[row].cells[column]);
  painted.forEach((cell) => cell.setAttribute("aria-selected", "true"));
}

const bar = form?.querySelector(".grid-bar");
function say(text = "") {
  const changed = table.querySelectorAll(".is-changed").length;
  bar.querySelector(".grid-count").textContent = changed ? `有未保存的修改：${changed}格` : "";
  bar.querySelector(".grid-note").textContent = text;
}

// --- changing: every step can be undone ---

function change(steps, text = "") {
  const kept = steps.filter((step) => isOpen(step) && rows[step.row].marks[step.column] !== step.mark)
    .map((step) => ({ ...step, before: rows[step.row].marks[step.column] }));
  if (kept.length) {
    done.push(kept);
    undone = [];
    write(kept, "mark");
  }
  say(text);
  return kept.length;
}

function write(steps, which) {
  for (const step of steps) {
    rows[step.row].marks[step.column] = step[which];
    draw(step.row, step.column);
  }
  new Set(steps.map((step) => step.row)).forEach(count);
  rows[steps[0].row].field.dispatchEvent(new Event("input", { bubbles: true }));
}

function undo() {
  const steps = done.pop();
  if (!steps) { say("没有可以撤销的了。"); return; }
  undone.push(steps);
  write([...steps].reverse(), "before");
  say(`撤销了${steps.length}格。`);
}

function redo() {
  const steps = undone.pop();
  if (!steps) return;
  done.push(steps);
  write(steps, "mark");
  say("");
}

function fill(mark) {
  const { found } = range();
  const n = change(found.map((place) => ({ ...place, mark })));
  if (found.length > 1) say(`填了${n}格。`);
  else if (!isOpen(at)) say(rows[at.row].field ? "这一天不在任或还没有到，不能填。" : "这一行已由乡镇确认，或您不能修改。");
  return found.length;
}

// The next open cell to the right, then in the rows below.
function onwards() {
  for (let n = at.row * width + at.column + 1; n < rows.length * width; n += 1) {
    const place = { row: Math.floor(n / width), column: n % width };
    if (isOpen(place)) { go(place.row, place.column); return; }
  }
}

// --- filling from the first row or column of the range, or from the neighbour of a single one ---

function fillFrom(down) {
  const { found, top, bottom, left, right } = range();
  const single = down ? top === bottom : left === right;
  const source = (place) => (down
    ? { row: single ? top - 1 : top, column: place.column }
    : { row: place.row, column: single ? left - 1 : left });
  const steps = found.map((place) => ({ ...place, from: source(place) })).filter((step) => rows[step.from.row]?.marks[step.from.column])
    .map(({ from: given, ...place }) => ({ ...place, mark: rows[given.row].marks[given.column] })).filter(({ mark }) => mark !== OUT);
  say(`填了${change(steps)}格。`);
}

function fillSuggested(what) {
  const { found } = range();
  const all = found.length > 1 ? found : rows.flatMap((_, row) => Array.from({ length: width }, (__, column) => ({ row, column })));
  const cellOf = ({ row, column }) => rows[row].cells[column];
  const empty = all.filter((place) => isOpen(place) && rows[place.row].marks[place.column] === BLANK);
  if (what === "leave") {
    const steps = empty.filter((place) => cellOf(place).dataset.leave).map((place) => ({ ...place, mark: cellOf(place).dataset.leave }));
    const other = all.filter((place) => isOpen(place) && cellOf(place).dataset.leave && ![BLANK, cellOf(place).dataset.leave].includes(rows[place.row].marks[place.column]));
    say(`按请假报备填了${change(steps)}格${other.length ? `；${other.length}格已有别的记录，没有动` : ""}。`);
    return;
  }
  if (found.length < 2) { say("先选一块：拖动鼠标，或按住 Shift 按方向键；点姓名选一行，点日期选一列。"); return; }
  const free = empty.filter((place) => !cellOf(place).dataset.leave);
  const resting = free.filter((place) => cellOf(place).matches(".is-rest"));
  if (what === "rest") { say(`休息日填了${change(resting.map((place) => ({ ...place, mark: "调" })))}格。`); return; }
  const working = free.filter((place) => !resting.includes(place));
  const chosen = working.length ? working : resting;  // only days of rest chosen: they are meant
  const n = change(chosen.map((place) => ({ ...place, mark: "√" })));
  const left = [empty.length - free.length ? `${empty.length - free.length}格有请假报备` : "", working.length && resting.length ? `${resting.length}格是休息日` : ""].filter(Boolean);
  say(`填了${n}格${left.length ? `；${left.join("、")}，没有动` : ""}。`);
}

// --- blocks from and to Excel ---

function paste(text) {
  const lines = text.replace(/(\r\n|\n|\r)$/, "").split(/\r\n|\n|\r/).map((line) => line.split("\t"));
  const { found, top, left } = range();
  const one = lines.length === 1 && lines[0].length === 1;
  const places = one ? found.map((place) => ({ ...place, text: lines[0][0] }))
    : lines.flatMap((line, down) => line.map((cell, right) => ({ row: top + down, column: left + right, text: cell })));
  const inside = places.filter(({ row, column }) => rows[row] && column < width);
  const steps = inside.map(({ text: given, ...place }) => ({ ...place, mark: symbolOf(given) ?? given.trim().slice(0, 8).replace(/\|/g, "") }));
  const n = change(steps);
  const wrong = steps.filter((step) => isOpen(step) && !known(step.mark)).length;
  const shut = steps.filter((step) => !isOpen(step) && step.mark !== BLANK && step.mark !== rows[step.row].marks[step.column]).length;
  const outside = places.filter(({ row, column, text: given }) => (!rows[row] || column >= width) && given.trim()).length;
  say([`粘贴了${n}格`, wrong ? `${wrong}格看不懂，标红了，请改` : "", shut ? `${shut}格不能填，没有动` : "", outside ? `${outside}格超出表格` : ""].filter(Boolean).join("；") + "。");
}

function copied() {
  const { top, bottom, left, right } = range();
  return rows.slice(top, bottom + 1).map((row) => row.marks.slice(left, right + 1).map((mark) => (mark === BLANK ? "" : mark)).join("\t")).join("\n");
}

// --- typing Chinese: a small field in the cell ---

function edit() {
  if (!isOpen(at)) { fill(BLANK); return; }
  const place = at;
  const cell = rows[place.row].cells[place.column];
  const input = document.createElement("input");
  input.setAttribute("aria-label", "符号");
  input.value = cell.textContent;
  cell.replaceChildren(input);
  input.select();
  input.focus();
  let over = false;
  const finish = (keep, onward) => {
    if (over) return;
    over = true;
    const typed = input.value.trim();
    const mark = symbolOf(typed) ?? letters[typed.toLowerCase()] ?? typed.slice(0, 8).replace(/\|/g, "");
    draw(place.row, place.column);
    if (keep) change([{ ...place, mark }]);
    if (onward) go(place.row + 1, place.column);
    else if (!keep) go(place.row, place.column);
  };
  input.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter") { event.preventDefault(); finish(true, true); }
    if (event.key === "Escape") finish(false);
  });
  for (const kind of ["copy", "paste", "input"]) input.addEventListener(kind, (event) => event.stopPropagation());
  input.addEventListener("blur", () => finish(true));
}

// --- listening ---

const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-10, 0], PageDown: [10, 0] };
const CONTROLS = { d: () => fillFrom(true), r: () => fillFrom(false), z: undo, y: redo, s: () => form.requestSubmit(), a: () => { from = { row: 0, column: 0 }; go(rows.length - 1, width - 1, true); } };

function pressed(event) {
  const { key, shiftKey: shift } = event;
  const control = event.ctrlKey || event.metaKey;
  if (event.altKey || event.isComposing) return false;
  if (key in MOVES) go(at.row + MOVES[key][0], at.column + MOVES[key][1], shift);
  else if (key === "Home") go(control ? 0 : at.row, 0, shift);
  else if (key === "End") go(control ? rows.length - 1 : at.row, width - 1, shift);
  else if (control && shift && key.toLowerCase() === "z") redo();
  else if (control && CONTROLS[key.toLowerCase()]) CONTROLS[key.toLowerCase()]();
  else if (control) return false;
  else if (key === "Enter") go(at.row + (shift ? -1 : 1), at.column);
  else if (key === "Delete" || key === "Backspace" || key === " ") fill(BLANK);
  else if (key === "F2") edit();
  else if (key.length === 1) {
    const letter = /^Key[A-Z]$/.test(event.code) ? event.code.slice(3).toLowerCase() : key.toLowerCase();
    const mark = letters[letter] ?? symbolOf(key);
    if (!mark) say(`“${key}”不是出勤符号，请看上面的字母。`);
    else if (fill(mark) === 1) onwards();
  } else if (event.keyCode === 229 && letters[event.code?.slice(3).toLowerCase()]) {
    if (fill(letters[event.code.slice(3).toLowerCase()]) === 1) onwards();
  } else return false;
  return true;
}

function placeOf(target) {
  const cell = target.closest?.("td.mark");
  const row = rows.findIndex(({ tr }) => tr === cell?.parentElement);
  return row < 0 ? null : { row, column: rows[row].cells.indexOf(cell) };
}

function begin() {
  rows.forEach((row) => { row.cells.forEach((cell) => { cell.tabIndex = -1; }); });
  rows.forEach((row, index) => { if (row.field) { row.cells.forEach((_, column) => draw(index, column)); count(index); } });
  const first = rows.findIndex((row) => row.field);
  at = { row: Math.max(0, first), column: 0 };
  from = at;
  rows[at.row].cells[0].tabIndex = 0;
  say();
}

function listen() {
  table.addEventListener("keydown", (event) => { if (event.target.matches("td.mark") && pressed(event)) event.preventDefault(); });
  table.addEventListener("focusin", ({ target }) => {
    const place = target.matches("td.mark") ? placeOf(target) : null;
    if (place && (place.row !== at.row || place.column !== at.column)) go(place.row, place.column);
    else if (place && !painted.length) paint();
  });
  table.addEventListener("mousedown", (event) => {
    if (event.target.matches("input") || event.button) return;
    const place = placeOf(event.target);
    const column = Number(event.target.closest("th[data-column]")?.dataset.column) - 1;
    const row = rows.findIndex(({ tr }) => event.target.closest("th.mark-name") && tr === event.target.closest("tr"));
    if (!place && !(column >= 0) && row < 0) return;
    event.preventDefault();
    if (place) go(place.row, place.column, event.shiftKey);
    else if (row >= 0) { from = { row, column: 0 }; go(row, width - 1, true); }
    else { from = { row: 0, column }; go(rows.length - 1, column, true); }
  });
  table.addEventListener("mouseover", (event) => {
    const place = event.buttons === 1 && table.contains(document.activeElement) ? placeOf(event.target) : null;
    if (place && (place.row !== at.row || place.column !== at.column)) go(place.row, place.column, true);
  });
  table.addEventListener("dblclick", (event) => { if (placeOf(event.target)) edit(); });
  document.addEventListener("paste", (event) => {
    if (!document.activeElement.matches("td.mark")) return;
    event.preventDefault();
    paste(event.clipboardData?.getData("text/plain") ?? "");
  });
  for (const kind of ["copy", "cut"]) document.addEventListener(kind, (event) => {
    if (!document.activeElement.matches("td.mark")) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", copied());
    if (kind === "cut") fill(BLANK);
  });
  form.addEventListener("click", ({ target }) => {
    const { symbol, fill: what } = target.closest("button")?.dataset ?? {};
    if (symbol && fill(symbol) === 1) onwards();
    else if (what === "undo") undo();
    else if (what) fillSuggested(what);
    if (symbol || what) rows[at.row].cells[at.column].focus({ preventScroll: true });
  });
  // before app.js, which would take the form as sent
  window.addEventListener("submit", (event) => {
    const wrong = event.target === form && table.querySelector("td.is-wrong");
    if (!wrong) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { row, column } = placeOf(wrong);
    go(row, column);
    say(`还有${table.querySelectorAll("td.is-wrong").length}格看不懂（红底），改好再保存。`);
  }, true);
}

if (rows.length) {
  begin();
  listen();
}
