"use strict";
(() => {
  // --- small helpers ---
  const SVG = "http://www.w3.org/2000/svg";
  const common = JSON.parse(document.getElementById("common").textContent);
  const words = (name) => name.replaceAll("_", " ");
  const signed = (value, digits) => (value < 0 ? "\u2212" : "+") + Math.abs(value).toFixed(digits);

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  function draw(parent, tag, attributes = {}, text = "") {
    const element = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    if (text !== "") element.textContent = text;
    parent.append(element);
    return element;
  }

  function bytes(text) {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  }

  function unpacked([low, high, text]) {
    const view = new DataView(bytes(text).buffer);
    const values = new Float64Array(view.byteLength / 2);
    for (let i = 0; i < values.length; i += 1) {
      values[i] = low + ((high - low) * view.getUint16(2 * i, true)) / 65535;
    }
    return values;
  }

  function profileOf(group) {
    const view = new Int8Array(bytes(group.profile).buffer);
    return Array.from(view, (level) => (level * group.top) / 127);
  }

  function nearest(values, wanted) {
    let low = 0;
    let high = values.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (values[middle] < wanted) low = middle;
      else high = middle;
    }
    return wanted - values[low] <= values[high] - wanted ? low : high;
  }

  function ticks(low, high, about) {
    const rough = (high - low) / about || 1;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough);
    const found = [];
    for (let i = Math.ceil(low / step); i * step <= high * (1 + 1e-9); i += 1) found.push(i * step);
    const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    return found.map((value) => [value, value.toFixed(Math.min(digits, 8))]);
  }

  // --- one spectrum ---
  class Chart {
    constructor(sheet, figure, reading) {
      this.sheet = sheet;
      this.figure = figure;
      this.reading = reading;
      this.x = unpacked(sheet.trace.x);
      this.y = unpacked(sheet.trace.y);
      this.at = this.y.indexOf(Math.max(...this.y));
      this.low = Math.min(this.x[0], common.columns[0]);
      this.high = Math.max(this.x.at(-1), common.columns.at(-1));
    }

    show(index) {
      this.index = index;
      this.group = this.sheet.groups[index];
      this.profile = profileOf(this.group);
      this.redraw();
    }

    redraw() {
      const width = Math.max(this.figure.clientWidth || 900, 300);
      const left = 58;
      const right = width - 10;
      const px = (cm1) => left + ((this.high - cm1) / (this.high - this.low)) * (right - left);
      const focused = this.svg !== undefined && document.activeElement === this.svg;
      this.plot = { width, left, right, px, top: 22, base: 270, stripTop: 288, stripBase: 370 };
      const svg = document.createElementNS(SVG, "svg");
      svg.setAttribute("viewBox", `0 0 ${width} 412`);
      svg.setAttribute("tabindex", "0");
      svg.setAttribute("role", "slider");
      svg.setAttribute("aria-label", `Spectrum of ${this.sheet.title || "this file"}, read-out`);
      svg.setAttribute("aria-valuemin", "0");
      svg.setAttribute("aria-valuemax", String(this.x.length - 1));
      this.svg = svg;
      this.drawMarks();
      this.drawAxes();
      this.drawCurve();
      this.drawStrip();
      this.drawCursor();
      this.listen();
      this.figure.replaceChildren(svg);
      if (focused) svg.focus();
    }

    scaleY() {
      const low = Math.min(...this.y, 0);
      const high = Math.max(...this.y);
      const span = (high - low) * 1.05 || 1;
      const { top, base } = this.plot;
      return { low, high: low + span, py: (a) => base - ((a - low) / span) * (base - top) };
    }

    drawMarks() {
      const { px, top, stripBase } = this.plot;
      this.marks = this.group.regions.map(([from, to, adds], i) => {
        const kind = adds >= 0 ? "plus" : "minus";
        const x = px(to);
        const w = Math.max(px(from) - x - 1, 2); // neighbours stay apart
        const mark = draw(this.svg, "rect", {
          x, y: top, width: w, height: stripBase - top, class: `mark ${kind}`,
        });
        draw(this.svg, "text", {
          x: x + w / 2, y: top - 6, "text-anchor": "middle", class: `rank ${kind}`,
        }, `${i + 1}`);
        return mark;
      });
    }

    drawAxes() {
      const { left, right, px, top, base, stripTop, stripBase, width } = this.plot;
      const { low, high, py } = this.scaleY();
      for (const [value, label] of ticks(low, high, 5)) {
        draw(this.svg, "line", { x1: left, x2: right, y1: py(value), y2: py(value), class: "grid" });
        draw(this.svg, "text", {
          x: left - 6, y: py(value) + 4, "text-anchor": "end", class: "tick",
        }, label);
      }
      for (const [value, label] of ticks(this.low, this.high, width < 520 ? 4 : 8)) {
        draw(this.svg, "line", {
          x1: px(value), x2: px(value), y1: stripBase, y2: stripBase + 5, class: "frame",
        });
        draw(this.svg, "text", {
          x: px(value), y: stripBase + 18, "text-anchor": "middle", class: "tick",
        }, label);
      }
      draw(this.svg, "path", { d: `M${left},${top}V${base}H${right}`, class: "frame" });
      draw(this.svg, "path", { d: `M${left},${stripTop}V${stripBase}H${right}`, class: "frame" });
      draw(this.svg, "text", {
        x: (left + right) / 2, y: stripBase + 36, "text-anchor": "middle",
      }, "Wavenumber (cm\u207b\u00b9)");
      draw(this.svg, "text", {
        transform: `translate(13 ${(top + base) / 2}) rotate(-90)`, "text-anchor": "middle",
      }, "Absorbance");
    }

    drawCurve() {
      const { px } = this.plot;
      const { py } = this.scaleY();
      const points = Array.from(this.x, (cm1, i) => `${px(cm1).toFixed(1)},${py(this.y[i]).toFixed(1)}`);
      draw(this.svg, "path", { d: `M${points.join("L")}`, class: "curve" });
    }

    drawStrip() {
      const { left, right, px, stripTop, stripBase } = this.plot;
      const most = Math.max(...this.profile, 0);
      const least = Math.min(...this.profile, 0);
      const span = most - least || 1;
      const py = (value) => stripTop + ((most - value) / span) * (stripBase - stripTop);
      const half = (px(common.columns[0]) - px(common.columns.at(-1))) / (2 * (common.columns.length - 1));
      const paths = { plus: "", minus: "" };
      this.profile.forEach((value, i) => {
        if (value === 0) return;
        const x = px(common.columns[i]);
        const box = `M${(x - half).toFixed(1)},${py(0).toFixed(1)}V${py(value).toFixed(1)}`;
        paths[value > 0 ? "plus" : "minus"] += `${box}h${(2 * half).toFixed(1)}V${py(0).toFixed(1)}z`;
      });
      for (const [kind, d] of Object.entries(paths)) if (d) draw(this.svg, "path", { d, class: kind });
      draw(this.svg, "line", { x1: left, x2: right, y1: py(0), y2: py(0), class: "frame" });
      for (const [value, at] of [[most, 10], [least, 0]]) {
        if (value === 0) continue;
        draw(this.svg, "text", {
          x: left - 6, y: py(value) + at, "text-anchor": "end", class: "tick",
        }, signed(value, 2));
      }
      draw(this.svg, "text", {
        transform: `translate(13 ${(stripTop + stripBase) / 2}) rotate(-90)`, "text-anchor": "middle",
      }, "Adds");
    }

    drawCursor() {
      const { top, stripBase } = this.plot;
      this.line = draw(this.svg, "line", { y1: top, y2: stripBase, class: "cursor" });
      this.dot = draw(this.svg, "circle", { r: 3.5, class: "cursor" });
      this.read(this.at);
    }

    read(at) {
      this.at = Math.min(Math.max(at, 0), this.x.length - 1);
      const cm1 = this.x[this.at];
      const x = this.plot.px(cm1);
      this.line.setAttribute("x1", x);
      this.line.setAttribute("x2", x);
      this.dot.setAttribute("cx", x);
      this.dot.setAttribute("cy", this.scaleY().py(this.y[this.at]));
      const name = words(common.groups[this.index]);
      const { columns } = common;
      const cell = (columns[1] - columns[0]) / 2;
      const inside = cm1 >= columns[0] - cell && cm1 <= columns.at(-1) + cell;
      const adds = inside ? `adds ${signed(this.profile[nearest(columns, cm1)], 3)} to ${name}` : `outside what the model sees`;
      const text = `${cm1.toFixed(1)} cm\u207b\u00b9, absorbance ${this.y[this.at].toPrecision(3)}, ${adds}`;
      this.reading.textContent = text;
      this.svg.setAttribute("aria-valuenow", String(this.x.length - 1 - this.at));
      this.svg.setAttribute("aria-valuetext", text);
    }

    listen() {
      this.svg.addEventListener("pointermove", (event) => {
        const box = this.svg.getBoundingClientRect();
        const { left, right, width } = this.plot;
        const x = ((event.clientX - box.left) / box.width) * width;
        const cm1 = this.high - ((x - left) / (right - left)) * (this.high - this.low);
        this.read(nearest(this.x, cm1));
      });
      const steps = { ArrowLeft: 1, ArrowRight: -1, PageUp: 25, PageDown: -25, Home: 1e9, End: -1e9 };
      this.svg.addEventListener("keydown", (event) => {
        if (!(event.key in steps)) return;
        event.preventDefault();
        this.read(this.at + steps[event.key] * (event.shiftKey ? 10 : 1));
      });
    }

    highlight(index, on) {
      this.marks[index].classList.toggle("chosen", on);
    }
  }

  // --- what is told of a group ---
  function regionTable(group, chart) {
    const head = make("tr");
    for (const title of ["#", "Region, cm\u207b\u00b9", "Adds", "Share"]) {
      head.append(make("th", { scope: "col", class: "number" }, title));
    }
    for (const title of ["Saw", "Strongest band there", "Textbook"]) {
      head.append(make("th", { scope: "col" }, title));
    }
    const body = make("tbody");
    group.regions.forEach(([from, to, adds, share, band, absorbance, wide, saw, known], i) => {
      const beside = band !== null && (band < from || band > to) ? "beside it: " : "";
      const width = wide === null ? "" : `, width ${wide}`;
      const told = band === null ? "none"
        : `${beside}${band.toFixed(0)} cm\u207b\u00b9, A ${Number(absorbance.toPrecision(3))}${width}`;
      const row = make("tr", {},
        make("td", { class: "number" }, `${i + 1}`),
        make("td", { class: "number" }, `${to}\u2013${from}`),
        make("td", { class: `number sign-${adds >= 0 ? "plus" : "minus"}` }, signed(adds, 3)),
        make("td", { class: "number" }, `${Math.round(share * 100)} %`),
        make("td", {}, saw),
        make("td", {}, told),
        make("td", {}, known ?? common.unknown));
      for (const [event, on] of [["pointerenter", true], ["pointerleave", false]]) {
        row.addEventListener(event, () => {
          chart.highlight(i, on);
          row.classList.toggle("chosen", on);
        });
      }
      body.append(row);
    });
    return make("table", {}, make("caption", {}, "Regions, numbered as in the picture"),
      make("thead", {}, head), body);
  }

  function pairTable(group) {
    const body = make("tbody");
    for (const [both, adds] of group.pairs) {
      body.append(make("tr", {},
        make("td", {}, both),
        make("td", { class: `number sign-${adds >= 0 ? "plus" : "minus"}` }, signed(adds, 3))));
    }
    const head = make("tr", {}, make("th", { scope: "col" }, "Together"),
      make("th", { scope: "col", class: "number" }, "Adds"));
    return make("table", {}, make("caption", {}, "Pairs of regions"), make("thead", {}, head), body);
  }

  function unexplainedTable(bands) {
    const head = make("tr");
    for (const title of ["Band, cm\u207b\u00b9", "Height", "Width"]) {
      head.append(make("th", { scope: "col", class: "number" }, title));
    }
    head.append(make("th", { scope: "col" }, "Could be"));
    const body = make("tbody");
    for (const [cm1, height, width, could] of bands) {
      body.append(make("tr", {},
        make("td", { class: "number" }, cm1.toFixed(0)),
        make("td", { class: "number" }, `${Math.round(height * 100)} %`),
        make("td", { class: "number" }, `${width}`),
        make("td", {}, could)));
    }
    const caption = make("caption", {}, "Strong bands that no group called present accounts for");
    return make("div", { class: "tables" },
      make("table", {}, caption, make("thead", {}, head), body));
  }

  function sumLine(group) {
    const [bias, regions, pairs, rest, logit] = group.sum.map((term) => signed(term, 3));
    const middle = group.pairs.length ? ` + pairs ${pairs}` : "";
    const [low, high] = group.limits.map((limit) => limit.toFixed(2));
    const reason = { present: `\u2265 ${high}`, absent: `< ${low}` }[group.call] ?? `${low} to ${high}`;
    return `bias ${bias} + regions ${regions}${middle} + remainder ${rest} = logit ${logit}; `
      + `probability ${group.p.toFixed(3)} (${reason}): ${group.call}`;
  }

  function tell(index, sheet, chart, place) {
    const group = sheet.groups[index];
    chart?.show(index);
    const tables = make("div", { class: "tables" });
    tables.append(regionTable(group, chart));
    if (group.pairs.length) tables.append(pairTable(group));
    const notes = make("ul", { class: "warned" });
    for (const text of group.notes) notes.append(make("li", {}, text));
    place.replaceChildren(make("h3", {}, words(common.groups[index])),
      ...(group.notes.length ? [notes] : []), tables,
      make("p", { class: "sum" }, sumLine(group)));
  }

  function choice(sheet, id, pick) {
    const rank = { present: 0, uncertain: 1 };
    const order = sheet.groups.map((_, i) => i).sort((a, b) => {
      const [first, second] = [sheet.groups[a], sheet.groups[b]];
      return (rank[first.call] ?? 2) - (rank[second.call] ?? 2) || second.p - first.p;
    });
    const field = make("fieldset", { class: "choice" }, make("legend", {}, "Evidence for"));
    order.forEach((index, place) => {
      const group = sheet.groups[index];
      const input = make("input", { type: "radio", name: `group-${id}`, value: String(index) });
      input.checked = place === 0;
      input.addEventListener("change", () => pick(index));
      const text = `${words(common.groups[index])} ${group.p.toFixed(2)}`;
      field.append(make("label", { class: group.call }, input, text));
    });
    return [field, order[0]];
  }

  function buildSheet(row, place) {
    const sheet = JSON.parse(row.querySelector("script").textContent);
    const facts = make("dl", { class: "facts" });
    for (const [name, value] of sheet.facts) {
      facts.append(make("div", {}, make("dt", {}, name), make("dd", {}, value)));
    }
    const warned = make("ul", { class: "warned" });
    for (const text of sheet.warnings) warned.append(make("li", {}, text));
    const figure = make("figure");
    const reading = make("p", { class: "reading" });
    const evidence = make("div");
    const chart = sheet.trace ? new Chart(sheet, figure, reading) : null;
    const [chooser, first] = choice(sheet, row.id, (index) => tell(index, sheet, chart, evidence));
    place.replaceChildren(facts, ...(sheet.warnings.length ? [warned] : []), chooser, figure,
      reading, evidence,
      ...(sheet.unexplained.length ? [unexplainedTable(sheet.unexplained)] : []));
    tell(first, sheet, chart, evidence);
    if (!chart) return;
    let width = figure.clientWidth;
    new ResizeObserver(() => {
      if (figure.clientWidth && Math.abs(figure.clientWidth - width) > 1) {
        width = figure.clientWidth;
        chart.redraw();
      }
    }).observe(figure);
  }

  // --- the table ---
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
    buildSheet(row, place);
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
    const cell = make("td", { colspan: "4" }, place);
    row.after(make("tr", { class: "detail", id: `${row.id}d` }, cell));
    waiting.set(place, row);
    seen.observe(place);
  }

  function detailOf(row) {
    return document.getElementById(`${row.id}d`);
  }

  function isWanted(row) {
    const { failed, warnings, grade, groups } = row.dataset;
    const only = form.elements.only.value;
    if (only === "failed" && !failed) return false;
    if (only === "warned" && !(Number(warnings) > 0)) return false;
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
    const firstDown = by === "present" || by === "warnings";
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
  for (const header of table.tHead.rows[0].cells) {
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
