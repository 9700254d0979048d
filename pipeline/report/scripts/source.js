// Where a number is from: the row as printed, as read, and the picture of its page.

const dialog = document.getElementById("source");
const SVG = "http://www.w3.org/2000/svg";
const MARGIN = 12;
const LEAST_WIDTH = 0.8;
let current = null;

// Opens the dialog on a number of the table, or on a row that is in no comparison.
const showSource = (number) => {
  current = number;
  drawSource();
  if (!dialog.open) dialog.showModal();
};

const drawSource = () => {
  const number = current;
  const act = acts[number.act];
  const closing = h("button", { type: "button", class: "close", t: "source.close", on: { click: () => dialog.close() } });
  const title = h("h2", { id: "source-head" });
  if (number.status) title.append(shownNumber(number), " · ");
  title.append(quoted(act.region ?? act.label));
  const body = h("div", { class: "body" }, h("p", { t: "source.loading" }));
  dialog.replaceChildren(h("div", { class: "head" }, title, closing), body);
  open(`rows-${number.act}`, body, (rows) => {
    if (current === number) body.replaceChildren(...sourceParts(rows[number.row], number, act).filter(Boolean));
  });
};

const sourceParts = (row, number, act) => {
  const target = row.targets.find((one) => one.number === number.target);
  return [
    quoted(row.name, "p", { class: "indicator" }),
    h("p", { class: "where" }, quoted([act.label, act.title].filter(Boolean).join(": ")), " ", h("span", { t: "source.page", values: { page: String(row.page), path: row.path } })),
    notes(row, number),
    pagePictures(row, target),
    section("source.printed", printedCells(row, target)),
    section("source.read", readTargets(row, number)),
    section("source.agencies", agencyLists(row)),
    section("source.findings", row.findings.length ? h("ul", {}, row.findings.map((one) => h("li", {}, finding(one)))) : h("p", { t: "source.no_findings" })),
  ];
};

const section = (key, content) => h("section", {}, h("h3", { t: key }), content);

const notes = (row, number) => {
  const said = h("ul", { class: "notes" });
  for (const remark of number.remarks ?? []) said.append(h("li", { t: `remark_long.${remark}` }));
  if (["lost", "text", "ambiguous"].includes(number.status)) said.append(h("li", { t: `remark_long.${number.status}` }));
  if (number.status) {
    const [, rank] = standing(number, "rank");
    const [, meets] = standing(number, "meets");
    const national = entries[number.entry].national;
    if (rank) said.append(h("li", {}, h("span", { t: "source.standing" }), ": ", h("span", { t: rank })));
    if (meets) {
      const unit = unitOf(number.unit);
      const middle = number.upper === null ? number.value : (number.value + number.upper) / 2;
      const values = { value: written(national) + unit, difference: written(middle - national) + unit };
      said.append(h("li", {}, h("span", { t: meets }), ". ", h("span", { t: "source.national", values })));
    }
  }
  if (row.ended_on) said.append(h("li", { t: "source.ended", values: { day: row.ended_on, act: row.ended_by ?? "–" } }));
  return said.children.length ? said : null;
};

const printedCells = (row, target) => {
  const made = h("dl", { class: "printed" });
  for (const cell of row.cells) {
    const term = cell.header ? quoted(cell.header, "dt") : h("dt", { t: "source.no_header", values: { n: cell.column } });
    const text = cell.text ? quoted(cell.text, "dd") : h("dd", {}, h("i", { t: "source.empty" }));
    const marks = [];
    if (cell.column === target?.column) marks.push(h("small", { class: "label", t: "source.target_cell" }));
    if (cell.inherited) marks.push(h("small", { class: "label", t: "source.inherited" }));
    marks.forEach((mark) => text.append(" ", mark));
    made.append(h("div", { class: cell.column === target?.column ? "target" : null }, term, text));
  }
  return made;
};

const readTargets = (row, number) => {
  const heads = ["value", "qualifier", "year", "period", "status"].map((name) => h("th", { scope: "col", t: `source.${name}` }));
  const lines = row.targets.map((target) =>
    h(
      "tr",
      { class: target.number === number.target ? "this" : null },
      quoted(shownValue(target) || target.text || "–", "td"),
      quoted(target.qualifier ?? "–", "td"),
      h("td", {}, String(target.year ?? "–")),
      quoted(target.period ?? "–", "td"),
      h("td", { t: `status.${target.status}` }),
    ),
  );
  return h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": say("source.read") }, h("table", { class: "plain" }, h("thead", {}, h("tr", {}, heads)), h("tbody", {}, lines)));
};

