// Files, offices, amendments, candidates, findings: each made when its section comes near.

const host = (name) => document.querySelector(`#${name} .list`);
const counts = (values) => values.map(written).join(" / ");
const actName = (act) => [act.label, act.region].filter(Boolean).join(", ");

const startFiles = () => {
  const details = document.getElementById("files");
  const wanted = { words: [], status: "" };
  const start = () => {
    const made = list(
      host("files"),
      files,
      20,
      [
        search("filter.words", (value) => ((wanted.words = value), made.apply())),
        select("filter.status", distinct(files.map((file) => file.status)).map((name) => [name, `source_status.${name}`]), (value) => ((wanted.status = value), made.apply())),
      ],
      (file) => {
        const act = acts[file.act];
        return (!wanted.status || file.status === wanted.status) && holds([file.path, act?.label, act?.title, act?.region, act?.province].join(" "), wanted.words);
      },
      fileEntry,
    );
  };
  details.addEventListener("toggle", start, { once: true });
};

const fileEntry = (file) => {
  const act = acts[file.act];
  const about = [h("span", { t: `source_status.${file.status}` })];
  if (file.reason) about.push(h("code", {}, file.reason));
  if (file.text_origin) about.push(h("span", { t: `origin.${file.text_origin}` }));
  if (file.pages !== null) about.push(h("span", { t: "file.pages", values: { n: file.pages } }));
  if (file.accounted !== null) about.push(h("span", { t: "file.accounted", values: { share: file.accounted } }));
  const made = h("article", { class: "file" });
  made.append(act ? h("h3", {}, quoted([actName(act), act.title].filter(Boolean).join(": "))) : h("h3", { t: "file.none" }));
  made.append(h("p", { class: "about" }, about), h("p", { class: "path" }, file.path));
  if (file.origin) made.append(h("p", { class: "path" }, file.origin));
  if (act) {
    const facts = [
      ["file.rows", written(act.rows)],
      ["file.targets", counts(act.targets)],
      ["file.matched", written(act.matched)],
      ["file.findings", counts(act.findings)],
    ];
    made.append(h("dl", { class: "facts" }, facts.map(([key, value]) => h("div", {}, h("dt", { t: key }), h("dd", {}, value)))));
  }
  return made;
};

const startOffices = (packed) => {
  const offices = rowsOf(packed);
  const wanted = { words: [], function: "" };
  const functions = distinct(offices.flatMap((office) => office.functions)).sort();
  const made = list(
    host("offices"),
    offices,
    25,
    [
      search("filter.words", (value) => ((wanted.words = value), made.apply())),
      select("filter.function", functions.map((name) => [name, [name]]), (value) => ((wanted.function = value), made.apply())),
    ],
    (office) => (!wanted.function || office.functions.includes(wanted.function)) && holds(`${office.name} ${office.functions.join(" ")}`, wanted.words),
    officeEntry,
  );
};

const officeEntry = (office) => {
  const about = h("span", { class: "more" });
  data.roles.forEach((role, at) => {
    if (office.rows[at]) about.append(h("span", { t: `office.${role}`, values: { rows: office.rows[at], regions: office.regions[at] } }));
  });
  if (!office.known) about.append(h("span", { class: "label", t: "office.unknown" }));
  const made = h("details", {}, h("summary", {}, quoted(office.name), about));
  const fill = () => {
    for (const role of data.roles) {
      const duties = office.duties.filter(([, one]) => one === role);
      if (!duties.length) continue;
      made.append(h("h3", { t: `role.${role}` }), h("ul", {}, duties.map(([entry, , at]) => duty(entry, at))));
    }
    if (office.outside) made.append(h("p", { t: "office.outside", values: { n: office.outside } }));
  };
  made.addEventListener("toggle", fill, { once: true });
  return made;
};

const duty = (entry, at) => {
  const names = at.map((place) => placeName(places[place])).join(", ");
  const regions = h("details", { class: "inline" }, h("summary", { t: "office.regions", values: { n: at.length } }), quoted(names, "p"));
  return h("li", {}, quoted(entries[entry].name), regions);
};

const startChanges = () => {
  for (const details of document.querySelectorAll("#changes details")) {
    const body = details.querySelector(".redline");
    const fill = () => open(details.dataset.payload, body, (act) => body.replaceChildren(...redline(act)));
    details.addEventListener("toggle", fill, { once: true });
  }
};

