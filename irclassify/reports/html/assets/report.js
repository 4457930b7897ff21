"use strict";
// The table of spectra: sorting, searching, opening. Each spectrum is drawn by spectrumView.
(() => {
  const { make } = spectrumView;

  const table = document.querySelector(".rows");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const form = document.querySelector(".controls");
  const status = form.querySelector("[role=status]");
  const waiting = new Map();
  const texts = new Map(rows.map((row) => [row, textOf(row)]));
  let wantedGroup = "";

  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) fill(entry.target);
  }, { rootMargin: "400px" });

  function fill(place) {
    const row = waiting.get(place);
    if (!row) return;
    waiting.delete(place);
    seen.unobserve(place);
    const data = JSON.parse(row.querySelector("script").textContent);
    spectrumView.show(data, place, row.id);
  }

  function textOf(row) {
    const parts = row.querySelectorAll(".file, .title, td, [data-failed] > th");
    const own = row.dataset.failed ? row.textContent : "";
    return [own, ...Array.from(parts, (part) => part.textContent)].join(" ").toLowerCase();
  }

  function toggle(row, open) {
    const button = row.querySelector(".open");
    if (!button || (button.getAttribute("aria-expanded") === "true") === open) return;
    button.setAttribute("aria-expanded", String(open));
    if (!open) {
      document.getElementById(`${row.id}d`).remove();
      return;
    }
    const place = make("div", { class: "sheet" });
    const cell = make("td", { colspan: "5" }, place);
    row.after(make("tr", { class: "detail", id: `${row.id}d` }, cell));
    waiting.set(place, row);
    seen.observe(place);
  }

  function detailOf(row) {
    return document.getElementById(`${row.id}d`);
  }

  function isWanted(row) {
    const { failed, warnings, grade, groups, unexplained } = row.dataset;
    const only = form.elements.only.value;
    if (only === "failed" && !failed) return false;
    if (only === "warned" && !(Number(warnings) > 0)) return false;
    if (only === "unexplained" && !(Number(unexplained) > 0)) return false;
    if (only === "poor" && !(grade === "C" || grade === "D")) return false;
    if (wantedGroup && !(groups ?? "").split(" ").includes(wantedGroup)) return false;
    return texts.get(row).includes(form.elements.text.value.trim().toLowerCase());
  }

  function filter() {
    let shown = 0;
    for (const row of rows) {
      row.hidden = !isWanted(row);
      shown += !row.hidden;
      const detail = detailOf(row);
      if (detail) detail.hidden = row.hidden;
    }
    status.textContent = `${shown} of ${rows.length} shown`;
  }

  function keyOf(row, by) {
    if (by === "grade") return row.dataset.grade ?? "Z";
    const value = row.dataset[by];
    return value === undefined ? Infinity : Number(value);
  }

  function sort(header) {
    const by = header.dataset.sort;
    const now = header.getAttribute("aria-sort");
    const firstDown = by === "present" || by === "unexplained";
    const down = now ? now === "ascending" : firstDown;
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", down ? "descending" : "ascending");
    rows.sort((a, b) => {
      const [first, second] = [keyOf(a, by), keyOf(b, by)];
      const order = first < second ? -1 : Number(first > second);
      if (first === Infinity || second === Infinity) return order;
      return (down ? -order : order) || a.dataset.order - b.dataset.order;
    });
    const all = document.createDocumentFragment();
    for (const row of rows) all.append(row, ...(detailOf(row) ? [detailOf(row)] : []));
    body.append(all);
  }

  function move(row, step) {
    const shown = rows.filter((other) => !other.hidden && other.querySelector(".open"));
    shown[shown.indexOf(row) + step]?.querySelector(".open").focus();
  }

  for (const row of rows) {
    const file = row.querySelector(".file");
    if (!file) continue;
    const button = make("button", { type: "button", class: "open", "aria-expanded": "false" });
    button.append(file.textContent);
    file.replaceChildren(button);
  }
  for (const header of table.tHead.querySelectorAll("[data-sort]")) {
    const button = make("button", { type: "button" }, header.textContent);
    button.addEventListener("click", () => sort(header));
    header.replaceChildren(button);
  }
  body.addEventListener("click", (event) => {
    const button = event.target.closest(".open");
    if (button) toggle(button.closest("tr"), button.getAttribute("aria-expanded") !== "true");
  });
  body.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !event.target.matches(".open")) return;
    event.preventDefault();
    move(event.target.closest("tr"), step);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target.matches("input, select")) return;
    event.preventDefault();
    form.elements.text.focus();
  });
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.elements.open.addEventListener("click", () => {
    for (const row of rows) if (!row.hidden) toggle(row, true);
  });
  form.elements.close.addEventListener("click", () => rows.forEach((row) => toggle(row, false)));
  const groupButtons = [...document.querySelectorAll("[data-group]")];
  for (const button of groupButtons) {
    button.disabled = false;
    button.addEventListener("click", () => {
      wantedGroup = wantedGroup === button.dataset.group ? "" : button.dataset.group;
      for (const other of groupButtons) {
        other.setAttribute("aria-pressed", String(other.dataset.group === wantedGroup));
      }
      filter();
    });
  }
  // Paper shows the open spectra, scrolled to or not.
  window.addEventListener("beforeprint", () => [...waiting.keys()].forEach(fill));
  document.documentElement.classList.add("js");
  filter();
  const linked = location.hash && rows.find((row) => `#${row.id}` === location.hash);
  if (linked) toggle(linked, true);
})();
