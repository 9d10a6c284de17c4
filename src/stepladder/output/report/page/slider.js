"use strict";
// Moves through the rows of a table; no number is made here, only shown.
for (const box of document.querySelectorAll(".control")) {
  const plans = document.getElementById(box.dataset.plans);
  const starts = document.getElementById(box.dataset.starts);
  const rows = [...plans.tBodies[0].rows];
  const titles = [...plans.tHead.rows[0].cells].map((cell) => cell.textContent);
  const name = (row) => row.cells[1].textContent;
  const appetites = [...new Set(rows.map(name))];
  const range = box.querySelector("input[type=range]");
  const choice = box.querySelector("fieldset");
  const figures = box.querySelector("dl");
  const list = box.querySelector(".starts");
  const said = box.querySelector(".name");
  let appetite = name(rows[Number(box.dataset.nearest)]);
  const here = () => rows.filter((row) => name(row) === appetite);

  const add = (parent, tag, text) => parent.appendChild(Object.assign(document.createElement(tag), { textContent: text }));

  function show() {
    const row = here()[Number(range.value)];
    const column = rows.indexOf(row) + 1;
    rows.forEach((other) => other.classList.toggle("at", other === row));
    figures.replaceChildren();
    titles.forEach((title, k) => {
      if (k < 2) return; // the budget and the appetite stand above
      const pair = add(figures, "div", "");
      add(pair, "dt", title);
      add(pair, "dd", row.cells[k].textContent);
    });
    list.replaceChildren();
    for (const step of starts.tBodies[0].rows) {
      const when = step.cells[column].textContent;
      if (when !== "–") add(list, "li", `${step.cells[0].textContent}: ${when}`);
    }
    const budget = row.cells[0].textContent;
    said.textContent = box.dataset.budget.replace("{budget}", () => budget);
    const value = row.cells[3].textContent; // loss, or worth in points
    range.setAttribute("aria-valuetext", box.dataset.said.replace("{budget}", () => budget).replace("{value}", () => value));
  }

  function begin(at) {
    range.max = String(here().length - 1);
    range.value = String(Math.min(at, here().length - 1));
    show();
  }

  if (appetites.length > 1) {
    appetites.forEach((text) => {
      const label = add(choice, "label", ` ${text}`);
      const radio = Object.assign(document.createElement("input"), { type: "radio", name: box.dataset.plans, checked: text === appetite });
      label.prepend(radio);
      radio.addEventListener("change", () => {
        appetite = text;
        begin(Number(range.value));
      });
    });
  } else {
    choice.remove();
  }
  range.addEventListener("input", show);
  begin(here().indexOf(rows[Number(box.dataset.nearest)]));
  box.hidden = false;
}
