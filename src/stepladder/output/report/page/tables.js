"use strict";
// Sorts and filters tables; no number is made here, and without it every row is there in its order.
for (const box of document.querySelectorAll(".sorts")) {
  const table = box.querySelector("table");
  const words = document.querySelector("main").dataset;
  const rows = [...table.tBodies[0].rows];
  const heads = [...table.tHead.rows[0].cells];
  const order = new Intl.Collator(document.documentElement.lang || "en", { numeric: true });
  const value = (row, k) => row.cells[k].dataset.v ?? row.cells[k].textContent.trim();
  const compare = (a, b) => (isNaN(a) || isNaN(b) ? order.compare(a, b) : a - b);
  const put = (sorted) => table.tBodies[0].append(...sorted);

  heads.forEach((head, k) => {
    const button = Object.assign(document.createElement("button"), { type: "button", title: words.sort });
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const next = { ascending: "descending", descending: "" }[head.ariaSort ?? ""] ?? "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      if (!next) return put(rows); // the third time: as it was
      head.setAttribute("aria-sort", next);
      const sign = next === "ascending" ? 1 : -1;
      // What says nothing stands last, whichever way.
      const empty = (row) => value(row, k) === "" || value(row, k) === "–";
      put([...rows].sort((a, b) => empty(a) - empty(b) || sign * compare(value(a, k), value(b, k))));
    });
  });

  const label = Object.assign(document.createElement("label"), { className: "filter", textContent: `${words.filter} ` });
  const field = Object.assign(document.createElement("input"), { type: "search" });
  const left = Object.assign(document.createElement("output"), {});
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLocaleLowerCase();
    rows.forEach((row) => { row.hidden = !row.textContent.toLocaleLowerCase().includes(wanted); });
    const here = rows.filter((row) => !row.hidden).length;
    left.textContent = wanted ? words.rows.replace("{shown}", here).replace("{all}", rows.length) : "";
  });
  label.append(field, " ", left);
  box.before(label);
}