const redline = (act) => {
  const made = act.changes.map((change) => h("div", {}, h("h3", {}, h("code", {}, change.eid), " ", english(change.action)), h("p", { lang: "id" }, change.pieces.map(piece))));
  if (act.waiting.length) {
    const lines = act.waiting.map((one) => h("li", {}, quoted(one.printed), " ", h("small", {}, h("code", {}, one.status), " ", english(one.reason))));
    made.push(h("h3", { t: "changes.waiting" }), h("ul", {}, lines));
  }
  return made;
};

const piece = ({ mark, text }) => {
  if (!mark) return h("span", {}, text);
  const said = h("span", { class: "unseen", lang: language, t: mark === "del" ? "changes.went" : "changes.came" });
  return h(mark, {}, said, text);
};

const startCandidates = (packed) => {
  const candidates = rowsOf(packed);
  const wanted = { words: [] };
  const all = h("button", { type: "button", t: "candidate.copy_all" });
  const made = list(
    host("candidates"),
    candidates,
    10,
    [search("filter.words", (value) => ((wanted.words = value), made.apply())), all],
    (one) => holds([one.indicator, one.entry, one.reason, actName(acts[one.act])].join(" "), wanted.words),
    candidateEntry,
  );
  all.addEventListener("click", () => {
    const blocks = made.shown().map((entry) => entry.querySelector("pre"));
    copy(blocks.map((block) => block.textContent).join(""), all, blocks[0]);
  });
};

const candidateEntry = (one) => {
  const lines = h("pre", { tabindex: "0" }, one.lines);
  const copying = h("button", { type: "button", t: "candidate.copy", on: { click: () => copy(one.lines, copying, lines) } });
  const looking = h("button", { type: "button", t: "candidate.source", on: { click: () => showSource({ act: one.act, row: one.row, target: 1 }) } });
  return h(
    "article",
    { class: "candidate" },
    h("p", {}, h("b", { t: "candidate.score", values: { score: one.score } }), " · ", quoted(actName(acts[one.act]))),
    h("dl", { class: "facts" }, h("div", {}, h("dt", { t: "candidate.row" }), quoted(one.indicator, "dd")), h("div", {}, h("dt", { t: "candidate.entry" }), quoted(one.entry, "dd"))),
    one.reason ? english(one.reason, "p") : null,
    lines,
    h("p", { class: "buttons" }, copying, looking),
  );
};

// To the clipboard; where the browser refuses that for files, the lines are selected instead.
const copy = async (text, told, block) => {
  const key = told.dataset.t;
  try {
    await navigator.clipboard.writeText(text);
    told.textContent = say("candidate.copied");
  } catch {
    getSelection().selectAllChildren(block);
    told.textContent = say("candidate.selected");
  }
  setTimeout(() => (told.textContent = say(key)), 2500);
};

const startFindings = (packed) => {
  const findings = rowsOf(packed);
  const wanted = { words: [], severity: "", code: "", act: "" };
  const set = (name) => (value) => ((wanted[name] = value), made.apply());
  const held = distinct(findings.map((one) => one.act)).sort((one, other) => one - other);
  const made = list(
    host("findings"),
    findings,
    30,
    [
      select("filter.severity", data.severities.map((name) => [name, `severity.${name}`]), set("severity")),
      select("filter.code", distinct(findings.map((one) => one.code)).sort().map((code) => [code, [code]]), set("code")),
      select("filter.act", held.map((act) => [String(act), [actName(acts[act])]]), set("act")),
      search("filter.words", set("words")),
    ],
    (one) =>
      (!wanted.severity || one.severity === wanted.severity) &&
      (!wanted.code || one.code === wanted.code) &&
      (!wanted.act || String(one.act) === wanted.act) &&
      holds([one.message, one.repair, one.code, one.path].join(" "), wanted.words),
    findingEntry,
  );
};

const findingEntry = (one) => {
  const place = h("small", { class: "about" }, one.act === null ? h("span", {}, one.path) : quoted(actName(acts[one.act])));
  if (one.eid) place.append(h("code", {}, one.eid));
  if (one.page !== null) place.append(h("span", { t: "findings.page", values: { n: String(one.page) } }));
  return h("div", {}, finding(one), place);
};
