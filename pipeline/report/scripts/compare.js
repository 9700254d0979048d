// The table of indicators by regions: filters, columns page by page, colours, arrow keys.

const COLUMNS = 20;
const matrix = document.getElementById("matrix");
const chosen = { theme: "", part: "", province: "", year: "", status: "", measure: "rank", entry: [], place: [] };
const partOf = (entry) => `${entry.part} ${entry.pillar ?? ""}`;
// Numbers under their entry and place, by year.
const cells = new Map();
let shownEntries = [];
let shownPlaces = [];
let fitting = new Set();
let columns;

const fits = (number) => {
  const { year, status } = chosen;
  if (year && String(number.year) !== year) return false;
  if (!status) return true;
  return status === "any" ? number.remarks.length > 0 : number.status === status || number.remarks.includes(status);
};

const refilter = () => {
  const entryFits = entries.map(
    (entry) =>
      (!chosen.theme || entry.theme === chosen.theme) &&
      (!chosen.part || partOf(entry) === chosen.part) &&
      holds(`${entry.name} ${entry.group} ${entry.wordings}`, chosen.entry),
  );
  const placeFits = places.map(
    (place) =>
      (!chosen.province || place.province === chosen.province) &&
      holds(`${place.name ?? ""} ${place.province ?? ""} ${place.code}`, chosen.place),
  );
  fitting = new Set(numbers.filter((number) => entryFits[number.entry] && placeFits[number.place] && fits(number)));
  const heldEntries = new Set([...fitting].map((number) => number.entry));
  const heldPlaces = new Set([...fitting].map((number) => number.place));
  shownEntries = entries.map((_, at) => at).filter((at) => heldEntries.has(at));
  shownPlaces = places.map((_, at) => at).filter((at) => heldPlaces.has(at));
  columns.start(shownPlaces.length);
  tellShown();
};

const tellShown = () => {
  const values = { entries: shownEntries.length, places: shownPlaces.length, numbers: fitting.size };
  document.getElementById("shown").textContent = fitting.size ? say("compare.shown", values) : say("compare.nothing");
};

const draw = (first) => {
  const now = shownPlaces.slice(first, first + COLUMNS);
  const head = h("tr", {}, h("th", { scope: "col", class: "corner", t: "compare.indicator" }));
  for (const at of now) {
    const place = places[at];
    head.append(h("th", { scope: "col" }, quoted(placeName(place)), quoted(place.province, "small")));
  }
  const body = h("tbody");
  let group = null;
  for (const at of shownEntries) {
    const entry = entries[at];
    if (group !== `${entry.theme} ${partOf(entry)}`) {
      group = `${entry.theme} ${partOf(entry)}`;
      const title = h("th", { scope: "colgroup", colspan: now.length + 1 }, h("span", {}, partName(entry)));
      if (entry.pillar_name) title.firstChild.append(" · ", quoted(entry.pillar_name));
      body.append(h("tr", { class: "group" }, title));
    }
    const row = h("tr", {}, entryHead(entry, at));
    for (const place of now) row.append(cell(at, place));
    body.append(row);
  }
  matrix.replaceChildren(h("thead", {}, head), body);
  matrix.querySelector("td button")?.setAttribute("tabindex", "0");
};

const entryHead = (entry, at) => {
  const about = h("span", { class: "about" });
  if (entry.unit) about.append(quoted(entry.unit, "span", { class: "unit" }));
  if (entry.direction) about.append(h("span", { t: `direction.${entry.direction}` }));
  if (entry.national !== null) {
    const year = entry.national_year === null ? "" : ` (${entry.national_year})`;
    about.append(h("span", { t: "compare.national", values: { value: written(entry.national) + unitOf(entry.unit) + year } }));
  }
  if (data.charts.includes(at)) about.append(h("a", { href: `#chart-${at}`, t: "compare.chart" }));
  return h("th", { scope: "row" }, quoted(entry.name, "span", { class: "name" }), about);
};

const cell = (entry, place) => {
  const own = (cells.get(`${entry} ${place}`) ?? []).filter((number) => fitting.has(number));
  const years = distinct(own.map((number) => number.year)).length > 0;
  return h("td", {}, own.map((number) => button(number, years)));
};

const button = (number, years) => {
  const [colour, meaning] = standing(number, chosen.measure);
  const parts = [h("span", { class: "value" }, shownNumber(number))];
  if (years && number.year !== null) parts.push(" ", h("small", { class: "year" }, String(number.year)));
  for (const key of labels(number)) parts.push(" ", h("small", { class: "label", t: key }));
  if (meaning) parts.push(" ", h("span", { class: "unseen", t: meaning }));
  const classes = ["number", number.status, colour, ...number.remarks].filter(Boolean).join(" ");
  return h("button", { type: "button", class: classes, tabindex: "-1", on: { click: () => showSource(number) } }, parts);
};

