// The board: drag a person onto another to let them change places. The same is done without dragging in the drawer
// of a village (“换谁合适”), so that keyboards and phones lose nothing.

const board = document.querySelector("[data-board][data-may='yes']");
const form = document.querySelector("[data-exchange]");
let dragged = null;

function over(target) {
  const person = target.closest?.(".person");
  return person && dragged && person !== dragged && person.closest(".board-row") !== dragged.closest(".board-row") ? person : null;
}

function clear() {
  board.querySelectorAll(".is-over").forEach((one) => one.classList.remove("is-over"));
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
    form.action = person.dataset.url;
    form.elements.leaving.value = person.dataset.person;
    form.elements.coming.value = dragged.dataset.person;
    form.dataset.confirm = `${dragged.dataset.name}和${person.dataset.name}对换？`;
    form.requestSubmit();
  });
}