const agencyLists = (row) => {
  if (!row.agencies.length) return h("p", { t: "source.no_agencies" });
  const made = h("dl", { class: "printed" });
  for (const role of data.roles) {
    const names = row.agencies.filter((one) => one.role === role);
    if (names.length) made.append(h("div", {}, h("dt", { t: `role.${role}` }), quoted(names.map((one) => one.name).join("; "), "dd")));
  }
  return made;
};

const finding = (one) => {
  const made = h("span", { class: "finding" });
  made.append(h("b", { class: `severity ${one.severity}`, t: `severity.${one.severity}` }), " ", h("code", {}, one.code), " ", english(one.message));
  if (one.repair) made.append(" (", h("span", { t: "findings.repair" }), english(one.repair), ")");
  return made;
};

// A picture for each page on which the row stands; pages load nothing before this. A cell carried down from above
// stands elsewhere, but the target's.
const pagePictures = (row, target) => {
  if (!row.pictures.length) return h("p", { class: "where", t: "source.text_file" });
  const own = row.cells.filter((cell) => !cell.inherited || cell.column === target?.column);
  const pages = row.pictures.filter(([page]) => own.some((cell) => cell.page === page));
  return h("div", {}, pages.map(([page, file, width, height, missing]) => {
    if (!file) return h("p", { class: "notice", t: `source.${missing}` });
    const boxed = own.filter((cell) => cell.box && cell.page === page);
    return picture(page, file, width, height, boxed, boxed.filter((cell) => cell.column === target?.column));
  }));
};

const drawn = (tag, attributes) => {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
};

const picture = (page, file, width, height, cells, targets) => {
  const view = drawn("svg", { class: "picture", role: "img", "aria-label": say("source.picture", { page: String(page) }) });
  const image = drawn("image", { href: file, width, height, preserveAspectRatio: "none" });
  view.append(image);
  for (const { box: [x0, top, x1, bottom] } of targets) {
    view.append(drawn("rect", { class: "box", x: x0, y: top, width: x1 - x0, height: bottom - top }));
  }
  // A narrow row keeps some of the page around it: its letters are not blown up.
  const least = (LEAST_WIDTH * width) / 2;
  const middle = cells.reduce((sum, { box }) => sum + box[0] + box[2], 0) / (2 * cells.length);
  const left = Math.max(0, Math.min(middle - least, ...cells.map((cell) => cell.box[0] - MARGIN)));
  const right = Math.min(width, Math.max(middle + least, ...cells.map((cell) => cell.box[2] + MARGIN)));
  const top = Math.max(0, Math.min(...cells.map((cell) => cell.box[1])) - MARGIN);
  const bottom = Math.min(height, Math.max(...cells.map((cell) => cell.box[3])) + MARGIN);
  const cropped = cells.length > 0;
  const show = (whole) => {
    const [x, y, w, d] = whole ? [0, 0, width, height] : [left, top, right - left, bottom - top];
    view.setAttribute("viewBox", `${x} ${y} ${w} ${d}`);
  };
  show(!cropped);
  const frame = h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": say("source.picture", { page: String(page) }) }, view);
  const toggle = h("button", {
    type: "button",
    t: "source.whole",
    "aria-pressed": "false",
    on: {
      click: () => {
        const whole = toggle.getAttribute("aria-pressed") === "false";
        toggle.setAttribute("aria-pressed", String(whole));
        show(whole);
      },
    },
  });
  image.addEventListener("load", () => view.classList.add("loaded"));
  image.addEventListener("error", () => frame.replaceWith(h("p", { class: "notice", t: "source.not_loaded" })));
  return h("figure", { class: "page" }, frame, cropped ? toggle : null);
};

dialog.addEventListener("close", () => {
  current = null;
  dialog.replaceChildren();
});
// A press beside the dialog closes it.
dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close();
});
afterwards.push(() => dialog.open && drawSource());