// One number of the table can be reached by Tab, the others by the arrow keys.
const move = (event) => {
  const from = event.target.closest("td button");
  if (!from) return;
  const all = [...matrix.querySelectorAll("td button")];
  const to = {
    ArrowRight: () => all[all.indexOf(from) + 1],
    ArrowLeft: () => all[all.indexOf(from) - 1],
    ArrowDown: () => beside(from, 1),
    ArrowUp: () => beside(from, -1),
    Home: () => from.closest("tr").querySelector("td button"),
    End: () => [...from.closest("tr").querySelectorAll("td button")].at(-1),
  }[event.key]?.();
  if (!(event.key.startsWith("Arrow") || event.key === "Home" || event.key === "End")) return;
  event.preventDefault();
  if (to) reach(to);
};

const reach = (to) => {
  for (const one of matrix.querySelectorAll("td button[tabindex='0']")) one.tabIndex = -1;
  to.tabIndex = 0;
  to.focus();
};

// The number above or below: in the same cell, else in the nearest filled cell of the column.
const beside = (from, step) => {
  const sibling = step > 0 ? from.nextElementSibling : from.previousElementSibling;
  if (sibling) return sibling;
  const column = from.parentElement.cellIndex;
  let row = from.closest("tr");
  while ((row = step > 0 ? row.nextElementSibling : row.previousElementSibling)) {
    const inside = row.cells[column]?.querySelectorAll("button");
    if (inside?.length) return step > 0 ? inside[0] : [...inside].at(-1);
  }
  return null;
};

const legend = () => {
  const swatch = (colour, key) => h("span", { class: "swatch" }, h("i", { class: colour }), h("span", { t: key }));
  const host = document.getElementById("legend");
  if (chosen.measure === "meets") {
    host.replaceChildren(swatch("meets-true", "meets.true"), swatch("meets-false", "meets.false"));
    return;
  }
  const ranked = numbers.filter((number) => number.rank !== null).map((number) => entries[number.entry].direction);
  const scale = [4, 3, 2, 1, 0].map((at) => swatch(`rank-${at}`, `rank.${at - 2}`));
  const sizes = h("span", { class: "swatch" }, [0, 1, 2, 3, 4].map((at) => h("i", { class: `size-${at}` })), h("span", { t: "size" }));
  host.replaceChildren(
    ...(ranked.some((direction) => direction !== null) ? scale : []),
    ...(ranked.some((direction) => direction === null) ? [sizes] : []),
    ...(ranked.length ? [] : [h("span", { t: "compare.too_few" })]),
  );
};

const filters = () => {
  const set = (name) => (value) => {
    chosen[name] = value;
    refilter();
  };
  const themes = distinct(entries.map((entry) => entry.theme));
  const parts = new Map(entries.map((entry) => [partOf(entry), entry]));
  const years = distinct(numbers.map((number) => number.year)).sort();
  const provinces = distinct(places.map((place) => place.province)).sort();
  const statuses = distinct(numbers.map((number) => number.status));
  const remarks = data.remarks.filter((remark) => numbers.some((number) => number.remarks.includes(remark)));
  const part = select("filter.part", [...parts].map(([value, entry]) => [value, [partName(entry)]]), set("part"));
  afterwards.push(() => {
    const options = part.querySelectorAll("option");
    [...parts.values()].forEach((entry, at) => (options[at + 1].textContent = partName(entry)));
  });
  const measure = h(
    "label",
    {},
    h("span", { t: "filter.measure" }),
    h(
      "select",
      { on: { change: (event) => {
        chosen.measure = event.target.value;
        legend();
        columns.again();
      } } },
      ["rank", "meets"].map((name) => h("option", { value: name, t: `measure.${name}` })),
    ),
  );
  return [
    search("filter.entry", set("entry")),
    search("filter.place", set("place")),
    themes.length > 1 ? select("filter.theme", themes.map((theme) => [theme, [theme]]), set("theme")) : null,
    part,
    select("filter.province", provinces.map((name) => [name, [name]]), set("province")),
    select("filter.year", [...years.map((year) => [String(year), [String(year)]]), ...(numbers.some((number) => number.year === null) ? [["null", "filter.no_year"]] : [])], set("year")),
    select("filter.status", [...statuses.map((name) => [name, `status.${name}`]), ...remarks.map((name) => [name, `remark.${name}`]), ...(remarks.length > 1 ? [["any", "remark.any"]] : [])], set("status")),
    numbers.some((number) => number.meets !== null) ? measure : null,
    h("button", { type: "reset", t: "filter.reset" }),
  ];
};

const startCompare = () => {
  if (!numbers.length) return;
  const byYear = [...numbers].sort((one, other) => (one.year ?? 0) - (other.year ?? 0));
  for (const number of byYear) {
    const key = `${number.entry} ${number.place}`;
    if (!cells.has(key)) cells.set(key, []);
    cells.get(key).push(number);
  }
  columns = pager(COLUMNS, "compare.range", draw);
  document.getElementById("columns").append(...columns.parts);
  const form = document.getElementById("filters");
  form.append(...filters().filter(Boolean));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => {
    Object.assign(chosen, { theme: "", part: "", province: "", year: "", status: "", measure: "rank", entry: [], place: [] });
    legend();
    refilter();
  });
  matrix.addEventListener("keydown", move);
  afterwards.push(columns.again, tellShown);
  legend();
  refilter();
};
