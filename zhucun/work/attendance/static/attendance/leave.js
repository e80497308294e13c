// The slip while it is filled in: the last day follows the first until it is set, and what only a notice has is shown for
// notices only. Without scripts every field is there, and the help texts say which kind needs it.

const mark = document.querySelector("[data-slip]");
const form = mark?.closest("form");
const field = (name) => form.elements.namedItem(name);
const place = (name) => field(name)?.closest(".field");
const notices = new Set(mark?.dataset.slip.split(" "));

let followed = true;

function follow() {
  const [first, last] = [field("first"), field("last")];
  if (!first.value || (!followed && last.value >= first.value)) return;
  last.value = first.value;
  followed = true;
}

function fit() {
  const kind = field("kind").value;
  place("document").hidden = kind !== "" && !notices.has(kind) && !field("document").value;
  if (field("certificate")) place("certificate").hidden = kind !== "sick" && !field("certificate").checked;
}

if (form) {
  followed = field("first").value === field("last").value;
  field("first").addEventListener("change", follow, { capture: true });
  field("last").addEventListener("change", () => { followed = false; });
  field("kind").addEventListener("change", fit);
  if (document.getElementById("mates")) field("stand_in").setAttribute("list", "mates");
  fit();
}
