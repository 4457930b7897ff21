"use strict";
// One spectrum: its curve with named peaks, and what each peak adds to each group. Used by the
// report and by the local page; the data are those of spectrum_data() in spectrum.py.
const spectrumView = (() => {
  const SVG = "http://www.w3.org/2000/svg";
  const CM1 = "cm\u207b\u00b9";
  const CALLS = { present: 0, uncertain: 1 };
  const LABEL = { letters: 30, gap: 14, letter: 6.4 }; // of a name on the curve; gap in pixels
  const SHOWN_FROM = 0.03; // peaks below this share of the highest are named after zooming in

  const signed = (value, digits) => (value < 0 ? "\u2212" : "+") + Math.abs(value).toFixed(digits);
  const signOf = (value) => (value >= 0 ? "plus" : "minus");
  const likely = (p) => (p > 0.995 ? ">0.99" : p < 0.005 ? "<0.01" : p.toFixed(2));

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

  function unpacked([low, high, text, steps]) {
    if (typeof text === "number") {
      return Float64Array.from({ length: text }, (_, i) => low + ((high - low) * i) / (text - 1));
    }
    const raw = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    if (steps) {
      const values = new Float64Array(raw.length + 1);
      let at = 0;
      raw.forEach((step, i) => { at += step; values[i + 1] = low + ((high - low) * at) / steps; });
      values[0] = low;
      return values;
    }
    const view = new DataView(raw.buffer);
    const values = new Float64Array(view.byteLength / 2);
    for (let i = 0; i < values.length; i += 1) {
      values[i] = low + ((high - low) * view.getUint16(2 * i, true)) / 65535;
    }
    return values;
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

  /** Middles of labels in falling pixels order, moved apart to `gap`, within `left` to `right`. */
  function spread(wanted, gap, left, right) {
    const at = [...wanted];
    for (let i = 0; i < at.length; i += 1) {
      at[i] = Math.max(at[i], i ? at[i - 1] + gap : left);
    }
    for (let i = at.length - 1; i >= 0; i -= 1) {
      at[i] = Math.min(at[i], i === at.length - 1 ? right : at[i + 1] - gap);
    }
    return at;
  }

  class Chart {
    constructor(data, figure, reading, tell) {
      this.data = data;
      this.figure = figure;
      this.reading = reading;
      this.tell = tell; // called with the peak under the pointer (or -1), and whether it was chosen
      this.x = unpacked(data.trace.x);
      this.y = unpacked(data.trace.y);
      this.others = (data.others ?? []).map(({ title, trace }) => ({
        title, x: unpacked(trace.x), y: unpacked(trace.y),
      }));
      this.at = this.y.indexOf(Math.max(...this.y));
      this.whole = [Math.max(this.x[0], 0), this.x.at(-1)];
      this.view = [...this.whole];
      this.transmittance = false;
      this.group = data.groups[0];
      this.lit = new Set();
    }

    show(group) {
      this.group = group;
      this.redraw();
    }

    zoom(low, high) {
      const [first, last] = this.whole;
      const least = Math.min(20, last - first);
      const from = Math.max(first, Math.min(low, last - least));
      this.view = [from, Math.min(last, Math.max(high, from + least))];
      this.redraw();
      this.figure.dispatchEvent(new Event("zoomed"));
    }

    get zoomed() {
      return this.view[0] !== this.whole[0] || this.view[1] !== this.whole[1];
    }

    value(absorbance) {
      return this.transmittance ? 100 * 10 ** -absorbance : absorbance;
    }

    redraw() {
      const width = Math.max(this.figure.clientWidth || 900, 300);
      const left = 58;
      const right = width - 12;
      const [low, high] = this.view;
      const px = (cm1) => left + ((high - cm1) / (high - low)) * (right - left);
      const named = width >= 560;
      const longest = Math.max(0, ...this.data.peaks.map((peak) => (peak.name ?? "").length));
      const letters = named ? 6 + Math.min(longest, LABEL.letters) : 5;
      const top = this.data.peaks.length ? 24 + letters * LABEL.letter : 12;
      const base = top + 240;
      const strip = this.data.peaks.length ? 78 : 0;
      this.plot = {
        width, left, right, px, named, top, base, stripTop: base + 16, stripBase: base + 16 + strip,
      };
      const focused = this.svg !== undefined && document.activeElement === this.svg;
      this.svg = document.createElementNS(SVG, "svg");
      const name = this.data.title || "this file";
      for (const [key, value] of Object.entries({
        viewBox: `0 0 ${width} ${this.plot.stripBase + 42}`, tabindex: "0", role: "slider",
        "aria-label": `Spectrum of ${name}; arrow keys read it off, plus and minus zoom`,
        "aria-valuemin": "0", "aria-valuemax": String(this.x.length - 1),
      })) this.svg.setAttribute(key, value);
      this.clip();
      this.scaleY();
      this.drawPeaks();
      this.drawAxes();
      this.drawCurves();
      this.drawLabels();
      if (strip) this.drawStrip();
      this.drawCursor();
      this.listen();
      this.figure.replaceChildren(this.svg);
      if (focused) this.svg.focus();
      for (const i of this.lit) this.light(i, true);
    }

    clip() {
      const { left, right, stripBase } = this.plot;
      this.clipId = `clip-${Math.random().toString(36).slice(2)}`;
      const clip = draw(draw(this.svg, "defs"), "clipPath", { id: this.clipId });
      draw(clip, "rect", { x: left, y: 0, width: right - left, height: stripBase });
      this.inside = draw(this.svg, "g", { "clip-path": `url(#${this.clipId})` });
    }

    scaleY() {
      const { top, base } = this.plot;
      const [from, to] = this.view;
      const seen = [this, ...this.others].flatMap(({ x, y }) => {
        const first = Math.max(nearest(x, from) - 1, 0);
        return Array.from(y.subarray(first, nearest(x, to) + 2), (a) => this.value(a));
      });
      let low = Math.min(...seen);
      let high = Math.max(...seen);
      if (!this.zoomed && !this.transmittance) low = Math.min(low, 0);
      if (this.transmittance && !this.zoomed) [low, high] = [Math.min(low, 0), Math.max(high, 100)];
      const span = (high - low) * 1.04 || 1;
      this.range = { low, high: low + span };
      this.py = (a) => base - ((this.value(a) - low) / span) * (base - top);
      this.pv = (value) => base - ((value - low) / span) * (base - top);
    }

    drawPeaks() {
      const { px, top, stripBase } = this.plot;
      this.marks = this.data.peaks.map((peak, i) => {
        const x = px(peak.to);
        return draw(this.inside, "rect", {
          x, y: top, width: Math.max(px(peak.from) - x, 2), height: stripBase - top,
          class: `mark ${signOf(this.group?.adds[i] ?? 0)}`,
        });
      });
    }

    drawAxes() {
      const { px, left, right, width, base, stripBase } = this.plot;
      const [low, high] = this.view;
      for (const [value, text] of ticks(low, high, width / 90)) {
        draw(this.svg, "line", { x1: px(value), x2: px(value), y1: base, y2: base + 5, class: "frame" });
        draw(this.svg, "text", {
          x: px(value), y: stripBase + 16, "text-anchor": "middle", class: "tick",
        }, text);
      }
      for (const [value, text] of ticks(this.range.low, this.range.high, 5)) {
        draw(this.svg, "line", {
          x1: left, x2: right, y1: this.pv(value), y2: this.pv(value), class: "grid",
        });
        draw(this.svg, "text", {
          x: left - 6, y: this.pv(value) + 4, "text-anchor": "end", class: "tick",
        }, text);
      }
      draw(this.svg, "line", { x1: left, x2: right, y1: base, y2: base, class: "frame" });
      draw(this.svg, "text", {
        x: (left + right) / 2, y: stripBase + 34, "text-anchor": "middle",
      }, `Wavenumber (${CM1})`);
      draw(this.svg, "text", {
        transform: `translate(13 ${(this.plot.top + base) / 2}) rotate(-90)`, "text-anchor": "middle",
      }, this.transmittance ? "Transmittance (%)" : "Absorbance");
    }

    drawCurves() {
      const path = ({ x, y }) => Array.from(x, (cm1, i) =>
        `${i ? "L" : "M"}${this.plot.px(cm1).toFixed(1)} ${this.py(y[i]).toFixed(1)}`).join("");
      this.others.forEach((other, i) => {
        draw(this.inside, "path", { d: path(other), class: `curve other other${i + 1}` });
        draw(this.svg, "text", {
          x: this.plot.right, y: this.plot.top + 14 + 15 * i, "text-anchor": "end",
          class: `legend legend${i + 1}`,
        }, other.title);
      });
      draw(this.inside, "path", { d: path(this), class: "curve" });
    }

    /** The peaks to name, from left to right: as many as there is room for, the most telling first. */
    named() {
      const { left, right } = this.plot;
      const [low, high] = this.view;
      const most = Math.max(...(this.group?.adds ?? []).map(Math.abs), 1);
      const weight = (i) => this.data.peaks[i].share + Math.abs(this.group?.adds[i] ?? 0) / most;
      return this.data.peaks.map((_, i) => i)
        .filter((i) => this.data.peaks[i].cm1 >= low && this.data.peaks[i].cm1 <= high)
        .filter((i) => this.zoomed || this.data.peaks[i].share >= SHOWN_FROM || weight(i) > 0.15)
        .sort((a, b) => weight(b) - weight(a))
        .slice(0, Math.floor((right - left) / LABEL.gap / 1.6))
        .sort((a, b) => this.data.peaks[b].cm1 - this.data.peaks[a].cm1);
    }

    drawLabels() {
      const { px, left, right, top, named } = this.plot;
      const chosen = this.named();
      const peaks = chosen.map((i) => this.data.peaks[i]);
      const at = spread(peaks.map((p) => px(p.cm1)), LABEL.gap, left + 4, right - 2);
      this.labels = new Map();
      peaks.forEach((peak, k) => {
        const x = px(peak.cm1);
        const tip = this.py(this.y[nearest(this.x, peak.cm1)]);
        draw(this.svg, "path", {
          d: `M${at[k]} ${top - 14}L${x} ${top - 4}L${x} ${Math.max(tip - 3, top - 4)}`, class: "leader",
        });
        const name = peak.name ?? "";
        const short = name.length > LABEL.letters ? `${name.slice(0, LABEL.letters - 1)}\u2026` : name;
        const label = draw(this.svg, "text", {
          transform: `translate(${at[k] + 4} ${top - 17}) rotate(-90)`,
          class: `label${peak.name && !peak.artefact ? "" : " unsure"}`,
        }, `${peak.cm1.toFixed(0)}${named ? ` ${short}` : ""}`);
        draw(label, "title", {}, `${peak.cm1.toFixed(0)} ${CM1} ${name || "not assigned"}`);
        this.labels.set(chosen[k], label);
      });
    }

    drawStrip() {
      const { px, left, right, stripTop, stripBase } = this.plot;
      const adds = this.group.adds;
      const most = Math.max(...adds, 0);
      const least = Math.min(...adds, 0);
      const span = most - least || 1;
      const py = (value) => stripBase - 4 - ((value - least) / span) * (stripBase - stripTop - 4);
      this.data.peaks.forEach((peak, i) => {
        if (Math.abs(adds[i]) < 0.005) return;
        const x = px(peak.to);
        draw(this.inside, "rect", {
          x, width: Math.max(px(peak.from) - x - 1, 1.5), y: Math.min(py(0), py(adds[i])),
          height: Math.abs(py(adds[i]) - py(0)), class: signOf(adds[i]),
        });
      });
      draw(this.svg, "line", { x1: left, x2: right, y1: py(0), y2: py(0), class: "frame" });
      for (const [value, down] of [[most, 10], [least, 0]]) {
        if (Math.abs(value) < span / 10) continue;
        draw(this.svg, "text", {
          x: left - 6, y: py(value) + down, "text-anchor": "end", class: "tick",
        }, signed(value, 1));
      }
      draw(this.svg, "text", {
        transform: `translate(13 ${(stripTop + stripBase) / 2}) rotate(-90)`, "text-anchor": "middle",
      }, "Adds");
    }

    drawCursor() {
      const { top, stripBase } = this.plot;
      this.drag = draw(this.svg, "rect", { y: top, height: stripBase - top, class: "drag", width: 0 });
      this.line = draw(this.svg, "line", { y1: top, y2: stripBase, class: "cursor" });
      this.dot = draw(this.svg, "circle", { r: 3.5, class: "cursor" });
      this.read(this.at);
    }

    /** The peak that a wavenumber belongs to; -1 without one. */
    peakAt(cm1) {
      return this.data.peaks.findIndex(({ from, to }) => from <= cm1 && cm1 <= to);
    }

    read(at) {
      const [low, high] = this.view;
      const first = nearest(this.x, low);
      this.at = Math.min(Math.max(at, first), nearest(this.x, high));
      const cm1 = this.x[this.at];
      const x = this.plot.px(cm1);
      this.line.setAttribute("x1", x);
      this.line.setAttribute("x2", x);
      this.dot.setAttribute("cx", x);
      this.dot.setAttribute("cy", this.py(this.y[this.at]));
      const i = this.peakAt(cm1);
      const peak = this.data.peaks[i];
      const told = peak === undefined ? "outside of the peaks"
        : `peak at ${peak.cm1.toFixed(0)}: ${peak.name ?? "not assigned"}, adds `
          + `${signed(this.group.adds[i], 2)} to ${this.group.name}`;
      const text = `${cm1.toFixed(1)} ${CM1}, absorbance ${this.y[this.at].toPrecision(3)}, `
        + `transmittance ${(100 * 10 ** -this.y[this.at]).toPrecision(3)} %`
        + (this.data.peaks.length ? `; ${told}` : "");
      this.reading.textContent = text;
      this.svg.setAttribute("aria-valuenow", String(this.x.length - 1 - this.at));
      this.svg.setAttribute("aria-valuetext", text);
      return i;
    }

    place(event) {
      const box = this.svg.getBoundingClientRect();
      const { left, right, width } = this.plot;
      const x = Math.min(Math.max(((event.clientX - box.left) / box.width) * width, left), right);
      const [low, high] = this.view;
      return { x, cm1: high - ((x - left) / (right - left)) * (high - low) };
    }

    listen() {
      let start = null;
      this.svg.addEventListener("pointerdown", (event) => {
        if (event.button !== 0) return;
        start = this.place(event);
        this.svg.setPointerCapture(event.pointerId);
      });
      this.svg.addEventListener("pointermove", (event) => {
        const now = this.place(event);
        this.tell(this.read(nearest(this.x, now.cm1)), false);
        if (!start) return;
        this.drag.setAttribute("x", Math.min(start.x, now.x));
        this.drag.setAttribute("width", Math.abs(now.x - start.x));
      });
      this.svg.addEventListener("pointerup", (event) => {
        if (!start) return;
        const [from, now] = [start, this.place(event)];
        start = null;
        if (Math.abs(now.x - from.x) > 8) {
          this.zoom(Math.min(from.cm1, now.cm1), Math.max(from.cm1, now.cm1));
        } else {
          this.tell(this.peakAt(now.cm1), true);
        }
      });
      this.svg.addEventListener("pointercancel", () => {
        start = null;
        this.drag.setAttribute("width", 0);
      });
      this.svg.addEventListener("pointerleave", () => this.tell(-1, false));
      this.svg.addEventListener("dblclick", () => this.zoom(...this.whole));
      this.svg.addEventListener("keydown", (event) => this.key(event));
    }

    key(event) {
      const steps = { ArrowLeft: 1, ArrowRight: -1, PageUp: 25, PageDown: -25, Home: 1e9, End: -1e9 };
      const factors = { "+": 0.5, "=": 0.5, "-": 2 };
      if (event.key in steps) {
        this.tell(this.read(this.at + steps[event.key] * (event.shiftKey ? 10 : 1)), false);
      } else if (event.key in factors) {
        const half = ((this.view[1] - this.view[0]) * factors[event.key]) / 2;
        this.zoom(this.x[this.at] - half, this.x[this.at] + half);
      } else if (event.key === "Escape" && this.zoomed) {
        this.zoom(...this.whole);
      } else {
        return;
      }
      event.preventDefault();
    }

    light(index, on) {
      if (on) this.lit.add(index);
      else this.lit.delete(index);
      this.marks[index]?.classList.toggle("chosen", on);
      this.labels.get(index)?.classList.toggle("chosen", on);
    }

    /** The picture as a file: black on white whatever the page looks like. */
    save() {
      const copy = this.svg.cloneNode(true);
      for (const own of copy.querySelectorAll(".cursor, .drag")) own.remove();
      copy.setAttribute("xmlns", SVG);
      for (const name of ["tabindex", "role", "aria-valuemin", "aria-valuemax", "aria-valuenow",
        "aria-valuetext"]) copy.removeAttribute(name);
      const [, , width, height] = copy.getAttribute("viewBox").split(" ");
      copy.setAttribute("width", width);
      copy.setAttribute("height", height);
      draw(copy, "style", {}, PICTURE);
      copy.prepend(copy.lastChild);
      const text = new XMLSerializer().serializeToString(copy);
      const link = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
      const name = (this.data.title || "spectrum").replace(/[^\w.-]+/g, "_").slice(0, 60);
      make("a", { href: link, download: `${name}.svg` }).click();
      setTimeout(() => URL.revokeObjectURL(link), 10000);
    }
  }

  const PICTURE = "svg{background:#fff;font-family:Arial,Helvetica,sans-serif}"
    + "text{fill:#1b1f24;font-size:12px}.tick{fill:#59636e}.label{font-size:11px}"
    + ".unsure{fill:#59636e}.curve{fill:none;stroke:#1b1f24;stroke-width:1.3;stroke-linejoin:round}"
    + ".frame,.leader{stroke:#59636e;fill:none}.leader{stroke-width:.6}"
    + ".grid{stroke:#d1d9e0;stroke-width:.6}.plus{fill:#0072b2}.minus{fill:#c04e00}"
    + ".mark{opacity:0}.mark.chosen{opacity:.2}.other{stroke-width:1}"
    + ".other1{stroke:#0072b2}.other2{stroke:#c04e00}.other3{stroke:#00795c}.other4{stroke:#a4508b}"
    + ".legend1{fill:#0072b2}.legend2{fill:#c04e00}.legend3{fill:#00795c}.legend4{fill:#a4508b}";

  // --- the table of peaks ---
  const number = (text, kind = "") => make("td", { class: `number ${kind}`.trim() }, text);
  const added = (value) => number(signed(value, 2), Math.abs(value) < 0.005 ? "nothing" : `sign-${signOf(value)}`);

  function assignment(peak) {
    const cell = make("td", { class: "assigned" });
    cell.append(make("span", { class: peak.name ? "" : "unsure" }, peak.name ?? "not assigned"));
    if (peak.range) cell.append(make("span", { class: "range" }, ` ${peak.range}`));
    if (peak.shape) cell.append(make("span", { class: "range" }, `, ${peak.shape}`));
    if (peak.second) cell.append(make("span", { class: "range" }, `; or ${peak.second}`));
    return cell;
  }

  function peakTable(data, shown, chart, notice) {
    const head = make("tr");
    for (const title of [`Peak, ${CM1}`, "Height"]) {
      head.append(make("th", { scope: "col", class: "number" }, title));
    }
    head.append(make("th", { scope: "col" }, "Assignment"));
    for (const group of shown) {
      head.append(make("th", { scope: "col", class: "number" }, group.name));
    }
    const body = make("tbody");
    data.peaks.forEach((peak, i) => {
      const button = make("button", { type: "button", class: "peak", tabindex: i ? "-1" : "0" },
        peak.cm1.toFixed(0));
      button.setAttribute("aria-label", `${peak.cm1.toFixed(0)} ${CM1}: zoom to this peak`);
      const row = make("tr", {}, make("td", { class: "number" }, button),
        number(`${Math.round(peak.share * 100)} %`), assignment(peak),
        ...shown.map((group) => added(group.adds[i])));
      row.addEventListener("pointerenter", () => notice(i, false));
      row.addEventListener("pointerleave", () => notice(-1, false));
      button.addEventListener("focus", () => notice(i, false));
      button.addEventListener("click", () => {
        notice(i, true);
        const half = Math.max(3 * (peak.to - peak.from), 60);
        chart?.zoom(peak.cm1 - half, peak.cm1 + half);
      });
      body.append(row);
    });
    body.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const buttons = [...body.querySelectorAll("button.peak")];
      const next = buttons[buttons.indexOf(event.target) + step];
      if (!step || !next) return;
      event.preventDefault();
      event.target.setAttribute("tabindex", "-1");
      next.setAttribute("tabindex", "0");
      next.focus();
    });
    const caption = make("caption", {}, "Every peak once, and what it adds to the logit of each group");
    return make("table", { class: "peaks" }, caption, make("thead", {}, head), body, sums(shown));
  }

  function sums(shown) {
    const foot = make("tfoot");
    for (const [title, value] of [["outside of the peaks", "outside"], ["bias", "bias"],
      ["logit, the sum", "logit"]]) {
      foot.append(make("tr", {}, make("th", { scope: "row", colspan: "3" }, title),
        ...shown.map((group) => number(signed(group[value], 2)))));
    }
    return foot;
  }

  // --- a spectrum with all that is told of it ---
  function ordered(groups) {
    return [...groups].sort((a, b) => (CALLS[a.call] ?? 2) - (CALLS[b.call] ?? 2) || b.p - a.p);
  }

  function verdict(group) {
    const [low, high] = group.limits.map((limit) => (limit < 0.01 ? limit.toPrecision(1) : limit.toFixed(2)));
    const reason = { present: `at least ${high}`, absent: `below ${low}` }[group.call]
      ?? `between ${low} and ${high}`;
    return `${group.name}: ${group.call}, probability ${likely(group.p)} (${reason})`;
  }

  function list(texts) {
    return make("ul", { class: "warned" }, ...texts.map((text) => make("li", {}, text)));
  }

  function chooser(groups, id, pick) {
    const field = make("fieldset", { class: "choice" }, make("legend", {}, "Evidence for"));
    groups.forEach((group, place) => {
      const input = make("input", { type: "radio", name: `group-${id}` });
      input.checked = place === 0;
      input.addEventListener("change", () => pick(group));
      field.append(make("label", { class: group.call }, input,
        `${group.name}${group.call === "uncertain" ? "?" : ""} ${likely(group.p)}`));
    });
    return field;
  }

  function tools(chart) {
    const scale = make("button", { type: "button", name: "scale" }, "Show transmittance");
    scale.addEventListener("click", () => {
      chart.transmittance = !chart.transmittance;
      scale.textContent = chart.transmittance ? "Show absorbance" : "Show transmittance";
      chart.redraw();
    });
    const whole = make("button", { type: "button", name: "whole", disabled: "" }, "Whole spectrum");
    whole.addEventListener("click", () => chart.zoom(...chart.whole));
    chart.figure.addEventListener("zoomed", () => { whole.disabled = !chart.zoomed; });
    const picture = make("button", { type: "button", name: "picture" }, "Save picture");
    picture.addEventListener("click", () => chart.save());
    const hint = make("span", { class: "hint" }, "drag to zoom, double click for the whole spectrum");
    return make("div", { class: "tools" }, scale, whole, picture, hint);
  }

  function unexplainedTable(bands) {
    const head = make("tr");
    for (const title of [`Band, ${CM1}`, "Height", "Width"]) {
      head.append(make("th", { scope: "col", class: "number" }, title));
    }
    head.append(make("th", { scope: "col" }, "Could be"));
    const rows = bands.map(([cm1, height, width, could]) => make("tr", {},
      number(cm1.toFixed(0)), number(`${Math.round(height * 100)} %`), number(`${width}`),
      make("td", {}, could)));
    const caption = make("caption", {}, "Strong bands that the groups found do not explain");
    return make("table", {}, caption, make("thead", {}, head), make("tbody", {}, ...rows));
  }

  function facts(pairs) {
    return make("dl", { class: "facts" }, ...pairs.map(([name, value]) =>
      make("div", {}, make("dt", {}, name), make("dd", {}, value))));
  }

  /** Peaks and contributions by name; numbers without thousandths. */
  function read(data) {
    const peaks = data.peaks.map(([cm1, share, from, to, shape, name, range, second, artefact]) => (
      { cm1, share, from, to, shape, name, range, second, artefact }));
    const groups = data.groups.map(([name, p, call, limits, bias, outside, logit, adds, notes]) => (
      { name, p, call, limits, bias, outside, logit, adds: adds.map((n) => n / 1000), notes }));
    return { ...data, peaks, groups };
  }

  /** Draw `data` into `place`; `id` tells the page's spectra apart. Returns the chart, or null. */
  function show(stored, place, id) {
    const data = read(stored);
    const figure = make("figure");
    const reading = make("p", { class: "reading" });
    const evidence = make("div", { class: "evidence" });
    const tables = make("div", { class: "tables" });
    const groups = ordered(data.groups);
    let rows = [];
    let pinned = -1;

    function notice(index, chosen) {
      if (chosen) pinned = index === pinned ? -1 : index;
      data.peaks.forEach((_, i) => {
        const on = i === index || i === pinned;
        rows[i]?.classList.toggle("chosen", on);
        chart?.light(i, on);
      });
      if (chosen && pinned >= 0) rows[pinned].scrollIntoView({ block: "nearest" });
    }

    const chart = data.trace ? new Chart(data, figure, reading, notice) : null;

    function pick(group) {
      const present = groups.filter((other) => other.call === "present" && other !== group);
      const shown = [group, ...present];
      evidence.replaceChildren(make("h3", {}, verdict(group)),
        ...(group.notes.length ? [list(group.notes)] : []));
      tables.replaceChildren(...(data.peaks.length ? [peakTable(data, shown, chart, notice)] : []),
        ...(data.unexplained.length ? [unexplainedTable(data.unexplained)] : []));
      rows = [...tables.querySelectorAll(".peaks tbody tr")];
      chart?.show(group);
    }

    place.replaceChildren(...(data.summary ? [make("p", { class: "summary" }, data.summary)] : []),
      ...(data.warnings.length ? [list(data.warnings)] : []), chooser(groups, id, pick), evidence,
      ...(chart ? [tools(chart), figure, reading] : []), tables, facts(data.facts));
    pick(groups[0]);
    if (chart) {
      let width = figure.clientWidth;
      new ResizeObserver(() => {
        if (figure.clientWidth && Math.abs(figure.clientWidth - width) > 1) {
          width = figure.clientWidth;
          chart.redraw();
        }
      }).observe(figure);
    }
    return chart;
  }

  return { make, show };
})();
