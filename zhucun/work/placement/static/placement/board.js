// The board: drag a person onto another to let them change places. What it would do to the plan is asked first; the
// same is done without dragging in the drawer of a village (“换谁合适”), so that keyboards and phones lose nothing.

const board = document.querySelector("[data-board][data-may='yes']");
const form = document.querySelector("[data-exchange]");
const said = document.querySelector("[data-board-said]");
let dragged = null;

function over(target) {
  const person = target.closest?.(".person");
  return person && dragged && person !== dragged && person.closest(".board-row") !== dragged.closest(".board-row") ? person : null;
}

function clear() {
  board.querySelectorAll(".is-over").forEach((one) => one.classList.remove("is-over"));
}

function say(text) {
  said.hidden = !text;
  said.querySelector(".alert-text").textContent = text;
}

async function exchange(leaving, coming) {
  const query = new URLSearchParams({ leaving: leaving.dataset.person, coming: coming.dataset.person });
  say("");
  let found;
  try {
    const answer = await fetch(`${leaving.dataset.url}check/?${query}`, { headers: { Accept: "application/json" } });
    found = answer.ok ? await answer.json() : { against: "没有查到这样对换会怎样，请刷新页面再试。" };
  } catch {
    found = { against: "网络不通，没有对换。请检查网络后再试。" };
  }
  if (found.against) {
    say(`${coming.dataset.name}和${leaving.dataset.name}不能对换：${found.against}。`);
    return;
  }
  form.action = leaving.dataset.url;
  form.elements.leaving.value = leaving.dataset.person;
  form.elements.coming.value = coming.dataset.person;
  form.dataset.confirm = `${coming.dataset.name}和${leaving.dataset.name}对换？${found.gain}。`;
  form.requestSubmit();
}

if (board && form) {
  board.addEventListener("dragstart", (event) => {
    dragged = event.target.closest(".person");
    if (!dragged) return;
    dragged.classList.add("is-dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.name);
  });
  board.addEventListener("dragend", () => { dragged?.classList.remove("is-dragged"); dragged = null; clear(); });
  board.addEventListener("dragover", (event) => {
    const person = over(event.target);
    clear();
    if (!person) return;
    event.preventDefault();
    person.classList.add("is-over");
  });
  board.addEventListener("drop", (event) => {
    const person = over(event.target);
    if (!person) return;
    event.preventDefault();
    exchange(person, dragged);
  });
}
