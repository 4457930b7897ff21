"use strict";
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const PAGE = 100; // rows on the screen at a time
  const OVERLAID = 5;
  const KNOWN = {
    in_domain: "The model knows such spectra",
    unusual: "Unusual for the model",
    outside: "Outside what the model knows",
  };
  const AT_A_TIME = 3; // files on their way to the server
  const common = JSON.parse(document.getElementById("common").textContent);
  const find = (selector) => document.querySelector(selector);
  const words = (name) => common.titles[name] ?? name;

  const drop = find(".drop");
  const status = find(".status");
  const bar = find("progress");
  const tools = find(".tools");
  const table = find(".rows");
  const overlay = find(".overlay");
  const rows = new Map(); // by number
  const overlaid = new Map(); // number -> trace
  let page = 0;
  let last = 0;

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  async function ask(path, options = {}) {
    const response = await fetch(path, options);
    const type = response.headers.get("Content-Type") ?? "";
    const said = type.startsWith("application/json") ? await response.json() : { text: await response.text() };
    if (!response.ok) throw new Error(said.error?.message ?? said.text);
    return said;
  }

  const post = (path, body = "") => ask(path, { method: "POST", body });

  // --- files in ---
  async function send(files) {
    const waiting = files.filter(({ file }) => !file.name.startsWith("."));
    let done = 0;
    bar.hidden = false;
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        await sendOne(next);
        done += 1;
        bar.value = done / (done + waiting.length || 1);
        status.textContent = `${done} of ${done + waiting.length} files answered`;
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, work));
    bar.hidden = true;
    show();
  }

  async function sendOne({ file, path }) {
    const name = path || file.name;
    const phase = find("[name=phase]").value;
    const query = new URLSearchParams({ name, phase });
    try {
      take(await post(`/spectra?${query}`, file));
    } catch (error) {
      const id = -rows.size - 1;
      rows.set(id, { id, when: Date.now() / 1000, file: name, ok: false, error: { message: error.message } });
    }
    if (rows.size <= PAGE || rows.size % 50 === 0) show();
  }

  function take(said) {
    for (const row of said.rows) {
      rows.set(row.id, row);
      last = Math.max(last, row.id);
    }
  }

  async function entriesOf(entry) {
    if (entry.isFile) {
      const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
      return [{ file, path: entry.fullPath.replace(/^\//, "") }];
    }
    const reader = entry.createReader();
    const found = [];
    for (;;) { // a browser gives a hundred entries at a time
      const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
      if (!some.length) break;
      for (const each of some) found.push(...await entriesOf(each));
    }
    return found;
  }

  drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", async (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    const entries = Array.from(event.dataTransfer.items, (item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const plain = Array.from(event.dataTransfer.files, (file) => ({ file }));
    const found = entries.length ? (await Promise.all(entries.map(entriesOf))).flat() : plain;
    send(found);
  });
  for (const kind of ["files", "folder"]) {
    const input = find(`[name=pick-${kind}]`);
    find(`[name=${kind}]`).addEventListener("click", () => input.click());
    input.addEventListener("change", () => {
      send(Array.from(input.files, (file) => ({ file, path: file.webkitRelativePath })));
      input.value = "";
    });
  }

  // --- rows out ---
  function wanted() {
    const text = find("[name=find]").value.trim().toLowerCase();
    const all = [...rows.values()].sort((a, b) => b.when - a.when || b.id - a.id);
    return text ? all.filter((row) => JSON.stringify(textOf(row)).toLowerCase().includes(text)) : all;
  }

  function textOf(row) {
    if (!row.ok) return [row.file, row.error.message];
    const named = [...row.shown, ...row.finer].map((group) => words(group.name));
    return [row.file, named, row.warnings, row.domain?.reasons, row.words?.summary, row.words?.title];
  }

  function show() {
    const chosen = wanted();
    page = Math.min(page, Math.max(0, Math.ceil(chosen.length / PAGE) - 1));
    const shown = chosen.slice(page * PAGE, (page + 1) * PAGE);
    arrange(table.tBodies[0], shown.flatMap((row) => {
      const detail = document.getElementById(`d${row.id}`);
      return detail ? [opened(lineOf(row)), detail] : [lineOf(row)];
    }));
    const failed = [...rows.values()].filter((row) => !row.ok).length;
    const read = rows.size - failed;
    if (rows.size) status.textContent = `${read} ${read === 1 ? "spectrum" : "spectra"} answered, ${failed} failed`;
    table.hidden = tools.hidden = rows.size === 0;
    const [from, to] = [page * PAGE + 1, Math.min((page + 1) * PAGE, chosen.length)];
    find(".page").textContent = chosen.length > PAGE ? `${from} to ${to} of ${chosen.length}` : "";
    find(".pager").hidden = chosen.length <= PAGE;
    find("[name=newer]").disabled = page === 0;
    find("[name=older]").disabled = to >= chosen.length;
    tellAll();
  }

  // What stays is not moved: an open spectrum would load again, and the focus would be lost.
  function arrange(body, lines) {
    const staying = new Set(lines);
    for (const line of Array.from(body.rows)) if (!staying.has(line)) line.remove();
    let at = body.firstElementChild;
    for (const line of lines) {
      if (line === at) at = at.nextElementSibling;
      else body.insertBefore(line, at);
    }
  }

  // A row that is answered anew is another object, and gets another line.
  const drawn = new WeakMap();
  function lineOf(row) {
    const there = document.getElementById(`r${row.id}`);
    if (there && drawn.get(there) === row) return there;
    const line = rowOf(row);
    drawn.set(line, row);
    return line;
  }

  function opened(line) {
    line.querySelector(".open")?.setAttribute("aria-expanded", "true");
    return line;
  }

  function rowOf(row) {
    const line = make("tr", { id: `r${row.id}` });
    const button = make("button", { type: "button", class: "open", "aria-expanded": "false" }, row.file);
    button.addEventListener("click", () => toggle(row.id));
    if (!row.ok) {
      line.append(make("th", { scope: "row" }, row.id > 0 ? button : row.file),
        make("td", { colspan: "3", class: "failed" }, `Not read: ${toDo(row.error.message)}`));
      return line;
    }
    const remarks = make("td", { class: "remark" }, make("div", { class: "quality" }));
    if (row.domain) remarks.append(make("div", { class: row.domain.verdict === "outside" ? "failed" : "quality" }, KNOWN[row.domain.verdict]));
    for (const text of [...(row.domain?.reasons ?? []), ...row.warnings]) remarks.append(make("div", {}, text));
    const check = make("input", { type: "checkbox", "aria-label": `Overlay ${row.file}` });
    check.checked = overlaid.has(row.id);
    check.addEventListener("change", () => lay(row.id, check));
    const answer = make("td", {}, make("p", { class: "summary" }), chips(row));
    line.append(make("th", { scope: "row" }, button, make("div", { class: "read" })), answer, remarks,
      make("td", {}, check));
    tell(row, line);
    return line;
  }

  // What a message says to type is chosen here.
  const toDo = (message) => message.replace(/say --([xy])-unit [\w|.-]+/,
    (_, axis) => `open the row by its name and choose the ${axis.toUpperCase()} unit`);

  // Each group with its probability, and below it the details that are present.
  function chips(row) {
    const shown = make("div");
    const alone = row.finer.filter(({ parent }) => !row.shown.some(({ name }) => name === parent));
    for (const group of [...row.shown, ...alone]) {
      const mark = group.call === "present" ? "" : "?";
      const chip = make("span", { class: `chip ${group.call}` }, `${words(group.name)}${mark} ${likely(group)}`);
      for (const detail of row.finer.filter(({ parent }) => parent === group.name)) {
        chip.append(make("span", { class: "finer" }, ` ${words(detail.name)} ${likely(detail)}`));
      }
      if (group.holder) chip.append(make("span", { class: "finer" }, ` as ${words(group.holder)}`));
      shown.append(chip, " ");
    }
    return shown;
  }

  const likely = ({ probability }) => (
    probability > 0.995 ? ">0.99" : probability < 0.005 ? "<0.01" : probability.toFixed(2));

  // What a row says once there is time: its answer in words, and what was read.
  function tell(row, line) {
    const said = row.words;
    if (!said) return;
    line.querySelector(".summary").textContent = said.summary;
    line.querySelector(".read").replaceChildren(
      ...[said.title, said.read, said.phase].filter(Boolean).map((text) => make("div", {}, text)));
    line.querySelector(".quality").textContent = `Data quality: ${said.quality}`;
    for (const text of said.unexplained) line.querySelector(".remark").append(make("div", {}, text));
  }

  // One row after the other, those on the screen alone, and only while no file waits for its answer.
  let telling = false;
  async function tellAll() {
    if (telling) return;
    telling = true;
    try {
      for (;;) {
        const lines = Array.from(table.tBodies[0].rows, ({ id }) => rows.get(Number(id.slice(1))));
        const row = bar.hidden && lines.find((each) => each?.ok && !each.words);
        if (!row) break;
        row.words = await ask(`/words?id=${row.id}`)
          .catch((error) => ({ summary: error.message, unexplained: [], quality: "not known" }));
        const line = document.getElementById(`r${row.id}`);
        if (line && rows.get(row.id) === row) tell(row, line);
      }
    } finally {
      telling = false;
    }
  }

  // --- one spectrum ---
  function toggle(id) {
    const line = document.getElementById(`r${id}`);
    const button = line.querySelector(".open");
    const there = document.getElementById(`d${id}`);
    button.setAttribute("aria-expanded", String(!there));
    if (there) there.remove();
    else line.after(detailOf(id));
  }

  // The report of one spectrum without what the row says already, and as high as it is.
  function frameOf(id) {
    const frame = make("iframe", { title: `Spectrum ${rows.get(id).file}`, src: `/sheet?id=${id}#r1` });
    frame.addEventListener("load", () => {
      const inside = frame.contentDocument.documentElement;
      inside.classList.add("alone");
      const fit = () => { frame.style.height = `${Math.ceil(inside.querySelector("body").getBoundingClientRect().height) + 4}px`; };
      new ResizeObserver(fit).observe(inside.querySelector("body"));
      fit();
    });
    return frame;
  }

  // A file that was not read has no spectrum to show: its units can be said.
  function detailOf(id) {
    const { ok } = rows.get(id);
    const frame = ok ? frameOf(id) : "";
    const cell = make("td", { colspan: "4" }, correction(id, frame), ok ? structure(id) : "", frame);
    return make("tr", { class: "detail", id: `d${id}`, "data-id": String(id) }, cell);
  }

  function select(name, label, values) {
    const field = make("select", { name }, make("option", { value: "" }, "as the file says"));
    for (const [value, word] of values) field.append(make("option", { value }, word));
    return make("label", {}, `${label} `, field);
  }

  function correction(id, frame) {
    const form = make("form", { "aria-label": "Correct what was read" },
      select("phase", "Phase", Object.entries(common.phases)),
      select("x_unit", "X unit", common.x_units.map((unit) => [unit, unit])),
      select("y_unit", "Y unit", common.y_units.map((unit) => [unit, unit])), make("button", {}, "Answer again"));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const query = new URLSearchParams({ id, ...Object.fromEntries(new FormData(form)) });
      try {
        const before = rows.get(id).ok;
        take(await post(`/correct?${query}`));
        const now = rows.get(id);
        if (before && now.ok) frame.src = `/sheet?id=${id}&again=${Date.now()}#r1`;
        show();
        if (before !== now.ok) {
          form.closest(".detail").replaceWith(detailOf(id));
          document.querySelector(`#d${id} select`).focus();
        }
      } catch (error) {
        status.textContent = error.message;
      }
    });
    return form;
  }

  function structure(id) {
    if (!common.structures) return "";
    const verdict = make("p", { class: "verdict", role: "status" });
    const form = make("form", { "aria-label": "Check a structure" },
      make("label", {}, "Structure (SMILES) ", make("input", { name: "smiles", required: "", spellcheck: "false" })),
      make("button", {}, "Does it fit?"), verdict);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        const said = await post(`/check?id=${id}`, new FormData(form).get("smiles"));
        verdict.textContent = said.words;
      } catch (error) {
        verdict.textContent = error.message;
      }
    });
    return form;
  }

  // --- overlay ---
  async function lay(id, check) {
    if (!check.checked) overlaid.delete(id);
    else if (overlaid.size >= OVERLAID) {
      check.checked = false;
      status.textContent = `An overlay holds ${OVERLAID} spectra.`;
    } else overlaid.set(id, (await ask(`/trace?id=${id}`)).trace);
    drawOverlay();
  }

  function draw(parent, tag, attributes, text = "") {
    const element = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.textContent = text;
    parent.append(element);
  }

  // The end of a name tells files of a folder apart.
  const shortened = (name, most) => (name.length > most ? `\u2026${name.slice(1 - most)}` : name);

  function drawOverlay() {
    overlay.hidden = overlaid.size === 0;
    const figure = overlay.querySelector("figure");
    const width = Math.max(300, Math.round(figure.clientWidth)); // a unit is a pixel of the screen
    const [base, left] = [Math.min(300, Math.round(width * 0.6)), 20];
    const traces = [...overlaid.values()];
    const low = Math.min(...traces.map(([x]) => x[0]));
    const high = Math.max(...traces.map(([x]) => x.at(-1)));
    const px = (cm1) => left + ((high - cm1) / (high - low)) * (width - 2 * left);
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", `0 0 ${width} ${base + 50 + 18 * traces.length}`);
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", "Spectra, each scaled to its highest band");
    [...overlaid].forEach(([id, [x, y]], i) => {
      const [floor, top] = [Math.min(...y), Math.max(...y)];
      const points = x.map((cm1, k) =>
        `${px(cm1).toFixed(1)},${(base - ((y[k] - floor) / (top - floor || 1)) * (base - 15)).toFixed(1)}`);
      draw(svg, "path", { d: `M${points.join("L")}`, class: `line c${i}` });
      const at = base + 48 + 18 * i;
      draw(svg, "line", { x1: left, x2: left + 30, y1: at - 4, y2: at - 4, class: `key c${i}` });
      draw(svg, "text", { x: left + 38, y: at }, shortened(rows.get(id).file, Math.floor((width - 90) / 7)));
    });
    draw(svg, "path", { d: `M${left},${base}H${width - left}`, class: "frame" });
    const step = width < 600 ? 1000 : 500;
    for (let cm1 = Math.ceil(low / step) * step; cm1 <= high; cm1 += step) {
      draw(svg, "text", { x: px(cm1), y: base + 16, "text-anchor": "middle" }, `${cm1}`);
    }
    draw(svg, "text", { x: width / 2, y: base + 32, "text-anchor": "middle" },
      width < 600 ? "Wavenumber (cm\u207b\u00b9)" : "Wavenumber (cm\u207b\u00b9); absorbance, each scaled to its highest band");
    figure.replaceChildren(svg);
  }

  function savePicture() {
    const svg = overlay.querySelector("svg").cloneNode(true);
    svg.setAttribute("xmlns", SVG);
    const style = document.createElementNS(SVG, "style");
    style.textContent = "path.line{fill:none;stroke-width:1.4}.c0{stroke:#0072b2}.c1{stroke:#d55e00}"
      + ".c2{stroke:#009e73}.c3{stroke:#cc79a7}.c4{stroke:#8a6d00}.key{stroke-width:3}"
      + ".frame{stroke:#555;fill:none}text{font:12px sans-serif}";
    svg.prepend(style);
    const link = make("a", {
      href: URL.createObjectURL(new Blob([svg.outerHTML], { type: "image/svg+xml" })),
      download: "overlay.svg",
    });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  let width = innerWidth;
  addEventListener("resize", () => {
    if (width === innerWidth || overlay.hidden) return;
    width = innerWidth;
    drawOverlay();
  });
  find("[name=picture]").addEventListener("click", savePicture);
  find("[name=clear]").addEventListener("click", () => {
    overlaid.clear();
    drawOverlay();
    for (const check of table.querySelectorAll("[type=checkbox]")) check.checked = false;
  });
  find("[name=find]").addEventListener("input", () => { page = 0; show(); });
  find("[name=newer]").addEventListener("click", () => { page -= 1; show(); });
  find("[name=older]").addEventListener("click", () => { page += 1; show(); });
  find("[name=stop]").addEventListener("click", async () => {
    await post("/stop").catch(() => {});
    document.querySelector("main").remove();
    find("footer").textContent = "irclassify has stopped. You may close this page.";
    clearTimeout(looking);
    stopped = true;
  });

  // What a watched folder brought, and what was there when the page was loaded anew.
  let looking = 0;
  let stopped = false;
  async function look() {
    try {
      let said;
      do { // a page that is loaded anew gets what is there in portions
        said = await ask(`/rows?after=${last}`);
        take(said);
        if (said.rows.length) show();
      } while (said.more);
    } catch {
      if (!stopped) status.textContent = "irclassify does not answer: it may have been stopped.";
    }
    if (!stopped) looking = setTimeout(look, common.watched ? 250 : 5000);
  }
  look();
})();
